"""Practice: tasks with answers written by hand. Knows no window; `practising` shows it."""

"""Practice: tasks with answers written by hand. Knows no window; `game.practising` shows it."""

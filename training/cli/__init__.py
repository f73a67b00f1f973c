"""Options and commands of `python -m training`."""

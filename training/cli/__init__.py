"""The commands of `python -m training`: one file each, with its options and what it does."""

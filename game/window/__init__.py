"""The window, and what comes in through it: events, pointer, keys, files."""

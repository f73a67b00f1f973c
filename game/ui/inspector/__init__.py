"""The strip that shows each step between pen and answer."""

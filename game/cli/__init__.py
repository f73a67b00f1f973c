"""One file for each command, with its options.

A command's own modules are imported when it runs: `--help` needs no library, and a library that is
missing is named in one line.
"""

"""What recipes and corrections change, measured over several runs or writers."""

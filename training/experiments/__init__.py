"""What recipes and corrections are worth, measured over several runs."""

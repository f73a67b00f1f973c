"""What is known of words: the language's file, and how much it counts."""

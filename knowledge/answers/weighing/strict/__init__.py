"""Terms of a question that evidence has to meet to the letter."""

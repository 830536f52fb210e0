"""Weighing: everything that speaks for a sentence, as named numbers, and what each is worth."""

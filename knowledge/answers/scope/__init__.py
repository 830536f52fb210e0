"""Which documents a question is about, and whether they still hold."""

"""Which documents a question is about, how many things, and whether they still hold."""

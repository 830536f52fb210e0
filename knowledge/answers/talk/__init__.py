"""A question in its conversation: what it leans on, what it is about, how many it is."""

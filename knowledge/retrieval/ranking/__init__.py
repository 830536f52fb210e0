"""Putting candidates in order: what a query asks for, what a passage has of it."""

"""Segments of documents: written once, opened, written together."""

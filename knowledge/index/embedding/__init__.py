"""Makers of embeddings: embedded, from a folder, from an endpoint; settings choose."""

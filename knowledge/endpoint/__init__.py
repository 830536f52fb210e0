"""Asking a model's endpoint over HTTP: bounded, and left alone for a while when it fails."""

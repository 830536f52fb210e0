"""Subscribing, stopping, listing, and quiet hours."""

"""Fetching what sources offer: one address each, pinned, capped, without redirects."""

"""The processes of a site: each alone, or all of them together (`up`)."""

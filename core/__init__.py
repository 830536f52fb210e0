"""The ground floor: domain (words), ports (needs), services (use cases), persistence (tables)."""

"""The library: documents read, structured, indexed, found and quoted; records recalled."""

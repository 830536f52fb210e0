"""The repositories, a subject a module, each on the connection of its unit of work."""

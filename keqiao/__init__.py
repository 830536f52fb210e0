"""The roof: settings, wiring, the doors for people (CLI), and measuring."""

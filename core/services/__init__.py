"""Use cases: one transaction each, no framework, no platform."""

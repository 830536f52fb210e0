"""The libraries over HTTP: read only, what is current only."""

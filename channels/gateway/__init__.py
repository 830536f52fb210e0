"""The gateway as a whole: its application, its guards, its health, its settings."""

"""The doors that the settings open: a module for each platform, and all of them joined."""

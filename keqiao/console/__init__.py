"""The operators' console at `/console`: pages over use cases, behind a door of its own.

Nothing here is imported unless the settings open the console: NiceGUI is heavy.
"""

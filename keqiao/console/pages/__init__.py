"""The pages, a subject a module or folder; each adds its own routes."""

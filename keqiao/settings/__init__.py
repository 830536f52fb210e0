"""Every setting: read here alone, from variables and `keqiao.toml`."""

from keqiao.settings.joined import Settings, child_environment, load_settings

__all__ = ["Settings", "child_environment", "load_settings"]

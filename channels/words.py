"""The words of the doors, read from YAML beside the code that uses them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

WORDS = Path(__file__).with_name("words.yml")


@cache
def words(section: str, path: Path = WORDS) -> Mapping[str, str]:
    """One section of a words file, by name."""
    sections = yaml.safe_load(path.read_text(encoding="utf-8"))
    return MappingProxyType(sections[section])

"""Collections in files, as `keqiao evaluate retrieval` reads them."""

import json
from collections.abc import Mapping
from pathlib import Path


def write_collection(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write texts by id as corpus.jsonl; returns the file."""
    path = folder / "corpus.jsonl"
    rows = ({"id": name, "title": "", "text": text} for name, text in texts.items())
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path

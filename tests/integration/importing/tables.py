"""Tables as people make them, and running `keqiao import` on them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from typer.testing import CliRunner

from core.domain.errors import KeqiaoError
from core.domain.records import Library, Record
from keqiao.bootstrap import open_site
from keqiao.cli.app import app


def workbook(path: Path, rows: Sequence[Sequence[object]], *merged: str) -> Path:
    """A workbook of these rows, with these cells merged."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def text(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A csv file of these lines."""
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def run(home: Path, *args: str) -> tuple[dict[str, Any], str]:
    """What the command says in JSON, and the one line it ends with when it refuses."""
    env = {"KEQIAO_HOME": str(home), "KEQIAO_LOG_LEVEL": "ERROR"}
    result = CliRunner(env=env).invoke(app, [*args, "--json"])
    assert result.exception is None or isinstance(result.exception, KeqiaoError | SystemExit), (
        result.exception
    )
    said: dict[str, Any] = json.loads(result.stdout) if result.stdout.strip() else {}
    refusal = str(result.exception) if isinstance(result.exception, KeqiaoError) else ""
    return said, refusal


def imported(home: Path, library: str, path: Path, *options: str) -> tuple[dict[str, Any], str]:
    """`keqiao import`."""
    return run(home, "import", library, str(path), *options)


def stored(home: Path, library: Library) -> list[Record]:
    """What a library holds, by id."""
    with open_site(home=home) as site, site.units() as unit:
        return unit.records.list([library])

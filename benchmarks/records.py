"""Importing many records, and one more among them.

    .venv/bin/python benchmarks/records.py [rows]

Rows a second (wall and processor), peak memory, and the processor time of one record more.
"""  # noqa: INP001 -- a script

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from core.domain.records import Library
from keqiao.bootstrap import open_site
from keqiao.imports.files import import_file

WORDS = [
    "注塑",
    "翘曲",
    "锂电池",
    "光伏",
    "视觉",
    "检测",
    "冷链",
    "保鲜",
    "工艺",
    "模具",
    "仿真",
    "材料",
    "储能",
    "排产",
    "激光",
    "焊接",
    "涂层",
]


def table(path: Path, first: int, rows: int) -> Path:
    """A csv of that many made-up experts."""
    with path.open("w", encoding="utf-8") as handle:
        handle.write("编号,姓名,单位,研究方向,关键词\n")
        for number in range(first, first + rows):
            some = random.Random(number).choices(WORDS, k=40)  # noqa: S311 -- no secret
            told = "".join(some), "、".join(some[:4])
            handle.write(f"{number},专家{number},大学{number % 977},{told[0]},{told[1]}\n")
    return path


def main() -> int:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, open_site(home=Path(folder) / "var") as site:
        file, one = table(Path(folder) / "many.csv", 0, rows), Path(folder) / "one.csv"
        wall, own = time.perf_counter(), time.process_time()
        import_file(file, Library.EXPERTS, bring=site.libraries.bring)
        wall, own = time.perf_counter() - wall, time.process_time() - own
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(f"{rows} rows: {rows / wall:.0f}/s, {rows / own:.0f}/s of processor, ")
        sys.stdout.write(f"peak {peak} MB\n")
        for number in range(rows, rows + 5):
            own = time.process_time()
            import_file(table(one, number, 1), Library.EXPERTS, bring=site.libraries.bring)
            sys.stdout.write(f"one more: {(time.process_time() - own) * 1000:.0f} ms processor\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

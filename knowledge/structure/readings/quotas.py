"""How many at most: upper limits of tables and of sentences."""

import re
from collections.abc import Iterable, Iterator

from core.domain.documents import Reading
from knowledge.structure.chunks import Sentence
from knowledge.structure.readings.quotes import stated

_HEADER = re.compile(r"名额|上限|限额|限报|数量|指标数|推荐数|项目数")
_AMOUNT = re.compile(r"\d+\s*(?:项|个|名|家|支|篇|件|人|位|所|组)?$")
_SENTENCE = re.compile(
    r"(?:至多|最多|不超过|不得超过|限报|限推荐|限申报|上限为?|名额为?|总数控制在)"
    r"[^，。；、\d]{0,8}\d+\s*(?:项|个|名|家|支|篇|件|人|位|所|组)(?:以内)?"
)


def read_quotas(sentences: Iterable[Sentence]) -> Iterator[Reading]:
    """Cells under a header of amounts, with the rest of their row; limits in sentences."""
    for sentence in sentences:
        if sentence.row:
            yield from _cells(sentence)
            continue
        for found in _SENTENCE.finditer(sentence.text):
            yield stated("quota", found.group(), sentence)


def _cells(row: Sentence) -> Iterator[Reading]:
    for at, (header, value) in enumerate(row.cells):
        if _HEADER.search(header) and _AMOUNT.fullmatch(value):
            others = row.cells[:at] + row.cells[at + 1 :]
            yield stated("quota", value, row, others)

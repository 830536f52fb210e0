"""Which document is the newer edition of which: same title, issuer and region, a later year."""

import re
from collections import defaultdict
from collections.abc import Iterable

from core.domain.documents import DocumentEntry, DocumentFacts, Kind

_YEARS = re.compile(r"20\d{2}\s*(?:年度?)?(?:\s*[-—－~～至到]\s*(?:20)?\d{2})?\s*(?:年度?)?")
_DRAFTS = re.compile(
    r"[（(](?:试行|暂行|修订|修订版|修订稿|征求意见稿|\d{4}年?版)[）)]|[（(]\s*[）)]"
)
_CALLING = re.compile(
    r"关于|印发|组织|开展|做好|启动|申报|申请|征集|遴选|推荐|报名|工作|的?通知|公告|指南|的"
)
"""What makes a title that of a call: two calls for one thing need not be worded alike."""

_SIGNS = re.compile(r"[\s“”\"'《》〈〉（）()【】\[\]：:，,、·]")
_TELLING = 8
"""A title of fewer characters says too little where no issuer is known."""


def newer_editions(entries: Iterable[DocumentEntry]) -> dict[str, str | None]:
    """For every source whose note of a newer edition is out of date, what it should be."""
    families: dict[tuple[str, str, str], list[DocumentEntry]] = defaultdict(list)
    changes: dict[str, str | None] = {}
    for entry in entries:
        family = _family(entry.facts)
        if family:
            families[family].append(entry)
        elif entry.facts.superseded_by:
            changes[entry.source] = None
    for family_entries in families.values():
        newest = max(family_entries, key=lambda entry: (entry.facts.year or 0, entry.ingested_at))
        for entry in family_entries:
            older = (entry.facts.year or 0) < (newest.facts.year or 0)
            by = newest.source if older else None
            if entry.facts.superseded_by != by:
                changes[entry.source] = by
    return changes


def _family(facts: DocumentFacts) -> tuple[str, str, str] | None:
    """What editions have in common; None for a document that could be anything."""
    core = _SIGNS.sub("", _YEARS.sub("", _DRAFTS.sub("", facts.title)))
    if facts.kind is Kind.CALL:
        core = _CALLING.sub("", core.removeprefix(facts.issuer or "")) or core
    if facts.year is None or not core or (facts.issuer is None and len(core) < _TELLING):
        return None
    return core, facts.issuer or "", facts.region or ""

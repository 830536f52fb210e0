"""A document as a page, with the quoted passage marked. Its text is data: all of it is escaped."""

import re
from collections.abc import Iterator
from datetime import date
from html import escape
from urllib.parse import quote

from channels.words import words
from core.domain.documents import Document, DocumentFacts, DocumentId

_HEADING = re.compile(
    r"\s*(?:#{1,6}\s|第[一二三四五六七八九十百零〇]+[章节篇]|[一二三四五六七八九十]+、|附件\s*\d*|专栏)"
)
_LONGEST_HEADING = 40
_HASHES = re.compile(r"^\s*#{1,6}\s+")

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/style.css">
<script src="/static/document.js" defer></script>
</head>
<body class="document-page">
<main class="document">
<a class="document-back" href="/">{back}</a>
<h1>{title}</h1>
{facts}
<article>
{body}
</article>
</main>
</body>
</html>
"""


def render_document(
    document: Document, start: int | None, end: int | None, *, newer: DocumentId | None = None
) -> str:
    """The page; a range that does not lie in the text marks nothing.

    `newer` is the edition that supersedes this one, when it can be opened.
    """
    size = len(document.text)
    if start is None or end is None or not 0 <= start < end <= size:
        start = end = 0
    return _PAGE.format(
        title=escape(document.facts.title),
        back=escape(words("document")["back"]),
        facts=_facts(document, newer),
        body="\n".join(_paragraphs(document.text, start, end)),
    )


def render_missing() -> str:
    """The page that says there is no such document."""
    said = escape(words("refusals")["document_gone"])
    return _PAGE.format(
        title=escape(words("document")["missing_title"]),
        back=escape(words("document")["back"]),
        facts="",
        body=f"<p>{said}</p>",
    )


def _facts(document: Document, newer: DocumentId | None) -> str:
    facts, labels = document.facts, words("document")
    rows = [
        ("issuer", facts.issuer),
        ("number", facts.number),
        *((name, _day(getattr(facts, name))) for name in ("signed_on", "closes_on", "expires_on")),
        ("source", document.source),
    ]
    cells = "".join(
        f"<div><dt>{escape(labels[name])}</dt><dd>{escape(value)}</dd></div>"
        for name, value in rows
        if value
    )
    if facts.superseded_by is not None:
        label = escape(labels["superseded_by"])
        cells += f"<div><dt>{label}</dt><dd>{_link(facts, newer)}</dd></div>"
    return f'<dl class="document-facts">{cells}</dl>'


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _link(facts: DocumentFacts, newer: DocumentId | None) -> str:
    name = escape(facts.superseded_by or "")
    return f'<a href="/documents/{quote(newer, safe="")}">{name}</a>' if newer else name


def _paragraphs(text: str, start: int, end: int) -> Iterator[str]:
    """Each line as a paragraph, with what lies between `start` and `end` marked."""
    at, first = 0, True
    for line in text.splitlines(keepends=True):
        shown = line.rstrip()
        low = min(max(start - at, 0), len(shown))
        high = min(max(end - at, 0), len(shown))
        at += len(line)
        if not shown.strip():
            continue
        tag = "h2" if len(shown) <= _LONGEST_HEADING and _HEADING.match(shown) else "p"
        if low >= high:
            yield f"<{tag}>{escape(_HASHES.sub('', shown))}</{tag}>"
            continue
        name = ' id="quote"' if first else ""
        first = False
        yield (
            f"<{tag}>{escape(shown[:low])}<mark{name}>{escape(shown[low:high])}</mark>"
            f"{escape(shown[high:])}</{tag}>"
        )

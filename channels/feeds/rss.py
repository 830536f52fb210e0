"""RSS and Atom as rows of a table, by the column names of imported tables."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.parsers.expat import ExpatError, ParserCreate

from channels.errors import FeedError

_TAGS = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")
_DEEPEST = 40
_ITEMS = frozenset({"item", "entry"})
_ROOTS = frozenset({"rss", "feed", "RDF"})


def rows_of_feed(body: bytes) -> list[dict[str, str]]:
    """The items of a feed: number, title, summary, link, and the day it was published.

    Raises:
        FeedError: it is no feed, or one that brings a DTD or endless depth.
    """
    reader = _Reader()
    parser = ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)  # noqa: FBT003 -- expat's own signature
    except (ExpatError, ValueError, LookupError):
        raise FeedError("malformed") from None
    if reader.root not in _ROOTS:
        raise FeedError("malformed")
    return [_row(item) for item in reader.items]


@dataclass(slots=True)
class _Reader:
    """Hears the elements of a feed one after the other."""

    root: str = ""
    depth: int = 0
    inside: int = 0
    """How deep the open item lies; 0 outside."""
    child: str = ""
    items: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, *_: object) -> None:
        """No feed needs a DTD; expanding entities is how XML harms its readers."""
        raise FeedError("malformed")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition("}")[2]
        self.depth += 1
        self.root = self.root or name
        if self.depth > _DEEPEST:
            raise FeedError("malformed")
        if name in _ITEMS and not self.inside:
            self.inside = self.depth
            self.items.append({})
        elif self.inside and self.depth == self.inside + 1:
            self.child = name
            held = attributes.get("href") or attributes.get("term")
            if held:
                self.text(held + " ")

    def end(self, _tag: str) -> None:
        """An element ends."""
        if self.depth == self.inside:
            self.inside = 0
        if self.inside and self.depth == self.inside + 1:
            self.text("\n")
            self.child = ""
        self.depth -= 1

    def text(self, said: str) -> None:
        """What stands in it."""
        if self.inside and self.child:
            item = self.items[-1]
            item[self.child] = item.get(self.child, "") + said


def _row(item: dict[str, str]) -> dict[str, str]:
    texts = {name: _plain(text) for name, text in item.items() if name != "category"}
    link = texts.get("link", "").partition(" ")[0]
    row = {
        "external_id": texts.get("guid") or texts.get("id") or link,
        "title": texts.get("title", ""),
        "summary": texts.get("description") or texts.get("summary") or texts.get("content", ""),
        "link": link,
        "valid_from": _day(texts.get("pubDate") or texts.get("published") or ""),
        "keywords": "、".join(item.get("category", "").split()),
    }
    return {name: value for name, value in row.items() if value}


def _plain(text: str) -> str:
    return _SPACES.sub(" ", html.unescape(_TAGS.sub(" ", text))).strip()


def _day(text: str) -> str:
    """The moment as ISO writes it; empty when it cannot be read."""
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return ""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()

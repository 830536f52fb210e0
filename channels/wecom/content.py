"""A reply as WeCom markdown: escaped, and cut by bytes without ever cutting a character."""

import re
from collections.abc import Mapping

from core.domain.conversations import Reply

MARKDOWN_BYTES = 4096

_ACTIVE = re.compile(r"[<>`]|\*\*|(?<=\])\(|^#", re.MULTILINE)
_SHOWN = {"<": "＜", ">": "＞", "`": "｀", "**": "＊＊", "(": "（", "#": "＃"}
_QUOTE_LINES = 3


def render(reply: Reply, words: Mapping[str, str]) -> str:
    """The whole message: text, what it rests on, and what may be answered."""
    parts = [escape(reply.text)]
    if reply.citations:
        lines = [words["sources"]]
        for one in reply.citations[:_QUOTE_LINES]:
            section = escape(one.section)
            lines.append(
                "> " + words["source"].format(document=escape(one.document), section=section)
            )
        parts.append("\n".join(lines))
    if reply.buttons:
        titles = "、".join(escape(one.title) for one in reply.buttons)
        parts.append(words["choices"] + titles)
    return "\n\n".join(parts)


def escape(text: str) -> str:
    """Text that shows as it is written: no mention (`<@all>`), no colour, no link, no markup."""
    return _ACTIVE.sub(lambda found: _SHOWN[found[0]], text)


def split(text: str, limit: int, continued: str) -> list[str]:
    """Cut into parts of at most `limit` bytes of UTF-8; all but the last end with `continued`.

    A part ends at an empty line, a line or a sentence where there is one in its second half.
    """
    if len(text.encode()) <= limit:
        return [text]
    room = limit - len(("\n" + continued).encode())
    if room < 1:
        raise ValueError("the limit leaves no room for text")
    parts: list[str] = []
    while len(text.encode()) > limit:
        cut = _cut(text, room)
        parts.append(f"{text[:cut].rstrip()}\n{continued}")
        text = text[cut:].lstrip("\n")
    return [*parts, text] if text else parts


def _cut(text: str, room: int) -> int:
    """How many characters to take: the longest good ending within `room` bytes."""
    fits = len(text.encode()[:room].decode(errors="ignore"))
    for ending in ("\n\n", "\n", "。", "；", "，"):
        at = text.rfind(ending, fits // 2, fits)
        if at >= 0:
            return at + len(ending)
    return max(1, fits)

"""What people write, made fit to be kept, and what they are told, cut to what a platform takes."""

import re
from collections.abc import Callable

from channels.errors import RefusedRequestError
from core.domain.conversations import MAX_TEXT_CHARS

_LINK = re.compile(r"(?:https?|weixin)://[!-~]+")
_ADDRESS = re.compile(r"https?://[!-~]+")


def cleaned(text: str) -> str:
    """The text without what no database takes: half of a surrogate pair, and NUL.

    Raises:
        RefusedRequestError: nothing is left, or it is too long.
    """
    text = text.encode("utf-8", "replace").decode().replace("\x00", "").strip()
    if not text:
        raise RefusedRequestError(422, "text_empty")
    if len(text) > MAX_TEXT_CHARS:
        raise RefusedRequestError(413, "text_too_long")
    return text


def split(text: str, limit: int, continued: str) -> list[str]:
    """Cut into parts of at most `limit` bytes of UTF-8; all but the last end with `continued`.

    A part ends at an empty line, a line or a sentence where there is one in its second half, and
    never within a character; nor within a link, unless that alone is longer than a part.
    """
    parts: list[str] = []
    rest = text
    while True:
        part, rest = cut(rest, limit, continued)
        parts.append(part)
        if not rest:
            return parts


def cut(text: str, limit: int, continued: str) -> tuple[str, str]:
    """The first part, as `split` makes it, and what is left."""
    if len(text.encode()) <= limit:
        return text, ""
    room = limit - len(("\n" + continued).encode())
    if room < 1:
        raise ValueError("the limit leaves no room for text")
    end = _cut(text, room)
    return f"{text[:end].rstrip()}\n{continued}", text[end:].lstrip("\n")


def fitted[T](
    text: str, most: int, continued: str, *, make: Callable[[str], T], size: Callable[[T], int]
) -> list[T]:
    """As few messages of at most `most` bytes as say the text, which quoting may make longer."""
    limit = most
    while True:
        parts = [make(one) for one in split(text, limit, continued)]
        if all(size(part) <= most for part in parts):
            return parts
        limit = limit * 2 // 3


def links_apart(text: str) -> list[str]:
    """Text and web addresses, in turn: those at odd places are addresses."""
    pieces, last = [], 0
    for found in _ADDRESS.finditer(text):
        address = re.split(r"[<>\"'`\\]", found[0])[0].rstrip(".,;:!?")
        if "(" not in address:
            address = address.rstrip(")")
        pieces += [text[last : found.start()], address]
        last = found.start() + len(address)
    return [*pieces, text[last:]]


def _cut(text: str, room: int) -> int:
    """How many characters to take: the longest good ending within `room` bytes."""
    fits = len(text.encode()[:room].decode(errors="ignore"))
    for ending in ("\n\n", "\n", "。", "；", "，"):
        at = text.rfind(ending, fits // 2, fits)
        if at >= 0:
            return at + len(ending)
    for link in _LINK.finditer(text):
        if link.start() >= fits:
            break
        if 0 < link.start() < fits < link.end():
            return link.start()
    return max(1, fits)

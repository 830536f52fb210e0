"""A reply as WeChat's texts: escaped, numbered choices, cut by bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from channels.choices import told_choices
from channels.parts import Style, plain_link, told
from channels.texts import cut
from channels.words import words
from core.domain.conversations import Reply

MOST_BYTES = 2048
WORDS = Path(__file__).with_name("words.yml")

_SHOWN = str.maketrans({"<": "＜", ">": "＞"})
_SOURCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """One text for several replies: how many it holds, and what of the last is left to say."""

    text: str
    taken: int
    rest: str = ""


def labels() -> Mapping[str, str]:
    """The fixed words around messages."""
    return words("messages", WORDS)


def escape(text: str) -> str:
    """Text that shows as it is written: WeChat would make a link of `<a href>`."""
    return text.translate(_SHOWN)


STYLE = Style(escape=escape, link=lambda title, url: plain_link(escape(title), url))


def render(reply: Reply) -> str:
    """Text, what it rests on, and what may be answered by its number."""
    parts = (render_told(reply), told_choices(reply, escape))
    return "\n\n".join(filter(None, parts))


def compose(replies: Sequence[Reply]) -> Composed:
    """As many of the replies as one text holds, at least a part of the first."""
    texts = [render(one) for one in replies]
    whole = "\n\n".join(texts)
    if len(whole.encode()) <= MOST_BYTES:
        return Composed(text=whole, taken=len(texts))
    note = labels()["continued_on_request"]
    for taken in range(len(texts) - 1, 0, -1):
        text = "\n\n".join(texts[:taken]) + "\n" + note
        if len(text.encode()) <= MOST_BYTES:
            return Composed(text=text, taken=taken)
    text, rest = cut(texts[0], MOST_BYTES, note)
    return Composed(text=text, taken=1, rest=rest)


def render_told(reply: Reply) -> str:
    """Text, parts, and what they rest on."""
    text = told(reply, STYLE)
    if not reply.citations:
        return text
    said = labels()
    named = dict.fromkeys(
        said["source"].format(document=escape(one.document), section=escape(one.section))
        for one in reply.citations
    )
    return "\n".join((text, "", said["sources"], *list(named)[:_SOURCES]))

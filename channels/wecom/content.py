"""A reply as WeCom's texts and markdown: escaped, cut by bytes, never within a character."""

import re
from collections.abc import Mapping

from channels.choices import told_choices
from channels.parts import Style, plain_link, told
from channels.texts import split
from channels.wecom.errcodes import WORDS
from channels.words import words
from core.domain.conversations import Reply

MARKDOWN_BYTES = 4096
TEXT_BYTES = 2048

_ACTIVE = re.compile(r"[<>`]|\*\*|(?<=\])\(|^#", re.MULTILINE)
_SHOWN = {"<": "＜", ">": "＞", "`": "｀", "**": "＊＊", "(": "（", "#": "＃"}
_IN_TEXT = str.maketrans({"<": "＜", ">": "＞"})
_IN_TITLE = str.maketrans({"[": "【", "]": "】"})
_IN_LINK = str.maketrans({"(": "%28", ")": "%29", "*": "%2A", "`": "%60"})
_QUOTE_LINES = 3


def render(reply: Reply, words: Mapping[str, str], *, with_choices: bool = True) -> str:
    """The whole message: text, what it rests on, and what may be answered."""
    parts = [told(reply, STYLE)]
    if reply.citations:
        lines = [words["sources"]]
        for one in reply.citations[:_QUOTE_LINES]:
            section = escape(one.section)
            lines.append(
                "> " + words["source"].format(document=escape(one.document), section=section)
            )
        parts.append("\n".join(lines))
    if with_choices and reply.choices:
        titles = "、".join(escape(one.title) for one in reply.choices)
        parts.append(words["choices"] + titles)
    return "\n\n".join(parts)


def link(title: str, url: str) -> str:
    """A link to just that address."""
    return f"[{escape(title).translate(_IN_TITLE)}]({url.translate(_IN_LINK)})"


def escape(text: str) -> str:
    """Text that shows as it is written: no mention (`<@all>`), no colour, no link, no markup."""
    return _ACTIVE.sub(lambda found: _SHOWN[found[0]], text)


def plain(text: str) -> str:
    """The same for a text message, of which WeCom would make a link of `<a href>`."""
    return text.translate(_IN_TEXT)


def texts_of(reply: Reply, *, with_choices: bool, mark: str) -> list[str]:
    """The text messages that say it; each ends with `mark`, which shows nothing."""
    said = words("messages", WORDS)
    parts = [told(reply, PLAIN)]
    if reply.citations:
        named = dict.fromkeys(
            said["source"].format(document=plain(one.document), section=plain(one.section))
            for one in reply.citations
        )
        parts.append("\n".join((said["sources"], *list(named)[:_QUOTE_LINES])))
    if with_choices and reply.choices:
        parts.append(told_choices(reply, plain))
    room = TEXT_BYTES - len(mark.encode())
    return [part + mark for part in split("\n\n".join(parts), room, said["continued"])]


STYLE = Style(escape=escape, link=link)
PLAIN = Style(escape=plain, link=lambda title, url: plain_link(plain(title), url))

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

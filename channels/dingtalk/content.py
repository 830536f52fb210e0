"""A reply as DingTalk's texts, markdown and cards: escaped, and cut by bytes to what it takes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from channels.dingtalk.api.errcodes import WORDS
from channels.parts import Style, told
from channels.texts import fitted, links_apart
from channels.words import words
from core.domain.conversations import Button, Reply
from core.domain.documents import Citation

MOST_BYTES = 15_000
"""Of `msgParam`, as it is sent; the addresses of robots take 20,000 for a whole body."""

MOST_BUTTONS = 5
"""The API's largest card (sampleActionCard5)."""

SAY = "dtmd://dingtalkclient/sendMessage?content="
"""What a button leads to: DingTalk says the rest in the name of who presses it."""

_IN_TEXT = re.compile(r"(?<![\w.+-])@|dtmd:|(?<=\])\(", re.IGNORECASE)
_IN_MARKDOWN = re.compile(
    r"(?<![\w.+-])@|dtmd:|[<>`*~]|(?<=\])\(|^\s*#", re.IGNORECASE | re.MULTILINE
)
_SHOWN = str.maketrans("@<>`*~(#", "＠＜＞｀＊～（＃")
_IN_LINK = str.maketrans({"*": "%2A", "~": "%7E", "(": "%28", ")": "%29", "[": "%5B", "]": "%5D"})
_IN_TITLE = str.maketrans("[]", "【】")
_CITED = 3
_QUOTED = 120
_TITLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One message: a text, or markdown with a title, or that with buttons, which is a card."""

    text: str
    title: str = ""
    buttons: tuple[Button, ...] = ()

    @property
    def for_robots(self) -> Mapping[str, Any]:
        """The body for an address that takes a robot's messages."""
        if not self.title:
            return {"msgtype": "text", "text": {"content": self.text}}
        inner: dict[str, Any] = {"title": self.title, "text": self.text}
        if not self.buttons:
            return {"msgtype": "markdown", "markdown": inner}
        links = [{"title": one.title, "actionURL": saying(one)} for one in self.buttons]
        return {
            "msgtype": "actionCard",
            "actionCard": inner | {"btnOrientation": "0", "btns": links},
        }

    @property
    def key(self) -> str:
        """The API's `msgKey`."""
        if not self.title:
            return "sampleText"
        several = str(len(self.buttons)) if len(self.buttons) > 1 else ""
        return f"sampleActionCard{several}" if self.buttons else "sampleMarkdown"

    @property
    def param(self) -> str:
        """The API's `msgParam`, which is a JSON text."""
        if not self.title:
            return _json({"content": self.text})
        said = {"title": self.title, "text": self.text}
        if len(self.buttons) == 1:
            (only,) = self.buttons
            said |= {"singleTitle": only.title, "singleURL": saying(only)}
        else:
            for number, one in enumerate(self.buttons, start=1):
                said |= {f"actionTitle{number}": one.title, f"actionURL{number}": saying(one)}
        return _json(said)

    @property
    def size(self) -> int:
        """Bytes of it, in the longer of its forms."""
        return max(len(self.param.encode()), len(_json(self.for_robots).encode()))


def render(reply: Reply) -> list[Content]:
    """The messages that say it: a card where there are choices, else texts or markdown."""
    choices = reply.choices
    if not (reply.citations or choices or reply.parts):
        return _fitting(Content(text=""), escape(reply.text))
    text = "\n\n".join((told(reply, MARKDOWN), *_sources(reply, quoted=True)))
    cards = choices if len(choices) <= MOST_BUTTONS else ()
    if not cards and choices:
        text += "\n\n" + _links(choices)
    shape = Content(text="", title=_title(reply.text), buttons=tuple(map(_short_titled, cards)))
    whole = _fitting(shape, text)
    # What is pressed answers all of it, so it stands below the last part alone.
    return [*(Content(text=one.text, title=one.title) for one in whole[:-1]), whole[-1]]


def render_robot(reply: Reply) -> list[Content]:
    """The messages of a group's robot, which has no buttons that anybody hears of."""
    parts = [told(reply, MARKDOWN), *_sources(reply, quoted=False)]
    if reply.choices:
        said = words("messages", WORDS)["robot_choices"]
        parts.append(said + "、".join(linked(one.title) for one in reply.choices))
    return _fitting(Content(text="", title=_title(reply.text)), "\n\n".join(parts))


def escape(text: str) -> str:
    """Text that shows as it is written: no mention, no link but to what it says."""
    return "".join(
        part if at % 2 else _IN_TEXT.sub(_shown, part) for at, part in enumerate(links_apart(text))
    )


def linked(text: str) -> str:
    """The same for markdown, where addresses become links to just what they say."""
    return "".join(
        "[{0}]({0})".format(part.translate(_IN_LINK)) if at % 2 else _IN_MARKDOWN.sub(_shown, part)
        for at, part in enumerate(links_apart(text))
    )


def titled(title: str, url: str) -> str:
    """Words that lead to an address."""
    shown = _IN_MARKDOWN.sub(_shown, title).translate(_IN_TITLE)
    return f"[{shown}]({url.translate(_IN_LINK)})"


MARKDOWN = Style(escape=linked, link=titled)


def saying(button: Button) -> str:
    """The address that says what the button says."""
    return SAY + quote(button.payload.encode("utf-8", "replace"), safe="")


def _shown(found: re.Match[str]) -> str:
    said = found[0]
    return f"{said[:-1]}：" if said.lower() == "dtmd:" else said.translate(_SHOWN)


def _fitting(shape: Content, text: str) -> list[Content]:
    def make(part: str) -> Content:
        said = part.replace("\n", "  \n") if shape.title else part  # else lines run together
        return Content(text=said, title=shape.title, buttons=shape.buttons)

    continued = words("messages", WORDS)["continued"]
    return fitted(text, MOST_BYTES, continued, make=make, size=lambda one: one.size)


def _title(text: str) -> str:
    """What lists of conversations show."""
    return (" ".join(escape(text).split()) or "…")[:_TITLE]


def _short_titled(button: Button) -> Button:
    return Button(title=button.title[:_TITLE] or "…", payload=button.payload)


def _links(buttons: tuple[Button, ...]) -> str:
    lines = [titled(one.title or "…", saying(one)) for one in buttons]
    return "\n".join((words("messages", WORDS)["choices"], *lines))


def _sources(reply: Reply, *, quoted: bool) -> list[str]:
    if not reply.citations:
        return []
    said = words("messages", WORDS)
    form = said["quote" if quoted else "source"]
    lines = dict.fromkeys(_named(form, one) for one in reply.citations[:_CITED])
    return ["\n".join((said["sources"], *lines))]


def _named(form: str, one: Citation) -> str:
    flat = " ".join(one.quote.split())
    short = flat if len(flat) <= _QUOTED else flat[:_QUOTED] + "…"
    return linked(form.format(document=one.document, section=one.section, quote=short))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

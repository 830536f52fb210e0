"""A reply as Feishu's texts and cards: escaped, cut by bytes, each within what Feishu takes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.feishu.api.errcodes import WORDS
from channels.parts import Style, plain_link, told
from channels.texts import fitted, links_apart
from channels.words import words
from core.domain.conversations import Reply
from core.domain.documents import Citation

TEXT_BYTES = 150 * 1000
CARD_BYTES = 30 * 1000
ROBOT_BYTES = 20 * 1000
"""Of the whole content, as it is sent; Feishu says KB, so the smaller reading is taken."""

_IN_TEXT = re.compile(r"[<>]|\*\*|~~|(?<=\])\(")
_IN_CARD = re.compile(r"[<>`*~]|(?<=\])\(|^#", re.MULTILINE)
_SHOWN = str.maketrans("<>`*~(#", "＜＞｀＊～（＃")
_IN_LINK = str.maketrans({"*": "%2A", "~": "%7E", "(": "%28", ")": "%29", "[": "%5B", "]": "%5D"})
_IN_TITLE = str.maketrans("[]", "【】")
_CITED = 3
_QUOTED = 120
_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One message: its `msg_type` and its content, which Feishu wants as a JSON text."""

    kind: str
    body: Mapping[str, Any]

    @property
    def written(self) -> str:
        """The content as it is sent."""
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def size(self) -> int:
        """Bytes of it."""
        return len(self.written.encode())


def render(reply: Reply, *, to: str, on: int = 0) -> list[Content]:
    """The messages that say it: a card where there is more than text, else texts.

    `to` stands in the buttons, which speak for that person or group alone; `on` is the delivery,
    which tells what was pressed.
    """
    if not (reply.citations or reply.buttons or reply.parts):
        return _fitting(escape(reply.text), TEXT_BYTES, _text)
    whole = _fitting(told(reply, CARD), CARD_BYTES - _size_of_rest(reply, to, on), _card)
    last = whole[-1].body["elements"]
    return [*whole[:-1], _card_of([*last, *_rest(reply, to, on)])]


def answered_card(reply: Reply, said: str) -> Mapping[str, Any]:
    """The last card of a reply once a button said `said`: that stands in the buttons' place."""
    elements = render(reply, to="")[-1].body.get("elements", [])
    titles = [one.title for one in reply.choices if one.payload == said]
    chosen = words("events", WORDS)["chosen"].format(title=(titles or [said])[0][:_TITLE])
    note = {"tag": "note", "elements": [{"tag": "plain_text", "content": chosen}]}
    kept = [one for one in elements if one["tag"] != "action"]
    return _card_of([*kept, note]).body


def render_robot(reply: Reply) -> list[Content]:
    """The messages of a group's robot, which has no buttons that anybody hears of."""
    said = words("messages", WORDS)
    parts = [told(reply, TEXT)]
    if reply.citations:
        lines = [said["source"].format(**_named(one)) for one in reply.citations[:_CITED]]
        parts.append("\n".join((said["sources"], *dict.fromkeys(lines))))
    if reply.choices:
        parts.append(said["robot_choices"] + "、".join(escape(b.title) for b in reply.choices))
    return _fitting("\n\n".join(parts), ROBOT_BYTES - 500, _text)  # beside it stand sign and type


def escape(text: str) -> str:
    """Text that shows as it is written: no mention (`<at user_id="all">`), no link, no markup."""
    return "".join(
        part if at % 2 else _IN_TEXT.sub(_shown, part) for at, part in enumerate(links_apart(text))
    )


def linked(text: str) -> str:
    """The same for a card, where addresses become links to just what they say."""
    return "".join(
        "[{0}]({0})".format(part.translate(_IN_LINK)) if at % 2 else _IN_CARD.sub(_shown, part)
        for at, part in enumerate(links_apart(text))
    )


def titled(title: str, url: str) -> str:
    """A link of a card: words that lead to an address."""
    shown = _IN_CARD.sub(_shown, title).translate(_IN_TITLE)
    return f"[{shown}]({url.translate(_IN_LINK)})"


TEXT = Style(escape=escape, link=lambda title, url: plain_link(escape(title), url))
CARD = Style(escape=linked, link=titled)


def _shown(found: re.Match[str]) -> str:
    return found[0].translate(_SHOWN)


def _fitting(text: str, most: int, make: Callable[[str], Content]) -> list[Content]:
    continued = words("messages", WORDS)["continued"]
    return fitted(text, most, continued, make=make, size=lambda part: part.size)


def _text(text: str) -> Content:
    return Content(kind="text", body={"text": text})


def _card(text: str) -> Content:
    return _card_of([{"tag": "markdown", "content": text}])


def _card_of(elements: list[Mapping[str, Any]]) -> Content:
    body = {"config": {"wide_screen_mode": True, "update_multi": True}, "elements": elements}
    return Content(kind="interactive", body=body)


def _size_of_rest(reply: Reply, to: str, on: int) -> int:
    return len(json.dumps(_rest(reply, to, on), ensure_ascii=False).encode())


def _rest(reply: Reply, to: str, on: int) -> list[Mapping[str, Any]]:
    """What stands below the text: what it rests on, and what may be answered."""
    elements: list[Mapping[str, Any]] = []
    if reply.citations:
        said = words("messages", WORDS)
        lines = dict.fromkeys(
            said["quote"].format(**_named(one), quote=_short(escape(one.quote)))
            for one in reply.citations[:_CITED]
        )
        note = {"tag": "plain_text", "content": "\n".join((said["sources"], *lines))}
        elements += [{"tag": "hr"}, {"tag": "note", "elements": [note]}]
    if reply.choices:
        actions = [
            {
                "tag": "button",
                "text": {"tag": "plain_text", "content": one.title[:_TITLE]},
                "type": "primary" if number == 0 else "default",
                "value": {"say": one.payload, "at": to, "on": str(on)},
            }
            for number, one in enumerate(reply.choices)
        ]
        elements.append({"tag": "action", "layout": "flow", "actions": actions})
    return elements


def _named(one: Citation) -> dict[str, str]:
    return {"document": escape(one.document), "section": escape(one.section)}


def _short(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= _QUOTED else flat[:_QUOTED] + "…"

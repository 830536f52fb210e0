"""Paragraph styles of a docx: the numbering and the heading level a paragraph has from them."""

from dataclasses import dataclass
from typing import Any

from knowledge.parsing.word.archive import W

_MAX_CHAIN = 30
"""Styles based on styles are followed this far; longer chains are broken files."""
_HEADING = ("heading ", "标题 ")
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says itself, and the style it is based on."""

    based_on: str | None
    number: str | None
    level: int | None
    outline: int | None


def value(node: Any, name: str) -> str | None:  # noqa: ANN401 -- lxml element
    """The `w:val` of a child, or None."""
    child = node.find(f"{W}{name}") if node is not None else None
    return child.get(f"{W}val") if child is not None else None


def whole(text: str | None) -> int | None:
    """A small number, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else None  # noqa: PLR2004 -- no list is longer


def numbering_of(properties: Any) -> tuple[str | None, int | None]:  # noqa: ANN401 -- lxml
    """The list and level that paragraph properties name."""
    reference = properties.find(f"{W}numPr") if properties is not None else None
    if reference is None:
        return None, None
    return value(reference, "numId"), whole(value(reference, "ilvl"))


class Styles:
    """The styles of one document."""

    def __init__(self, root: Any) -> None:  # noqa: ANN401 -- lxml element
        self._styles: dict[str, Style] = {}
        for style in root.iter(f"{W}style") if root is not None else ():
            properties = style.find(f"{W}pPr")
            number, level = numbering_of(properties)
            self._styles[style.get(f"{W}styleId") or ""] = Style(
                based_on=value(style, "basedOn"),
                number=number,
                level=level,
                outline=_outline(style, properties),
            )

    def chain(self, name: str | None) -> list[tuple[str, Style]]:
        """A style and those it is based on, nearest first; circles are cut."""
        found: dict[str, Style] = {}
        while name in self._styles and name not in found and len(found) < _MAX_CHAIN:
            found[name] = self._styles[name]
            name = self._styles[name].based_on
        return list(found.items())

    def numbering(self, name: str | None) -> tuple[str | None, int | None, str | None]:
        """The list, its level, and the style that names the list."""
        level: int | None = None
        for own, style in self.chain(name):
            level = style.level if level is None else level
            if style.number is not None:
                return style.number, level, own
        return None, level, None

    def heading(self, name: str | None) -> int | None:
        """The level of a heading style, 0 for the outermost; None for body text."""
        for _, style in self.chain(name):
            if style.outline is not None:
                return style.outline if style.outline < _BODY_LEVEL else None
        return None


def _outline(style: Any, properties: Any) -> int | None:  # noqa: ANN401 -- lxml elements
    level = whole(value(properties, "outlineLvl"))
    name = (value(style, "name") or "").lower()
    if level is None and name.startswith(_HEADING) and name[-1].isdigit():
        return int(name[-1]) - 1
    return level

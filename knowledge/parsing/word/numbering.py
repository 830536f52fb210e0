"""Automatic numbers of a docx: what Word would print before a paragraph."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from knowledge.parsing.word.archive import W
from knowledge.parsing.word.styles import Styles, numbering_of, value, whole

_DIGITS = "零一二三四五六七八九"
_LEGAL = str.maketrans("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
          (4, "iv"), (1, "i"))  # fmt: skip
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_MAX_CHINESE, _MAX_CIRCLE, _MAX_ROMAN = 99, 20, 399
_MAX_LINKS = 10
"""Lists that take their look from another list's style are followed this far."""
_SLOT = re.compile(r"%([1-9])")


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九; larger ones in digits."""
    if not 0 < number <= _MAX_CHINESE:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for size, sign in _ROMAN if number <= _MAX_ROMAN else ():
        count, number = divmod(number, size)
        text += sign * count
    return text or str(number)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 5 + 1)


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 0 < number <= _MAX_CIRCLE else str(number)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


_FORMATS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "chineseLegalSimplified": lambda number: chinese(number).translate(_LEGAL),
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
}


def _format(number: int, style: str) -> str:
    if style in _FORMATS:
        return _FORMATS[style](number)
    if style.startswith(("chinese", "japanese", "taiwanese", "ideographDigital")):
        return chinese(number)
    return str(number)


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    pattern: str
    start: int
    paragraphs: str | None
    """The paragraph style whose paragraphs stand on this level."""


class Numbering:
    """Counts the numbered paragraphs of one document in order and gives their labels."""

    def __init__(self, numbering: Any, styles: Styles) -> None:  # noqa: ANN401 -- lxml element
        self._styles = styles
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._instances: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read(numbering)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def label(self, paragraph: Any) -> str:  # noqa: ANN401 -- lxml element
        """The printed number of the next paragraph, or an empty string."""
        number, level, style = self._reference(paragraph)
        abstract = self._abstract_of(number)
        levels = self._abstract.get(abstract or "", {})
        if style is not None:
            level = next((at for at, one in levels.items() if one.paragraphs == style), level)
        if abstract is None or level not in levels:
            return ""
        counts = self._counts[abstract]
        for at, start in self._restarts.pop(number or "", {}).items():
            counts[at] = start - 1
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if levels[level].style in {"bullet", "none"}:
            return ""
        return self._fill(levels[level].pattern, counts, levels)

    @staticmethod
    def _fill(pattern: str, counts: dict[int, int], levels: dict[int, _Level]) -> str:
        def number(slot: re.Match[str]) -> str:
            at = int(slot[1]) - 1
            level = levels.get(at)
            return _format(counts.get(at, level.start), level.style) if level else ""

        return _SLOT.sub(number, pattern)

    def _reference(self, paragraph: Any) -> tuple[str | None, int, str | None]:  # noqa: ANN401
        """The list, the level, and the style that says so when the paragraph does not."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None, 0, None
        number, level = numbering_of(properties)
        if number is not None:
            return number, level or 0, None
        inherited, general, style = self._styles.numbering(value(properties, "pStyle"))
        return inherited, general or 0 if level is None else level, style

    def _abstract_of(self, number: str | None) -> str | None:
        """The list behind an instance, through styles that lend their list; circles are cut."""
        seen: set[str] = set()
        while number is not None and number not in seen and len(seen) < _MAX_LINKS:
            seen.add(number)
            abstract = self._instances.get(number)
            if abstract is None or abstract not in self._links or self._abstract.get(abstract):
                return abstract
            number = self._styles.numbering(self._links[abstract])[0]
        return None

    def _read(self, root: Any) -> None:  # noqa: ANN401 -- lxml element
        for one in root.iter(f"{W}abstractNum"):
            name = one.get(f"{W}abstractNumId") or ""
            self._abstract[name] = _levels(one)
            link = value(one, "numStyleLink")
            if link:
                self._links[name] = link
        for one in root.iter(f"{W}num"):
            name = one.get(f"{W}numId") or ""
            self._instances[name] = value(one, "abstractNumId") or ""
            self._restarts[name] = {
                at: start
                for change in one.iter(f"{W}lvlOverride")
                if (at := whole(change.get(f"{W}ilvl"))) is not None
                and (start := whole(value(change, "startOverride"))) is not None
            }


def _levels(abstract: Any) -> dict[int, _Level]:  # noqa: ANN401 -- lxml element
    found: dict[int, _Level] = {}
    for level in abstract.iterchildren(f"{W}lvl"):
        at = whole(level.get(f"{W}ilvl"))
        start = whole(value(level, "start"))
        if at is not None:
            found[at] = _Level(
                style=value(level, "numFmt") or "decimal",
                pattern=value(level, "lvlText") or "",
                start=1 if start is None else start,
                paragraphs=value(level, "pStyle"),
            )
    return found

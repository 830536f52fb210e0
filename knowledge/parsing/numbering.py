"""Automatic numbers of a docx: what Word would print before a paragraph."""

from collections import defaultdict
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_MAX_CHINESE = 99


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九; larger ones in digits."""
    if not 0 < number <= _MAX_CHINESE:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26)


def _format(number: int, style: str) -> str:
    if style.startswith(("chinese", "japaneseCounting", "ideographTraditional", "taiwanese")):
        return chinese(number)
    if style == "decimalEnclosedCircle" and 0 < number <= 20:  # noqa: PLR2004 -- ① to ⑳
        return chr(ord("①") + number - 1)
    if style in {"lowerLetter", "upperLetter"}:
        letter = _letter(number)
        return letter if style == "lowerLetter" else letter.upper()
    return str(number)


class Numbering:
    """Counts the numbered paragraphs of one document in order and gives their labels."""

    def __init__(self, numbering: Any, styles: Any) -> None:  # noqa: ANN401 -- lxml elements
        self._abstract = self._read_abstract(numbering)
        self._instances = self._read_instances(numbering)
        self._styles = self._read_styles(styles)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def label(self, paragraph: Any) -> str:  # noqa: ANN401 -- lxml element
        """The printed number of the next paragraph, or an empty string."""
        number, level = self._reference(paragraph)
        abstract = self._instances.get(number or "")
        levels = self._abstract.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        counts = self._counts[abstract]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        style, pattern, _ = levels[level]
        if style in {"bullet", "none"}:
            return ""
        return self._fill(pattern, counts, levels)

    @staticmethod
    def _fill(
        pattern: str, counts: dict[int, int], levels: dict[int, tuple[str, str, int]]
    ) -> str:
        for at, (style, _, start) in levels.items():
            pattern = pattern.replace(f"%{at + 1}", _format(counts.get(at, start), style))
        return pattern

    def _reference(self, paragraph: Any) -> tuple[str | None, int]:  # noqa: ANN401 -- lxml
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None, 0
        own = _num_pr(properties)
        if own[0] is not None:
            return own[0], own[1] or 0
        style = properties.find(f"{W}pStyle")
        inherited = self._styles.get(style.get(f"{W}val")) if style is not None else None
        if inherited is None:
            return None, 0
        return inherited[0], inherited[1] if own[1] is None else own[1]

    @staticmethod
    def _read_abstract(root: Any) -> dict[str, dict[int, tuple[str, str, int]]]:  # noqa: ANN401
        found: dict[str, dict[int, tuple[str, str, int]]] = {}
        for one in root.iter(f"{W}abstractNum") if root is not None else ():
            levels: dict[int, tuple[str, str, int]] = {}
            for level in one.iter(f"{W}lvl"):
                start = _value(level, "start") or "1"
                levels[int(level.get(f"{W}ilvl"))] = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    int(start),
                )
            found[one.get(f"{W}abstractNumId")] = levels
        return found

    @staticmethod
    def _read_instances(root: Any) -> dict[str, str]:  # noqa: ANN401 -- lxml element
        found: dict[str, str] = {}
        for one in root.iter(f"{W}num") if root is not None else ():
            found[one.get(f"{W}numId")] = _value(one, "abstractNumId") or ""
        return found

    @staticmethod
    def _read_styles(root: Any) -> dict[str, tuple[str, int]]:  # noqa: ANN401 -- lxml element
        found: dict[str, tuple[str, int]] = {}
        for style in root.iter(f"{W}style") if root is not None else ():
            properties = style.find(f"{W}pPr")
            number, level = _num_pr(properties) if properties is not None else (None, None)
            if number is not None:
                found[style.get(f"{W}styleId")] = (number, level or 0)
        return found


def _num_pr(properties: Any) -> tuple[str | None, int | None]:  # noqa: ANN401 -- lxml element
    reference = properties.find(f"{W}numPr")
    if reference is None:
        return None, None
    level = _value(reference, "ilvl")
    return _value(reference, "numId"), int(level) if level is not None else None


def _value(node: Any, name: str) -> str | None:  # noqa: ANN401 -- lxml element
    child = node.find(f"{W}{name}")
    return child.get(f"{W}val") if child is not None else None

"""Where a walk through a document stands: its open headings, and which part it is in."""

import re
from dataclasses import dataclass, field

from knowledge.structure.headings import (
    Mark,
    is_caption,
    label_of,
    looks_like_title,
    looks_like_topic,
    mark_of,
)
from knowledge.structure.lines import Block

_COPY_TO = re.compile(r"^抄送[：:]")
_NAMED = re.compile(r"《([^《》]{4,60})》")
_ANNEXES = re.compile(r"^附\s*件\s*[：:]")
_LISTED = re.compile(r"^(?:附\s*件\s*[：:]\s*)?(?:\d{1,2}\s*[、.．]\s*)?")
_SUBTITLE = re.compile(r"^[（(][^（）()]{1,20}[）)]$")
_BODY = ("。", "；", ";")
_SPACES = re.compile(r"\s+")
_BRACKETS = str.maketrans("（）", "()")


@dataclass(slots=True)
class Place:
    """What the walk has open at the moment."""

    stack: list[tuple[int, Mark, str]] = field(default_factory=list)
    title: str = ""
    part: int = 0
    """0 for the main text; each annex is one more."""
    _named: set[str] = field(default_factory=set)
    _has_body: bool = False
    _lists_annexes: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """The open headings, outermost first."""
        labels = [label for _, _, label in self.stack]
        return (self.title, *labels) if self.title else tuple(labels)

    def come_to(self, block: Block) -> None:
        """Open what a paragraph opens, and close what it ends."""
        marked = mark_of(block.text)
        if marked:
            self._enter(marked.mark, label_of(block.text, marked)[0], block.text)
        elif looks_like_title(block.text) and is_caption(block.text):
            self._enter(Mark.CAPTION, block.text.rstrip("：:"))
        elif self._is_title(block):
            self._begin(block.text.rstrip("：:"))
        elif block.after_gap and looks_like_topic(block.text):
            self._enter(Mark.TOPIC, block.text.rstrip("：:"))
        elif self.part and not is_subtitle(block.text):
            self._has_body = True
        self._note(block)

    def leave(self, block: Block) -> None:
        """Close everything behind the line that ends a document."""
        self._has_body |= block.text.endswith(_BODY)
        if _COPY_TO.match(block.text):
            self.stack.clear()
            self.title = ""

    def come_to_table(self) -> None:
        """A table is the body of what it stands in."""
        self._has_body = True

    def _is_title(self, block: Block) -> bool:
        if not looks_like_title(block.text):
            return False
        named = _bare(block.text) in self._named
        inside = bool(self.stack) and self.stack[-1][1] is not Mark.ANNEX
        if inside and not named and looks_like_topic(block.text):
            return False
        return block.after_gap or (self._has_body and named)

    def _note(self, block: Block) -> None:
        """Remember the names of what a notice issues and attaches."""
        if self.part == 0:
            self._named.update(_bare(name) for name in _NAMED.findall(block.text))
        self._lists_annexes = bool(_ANNEXES.match(block.text)) or (
            self._lists_annexes and mark_of(block.text) is not None
        )
        if self._lists_annexes:
            self._named.add(_bare(_LISTED.sub("", block.text)))

    def _enter(self, mark: Mark, label: str, text: str = "") -> None:
        level = self._level(mark)
        while self.stack and self.stack[-1][0] >= level:
            self.stack.pop()
        if mark is Mark.ANNEX:
            self.title = ""
            if not _ANNEXES.match(text):
                self._turn_page()
        self.stack.append((level, mark, label))

    def _level(self, mark: Mark) -> int:
        """What has no number has no level: it is a sibling of an open one, else a child."""
        if mark not in {Mark.DASH, Mark.TOPIC}:
            return mark
        beside = next((level for level, one, _ in self.stack if one is mark), None)
        if beside is not None:
            return beside
        return max(mark, self.stack[-1][0] + 1) if self.stack else mark

    def _begin(self, title: str) -> None:
        """A new annex, or text behind the document's end: nothing above it is its parent."""
        annex = [one for one in self.stack if one[1] is Mark.ANNEX and len(self.stack) == 1]
        if not annex or (self._has_body and _bare(title) in self._named):
            self._turn_page()
        self.stack = annex
        self.title = "" if annex else title
        if annex:
            self.stack.append((Mark.ANNEX + 1, Mark.CHAPTER, title))

    def _turn_page(self) -> None:
        """What has no body yet is a letterhead, or the line that says which annex follows."""
        self.part += self._has_body
        self._has_body = False


def is_subtitle(text: str) -> bool:
    """Whether a line is a bracket that belongs to the title above it."""
    return bool(_SUBTITLE.match(text))


def _bare(title: str) -> str:
    return _SPACES.sub("", title).translate(_BRACKETS).strip("：:《》")

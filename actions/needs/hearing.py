"""A turn of the need form read in the light of what was asked and doubted before."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.turn import Turn
from actions.understanding.extract import Reading, read
from actions.understanding.text import fold
from core.domain.needs import FIELDS, Region

WORDS = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]+ +[A-Za-z]+")
"""What a problem in the person's own words has: it is no command and no markup."""
NO_PROBLEM = re.compile(r"^\s*/|[<>{}]|[你您]")
"""A command, markup, what is said to the assistant; a complaint may hold them all the same."""
UNIT_ONLY = re.compile(r"万元?|[wW]|元|块钱?|亿元?|千元?")


def hear(turn: Turn, asked: str, doubt: Mapping[str, Any]) -> Reading:
    """Read the text, in the light of what was doubtful before."""
    text = turn.text
    if doubt.get("kind") == "unit" and UNIT_ONLY.fullmatch(fold(text).strip()):
        text = f"{doubt['number']}{text.strip()}"
    reading = _read(text, turn, asked)
    if asked in {"", "problem"}:
        reading = _with_problem(reading, turn, asked)
    options = [Region(**one) for one in doubt.get("options", ())]
    if options and reading.draft.region is not None:
        within = [one for one in options if _agrees(one, reading.draft.region)]
        if len(within) == 1:
            draft = replace(reading.draft, region=within[0])
            return replace(reading, draft=draft)
    return reading


def _read(text: str, turn: Turn, asked: str) -> Reading:
    """Read for the asked field; a turn that is a duration and nothing more names the deadline."""
    reading = read(text, turn.said_at, asked=asked)
    if asked in {"", "deadline"} or any(getattr(reading.draft, name) for name in FIELDS):
        return reading
    for_deadline = read(text, turn.said_at, asked="deadline")
    found = for_deadline.draft.deadline
    whole = found is not None and found.raw == fold(text).strip()
    return for_deadline if whole else reading


def _with_problem(reading: Reading, turn: Turn, asked: str) -> Reading:
    """The problem of an opening sentence is what it says beside the trade and the facts."""
    draft = reading.draft
    if not asked and draft.problem is None and draft.industry is not None:
        told = read(turn.text, turn.said_at, asked="problem").draft
        draft = replace(draft, problem=told.problem)
    said = draft.problem or ""
    if not WORDS.search(said) or (NO_PROBLEM.search(said) and not states_problem(turn)):
        draft = replace(draft, problem=None)
    return replace(reading, draft=draft)


def states_problem(turn: Turn) -> bool:
    """Whether the text complains by itself, asked or not."""
    return read(turn.text, turn.said_at).draft.problem is not None


def _agrees(option: Region, said: Region) -> bool:
    pairs = ((option.province, said.province), (option.city, said.city))
    return all(theirs is None or ours == theirs for ours, theirs in pairs)

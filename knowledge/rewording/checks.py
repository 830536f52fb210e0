"""What is wrong with a rewording: whatever its evidence does not say, in these words or nearly."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from knowledge.answers.working.reading.numbers import Bound, quantities
from knowledge.lexicon.lists import regions
from knowledge.lexicon.words import HAN
from knowledge.rewording.claims import Clause, clauses, dates, digits_of, plain, stance
from knowledge.rewording.words import grammar, joining, words

MAX_CHARS = 240
_LEAST = 4
_CHINESE = 0.5
_ECHO = 14
_LINK = re.compile(
    r"https?:|www\.|ftp:|://|(?<![@\w.])[a-z0-9-]+\.(?:cn|com|org|net|io|gov|edu)\b", re.IGNORECASE
)
_FORMAT = re.compile(r"[<>{}\[\]`|#*_\\]|^\s*[-•]\s|\x00", re.MULTILINE)
_WORD = re.compile(r"[a-z][a-z0-9.@+-]*")
_OFFICE = re.compile(
    "(?:局|委员会|委|厅|部|中心|协会|学会|科协|大学|学院|研究院|研究所|公司|办公室|集团|基金会|联盟|医院|银行|政府)"
)
_HAN = re.compile(rf"[{HAN}]")
_RUN = re.compile(rf"[{HAN}]+")
_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两")
_PIECE = 2
_DATED = re.compile(r"(?<=\d)[年月日号时分点]")


@dataclass(frozen=True)
class Ground:
    """What a rewording may say: the answer it rewords and the evidence of that answer."""

    answer: str
    evidence: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """All of it, in the form for comparing."""
        return plain("\n".join((self.answer, *self.evidence)))

    @cached_property
    def clauses(self) -> list[Clause]:
        """All its clauses."""
        return [one for text in (self.answer, *self.evidence) for one in clauses(text)]


def fault_of(reply: str, ground: Ground) -> str | None:
    """The name of the first check that a rewording fails; None when it may be sent."""
    checks: tuple[tuple[str, Callable[[str, Ground], bool]], ...] = (
        ("shape", _is_shapely),
        ("echo", _is_no_echo),
        ("words", _is_covered),
        ("offices", _names_known_offices),
        ("numbers", _has_known_numbers),
        ("stance", _agrees),
        ("claims", _claims_no_more),
    )
    return next((name for name, holds in checks if not holds(reply, ground)), None)


def _is_shapely(reply: str, _: Ground) -> bool:
    """Short plain Chinese without links and signs of format."""
    if not _LEAST <= len(reply) <= MAX_CHARS or _LINK.search(reply) or _FORMAT.search(reply):
        return False
    letters = re.findall(r"[^\W\d]", reply)
    return len(_HAN.findall(reply)) >= _CHINESE * len(letters) > 0


def _is_no_echo(reply: str, _: Ground) -> bool:
    """No stretch of what the model is told."""
    told = plain(words()["wording"]["system"])
    said = plain(reply)
    return not any(said[at : at + _ECHO] in told for at in range(len(said) - _ECHO + 1))


def _is_covered(reply: str, ground: Ground) -> bool:
    """Made of pieces of the evidence, words that join, and grammar."""
    said = plain(reply)
    return not uncovered(said, ground.text) and all(
        word in ground.text for word in _WORD.findall(said)
    )


def uncovered(said: str, known: str, more: Sequence[str] = ()) -> str:
    """The Chinese characters of a normalised text that no known piece explains, numbers apart."""
    covered = [char in grammar() or char in _NUMERALS for char in said]
    for start, end in _explained(said, known, (*joining(), *more)):
        covered[start:end] = [True] * (end - start)
    return "".join(
        char for char, known in zip(said, covered, strict=True) if not known and _HAN.match(char)
    )


def _explained(said: str, known: str, pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The stretches of a text that are numbers, listed pieces, or pieces of what is known."""
    for dated in _DATED.finditer(said):
        yield dated.span()
    for number in quantities(said):
        yield number.start, number.end
    for piece in pieces:
        for found in re.finditer(re.escape(piece), said):
            yield found.span()
    for run in _RUN.finditer(said):
        yield from _pieces(said, known, *run.span())


def _pieces(said: str, known: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of a run of Chinese characters that stand in what is known."""
    if end - start == 1:  # 省 in 国家、省、市, 室 in 606室
        before = said[start - 1 : end] if start else ""
        if said[max(start - 1, 0) : end + 1] in known or (
            before[:1].isdigit() and before in known
        ):
            yield start, end
    for at in range(start, end - 1):
        if said[at : at + _PIECE] in known:
            yield at, at + _PIECE


def _names_known_offices(reply: str, ground: Ground) -> bool:
    """Offices and regions stand in the evidence whole, not pieced together."""
    said = plain(reply)
    if any(name in said and name not in ground.text for name in regions()):
        return False
    return all(_is_whole(said, found.end(), ground.text) for found in _OFFICE.finditer(said))


def _is_whole(said: str, end: int, known: str) -> bool:
    """Whether the name that ends there is known up to a word that joins, or a border."""
    start = end - 1
    while start > 0 and said[start - 1 : end] in known:
        start -= 1
    if said[start:end] not in known:
        return False
    before = said[:start]
    return (
        not before
        or not _HAN.match(before[-1])
        or before[-1] in grammar()
        or before.endswith(joining())
    )


def _has_known_numbers(reply: str, ground: Ground) -> bool:
    """Every number is one of the evidence, with its measure."""
    numbers = {number for one in ground.clauses for number in one.numbers}
    bare = {digits for one in ground.clauses for digits in one.bare}
    if not digits_of(reply) <= digits_of(ground.text) or not _has_known_dates(reply, ground):
        return False
    return all(
        (value, unit) in numbers or str(value) in bare
        for clause in clauses(reply)
        for value, unit in clause.numbers
    )


def _has_known_dates(reply: str, ground: Ground) -> bool:
    """Every date is one of the evidence, year and all where the evidence has it."""
    known = {date for text in (ground.answer, *ground.evidence) for date in dates(text)}
    anyhow = {(month, day) for _, month, day in known}
    undated = {(month, day) for year, month, day in known if not year}
    return all(
        (year, month, day) in known
        or (month, day) in undated
        or (not year and (month, day) in anyhow)
        for year, month, day in dates(reply)
    )


def _agrees(reply: str, ground: Ground) -> bool:
    """Begins with yes or no where the answer does, with the same, and nowhere else."""
    return stance(reply) == stance(ground.answer)


def _claims_no_more(reply: str, ground: Ground) -> bool:
    return all(_is_backed(clause, ground.clauses) for clause in clauses(reply))


def _is_backed(clause: Clause, known: Sequence[Clause]) -> bool:
    """Whether the clauses nearest to it in words deny, oblige, allow, restrict and count alike."""
    most = max((len(clause.pairs & one.pairs) for one in known), default=0)
    if most == 0:
        return not (clause.denies or clause.obliges or clause.restricts) or not clause.pairs
    near = [one for one in known if len(clause.pairs & one.pairs) == most]
    if not any(_is_alike(clause, one) for one in near):
        return False
    if not all(_is_limited(clause, bound, known) for bound in clause.bounds):
        return False
    return all(_is_said_of(clause, digits, known) for digits in clause.digits)


def _is_alike(clause: Clause, known: Clause) -> bool:
    return (
        clause.denies == known.denies
        and clause.restricts == known.restricts
        and not (clause.obliges and not known.obliges)
        and not (clause.least and not known.least)
        and not (clause.most and not known.most)
        and not (clause.allows and known.obliges and not known.allows)
    )


def _is_limited(
    clause: Clause, number: tuple[Fraction, str, Bound], known: Sequence[Clause]
) -> bool:
    """Whether a number is the least, the most or neither, as where it is said of the same."""
    value, unit, bound = number
    own = [one for one in known if (value, unit) in one.numbers]
    most = max((len(clause.pairs & one.pairs) for one in own), default=0)
    near = [one for one in own if len(clause.pairs & one.pairs) == most]
    if bound is Bound.EXACT and _limits_more(near, clause):
        return False
    meant = {bound}
    if bound is Bound.EXACT:  # the limiting word may stand further off: 最多申报2项
        meant |= {Bound.MOST} if clause.most else set()
        meant |= {Bound.LEAST} if clause.least else set()
    stated = {each for one in near for at, of, each in one.bounds if (at, of) == (value, unit)}
    return bool(meant & stated) or (not own and bound is Bound.EXACT)


def _limits_more(near: Sequence[Clause], clause: Clause) -> bool:
    """Whether all of the nearest clauses limit something from a side from which this does not."""
    least = all(one.least for one in near) and not clause.least
    most = all(one.most for one in near) and not clause.most
    return bool(near) and (least or most)


def _is_said_of(clause: Clause, digits: str, known: Sequence[Clause]) -> bool:
    """Whether a number is said of what the evidence says it of, and on the same side of it."""
    own = [one for one in known if digits in one.digits]
    shared = max((clause.pairs & one.pairs for one in own), key=len, default=frozenset())
    for rival in known:
        if rival.counted and digits not in rival.digits:
            theirs = clause.pairs & rival.pairs
            if len(theirs) >= len(shared) and not theirs <= shared:
                return False
    if digits in clause.ends and all(digits in one.starts - one.ends for one in own):
        return False
    return not (digits in clause.starts and all(digits in one.ends - one.starts for one in own))

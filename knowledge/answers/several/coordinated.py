"""Things that a question puts side by side, each made whole with what it shares with the others.

Chinese joins them by 和、跟、与、还有, by 从…到…, by …多还是…多, or gives each a clause.
What the first of them says of place, year and document holds for the second until that one says
its own; one that names nothing (2021年指南里给的) is about what the other one names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.answers.kinds import kind_of, without_kind
from knowledge.answers.scope.mentions import Sort, mentions_in, names_in, unmentioned
from knowledge.answers.several.aims import Aim, Asked, asked_of, measured
from knowledge.lexicon.words import strip_question_words

_PLURAL = 2
_EDGE = " ,，的:："
_MOST = 4
_LONGEST = 40
_STOP = re.compile(r"[,，;；:：。?？!！\n]+")
_PLACED = re.compile(r"(?:里|中|内|上|下|方面|当中|这项|这块|这一项|来说|来看|来讲|的时候|时)$")
_JOINTS = (
    re.compile(r"[,，](?:又?和|跟|与|同|还有|以及|对比|相比|[对相]?比)(?!较)"),
    re.compile(r"还有|以及|(?<!紧)跟|对比|相比"),
    re.compile(r"(?<![共总饱缓温柔])和(?!谐)"),
    re.compile(r"(?<![参给赠])与(?!会)|(?<![共一协合相不])同(?!意|步|时|步)"),
    re.compile(r"(?<![相对无])比(?![例较重赛])"),
    re.compile("、"),
)
"""What joins two things, the loosest joint first: it divides a phrase before a tight one does."""

_SPAN = re.compile(r"从(?P<one>[^,，:：]{1,20})到(?P<other>[^,，:：]{1,24})$")
_OR = re.compile(
    r"(?P<one>[^,，:：。]{2,20}?)(?P<how>多|高|大|早|先|少|长)(?:一些|一点|些)?[,，]?还是(?P<other>[^,，:：。]{2,20}?)(?P=how)"
)
_QUESTION = re.compile(r"多少|几(?!乎)|谁|哪|什么|啥|何时|吗")
_WHAT = "有哪些"
_TAIL = re.compile(r"(?:又|各|分别)*(?:是|有|要|说的是)*(?:多少|几(?!乎)|谁|哪|什么|啥|何时).*$")
_ATTRIBUTE = re.compile(r"[^的,，]{1,5}?(?:型|级|式|类|化|性|制|批|期)的?")
_PERSONAL = re.compile(r"我|咱|你|想|麻烦|请")
_THAT = re.compile(r"(?:那|这)(?:个|份|边|一?[份个]|版)?$")
_AGAIN = re.compile(r"(?<=.)(?:后来|又|再|却)(?=是|有|要|说|定)|^(?:后来|而|那么?|到了?|然后)")
_BROKEN = re.compile('[“”"《》]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the things a question is about."""

    label: str
    text: str
    """The question about it alone."""
    bare: str = ""
    """The same with nothing taken from the other things; empty when that is no different."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """A question about several things."""

    aim: Aim
    each: tuple[Side, ...]


def coordinated(text: str) -> Sides | None:
    """The sides of a normalised question that asks the same of several things; else None."""
    chosen = _OR.search(text)
    if chosen:
        pieces = [chosen["one"], chosen["other"]]
        asked = Asked(aim=Aim.MORE, start=chosen.start(), each=_ASKED[chosen["how"]])
        return _sides(_topic(text[: chosen.start()]), pieces, asked)
    found = asked_of(text)
    by_clause = _clausal(text, found)
    if by_clause or found is None:
        return by_clause
    if not found.each:
        found = replace(found, each=_WHAT)
    head = text[: found.start].strip(_EDGE)
    return _joined(head, found) or _behind(head, found)


def to_the_point(text: str) -> str:
    """A message up to its last clause that asks or compares; remarks behind it ask nothing."""
    ends = [0, *(one.end() for one in _STOP.finditer(text)), len(text)]
    for begin, end in reversed(list(pairwise(ends))):
        if _QUESTION.search(text[begin:end]) or asked_of(text[begin:end]) is not None:
            return text[:end].rstrip(" ,，。?？!！;；")
    return text


_ASKED = dict.fromkeys("多高大少长", "有多少") | dict.fromkeys("早先", "什么时候")


def _behind(head: str, asked: Asked) -> Sides | None:
    """Things that a clause of circumstances follows before they are asked about."""
    cut = max((one.start() for one in _STOP.finditer(head)), default=0)
    if not cut:
        return None
    said = _STOP.sub("", head[cut:])
    if mentions_in(said, 0):
        return _joined(head[:cut].strip(_EDGE), asked, where=said)
    return _joined(head[:cut].strip(_EDGE), replace(asked, each=said + asked.each))


def _joined(head: str, asked: Asked, where: str = "") -> Sides | None:
    """Things joined by a conjunction, in front of what is asked of them."""
    span = _SPAN.search(head) if asked.aim is Aim.GAP else None
    if span:
        return _sides(where + _topic(head[: span.start()]), [span["one"], span["other"]], asked)
    for joint in _JOINTS:
        for found in reversed(list(joint.finditer(head))):
            before, other = head[: found.start()], head[found.end() :].strip(" ,，的")
            begin = max((one.end() for one in _STOP.finditer(before)), default=0)
            one = before[begin:].strip(" 的")
            if _fits(one, other, head, found):
                other, shared = _shared(one, other, asked)
                pieces = [_less(each, shared) for each in (*_listed(one), *_listed(other))]
                return _sides(f"{where} {_topic(before[:begin])}".strip(), pieces, shared)
    return None


def _fits(one: str, other: str, head: str, joint: re.Match[str]) -> bool:
    """Whether a joint stands between two things: not in quotes, nor behind what only leads in."""
    quoted = len(_BROKEN.findall(head[: joint.start()])) % 2 == 1
    if quoted or _STOP.search(other) or not one or not other or one == other:
        return False
    if max(len(one), len(other)) > _LONGEST or min(len(one), len(other)) < 1:
        return False
    led = joint.group()[0] in ",，" and bool(_PLACED.search(one))
    return not led


def _shared(one: str, other: str, asked: Asked) -> tuple[str, Asked]:
    """The second thing without what is said of both behind it: 学费 in 甲班和乙班学费."""
    at = other.rfind(one[-1])
    rest = other[at + 1 :].strip("的")
    apart = at < 1 or len(rest) < _PLURAL or _ATTRIBUTE.fullmatch(one)
    if apart or asked.matter or not names_in(rest):
        return other, asked
    each = measured(rest) if asked.each in {"", _WHAT} else f"{rest}{asked.each}"
    return other[: at + 1], replace(asked, each=each, matter=rest)


def _less(piece: str, asked: Asked) -> str:
    """A thing without the matter that is asked of it anyway."""
    return piece.removesuffix(asked.matter).rstrip("的") or piece


def _listed(piece: str) -> list[str]:
    """The members of a piece that is itself a list of short names."""
    parts = [one for one in piece.split("、") if one]
    return parts if all(len(one) <= _SHORT for one in parts) else [piece]


_SHORT = 8


def _clausal(text: str, found: Asked | None) -> Sides | None:
    """Clauses that ask the same kind of thing, below a topic or above a comparison."""
    pieces = [one.strip() for one in _STOP.split(text) if one.strip()]
    verdicts = {at for at, one in enumerate(pieces) if at and _compares(one)}
    asking = [
        at
        for at, one in enumerate(pieces)
        if at not in verdicts and _QUESTION.search(one) and kind_of(one)
    ]
    kinds = {kind_of(pieces[at]) for at in asking}
    if not _PLURAL <= len(asking) <= _MOST or len(kinds) != 1:
        return None
    if asking != list(range(asking[0], asking[0] + len(asking))):
        return None
    topic = _topic(",".join(pieces[: asking[0]]))
    compared = found is not None and found.aim is not Aim.EACH
    scoped = topic and all(mentions_in(pieces[at], 0) for at in asking)
    if not scoped and not compared:
        return None
    aim = found.aim if found is not None else Aim.EACH
    each = [_AGAIN.sub("", pieces[at]) for at in asking]
    return _sides(topic, each, Asked(aim=aim, start=0, each=""))


def _compares(piece: str) -> bool:
    """Whether a clause does nothing but compare."""
    asked = asked_of(piece)
    return asked is not None and asked.aim is not Aim.EACH and asked.start == 0


def _topic(lead: str) -> str:
    """What is said in front of the things and holds for all of them."""
    pieces = [one.strip() for one in _STOP.split(lead) if one.strip()]
    kept = [
        _unasked(one)
        for one in pieces
        if not _PERSONAL.search(one) and (names_in(one) or mentions_in(one, 0))
    ]
    return " ".join(one.rstrip("的") for one in kept if one)


def _unasked(piece: str) -> str:
    if kind_of(piece) is None:
        return piece
    return " ".join(without_kind(strip_question_words(piece)).split())


def _sides(topic: str, pieces: Sequence[str], asked: Asked) -> Sides | None:
    if len(set(pieces)) < _PLURAL or len(pieces) > _MOST:
        return None
    each: list[Side] = []
    for at, piece in enumerate(pieces):
        other = pieces[0] if at else pieces[-1]
        own = _THAT.sub("", piece)
        taken, thing = _taken(own, other, topic, later=at > 0)
        body = taken.format(own) + thing
        text = f"{topic} {body}{asked.each}".strip()
        bare = f"{topic} {own}{thing}{asked.each}".strip()
        each.append(Side(label=_label(piece), text=text, bare=bare if bare != text else ""))
    return Sides(aim=asked.aim, each=tuple(each))


def _taken(piece: str, other: str, topic: str, *, later: bool) -> tuple[str, str]:
    """What a thing takes over of the other: scope, around its own words, and the subject."""
    own, theirs = mentions_in(piece, 0), mentions_in(other, 0)
    about = names_in(piece)
    thing = _headless(piece, other)
    if not thing and not about and not names_in(topic):
        thing = _core(unmentioned(other))
    if not later:
        return "{}", thing
    sorts_own = {one.sort for one in own}
    held = {one.sort for one in mentions_in(topic, 0)} | sorts_own
    kept: list[str] = []
    for one in theirs:
        fits = one.sort not in held
        if one.sort is Sort.YEAR:
            fits = fits and Sort.DOCUMENT not in sorts_own
        if one.sort is Sort.DOCUMENT:
            alone = not about and sorts_own == {Sort.WHERE}
            fits = fits and (not sorts_own or alone)
        if one.sort is not Sort.WHERE and Sort.WHERE in sorts_own:
            fits = fits and not about
        if fits:
            kept.append(one.text)
    taken = "".join(kept)
    behind = Sort.WHERE in sorts_own and bool(kept) and not about
    return (f"{{}}的{taken}" if behind else f"{taken}{{}}"), thing


def _headless(piece: str, other: str) -> str:
    """The noun that an attribute (功能型) shares with that of the other (专业化服务团)."""
    theirs = _ATTRIBUTE.match(other)
    if not _ATTRIBUTE.fullmatch(piece) or theirs is None:
        return ""
    return other[theirs.end() :]


def _core(text: str) -> str:
    """A phrase from its first name on."""
    text = _unasked(text)
    names = names_in(text)
    at = min((text.find(one) for one in names), default=-1)
    return text[at:].strip(" 的,，") if at >= 0 else ""


def _label(piece: str) -> str:
    """What a thing is called beside its answer."""
    return _TAIL.sub("", piece).strip(" 的,，") or piece

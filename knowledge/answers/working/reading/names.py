"""Names of things as people say them: in full, without their endings, or shortened."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ENDINGS = re.compile(r"(?:建设|项目|活动|工作|任务|服务|类|情况|专项|运行成果|成果)$")
_OPENINGS = re.compile(r"^(?:推动|开展|推进|建设|组建|打造|形成|建立|加强|新增)")
_RANKS = re.compile(r"([一二三四五甲乙丙丁]{2,5})([等级类档])")
_LEAST = 3
_HALF = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name that a text says, and where."""

    name: str
    start: int
    end: int


def spread(text: str) -> str:
    """Ranks one by one: 一等二等三等 for 一二三等."""
    return _RANKS.sub(lambda found: "、".join(one + found[2] for one in found[1]), text)


def mentions(text: str, names: Iterable[str]) -> list[Mention]:
    """The names that a text says, in its order; the longest wording wins a place."""
    found: list[tuple[int, int, int, str]] = []
    for name in dict.fromkeys(names):
        for rank, said in enumerate(_wordings(name)):
            at = text.find(said)
            if at >= 0:
                found.append((-len(said), rank, at, name))
                break
    chosen: list[Mention] = []
    for length, rank, at, name in sorted(found):
        end = at - length
        if any(one.start < end and at < one.end for one in chosen):
            continue
        rivals = {other for size, _, place, other in found if (size, place) == (length, at)}
        if len(rivals) > 1 and rank:
            continue
        chosen.append(Mention(name=name, start=at, end=end))
    return sorted(chosen, key=lambda one: one.start)


def _wordings(name: str) -> Sequence[str]:
    """How a name may be said, the fullest first."""
    core = _OPENINGS.sub("", _ENDINGS.sub("", name))
    said = {name: None, _ENDINGS.sub("", name): None, core: None}
    gapped = [
        core[:first] + core[-last:]
        for first in range(len(core) - _HALF, _HALF - 1, -1)
        for last in range(len(core) - first - 1, _HALF - 1, -1)
    ]
    parts = [core[:size] for size in range(len(core) - 1, _LEAST - 1, -1)]
    parts += [core[-size:] for size in range(len(core) - 1, _LEAST - 1, -1)]
    long = sorted((*gapped, *parts), key=len, reverse=True)
    return [one for one in (*said, *long) if len(one) >= _HALF]

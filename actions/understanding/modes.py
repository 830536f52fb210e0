"""How a person wants to work together: the programme's cooperation modes."""

import re
from dataclasses import dataclass
from functools import cache

from actions.understanding.lexicon import modes
from actions.understanding.text import Span, before, clause_around

NOT_THIS = re.compile(
    r"(?:不(?:想|要|考虑|接受|需要|做|搞|用|打算|准备|是|愿意|谈|走|急着)|没(?:想|打算|兴趣)|别|甭|莫|无需|拒绝|除了|而非|不)"
    r"(?:再|做|搞|走|谈|采用|采取|选择?|涉及|包括|含|用|以|进行|给我|推荐?|来|找我|跟我|说|提|要|什么|啥)*\s*$"
)
NOT_AFTER = re.compile(
    r"^(?:那[套种样个])?(?:我们?|咱们?)?[^,。;]{0,2}(?:不起|不了|不合适|不划算)|^(?:的?事)?(?:就|先|这些)?(?:算了|不考虑|免了|免谈|不要|不谈|不做|不搞|没兴趣|没意思|不行|放一边|再说)"
)
SOUGHT, ALONE, TOGETHER = "技术咨询", "委托开发", "联合研发"
"""What somebody sought comes to when nothing is said of the way, and two ways that sound alike."""
NOT_SUCH = re.compile(r"不是(?:光|只|说|那种)?[^,。;]{0,14}?那种")
"""不是光给钱让人家做那种: what stands between is not meant."""
TRIED = re.compile(
    r"^(?:的)?(?:我们?|咱们?)?(?:也|都)?(?:试|搞|弄|做|找)过[^,。;]{0,4}(?:不行|不好|没用|没成|不灵|失败)"
)
PASSED = re.compile(
    r"(?:完成|通过|上线|进入|等待|参加)[^,。;]{0,6}$|(?:交|付|花|给|做|测|送)了[^,。;]{0,8}$"
)
"""What a thing must go through in the end, or went through, is no service asked for."""
SPENT = re.compile(r"(?:交|付|花)了")
BESIDE = 6
"""Characters between a test and the look at what it shows."""
TESTS = "检验检测"
SHOWING = frozenset({TESTS, "科技评估"})
ADVICE = re.compile(r"咨询|指导|诊断|顾问|把脉|会诊|指点|看看|看一?下")
ANY = re.compile(r"都可以|都行|怎么合作都|合作方式不限|方式不限|随便|均可|不限")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModesReading:
    """What was found and where; `any_mode` when every way is welcome."""

    modes: tuple[str, ...] = ()
    any_mode: bool = False
    spans: tuple[Span, ...] = ()


def read_modes(text: str) -> ModesReading:
    """Find the cooperation modes of a folded text, in the order they are said."""
    hits = _hits(text, weak=False) or _hits(text, weak=True)
    hits = [hit for hit in hits if not any(_says_how(text, hit, other) for other in hits)]
    hits.sort(key=lambda hit: hit[0].start)
    return ModesReading(
        modes=tuple(dict.fromkeys(name for _, name in hits)),
        any_mode=ANY.search(text) is not None,
        spans=tuple(span for span, _ in hits),
    )


def _hits(text: str, *, weak: bool) -> list[tuple[Span, str]]:
    """What is said of every mode; weakly by who only asks how something is done."""
    return [
        (Span(start=hit.start(), end=hit.end()), name)
        for name, pattern in _patterns(weak=weak)
        for hit in pattern.finditer(text)
        if not _denied(text, hit) and not (name == TESTS and _passed(text, hit))
    ]


def _denied(text: str, hit: re.Match[str]) -> bool:
    tail = text[hit.end() : hit.end() + 16]
    if NOT_AFTER.match(tail[:8]) or TRIED.match(tail):
        return True
    if any(one.start() <= hit.start() < one.end() for one in NOT_SUCH.finditer(text)):
        return True
    return NOT_THIS.search(before(text, hit.start(), 8)) is not None


def _passed(text: str, hit: re.Match[str]) -> bool:
    passed = PASSED.search(before(text, hit.start() + 1, 10))
    return passed is not None or SPENT.search(hit[0]) is not None


def _says_how(text: str, hit: tuple[Span, str], other: tuple[Span, str]) -> bool:
    """找人联合研发 says how, beside that somebody is sought."""
    if hit[1] == other[1] or hit[0].of(text) == hit[1]:
        return False
    if ADVICE.search(hit[0].of(text)):
        # 送样检测看看: to look is what the test is for.
        shown = _follows(text, other[0], hit[0]) or _follows(text, hit[0], other[0])
        return other[1] in SHOWING and hit[1] == SOUGHT and shown
    if hit[1] == SOUGHT:
        clause = clause_around(text, hit[0].start)
        return clause.start <= other[0].start < clause.end
    return (hit[1], other[1]) == (ALONE, TOGETHER) and _overlap(hit[0], other[0])


def _follows(text: str, one: Span, other: Span) -> bool:
    """Whether one stands right before another in its clause."""
    near = one.start <= other.start <= one.end + BESIDE
    return near and clause_around(text, one.start).end > other.start


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@cache
def _patterns(*, weak: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    said = ((mode.name, mode.weak if weak else mode.aliases) for mode in modes())
    return tuple((name, re.compile("|".join(aliases))) for name, aliases in said if aliases)

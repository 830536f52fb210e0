"""Two applications at once, or one thing used for two: forbidden or allowed in so many words."""

import re

from knowledge.answers.working.case import Case, Worked, first, own
from knowledge.answers.working.conditions.begun import BUILT
from knowledge.answers.working.conditions.subject import asks_whether, rules
from knowledge.answers.working.conditions.verdicts import worked
from knowledge.answers.working.reading.dates import given_moments
from knowledge.answers.working.telling import tell

_HAND = "(?:申?报|申请|递|交|投|送|提交)"
_AT_ONCE = re.compile(
    rf"同时|一起|一块|一并|一道|兼报|又.{{1,24}}又|既.{{1,24}}[又也]|都(?:想|能|要|可以)?{_HAND}"
    rf"|两个都|三[个类]都|重复{_HAND}|两头[报用]|报[两二三四]个?(?:不同|类)"
)
_AGAIN = re.compile(
    rf"{_AT_ONCE.pattern}|也(?:想|能|可以|要)?(?:再)?{_HAND}|再(?:去|来)?{_HAND}"
    rf"|还(?:能|可以|想)(?:再|一起|同时|接着)?{_HAND}"
)
BANS = re.compile(
    r"不得(?:同时|重复|兼|再|多头)|不能(?:同时|重复|兼)|不可(?:同时|重复|兼报)|不予(?:重复|受理)"
    r"|只能(?:用于|申报|选择|报)[^,;。]{0,4}(?:一|1)(?:个|项|类|次)|不重复(?:支持|资助)"
)
"""How documents exclude one application beside another."""

_PERMITS = re.compile(r"(?:均|都)?可以?(?:同时|兼)(?:申)?报|允许(?:同时|兼)")
_SEVERAL = re.compile(
    r"[两二三四几多]个?(?:类|项|种|子项|类别|项目)|不同(?:类别|子项|项目)|各类|不是同一"
)
_SAME = re.compile(
    r"同?[一这](?P<thing>[个次项场])(?=[\u4e00-\u9fff]{0,4}(?:活动|会议|(?:学术|年|大|对接|展)会|论坛|展览))"
    r"|(?<!不是)同一?(?P<one>[场次个项件])|[就一这](?P<event>[场次])"
)
_ONE_ONLY = re.compile(r"[一1](?P<measure>[场次个项件])[^,;。]{0,16}只能")
_TIMES = {"场", "次"}
_QUOTED = re.compile(r"[“\"《](.{2,16}?)[”\"》]")


def together(case: Case) -> Worked | None:
    """What a document says of the two applications of a question."""
    same = _SAME.search(case.text)
    several = any(one.value > 1 for one in case.given) or "两头" in case.text
    if not asks_whether(case.asked):
        return None
    if not _AGAIN.search(case.text) and not (same and several):
        return None
    for rule in rules(case, BANS.search, "不得同时", "只能"):
        text = own(rule)
        behind = text[BANS.search(text).end() :]  # type: ignore[union-attr]
        quoted = [name for name in _QUOTED.findall(behind) if name in case.text]
        if quoted or (same and _one_of(same, text)):
            return worked(case, rule, tell("applicant.excluded"), passes=False)
    return None if same else _permitted(case)


def _permitted(case: Case) -> Worked | None:
    """A permission for several at once; it says nothing of a day, or of one item alone."""
    several = bool(_SEVERAL.search(case.text)) or len(case.named_cells) > 1
    dated = BUILT.search(case.text) and given_moments(case.text, case.now, year=case.today.year)
    if not several or dated or not _AT_ONCE.search(case.text):
        return None
    permit = first(rules(case, _PERMITS.search, "可兼报", "可同时申报"))
    if permit is None:
        return None
    return worked(case, permit, tell("applicant.permitted"), passes=True)


def _one_of(said: re.Match[str], rule: str) -> bool:
    """Whether a rule speaks of one such thing: 一场 where the question says 同一场."""
    found = _ONE_ONLY.search(rule)
    measure = "场" if said["thing"] else said["one"] or said["event"]
    return found is not None and (
        measure == found["measure"] or {measure, found["measure"]} == _TIMES
    )

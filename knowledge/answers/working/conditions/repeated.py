"""What follows when something happens several times running: two bad years, and out."""

import re
from collections.abc import Iterable

from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import asks_whether, rules, shared, surroundings
from knowledge.answers.working.others import to_confirm
from knowledge.answers.working.reading.numbers import number, plain
from knowledge.answers.working.telling import tell

_BAD = r"不合格|不达标|不通过|未通过|未完成|不及格|不符合|未达标|较差"
_RULE = re.compile(
    rf"连续(?P<count>[两二三四五\d])(?P<unit>年|次|届|个?季度|个?月|期)[^,;。]{{0,12}}?(?P<bad>{_BAD})"
    r"[^;。]{0,20}?(?P<then>取消|不得|暂停|终止|退出|撤销|不予)(?P<what>[^;。]{0,30})"
)
_OUTCOME = re.compile(
    rf"(?P<bad>{_BAD}|没有?(?:通?过(?!去)|达标|合格|完成|及格)|挂了|没能?[过]关?)"
    r"|(?P<good>(?<![不没未])(?<!没有)(?:合格|达标|通过|及格|过关|过了|优秀|良好)(?!率|线))"
)
_RUNNING = re.compile(
    r"(?:连续|接连|连着|一连)(?P<count>[两二三四五\d])(?:年|次|届|个?季度|个?月|期)|[两二](?:年|次)都|年[和跟与、](?:今|去|第[二三])年[^,。]{0,6}都"
)
_ONCE = re.compile(r"(?:只有?|才|仅|就)(?:有|这|那)?(?:一|1)(?:年|次|届)|(?:一|1)(?:年|次)不")
_NEAR = 1
_TWO = 2


def repeated(case: Case) -> Worked | None:
    """Whether so many bad results running as a rule names are told of."""
    count = _bad_running(case.text) if asks_whether(case.asked) else None
    if count is None:
        return None
    for rule in rules(case, _RULE.search, "连续", "取消"):
        found = _RULE.search(own(rule))
        limit = number(found["count"]) if found else None
        if not found or limit is None or len(shared(case.text, surroundings(rule))) < _NEAR:
            continue
        reached = count >= limit
        said = tell(
            "repeated.reached" if reached else "repeated.not_reached",
            limit=f"{plain(limit)}{found['unit']}{found['bad']}",
            then=found["then"] + found["what"].rstrip("。"),
        )
        asks_end = found["then"] in case.text or re.search(r"会不?会?被|会不会", case.text)
        verdict = (
            tell("repeated.will" if reached else "repeated.will_not")
            if asks_end
            else tell("cannot" if reached else "can")
        )
        return Worked(text=verdict + said + to_confirm(case, rule), rules=(rule,))
    return None


def _last(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """The last of some matches, or None."""
    return next(reversed(list(found)), None)


def _bad_running(text: str) -> int | None:
    """The longest run of bad results that a question tells of; None when it tells of none."""
    outcomes = [bool(one["bad"]) for one in _OUTCOME.finditer(text)]
    if not any(outcomes):
        return None
    running = _last(_RUNNING.finditer(text))
    once = _last(_ONCE.finditer(text))
    if once and (not running or running.start() < once.start()):
        return 1
    if running:
        count = number(running["count"]) if running["count"] else _TWO
        return int(count or _TWO)
    if len(outcomes) == 1:
        return None
    best = run = 0
    for bad in outcomes:
        run = run + 1 if bad else 0
        best = max(best, run)
    return best

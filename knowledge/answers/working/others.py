"""The other requirements beside a rule, which a question did not speak of."""

import re

from knowledge.answers.composition import plain
from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case
from knowledge.answers.working.telling import tell
from knowledge.structure.headings import mark_of

_DEMANDS = re.compile(r"要求|条件|资格")
_SHOWN = 5
_LONG = 60


def to_confirm(case: Case, rule: Evidence) -> str:
    """The sibling items of a rule under a heading of requirements, as still to be confirmed."""
    path = rule.sentence.path
    if rule.sentence.row or len(path) < 2 or not _DEMANDS.search(path[-2]):  # noqa: PLR2004 -- a heading and its item
        return ""
    if mark_of(rule.sentence.text.strip()) is None:
        return ""
    above = path[:-1]
    found = [
        plain(one).rstrip("。")
        for one in case.around(rule, lambda each: each.path[: len(above)] == above)
        if one.sentence.path != path
        and len(one.sentence.path) > len(above)
        and mark_of(one.sentence.text.strip()) is not None
    ]
    shown = [one if len(one) <= _LONG else one[:_LONG] + "……" for one in found[:_SHOWN]]
    return tell("to_confirm", items="；".join(shown)) if shown else ""

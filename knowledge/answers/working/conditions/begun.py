"""What had to exist by a day, and what must not have been begun yet."""

import re

from knowledge.answers.working.case import SHANGHAI, Case, Worked, heads, own
from knowledge.answers.working.conditions.subject import asks_whether, rules, shared
from knowledge.answers.working.conditions.verdicts import worked
from knowledge.answers.working.reading.dates import given_moments, moments, year_of
from knowledge.answers.working.telling import say_day, tell

BUILT = re.compile(
    r"建成|建好|建起|建的|成立|挂了?的?牌|注册|获批|认定|设立|登记|立项|投产|开业|揭了?的?牌|建立|落成"
)
"""Words of what came into being on a day."""

_BEGAN = (
    r"(?:[^,;。]{0,4})(?:建成|成立|注册|获批|认定|设立|登记|取得|投产|立项|建立|挂牌|获得|通过)"
)
_BY = re.compile(rf"(?:前|之前|以前)(?:就)?(?:已|已经)?{_BEGAN}")
_SINCE = re.compile(rf"(?:后|之后|以后|以来){_BEGAN}")
_NOT_YET = re.compile(
    r"(?:还没有|尚未|未曾?|没有)(?:开展|建设|建立|获得|承担|申报|享受|立项|入选)"
)
_DID = "(?:建|有|搞|做|办|获|开展|承担|弄|设|拿|享受|入选|立)"
_HAS = re.compile(
    rf"已经?[^,。]{{0,3}}{_DID}|{_DID}(?:好|成)?(?:过|了)|(?:早就|早已|之前就|以前就)[^,。]{{0,2}}{_DID}"
    r"|有一[个家支项]|(?:建|办|搞)(?:成|好)(?:了|过|一)"
)
_HAS_NOT = re.compile(
    rf"(?:还没|没有|从没|从来没|一直没|以前没|尚未|未曾?)[^,。]{{0,3}}{_DID}(?:过|了)?|第一次|首次|头一回|头一次"
)
_NEAR = 2
_NAMES = 4


def built(case: Case) -> Worked | None:
    """A day by which something had to exist, against the day the question gives."""
    if not BUILT.search(case.text) or not asks_whether(case.asked):
        return None
    given = given_moments(case.text, case.now.astimezone(SHANGHAI), None)
    if not given:
        return None
    told = given[0]
    for rule in rules(case, lambda text: _BY.search(text) or _SINCE.search(text), "已建成"):
        text = own(rule)
        stated = [one for one in moments(text, year_of(rule.passage.source.facts)) if one.exact]
        if not stated or len(shared(case.text, text + heads(rule))) < _NEAR:
            continue
        limit = stated[0].day
        same_month = (told.day.year, told.day.month) == (limit.year, limit.month)
        if same_month and not told.exact and told.day > limit:
            continue
        passes = told.day <= limit if _BY.search(text) else told.day >= limit
        said = tell(
            "applicant.built" if passes else "applicant.built_late",
            given=case.text[told.start : told.end],
            limit=say_day(limit),
        )
        return worked(case, rule, said, passes=passes)
    return None


def begun(case: Case) -> Worked | None:
    """Who has not begun yet may apply: whether the applicant has."""
    has_not = bool(_HAS_NOT.search(case.text))
    has = bool(_HAS.search(_HAS_NOT.sub(",", case.text)))
    if has == has_not or not asks_whether(case.asked):
        return None
    for rule in rules(case, _NOT_YET.search, "仅限", "没有"):
        if len(shared(case.text, own(rule))) >= _NAMES:
            said = tell("applicant.not_begun" if has_not else "applicant.begun")
            return worked(case, rule, said, passes=has_not)
    return None

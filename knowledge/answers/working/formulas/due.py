"""Days left to a day that stands in a row of a table or behind the name of what happens on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked, own
from knowledge.answers.working.conditions.subject import about_another
from knowledge.answers.working.formulas.paper import Paper, pairs, papers, unmarked
from knowledge.answers.working.reading.dates import moments, year_of
from knowledge.answers.working.telling import say_day, tell
from knowledge.lexicon.words import normalise

_LEFT = re.compile(
    r"(?:还有?剩?下?|剩下?)(?:几|多少)天|还剩|(?:离|距)[^,。?]{1,24}?(?:几|多少)天|倒计时|还有多(?:久|长)|还有(?:几|多少)[天日]"
)
_ENDS = re.compile(r"截止|到期|最后|关闭|结束|止$|前$|报名|揭榜|申报")
_STARTS = re.compile(r"开班|开课|开始|开赛|举行|召开|开幕|比赛|培训时间|上课")
_DATED = re.compile(r"时间|日期|截止|期限")
_LABEL = re.compile(r"(?P<label>[\u4e00-\u9fff]{2,12})[:于须在]*$")
_SPECIFIC = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """A day and what it is of."""

    day: date
    what: str
    evidence: Evidence


def due(case: Case) -> Worked | None:
    """How many days are left to the day of the row or the event that the question names."""
    if not _LEFT.search(case.text):
        return None
    for paper in papers(case, "截止时间", "日期"):
        found = _in_row(case, paper) or _labelled(case, paper)
        if found is not None and not about_another(case, found.evidence):
            return Worked(text=_told(found, case.today), rules=(found.evidence,))
    return None


def _told(found: _Due, today: date) -> str:
    apart = (found.day - today).days
    name = "left" if apart > 0 else "passed" if apart < 0 else "today"
    return tell(
        f"formula.day_{name}",
        what=found.what,
        day=say_day(found.day),
        today=say_day(today),
        count=str(abs(apart)),
    )


def _in_row(case: Case, paper: Paper) -> _Due | None:
    """The day in the row that is named, of the column that fits what is asked."""
    rows = paper.rows_of(_DATED)
    if len(rows) != 1:
        return None
    row = rows[0]
    begins = bool(_STARTS.search(case.text)) and not re.search("截止", case.text)
    year = year_of(row.passage.source.facts)
    found: list[_Due] = []
    for head, cell in row.sentence.cells:
        header = normalise(head)
        days = moments(normalise(cell), year, case.now.year)
        if not days or not _DATED.search(header):
            continue
        if bool(_ENDS.search(header)) is not begins:
            day = days[0].day if begins else days[-1].day
            found.append(_Due(day=day, what=f"{_name(case, row)}{header}", evidence=row))
    return found[0] if len(found) == 1 else None


def _name(case: Case, row: Evidence) -> str:
    """The cell of a row that the question says most of."""
    cells = [normalise(cell) for _, cell in row.sentence.cells]
    best = max(cells, key=lambda one: (len(pairs(one) & pairs(case.text)), one in case.text))
    return f"“{best}”"


def _labelled(case: Case, paper: Paper) -> _Due | None:
    """The one day whose label the question says: 报名截止: 初级班12月1日, 中级班12月7日."""
    found = [
        one
        for each in paper.sentences
        if not each.sentence.row
        for one in _labels(each, case)
        if one.what in case.text
    ]
    longest = max((len(one.what) for one in found), default=0)
    best = [one for one in found if len(one.what) == longest]
    asks_end = re.search(r"截止", case.text)
    ending = [one for one in best if "截止" in own(one.evidence)]
    best = ending if asks_end else best
    days = {one.day for one in best}
    return best[0] if len(days) == 1 and longest >= _SPECIFIC else None


def _labels(one: Evidence, case: Case) -> Iterator[_Due]:
    text = unmarked(own(one))
    days = [
        each
        for each in moments(text, year_of(one.passage.source.facts), case.now.year)
        if each.exact
    ]
    end = 0
    for each in days:
        label = _LABEL.search(text[end : each.start].rstrip(" ,"))
        if label and not re.search(r"计算|以后|以前|出生", text[each.end : each.end + 6]):
            yield _Due(day=each.day, what=label["label"], evidence=one)
        end = each.end

"""What is handed in by a form is matched once it is accepted, and no more once withdrawn."""

from pathlib import Path

from actions.forms.storing import filled_form
from core.domain.needs import NeedDraft
from core.domain.submissions import SubmissionStatus
from core.persistence import SqlUnits
from core.services.matching.needs import MatchNeed
from core.services.records import StoreRecords
from core.services.submissions import DecideSubmission, SubmitForm
from knowledge.base import IndexedKnowledgeBase
from scheduler.words import report_change, report_decision
from tests.factories import LI
from tests.fakes.clock import START, FakeClock
from tests.fakes.wakeups import RecordingWakeups
from tests.unit.actions.forms.telling import Telling
from tests.unit.actions.forms.test_engine import WHOLE

NEED = NeedDraft(problem="注塑件翘曲变形，想找人分析成因")


def test_an_accepted_expert_is_matched_and_a_withdrawn_one_is_not(
    sqlite_units: SqlUnits, tmp_path: Path
) -> None:
    clock, wakeups = FakeClock(START), RecordingWakeups()
    base = IndexedKnowledgeBase(sqlite_units, tmp_path / "home", clock)
    match = MatchNeed(units=sqlite_units, clock=clock, knowledge=base)
    decide = DecideSubmission(
        units=sqlite_units,
        clock=clock,
        wakeups=wakeups,
        store_records=StoreRecords(
            units=sqlite_units,
            clock=clock,
            knowledge=base,
            wakeups=wakeups,
            report_change=report_change,
        ),
        report=report_decision,
    )
    telling = Telling("expert")
    telling.say(*WHOLE["expert"])
    filled = filled_form(telling.form, telling.now)
    one = SubmitForm(units=sqlite_units, clock=clock)(filled, address=LI, key="web:m1")

    assert match(NEED) == ()
    decide(one.id, SubmissionStatus.ACCEPTED)
    assert [found.title for found in match(NEED)] == ["周启明"]
    decide(one.id, SubmissionStatus.WITHDRAWN)
    assert match(NEED) == ()
    base.close()

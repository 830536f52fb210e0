"""Forms that were handed in: kept once, decided once, published with consent, taken back."""

import pytest

from core.domain.errors import ConflictError
from core.domain.records import Library, Record, RecordId
from core.domain.submissions import Entry, FilledForm, Submission, SubmissionStatus
from core.persistence import SqlUnits
from core.services.records import StoreRecords
from core.services.submissions import DecideSubmission, SubmitForm
from scheduler.words import report_change, report_decision
from tests.factories import LI
from tests.fakes.clock import START, FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

EXPERT = FilledForm(
    form="expert",
    title="专家登记",
    prefix="ZJ",
    entries=(
        Entry(name="name", label="姓名", shown="周启明", value={"text": "周启明"}),
        Entry(name="contact", label="联系方式", shown="电话 13800001234"),
    ),
    record=Record(library=Library.EXPERTS, external_id="", title="周启明", industries=("新材料",)),
)
PLAIN = FilledForm(form="evaluation", title="成果评价申请", prefix="PJ", entries=())


class House:
    """The use cases on one database."""

    def __init__(self, units: SqlUnits) -> None:
        self.units = units
        clock, wakeups = FakeClock(START), RecordingWakeups()
        self.submit = SubmitForm(units=units, clock=clock)
        self.knowledge = FakeKnowledgeBase()
        self.decide = DecideSubmission(
            units=units,
            clock=clock,
            wakeups=wakeups,
            store_records=StoreRecords(
                units=units,
                clock=clock,
                knowledge=self.knowledge,
                wakeups=wakeups,
                report_change=report_change,
            ),
            report=report_decision,
        )

    def handed_in(self, filled: FilledForm = EXPERT, key: str = "web:m1") -> Submission:
        """One that waits."""
        return self.submit(filled, address=LI, key=key)

    def told(self) -> list[str]:
        """What is queued for its person."""
        with self.units() as unit:
            return [one.message.reply.text for one in unit.outbox.queued(LI)]

    def record(self, one: Submission) -> Record | None:
        """What was published of it."""
        with self.units() as unit:
            return unit.records.find(RecordId(f"experts/{one.number}"))


@pytest.fixture
def house(sqlite_units: SqlUnits) -> House:
    """A house with nothing handed in."""
    return House(sqlite_units)


def test_one_confirming_message_is_one_submission(house: House) -> None:
    first = house.handed_in()
    assert house.handed_in() == first
    assert house.handed_in(key="web:m2").id != first.id
    assert first.number == f"ZJ-{START.year}-{first.id:06d}"


def test_an_accepted_one_is_published_and_its_person_told_once(house: House) -> None:
    one = house.handed_in()
    house.decide(one.id, SubmissionStatus.ACCEPTED, note="欢迎加入")
    done = house.decide(one.id, SubmissionStatus.ACCEPTED, note="欢迎加入")
    assert done.status is SubmissionStatus.ACCEPTED
    record = house.record(one)
    assert record is not None
    assert record.title == "周启明"
    assert "13800001234" not in str(record)
    (text,) = house.told()
    assert one.number in text
    assert "欢迎加入" in text


def test_a_crash_before_publishing_is_mended_by_accepting_again(house: House) -> None:
    one = house.handed_in()
    index = house.knowledge.index_records

    def fail(*_: object, **__: object) -> None:
        raise OSError("index gone")

    house.knowledge.index_records = fail  # type: ignore[method-assign] # a fault
    with pytest.raises(OSError, match="index gone"):
        house.decide(one.id, SubmissionStatus.ACCEPTED)
    house.knowledge.index_records = index  # type: ignore[method-assign] # and its end
    house.decide(one.id, SubmissionStatus.ACCEPTED)
    assert house.record(one) is not None
    assert len(house.told()) == 1


def test_a_refused_one_is_published_nowhere_and_stays_refused(house: House) -> None:
    one = house.handed_in()
    house.decide(one.id, SubmissionStatus.REFUSED, note="请补充单位证明")
    with pytest.raises(ConflictError, match="is refused and cannot become accepted"):
        house.decide(one.id, SubmissionStatus.ACCEPTED)
    assert house.record(one) is None
    assert "请补充单位证明" in house.told()[0]


def test_a_withdrawn_one_is_shown_no_more(house: House) -> None:
    one = house.handed_in()
    house.decide(one.id, SubmissionStatus.ACCEPTED)
    house.decide(one.id, SubmissionStatus.WITHDRAWN)
    record = house.record(one)
    assert record is not None
    assert record.withdrawn
    with pytest.raises(ConflictError):
        house.decide(one.id, SubmissionStatus.ACCEPTED)


def test_one_withdrawn_before_it_was_accepted_was_never_published(house: House) -> None:
    one = house.handed_in()
    house.decide(one.id, SubmissionStatus.WITHDRAWN)
    assert house.record(one) is None


def test_a_form_without_a_library_is_decided_and_publishes_nothing(house: House) -> None:
    one = house.handed_in(PLAIN)
    house.decide(one.id, SubmissionStatus.ACCEPTED)
    assert "公开" not in house.told()[0]


def test_submissions_are_listed_newest_first_and_by_form(house: House) -> None:
    first, second = house.handed_in(), house.handed_in(PLAIN, key="web:m2")
    with house.units() as unit:
        assert unit.submissions.newest(10) == [second, first]
        assert unit.submissions.newest(10, "expert") == [first]

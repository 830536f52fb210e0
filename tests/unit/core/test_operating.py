"""Operators sign in, idle out, are taken away; what they do is written down before it is done."""

from datetime import timedelta

import pytest

from core.domain.errors import BadInputError, ConflictError, NotFoundError
from core.domain.operating.deeds import Deed, DeedState, WantedDeeds
from core.domain.operating.operators import LONGEST_VISIT, OperatorRole
from core.domain.operating.passwords import fits, nobody, seal
from core.persistence import SqlUnits
from core.services.operating.accounts import AddOperator, ChangeOperator, RemoveOperator
from core.services.operating.trail import WriteDown
from core.services.operating.visiting import SIGNED_IN, Recognise, SignIn, SignOut
from tests.fakes.clock import FakeClock

PASSWORD = "correct horse battery"  # noqa: S105 -- a test's
IDLE = timedelta(minutes=30)


@pytest.fixture
def clock(sqlite_units: SqlUnits) -> FakeClock:
    """With an operator who may sign in."""
    made = FakeClock()
    AddOperator(units=sqlite_units, clock=made)("王芳", OperatorRole.OPERATOR, PASSWORD)
    return made


def deeds(units: SqlUnits) -> list[Deed]:
    with units() as unit:
        return unit.deeds.page(None, 100, WantedDeeds())


def test_a_password_fits_itself_alone() -> None:
    kept = seal(PASSWORD)
    assert PASSWORD not in kept
    assert seal(PASSWORD) != kept
    assert fits(PASSWORD, kept)
    assert not fits(PASSWORD + " ", kept)
    assert not fits("", nobody())
    assert not fits(PASSWORD, "nonsense")
    for bad in ("short", "x" * 201):
        with pytest.raises(BadInputError):
            seal(bad)


def test_who_signs_in_is_recognised_until_idle(sqlite_units: SqlUnits, clock: FakeClock) -> None:
    recognise = Recognise(units=sqlite_units, clock=clock, idle=IDLE)
    token = SignIn(units=sqlite_units, clock=clock)("王芳", PASSWORD, note="10.0.0.1")
    assert token
    for _ in range(4):
        clock.advance(IDLE - timedelta(seconds=61))
        operator = recognise(token)
        assert operator is not None
        assert operator.name == "王芳"
    clock.advance(IDLE)
    assert recognise(token) is None
    assert recognise("made up") is None


def test_nobody_stays_longer_than_a_working_day(sqlite_units: SqlUnits, clock: FakeClock) -> None:
    recognise = Recognise(units=sqlite_units, clock=clock, idle=LONGEST_VISIT * 2)
    token = SignIn(units=sqlite_units, clock=clock)("王芳", PASSWORD) or ""
    clock.advance(LONGEST_VISIT - timedelta(seconds=1))
    assert recognise(token)
    clock.advance(timedelta(seconds=1))
    assert recognise(token) is None


def test_a_wrong_password_and_an_unknown_name_are_written_down(
    sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    sign_in = SignIn(units=sqlite_units, clock=clock)
    assert sign_in("王芳", "wrong password") is None
    assert sign_in("某人", PASSWORD) is None
    assert [(one.target, one.state, one.what) for one in deeds(sqlite_units)] == [
        ("某人", DeedState.REFUSED, SIGNED_IN),
        ("王芳", DeedState.REFUSED, SIGNED_IN),
    ]


def test_signing_out_a_new_password_and_removal_end_visits(
    sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    recognise = Recognise(units=sqlite_units, clock=clock, idle=IDLE)
    sign_in = SignIn(units=sqlite_units, clock=clock)
    first, second = sign_in("王芳", PASSWORD) or "", sign_in("王芳", PASSWORD) or ""
    SignOut(units=sqlite_units, clock=clock)(first)
    assert recognise(first) is None
    assert recognise(second)
    ChangeOperator(units=sqlite_units)("王芳", password="another password")  # noqa: S106
    assert recognise(second) is None
    assert sign_in("王芳", PASSWORD) is None
    third = sign_in("王芳", "another password") or ""
    assert recognise(third)
    RemoveOperator(units=sqlite_units)("王芳")
    assert recognise(third) is None
    with pytest.raises(NotFoundError):
        RemoveOperator(units=sqlite_units)("王芳")
    with pytest.raises(NotFoundError):
        ChangeOperator(units=sqlite_units)("王芳", role=OperatorRole.READER)


def test_a_name_is_given_once(sqlite_units: SqlUnits, clock: FakeClock) -> None:
    add = AddOperator(units=sqlite_units, clock=clock)
    with pytest.raises(ConflictError):
        add("王芳", OperatorRole.READER, PASSWORD)
    with pytest.raises(BadInputError):
        add("a b", OperatorRole.READER, PASSWORD)


def test_each_role_may_do_what_those_before_it_may(
    sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    add = AddOperator(units=sqlite_units, clock=clock)
    reader = add("甲", OperatorRole.READER, PASSWORD)
    approver = add("乙", OperatorRole.APPROVER, PASSWORD)
    assert [reader.may(role) for role in OperatorRole] == [True, False, False]
    assert [approver.may(role) for role in OperatorRole] == [True, True, True]


def test_a_deed_stands_in_the_trail_before_it_is_done(
    sqlite_units: SqlUnits, clock: FakeClock
) -> None:
    write_down = WriteDown(units=sqlite_units, clock=clock)
    with write_down("王芳", "edit", "experts/1", "简介") as notes:
        assert deeds(sqlite_units)[0].state is DeedState.BEGUN
        notes.append("三行")
    assert (deeds(sqlite_units)[0].state, deeds(sqlite_units)[0].note) == (
        DeedState.DONE,
        "简介 · 三行",
    )
    with pytest.raises(ConflictError), write_down("王芳", "send", "broadcast/1"):
        raise ConflictError("it was stopped")
    refused = deeds(sqlite_units)[0]
    assert (refused.state, refused.note) == (DeedState.REFUSED, "it was stopped")
    with pytest.raises(KeyboardInterrupt), write_down("王芳", "send", "broadcast/2"):
        raise KeyboardInterrupt
    assert deeds(sqlite_units)[0].state is DeedState.BEGUN

"""What goes into a column comes out again; what no database takes never reaches one."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, make_url

from core.domain.conversations import Address, Button, Reply, ReplyKind
from core.domain.errors import BadInputError
from core.domain.needs import Budget, Deadline, DeadlineKind, NeedDraft, Region
from core.persistence.columns import DomainJson, UtcDateTime, storable

SQLITE, POSTGRESQL = (
    make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://")
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
instants = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    timezones=zones,
)
drafts = st.builds(
    NeedDraft,
    problem=st.none() | texts,
    region=st.none() | st.builds(Region, province=st.none() | texts, raw=texts),
    budget=st.none()
    | st.builds(Budget, min=st.none() | st.decimals(0, 10**12, places=2), raw=texts),
    deadline=st.none()
    | st.builds(
        Deadline,
        on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        kind=st.sampled_from(DeadlineKind),
    ),
    modes=st.lists(texts, max_size=3).map(tuple),
)


@given(st.text())
def test_storable_text_can_be_encoded_and_holds_no_nul(text: str) -> None:
    cleaned = storable(text)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned


@given(texts)
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert storable(text) == text


def test_what_is_refused_becomes_one_mark_each() -> None:
    assert storable("a\x00b\ud83dc\udc4d") == "a\ufffdb\ufffdc\ufffd"


@given(drafts)
def test_a_draft_comes_back_from_json_as_it_was(draft: NeedDraft) -> None:
    column = DomainJson[NeedDraft](NeedDraft)
    kept = column.process_bind_param(draft, SQLITE)
    assert column.process_result_value(kept, SQLITE) == draft


def test_json_is_cleaned_of_what_databases_refuse() -> None:
    reply = Reply(
        kind=ReplyKind.CARD, text="好\x00", buttons=(Button(title="\ud800", payload="p"),)
    )
    column = DomainJson[Reply](Reply)
    kept = column.process_bind_param(reply, POSTGRESQL)
    found = column.process_result_value(kept, POSTGRESQL)
    assert found is not None
    assert (found.text, found.buttons[0].title) == ("好\ufffd", "\ufffd")


def test_money_keeps_every_digit() -> None:
    column = DomainJson[NeedDraft](NeedDraft)
    draft = NeedDraft(budget=Budget(min=Decimal("0.10"), max=Decimal("12345678901234567890.01")))
    kept = column.process_bind_param(draft, SQLITE)
    assert column.process_result_value(kept, SQLITE) == draft


@given(instants, st.sampled_from([SQLITE, POSTGRESQL]))
def test_an_instant_comes_back_in_utc(instant: datetime, dialect: Dialect) -> None:
    column = UtcDateTime()
    found = column.process_result_value(column.process_bind_param(instant, dialect), dialect)
    assert found == instant
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        UtcDateTime().process_bind_param(naive, SQLITE)


@given(st.from_regex(r"[a-z-]{1,12}", fullmatch=True), texts.filter(bool))
def test_an_address_is_read_back_from_its_text(channel: str, user: str) -> None:
    address = Address(channel=channel, user=user)
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize("text", ["", "web", "web:", ":li"])
def test_an_address_without_both_halves_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="channel:user"):
        Address.parse(text)

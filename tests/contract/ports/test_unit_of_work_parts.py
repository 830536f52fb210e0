"""Replies of parts in the outbox: kept as they are, and rows of before read as they were."""

import sqlite3
from pathlib import Path

from core.domain.parts import Appointment, Entry, Listing
from core.domain.reminders import Anchor, appointment_of
from core.persistence import SqlUnits
from core.ports.unit_of_work import Units
from tests.contract.platforms.test_parts import PARTS
from tests.factories import make_event, make_outbound, make_reply, make_rich_reply
from tests.fakes.clock import START


def test_every_part_comes_out_as_it_went_in(units: Units) -> None:
    reply = make_reply(parts=tuple(part for part, _ in PARTS.values()))
    with units() as unit:
        kept = unit.outbox.put(make_outbound(reply=reply), START)
        unit.commit()
    with units() as unit:
        found = unit.outbox.get(kept.id).message.reply
    assert found == reply
    assert [type(part) for part in found.parts] == [type(part) for part in reply.parts]


def test_a_date_comes_out_as_it_went_in(units: Units) -> None:
    date = appointment_of(make_event(), Anchor.STARTS, site="https://keqiao.example.org")
    assert isinstance(date, Appointment)
    with units() as unit:
        kept = unit.outbox.put(make_outbound(reply=make_reply(parts=(date,))), START)
        unit.commit()
    with units() as unit:
        assert unit.outbox.get(kept.id).message.reply.parts == (date,)


def test_a_row_written_before_there_were_parts_is_read(
    sqlite_units: SqlUnits, tmp_path: Path
) -> None:
    with sqlite_units() as unit:
        kept = unit.outbox.put(make_outbound(reply=make_rich_reply()), START)
        unit.commit()
    with sqlite3.connect(tmp_path / "keqiao.db") as database:
        database.execute("update outbox set reply = json_remove(reply, '$.parts')")
        [[left]] = database.execute("select json_extract(reply, '$.parts') from outbox")
    database.close()
    assert left is None
    with sqlite_units() as unit:
        assert unit.outbox.get(kept.id).message.reply == make_rich_reply()


def test_lone_surrogates_and_nul_do_not_keep_a_list_from_being_stored(units: Units) -> None:
    reply = make_reply(parts=(Listing(entries=(Entry(title="a\ud800\x00b"),)),))
    with units() as unit:
        kept = unit.outbox.put(make_outbound(reply=reply), START)
        unit.commit()
    with units() as unit:
        [part] = unit.outbox.get(kept.id).message.reply.parts
    assert isinstance(part, Listing)
    assert part.entries[0].title == "a\ufffd\ufffdb"

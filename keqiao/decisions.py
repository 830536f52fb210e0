"""What operators decide, and what people take back, joined from the parts of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.services.handoffs.office import Office
from core.services.matching.finding import FindMatches
from core.services.records import StoreRecords
from core.services.submissions import DecideSubmission
from keqiao.desks.office import make_opening
from keqiao.pushing import make_orders
from scheduler.words import bond_words, report_decision

if TYPE_CHECKING:
    from actions.catalogue import Telling


def decide_submission(store_records: StoreRecords) -> DecideSubmission:
    """Deciding upon a form that was handed in, on the ports that store its record."""
    return DecideSubmission(
        units=store_records.units,
        clock=store_records.clock,
        wakeups=store_records.wakeups,
        store_records=store_records,
        report=report_decision,
    )


def make_telling(store_records: StoreRecords, office: Office, find: FindMatches) -> Telling:
    """What the actions tell others of, in the words of the templates."""
    from actions.catalogue import Telling  # noqa: PLC0415 -- Rasa's SDK is loaded for actions alone

    return Telling(
        open_handoff=make_opening(office),
        decide_submission=decide_submission(store_records),
        move_order=make_orders(find),
        bond_words=bond_words(),
    )

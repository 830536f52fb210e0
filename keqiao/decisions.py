"""What operators decide, and what people take back, joined from the parts of a site."""

from core.services.records import StoreRecords
from core.services.submissions import DecideSubmission
from scheduler.words import report_decision


def decide_submission(store_records: StoreRecords) -> DecideSubmission:
    """Deciding upon a form that was handed in, on the ports that store its record."""
    return DecideSubmission(
        units=store_records.units,
        clock=store_records.clock,
        wakeups=store_records.wakeups,
        store_records=store_records,
        report=report_decision,
    )

"""What operators decide, joined from the parts of a site."""

from core.services.submissions import DecideSubmission
from keqiao.bootstrap import Site
from scheduler.words import report_decision


def decide_submission(site: Site) -> DecideSubmission:
    """Deciding upon a form that was handed in."""
    return DecideSubmission(
        units=site.units,
        clock=site.clock,
        wakeups=site.wakeups,
        store_records=site.store_records,
        report=report_decision,
    )

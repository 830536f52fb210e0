"""What is said of a condition: yes or no, in what way, and what else is to be confirmed."""

from knowledge.answers.evidence import Evidence
from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.others import to_confirm
from knowledge.answers.working.telling import tell


def worked(case: Case, rule: Evidence, told: str, *, passes: bool) -> Worked:
    """A verdict that stands on one rule."""
    verdict = tell("can" if passes else "cannot")
    return Worked(text=verdict + told + to_confirm(case, rule), rules=(rule,))

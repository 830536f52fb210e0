"""Whether what an applicant tells of itself meets a stated condition: each sort in turn."""

from collections.abc import Callable

from knowledge.answers.working.case import Case, Worked
from knowledge.answers.working.conditions.begun import begun, built
from knowledge.answers.working.conditions.forbidden import forbidden
from knowledge.answers.working.conditions.needed import lacking
from knowledge.answers.working.conditions.repeated import repeated
from knowledge.answers.working.conditions.together import together

_CONDITIONS: tuple[Callable[[Case], Worked | None], ...] = (
    repeated,
    forbidden,
    built,
    together,
    begun,
    lacking,
)


def applicant(case: Case) -> Worked | None:
    """The first condition that speaks about what the question tells, with its verdict."""
    for one in _CONDITIONS:
        worked = one(case)
        if worked is not None:
            return worked
    return None

"""What a driver says when the database itself is the trouble."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.domain.errors import UnavailableError


def is_unavailable(error: BaseException) -> bool:
    """Whether the database is to blame, not a statement of ours."""
    if isinstance(error, (OperationalError, InterfaceError, PoolTimeoutError)):
        return True
    return type(error) is DatabaseError  # a file that is no database; its subclasses are ours


def complaint(error: BaseException) -> str:
    """One line for an operator; drivers name host and file, never a password."""
    first_line = str(error).partition("\n")[0]
    return f"the database does not answer: {first_line}; mend it or try again"


@contextmanager
def spoken() -> Iterator[None]:
    """Say in our words that the database does not answer.

    Raises:
        UnavailableError: in place of the driver's error.
    """
    try:
        yield
    except Exception as error:
        if is_unavailable(error):
            raise UnavailableError(complaint(error)) from error
        raise

"""Which message the work at hand belongs to, so that every log line of it can say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_trace: ContextVar[str] = ContextVar("trace", default="")


@contextmanager
def tracing(trace: str) -> Iterator[None]:
    """What is done in the block belongs to that message."""
    before = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(before)


def current_trace() -> str:
    """The message that the work at hand belongs to; empty when it belongs to none."""
    return _trace.get()

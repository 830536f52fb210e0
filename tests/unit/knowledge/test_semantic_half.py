"""The semantic half fails and comes back without anybody waiting for it twice."""

import logging
import time
from dataclasses import dataclass, field

import pytest

from core.domain.errors import UnavailableError
from knowledge.endpoint.outage import Outage
from knowledge.index.semantic import SemanticHalf

REST_S = 0.2


@dataclass
class Store:
    """A vector store that can be switched off; counts who comes."""

    down: bool = False
    asked: int = 0
    closed: int = 0
    found: list[tuple[str, float]] = field(default_factory=lambda: [("3", 0.9)])

    def nearest(self, text: str, limit: int) -> list[tuple[str, float]]:
        """One item, or an error."""
        self.asked += 1
        if self.down:
            raise UnavailableError(f"no answer to {text}")
        return self.found[:limit]

    def close(self) -> None:
        """Count."""
        self.closed += 1


def test_an_outage_is_said_once_and_nobody_waits_while_it_lasts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Store()
    half = SemanticHalf(lambda: store, learned=True, rest_s=REST_S)
    with caplog.at_level(logging.WARNING, logger="knowledge"):
        assert half.nearest("路演", 5)
        store.down = True
        assert [half.nearest("路演", 5) for _ in range(4)] == [[]] * 4
        assert store.asked == 2
        time.sleep(REST_S)
        assert half.nearest("路演", 5) == []
        assert store.asked == 3
        store.down = False
        time.sleep(REST_S)
        assert half.nearest("路演", 5)
    said = [record.message for record in caplog.records]
    assert [one.split(" (")[0] for one in said] == [
        "no vectors",
        "vectors are back; searching by meaning again",
    ]
    half.close()
    assert store.closed == 3


def test_after_a_rest_one_caller_tries_for_all() -> None:
    now = [0.0]
    outage = Outage(patience=2, rest_s=10, clock=lambda: now[0])
    assert outage.failed()
    assert outage.may_try()
    assert not outage.failed()
    assert not outage.may_try()
    now[0] = 10.0
    assert outage.may_try()
    assert not outage.may_try()
    assert outage.succeeded()
    assert outage.may_try()
    assert not outage.succeeded()

"""Readiness: what works, what does not, and whether anything can be accepted."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from fastapi.testclient import TestClient

from channels.gateway.app import make_app
from channels.rates import Rate
from core.domain.errors import UnavailableError
from core.ports.unit_of_work import UnitOfWork
from tests.fakes.clock import FakeClock
from tests.unit.channels.running import Site


def ask(site: Site) -> tuple[int, object]:
    app = make_app(site.settings, accept=site.accept, units=site.units, probes=site.probes)
    with TestClient(app) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        response = client.get("/readyz")
        return response.status_code, response.json()


def test_all_is_well_when_every_part_answers(site: Site) -> None:
    site.probes = {"bot": lambda: True}
    assert ask(site) == (200, {"status": "ok", "parts": {"database": "ok", "bot": "ok"}})


@pytest.mark.parametrize("fault", ["no", "error"])
def test_without_the_bot_it_serves_and_says_what_is_missing(site: Site, fault: str) -> None:
    def probe() -> bool:
        if fault == "error":
            raise OSError
        return False

    site.probes = {"bot": probe}
    parts = {"database": "ok", "bot": "down"}
    reasons = {"bot": "no answer"}
    assert ask(site) == (200, {"status": "degraded", "parts": parts, "reasons": reasons})


def test_without_the_database_nothing_can_be_accepted(site: Site) -> None:
    def broken() -> UnitOfWork:
        raise UnavailableError("gone")

    site.units = broken
    status, said = ask(site)
    parts, reasons = {"database": "down"}, {"database": "no answer"}
    assert (status, said) == (
        503,
        {"status": "unavailable", "parts": parts, "reasons": reasons},
    )


def test_a_part_says_what_it_lacks(site: Site) -> None:
    site.probes = {"worker": lambda: "nobody sends"}
    _, said = ask(site)
    parts, reasons = {"database": "ok", "worker": "down"}, {"worker": "nobody sends"}
    assert said == {"status": "degraded", "parts": parts, "reasons": reasons}


def test_any_number_of_callers_cost_one_look_a_second(site: Site, clock: FakeClock) -> None:
    looks = list[int]()

    def probe() -> bool:
        looks.append(1)
        return True

    site.probes = {"bot": probe}
    app = make_app(site.settings, accept=site.accept, units=site.units, probes=site.probes)
    with TestClient(app) as client:
        for _ in range(20):
            assert client.get("/readyz").json()["status"] == "ok"
        assert len(looks) == 1
        clock.advance(timedelta(seconds=1))
        client.get("/readyz")
    assert len(looks) == 2


def test_a_slow_neighbour_is_waited_for_by_one_thread(site: Site) -> None:
    busy, most = 0, 0

    def probe() -> bool:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        time.sleep(0.1)
        busy -= 1
        return True

    site.probes = {"bot": probe}
    with site.serving(), ThreadPoolExecutor(8) as callers:
        url = f"{site.base}/readyz"
        answers = list(callers.map(lambda _: httpx2.get(url, trust_env=False), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert most == 1


def test_readiness_is_limited_as_every_page_is_and_liveness_is_not(site: Site) -> None:
    site.settings = replace(site.settings, read_rate=Rate(burst=3, per_second=1))
    app = make_app(site.settings, accept=site.accept, units=site.units)
    with TestClient(app) as client:
        assert [client.get("/readyz").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert client.get("/healthz").status_code == 200

"""Readiness: what works, what does not, and whether anything can be accepted."""

import pytest
from fastapi.testclient import TestClient

from channels.gateway.app import make_app
from core.domain.errors import UnavailableError
from core.ports.unit_of_work import UnitOfWork
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
    assert ask(site) == (200, {"status": "degraded", "parts": {"database": "ok", "bot": "down"}})


def test_without_the_database_nothing_can_be_accepted(site: Site) -> None:
    def broken() -> UnitOfWork:
        raise UnavailableError("gone")

    site.units = broken
    status, said = ask(site)
    assert (status, said) == (503, {"status": "unavailable", "parts": {"database": "down"}})

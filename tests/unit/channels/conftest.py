"""A gateway without a network, for tests of its answers."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from channels.gateway.app import make_app
from core.persistence import SqlUnits
from tests.fakes.clock import FakeClock
from tests.unit.channels.running import Site


@pytest.fixture
def clock() -> FakeClock:
    """A clock that tests set."""
    return FakeClock()


@pytest.fixture
def site(sqlite_units: SqlUnits, clock: FakeClock) -> Site:
    """The parts of a gateway; nothing runs."""
    return Site(units=sqlite_units, clock=clock)


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    """A visitor of the gateway."""
    app = make_app(
        site.settings, accept=site.accept, units=site.units, bell=site.bell, probes=site.probes
    )
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made

"""`/metrics`: who may read it, and that it counts what all processes did."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from channels.gateway.app import make_app
from core.domain.deliveries import DeliveryState
from core.domain.routes import MOST_FAILURES
from tests.factories import LI, WANG, make_message, make_outbound, make_reminder
from tests.fakes.clock import FakeClock
from tests.unit.channels.running import Site

TOKEN = "for-this-test-only"  # noqa: S105 -- opens nothing
MINUTE = timedelta(minutes=1)


def client_of(site: Site, *, host: str = "127.0.0.1", token: str | None = None) -> TestClient:
    settings = replace(site.settings, metrics_token=token)
    app = make_app(settings, accept=site.accept, units=site.units)
    return TestClient(app, client=(host, 5000))


def told(client: TestClient) -> Mapping[str, float]:
    """Every sample, its name followed by the values of its labels."""
    text = client.get("/metrics").text
    return {
        ":".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_only_this_machine_or_the_token_reads_them(site: Site) -> None:
    with client_of(site, host="203.0.113.9", token=TOKEN) as client:
        assert client.get("/metrics").status_code == 404
        wrong = {"authorization": "Bearer other"}
        assert client.get("/metrics", headers=wrong).status_code == 404
        right = {"authorization": f"Bearer {TOKEN}"}
        assert client.get("/metrics", headers=right).status_code == 200
    with client_of(site, host="203.0.113.9") as client:
        assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
        assert client.get("/metrics", headers={"authorization": "Bearer None"}).status_code == 404
    with client_of(site) as client:
        assert client.get("/metrics").status_code == 200


def test_what_waits_and_since_when_is_told(site: Site, clock: FakeClock) -> None:
    with site.units() as unit:
        unit.outbox.put(make_outbound(), clock.now())
        unit.outbox.put(make_outbound(), clock.now() + 10 * MINUTE)
        unit.inbox.accept(make_message(), clock.now())
        unit.reminders.put(make_reminder())
        for _ in range(MOST_FAILURES):
            unit.routes.failed("web:", clock.now() + MINUTE)
        unit.leases.take("scheduler", "me", clock.now(), 5 * MINUTE)
        unit.leases.take("worker:me", "me", clock.now(), 5 * MINUTE)
        unit.commit()
    clock.advance(MINUTE)
    with client_of(site) as client:
        found = told(client)
    assert found["keqiao_outbox_queued:web"] == 2
    assert found["keqiao_outbox_due:web"] == 1
    assert found["keqiao_outbox_oldest_seconds:web"] == 60
    assert found["keqiao_inbox_waiting"] == 1
    assert found["keqiao_inbox_oldest_seconds"] == 60
    assert found["keqiao_reminders_planned"] == 1
    assert found["keqiao_route_held:web:"] == 1
    assert found["keqiao_scheduler_leading"] == 1
    assert found["keqiao_workers"] == 1


def test_ends_are_counted_once_whoever_made_them(site: Site, clock: FakeClock) -> None:
    with client_of(site) as client:
        assert "keqiao_deliveries_total:web:sent" not in told(client)
        for person, state in ((LI, DeliveryState.SENT), (WANG, DeliveryState.DEAD)):
            with site.units() as unit:
                unit.outbox.put(make_outbound(address=person), clock.now())
                delivery = unit.outbox.claim(clock.now(), MINUTE, ["web"])
                assert delivery is not None
                clock.advance(3 * timedelta(seconds=1))
                assert unit.outbox.record(delivery, state, clock.now())
                unit.commit()
        clock.advance(MINUTE)
        for _ in range(2):
            found = told(client)
            assert found["keqiao_deliveries_total:web:sent"] == 1
            assert found["keqiao_deliveries_total:web:dead"] == 1
            assert found["keqiao_outbox_undecided:web:dead"] == 1
            assert found["keqiao_delivery_lag_seconds_count:web"] == 1
            assert found["keqiao_delivery_lag_seconds_bucket:web:2.0"] == 0
            assert found["keqiao_delivery_lag_seconds_bucket:web:5.0"] == 1

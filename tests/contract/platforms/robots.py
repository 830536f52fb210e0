"""Talking to the smart robot's door in a test, and answering in the bot's place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from channels.gateway.app import make_app
from channels.wecom.settings import WeComBotSettings
from core.domain.conversations import InboundMessage, Reply
from core.domain.deliveries import OutboundMessage
from tests.fakes.platforms.wecom_bot import FakeWeComBot
from tests.unit.channels.running import Site, make_settings


@contextmanager
def visiting(site: Site, settings: WeComBotSettings) -> Iterator[TestClient]:
    whole = replace(make_settings(), wecom_bot=settings)
    app = make_app(whole, accept=site.accept, units=site.units, bell=site.bell)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def post(client: TestClient, platform: FakeWeComBot, fields: dict[str, Any]) -> Any:
    query, body = platform.request(fields)
    return client.post(f"/wecom-bot?{query}", content=body)


def call(client: TestClient, platform: FakeWeComBot, fields: dict[str, Any]) -> Any:
    response = post(client, platform, fields)
    assert response.status_code == 200, response.text
    return platform.read(response)


def inbox(site: Site) -> list[InboundMessage]:
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [entry.message for entry in entries]


def handle(site: Site, *replies: Reply) -> None:
    """Let the bot answer what waits in the inbox with these replies."""
    with site.units() as unit:
        (entry,) = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
        assert unit.inbox.finish(entry)
        for number, reply in enumerate(replies):
            key = f"reply:{entry.id}:{number}"
            address = entry.message.address
            unit.outbox.put(
                OutboundMessage(key=key, address=address, reply=reply, reply_to=entry.id),
                site.clock.now(),
            )
        unit.commit()

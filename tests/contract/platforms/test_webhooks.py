"""Standard Webhooks out, against a neighbour over HTTP, and the published vector."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from channels.webhook.sender import WebhookSender
from channels.webhook.settings import HookSettings
from channels.webhook.signing import Signer
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, OutboxId
from core.domain.errors import BadInputError, RefusedSendError, RetrySendError, SendError
from keqiao.clock import SystemClock
from tests.contract.ports.test_senders import SECRET
from tests.factories import make_outbound
from tests.fakes.clock import START
from tests.fakes.endpoint import Endpoint


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as made:
        yield made


@contextmanager
def sending(url: str, *, internal: bool = True) -> Iterator[WebhookSender]:
    hook = HookSettings(name="erp", secret=SECRET, url=url, timeout=0.5, internal=internal)
    sender = WebhookSender([hook], SystemClock())
    yield sender
    sender.close()


def make_delivery(user: str = "erp/王工", key: str = "reply:1:0") -> Delivery:
    address = Address(channel="webhook", user=user)
    message = make_outbound("您好", address=address, key=key)
    return Delivery(id=OutboxId(7), message=message, created_at=START)


def test_the_specifications_own_library_verifies_what_is_posted(endpoint: Endpoint) -> None:
    with sending(endpoint.url) as sender:
        sender.send(make_delivery())
    ((headers, body),) = endpoint.received
    event = Webhook(SECRET).verify(body, headers)
    assert event["data"]["text"] == "您好"
    assert event["data"]["user"] == "王工"


def test_every_attempt_of_one_message_has_the_same_id(endpoint: Endpoint) -> None:
    with sending(endpoint.url) as sender:
        for delivery in (make_delivery(), make_delivery(), make_delivery(key="other")):
            sender.send(delivery)
    first, second, third = (headers["webhook-id"] for headers, _ in endpoint.received)
    assert first == second != third


@pytest.mark.parametrize(
    ("answer", "kind", "wait"),
    [
        ((429, {"Retry-After": "7"}), RetrySendError, timedelta(seconds=7)),
        ((429, {}), RetrySendError, timedelta(seconds=30)),
        ((503, {"Retry-After": "7"}), RetrySendError, timedelta(seconds=7)),
        ((503, {"Retry-After": "soon"}), RetrySendError, None),
        ((503, {"Retry-After": "9" * 30}), RetrySendError, timedelta(hours=10)),
        ((500, {}), RetrySendError, None),
        ((502, {}), RetrySendError, None),
        ((408, {}), RetrySendError, timedelta(seconds=30)),
        ((400, {}), RefusedSendError, None),
        ((401, {}), RefusedSendError, None),
        ((410, {}), RefusedSendError, None),
        ((302, {"Location": "http://127.0.0.1:1/"}), RefusedSendError, None),
    ],
    ids=str,
)
def test_every_status_has_its_consequence(
    endpoint: Endpoint,
    answer: tuple[int, dict[str, str]],
    kind: type[SendError],
    wait: timedelta | None,
) -> None:
    endpoint.answers = [answer]
    with sending(endpoint.url) as sender, pytest.raises(kind, match=str(answer[0])) as caught:
        sender.send(make_delivery())
    assert getattr(caught.value, "retry_after", None) == wait
    assert len(endpoint.received) == 1, "no redirect is followed"


def test_a_date_may_tell_when_to_come_back(endpoint: Endpoint) -> None:
    at = datetime.now(UTC) + timedelta(seconds=90)  # noqa: TID251 -- a real neighbour's clock
    endpoint.answers = [(503, {"Retry-After": f"{at:%a, %d %b %Y %H:%M:%S GMT}"})]
    with sending(endpoint.url) as sender, pytest.raises(RetrySendError) as caught:
        sender.send(make_delivery())
    assert caught.value.retry_after is not None
    assert 80 < caught.value.retry_after.total_seconds() <= 90


def test_a_neighbour_nobody_configured_gets_nothing(endpoint: Endpoint) -> None:
    with sending(endpoint.url) as sender:
        for user in ("other/王工", "王工", "http://127.0.0.1/x"):
            with pytest.raises(RefusedSendError):
                sender.send(make_delivery(user))
    assert endpoint.received == []


def test_a_neighbour_is_called_by_its_name_at_the_address_resolved_once(
    endpoint: Endpoint,
) -> None:
    with sending(endpoint.url.replace("127.0.0.1", "localhost")) as sender:
        sender.send(make_delivery())
    ((headers, _),) = endpoint.received
    assert headers["host"].startswith("localhost:")


@pytest.mark.parametrize(
    ("url", "internal"),
    [
        ("http://127.0.0.1:{port}/", False),
        ("http://localhost:{port}/", False),
        ("http://10.0.0.8/", False),
        ("http://[::1]:{port}/", False),
        ("http://[::ffff:127.0.0.1]:{port}/", False),
        ("http://169.254.169.254/latest", True),
        ("http://[fe80::1]/", True),
        ("http://0.0.0.0:{port}/", False),
        ("http://224.0.0.1/", True),
    ],
)
def test_a_name_that_leads_inside_is_not_followed_unless_it_may(
    endpoint: Endpoint, url: str, *, internal: bool
) -> None:
    port = endpoint.server.server_port
    refused = pytest.raises(RefusedSendError, match="not allowed")
    with sending(url.format(port=port), internal=internal) as sender, refused:
        sender.send(make_delivery())
    assert endpoint.received == []


def test_a_name_that_cannot_be_resolved_is_tried_again_later() -> None:
    with sending("http://nobody.invalid/") as sender, pytest.raises(RetrySendError):
        sender.send(make_delivery())


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/y", "//x/y", "http://", "http://u:p@x/", "::::"]
)
def test_a_url_that_is_none_is_said_at_the_start(url: str) -> None:
    with pytest.raises(BadInputError, match="erp"), sending(url):
        pass


def test_the_published_vector_holds(shared: Path) -> None:
    vectors = json.loads((shared / "vectors" / "platforms.json").read_text("utf-8"))
    (vector,) = [
        one for one in vectors["webhook_signs"] if one["name"] == "standardwebhooks-published"
    ]
    at = datetime.fromtimestamp(vector["timestamp"], UTC)
    body = vector["body"].encode()
    headers = Signer(vector["secret"]).sign(vector["id"], at, body)
    assert headers["webhook-signature"] == vector["signature"]
    assert Signer(vector["secret"]).verify(body, headers, at) == vector["id"]

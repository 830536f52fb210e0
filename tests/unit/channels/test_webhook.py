"""The generic webhook's way in: nothing unsigned, nothing twice."""

import json
import uuid
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from standardwebhooks import Webhook

from channels.webhook.settings import HookSettings
from channels.webhook.signing import Signer, WrongSignatureError
from core.domain.errors import BadInputError
from tests.fakes.clock import START, FakeClock
from tests.unit.channels.running import HOOK_SECRET, Site

OTHER_SECRET = "whsec_" + "b3RoZXIgc2VjcmV0IG9mIHRlc3Rz"
BODY = json.dumps(
    {"data": {"user": "王工", "text": "最近有什么路演？"}}, ensure_ascii=False
).encode()


def signed(body: bytes, at: datetime = START, secret: str = HOOK_SECRET) -> dict[str, str]:
    """Headers as the specification's own library makes them."""
    message_id = f"msg_{uuid.uuid4().hex}"
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }


def post(client: TestClient, body: bytes, headers: dict[str, str], name: str = "erp") -> Response:
    return client.post(f"/hooks/{name}", content=body, headers=headers)


def inbox(site: Site) -> list[tuple[str, str]]:
    with site.units() as unit:
        entries = unit.inbox.claim(site.clock.now(), timedelta(seconds=1))
    return [(str(entry.message.address), entry.message.text) for entry in entries]


def test_a_signed_message_is_accepted(client: TestClient, site: Site) -> None:
    response = post(client, BODY, signed(BODY))
    assert (response.status_code, response.json()) == (202, {"accepted": True, "id": 1})
    assert inbox(site) == [("webhook:erp/王工", "最近有什么路演？")]


def test_the_same_id_again_is_the_same_message(client: TestClient, site: Site) -> None:
    headers = signed(BODY)
    assert post(client, BODY, headers).json() == post(client, BODY, headers).json()
    assert len(inbox(site)) == 1


def test_a_secret_that_is_being_changed_may_sign_beside_the_new_one(client: TestClient) -> None:
    headers = signed(BODY)
    other = signed(BODY, secret=OTHER_SECRET)["webhook-signature"]
    headers["webhook-signature"] = f"v1a,xx {other} {headers['webhook-signature']}"
    assert post(client, BODY, headers).status_code == 202


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-signature": "v1,,"},
        {"webhook-signature": "v2,{signature}"},
        {"webhook-id": ""},
        {"webhook-id": "msg_other"},
        {"webhook-id": "m" * 201},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "-5"},
        {"webhook-timestamp": "9" * 40},
        {"webhook-timestamp": "999999999999"},
    ],
    ids=repr,
)
def test_whatever_is_wrong_with_a_signature_it_is_refused(
    client: TestClient, site: Site, change: dict[str, str]
) -> None:
    headers = signed(BODY)
    signature = headers["webhook-signature"].partition(",")[2]
    headers |= {name: value.format(signature=signature) for name, value in change.items()}
    response = post(client, BODY, headers)
    assert (response.status_code, response.json()["error"]) == (401, "signature_wrong")
    assert inbox(site) == []


def test_without_headers_or_with_another_body_or_secret_it_is_refused(
    client: TestClient, site: Site
) -> None:
    assert post(client, BODY, {}).status_code == 401
    assert post(client, BODY + b" ", signed(BODY)).status_code == 401
    assert post(client, b"\xff\xfe", signed(BODY)).status_code == 401
    assert post(client, BODY, signed(BODY, secret=OTHER_SECRET)).status_code == 401
    assert inbox(site) == []


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 202), (299, 202), (301, 401)])
def test_a_signature_holds_for_five_minutes(
    client: TestClient, clock: FakeClock, seconds: int, status: int
) -> None:
    headers = signed(BODY, at=clock.now() + timedelta(seconds=seconds))
    assert post(client, BODY, headers).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 9999, 400),
        (b"[]", 422),
        (b'{"data": 5}', 422),
        (b'{"data": {"text": "a"}}', 422),
        (b'{"data": {"user": "", "text": "a"}}', 422),
        (b'{"data": {"user": "a b", "text": "a"}}', 422),
        (b'{"data": {"user": "a", "text": " "}}', 422),
        (json.dumps({"data": {"user": "a", "text": "x" * 4001}}).encode(), 413),
    ],
)
def test_a_signed_body_of_another_form_is_refused(
    client: TestClient, body: bytes, status: int
) -> None:
    assert post(client, body, signed(body)).status_code == status


def test_an_entrance_nobody_configured_does_not_exist(client: TestClient) -> None:
    assert post(client, BODY, signed(BODY), name="other").status_code == 404


def message_of(user: str) -> bytes:
    return json.dumps({"data": {"user": user, "text": "你好"}}).encode()


def test_a_neighbour_speaks_for_as_many_people_as_it_has(client: TestClient) -> None:
    bodies = [message_of(f"u{number}") for number in range(200)]
    assert {post(client, body, signed(body)).status_code for body in bodies} == {202}


def test_one_person_of_a_neighbour_is_limited(client: TestClient, clock: FakeClock) -> None:
    body = message_of("li")
    codes = [post(client, body, signed(body)).status_code for _ in range(31)]
    assert codes == [202] * 30 + [429]
    refused = post(client, body, signed(body))
    assert (refused.json()["error"], refused.headers["retry-after"]) == ("too_many", "1")
    assert post(client, message_of("wang"), signed(message_of("wang"))).status_code == 202
    clock.advance(timedelta(seconds=1))
    assert post(client, body, signed(body, at=clock.now())).status_code == 202


def test_who_cannot_sign_is_limited_by_the_address_and_holds_nobody_up(
    client: TestClient,
) -> None:
    codes = [post(client, BODY, {}).status_code for _ in range(125)]
    assert codes == [401] * 120 + [429] * 5
    assert post(client, BODY, signed(BODY), name="nobody").status_code == 429
    assert post(client, BODY, signed(BODY)).status_code == 202


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "密"])
def test_a_secret_that_is_none_is_said_at_the_start_without_telling_it(secret: str) -> None:
    with pytest.raises(BadInputError) as caught:
        Signer(secret)
    assert "secret" in str(caught.value)
    assert "%%%" not in str(caught.value)


def test_our_signatures_satisfy_the_specifications_own_library() -> None:
    at = datetime.now(START.tzinfo)  # noqa: TID251 -- the library looks at the machine's clock
    headers = Signer(HOOK_SECRET).sign("msg_1", at, BODY)
    assert Webhook(HOOK_SECRET).verify(BODY, headers)["data"]["user"] == "王工"
    with pytest.raises(WrongSignatureError):
        Signer(OTHER_SECRET).verify(BODY, headers, at)


def test_settings_do_not_show_their_secrets() -> None:
    assert HOOK_SECRET not in repr(HookSettings(name="erp", secret=HOOK_SECRET))

"""Feishu's own SDK as a counterparty: it takes what we seal and sign, refuses what we refuse."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.feishu.sealing import NONCE, SIGNATURE, TIMESTAMP, BadSealError, Seal
from tests.fakes.clock import START, FakeClock
from tests.fakes.platforms.feishu_events import Pusher

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".stamps" / "peers" / "bin" / "python"
PEER = Path(__file__).with_name("lark_peer.py")
KEY = "encrypt key of the tests"
TOKEN = "verification token of the tests"  # noqa: S105 -- no real one


def headers_of(seal: Seal, body: bytes) -> dict[str, str]:
    """Signed by us, named as the SDK looks them up."""
    timestamp = str(int(START.timestamp()))
    return {
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": "n1",
        "X-Lark-Signature": seal.sign(timestamp, "n1", body),
    }


def accepted(seal: Seal, headers: dict[str, str], body: bytes) -> bool:
    """Whether we take it."""
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        seal.verify(body, lower, datetime.fromtimestamp(START.timestamp(), UTC))
    except BadSealError:
        return False
    return True


def test_the_vendors_dispatcher_and_we_take_and_refuse_the_same() -> None:
    if not PYTHON.exists():
        pytest.skip("lark-oapi is not installed beside the house; run `make peers`")
    pusher = Pusher(url="", clock=FakeClock(), encrypt_key=KEY, verification_token=TOKEN)
    seal = Seal(key=KEY)
    said = json.dumps(pusher.said("揭榜挂帅 😀 能报吗？")).encode()
    ours = json.dumps({"encrypt": seal.seal(said)}).encode()
    theirs = pusher.sealed(json.loads(said))
    cases: list[tuple[dict[str, str], bytes]] = []
    for body in (ours, theirs, ours.replace(b'": "', b'":  "')):
        good = headers_of(seal, body)
        cases += [
            (good, body),
            (good, body + b" "),
            ({**good, "X-Lark-Signature": "0" * 64}, body),
            ({**good, "X-Lark-Request-Nonce": "n2"}, body),
            (headers_of(Seal(key="other"), body), body),
        ]
    requests = [
        {"key": KEY, "token": TOKEN, "headers": headers, "body": body.decode()}
        for headers, body in cases
    ]
    done = subprocess.run(
        [str(PYTHON), str(PEER)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    verdicts = json.loads(done.stdout)
    assert [one["status"] == 200 for one in verdicts] == [
        accepted(seal, headers, body) for headers, body in cases
    ]
    assert [one["status"] == 200 for one in verdicts].count(True) == 3
    for (_, body), verdict in zip(cases, verdicts, strict=True):
        if verdict["status"] == 200:
            opened = json.loads(seal.open(json.loads(body)["encrypt"]))
            assert verdict["texts"] == [opened["event"]["message"]["content"]]
    assert {TIMESTAMP, NONCE, SIGNATURE} == {name.lower() for name in cases[0][0]}

"""Sealed callbacks: published vectors, two other implementations, whatever is malformed."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from werobot.crypto import MessageCrypt

from channels.bodies import BadBodyError, read_body
from channels.envelopes import BadEnvelopeError, Envelopes, Sealed, signature, signed_by
from core.domain.errors import BadInputError

TOKEN = "token-of-the-tests"  # noqa: S105 -- no real one
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
APP = "wx0123456789abcdef"
TEXT = "<xml><Content>需求：注塑翘曲😀</Content></xml>".encode()
AT: dict[str, Any] = {"timestamp": "1700000000", "nonce": "n-1"}


def make_envelopes(*keys: str, receive_id: str = APP) -> Envelopes:
    return Envelopes(token=TOKEN, keys=keys or (KEY,), receive_id=receive_id)


def opened(envelopes: Envelopes, sealed: Sealed) -> bytes:
    return envelopes.open(
        sealed.encrypt,
        signature=sealed.signature,
        timestamp=sealed.timestamp,
        nonce=sealed.nonce,
    )


def vectors(shared: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        (shared / "vectors" / "platforms.json").read_text("utf-8")
    )["wx_family"]
    return rows


def test_every_vector_of_the_family_opens_and_seals_to_the_byte(shared: Path) -> None:
    rows = vectors(shared)
    assert len(rows) >= 8
    for row in rows:
        envelopes = Envelopes(
            token=row["token"], keys=[row["aes_key"]], receive_id=row["receive_id"]
        )
        at = {"timestamp": row["timestamp"], "nonce": row["nonce"]}
        text = envelopes.open(row["encrypt"], signature=row["signature"], **at)
        assert text == row["plaintext"].encode(), row["name"]
        random = bytes.fromhex(row["random_hex"])
        sealed = envelopes.seal(text, random=random, **at)
        assert (sealed.encrypt, sealed.signature) == (row["encrypt"], row["signature"])


@pytest.mark.parametrize("receive_id", [APP, ""])
def test_wechatpy_opens_what_is_sealed_and_the_reverse(receive_id: str) -> None:
    ours, theirs = make_envelopes(receive_id=receive_id), WeChatCrypto(TOKEN, KEY, receive_id)
    sealed = ours.seal(TEXT, **AT)
    body = f"<xml><Encrypt>{sealed.encrypt}</Encrypt></xml>"
    said = theirs.decrypt_message(body, sealed.signature, sealed.timestamp, sealed.nonce)
    assert said.encode() == TEXT
    fields = read_body(theirs.encrypt_message(TEXT.decode(), "n-2", "1700000001").encode())
    back = Sealed(
        encrypt=fields["Encrypt"],
        signature=fields["MsgSignature"],
        timestamp=fields["TimeStamp"],
        nonce=fields["Nonce"],
    )
    assert opened(ours, back) == TEXT


def test_werobot_opens_what_is_sealed_and_the_reverse() -> None:
    ours, theirs = make_envelopes(), MessageCrypt(TOKEN, KEY, APP)
    sealed = ours.seal(TEXT, **AT)
    said = theirs.decrypt_message(sealed.timestamp, sealed.nonce, sealed.signature, sealed.encrypt)
    assert said == TEXT
    fields = read_body(theirs.encrypt_message(TEXT.decode(), "1700000001", "n-2").encode())
    back = Sealed(
        encrypt=fields["Encrypt"],
        signature=fields["MsgSignature"],
        timestamp=fields["TimeStamp"],
        nonce=fields["Nonce"],
    )
    assert opened(ours, back) == TEXT


def test_while_a_key_is_being_changed_both_open_and_the_new_one_seals() -> None:
    both = make_envelopes(KEY, OLD_KEY)
    assert opened(both, make_envelopes(OLD_KEY).seal(TEXT, **AT)) == TEXT
    assert opened(make_envelopes(KEY), both.seal(TEXT, **AT)) == TEXT
    with pytest.raises(BadEnvelopeError):
        opened(make_envelopes(KEY), make_envelopes(OLD_KEY).seal(TEXT, **AT))


@pytest.mark.parametrize("receive_id", ["", "wx0123456789abcde", "wx0123456789abcdefg"])
def test_what_is_for_somebody_else_is_refused(receive_id: str) -> None:
    with pytest.raises(BadEnvelopeError):
        opened(make_envelopes(), make_envelopes(receive_id=receive_id).seal(TEXT, **AT))


@given(st.binary(max_size=3000), st.sampled_from([APP, "", "ding1", "x" * 64]))
def test_any_text_comes_back(text: bytes, receive_id: str) -> None:
    envelopes = make_envelopes(receive_id=receive_id)
    assert opened(envelopes, envelopes.seal(text, **AT)) == text


@given(
    st.one_of(
        st.text(max_size=200),
        st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()),
        st.binary(min_size=1, max_size=8).map(
            lambda raw: base64.b64encode((raw * 256)[:256]).decode()
        ),
    )
)
def test_whatever_is_signed_but_malformed_is_one_clear_error(encrypt: str) -> None:
    signed = signature(TOKEN, AT["timestamp"], AT["nonce"], encrypt)
    with pytest.raises(BadEnvelopeError):
        make_envelopes().open(encrypt, signature=signed, **AT)


@given(st.text(max_size=60))
def test_no_other_signature_fits(offered: str) -> None:
    sealed = make_envelopes().seal(TEXT, **AT)
    if offered != sealed.signature:
        assert not signed_by(offered, TOKEN, AT["timestamp"], AT["nonce"], sealed.encrypt)
        with pytest.raises(BadEnvelopeError):
            make_envelopes().open(sealed.encrypt, signature=offered, **AT)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", KEY[:-1] + "=", KEY[:-1] + "字"])
def test_a_key_that_is_none_is_said_at_the_start(key: str) -> None:
    with pytest.raises(BadInputError):
        make_envelopes(key)
    assert KEY not in repr(make_envelopes())
    assert TOKEN not in repr(make_envelopes())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"a=1",
        b"<xml>",
        b"<xml/>",
        b"<xml>text</xml>",
        b'<!DOCTYPE x [<!ENTITY y "z">]><xml><a>&y;</a></xml>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml><a>1</a></xml>',
        b"<a>" * 9_000,
        b"<xml>" + b"<a>" * 12 + b"</a>" * 12 + b"</xml>",
        b'<?xml version="1.0" encoding="nope"?><xml><a>1</a></xml>',
        b"<xml><a>\x00</a></xml>",
        b"<xml><a>\xff</a></xml>",
        b"[1]",
        b'{"a": ' + b"[" * 30_000,
        b'{"a": "\xff"}',
        b'{"a": 1} x',
        b"<xml><a>" + b"x" * 64 * 1024 + b"</a></xml>",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_cannot_be_read_is_one_clear_error(body: bytes) -> None:
    with pytest.raises(BadBodyError):
        read_body(body)


def test_xml_and_json_say_the_same() -> None:
    xml = b"<xml><A><![CDATA[x]]></A><B>1</B><C><D>y</D><D>z</D></C></xml>"
    assert read_body(xml) == {"A": "x", "B": "1", "C": {"D": ["y", "z"]}}
    assert read_body(b'{"A": "[[[[{{", "B": 1}') == {"A": "[[[[{{", "B": 1}

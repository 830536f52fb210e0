"""E-mail against a mail server: what is sent, what its answers mean, and how it is ended."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from channels.gateway.app import make_app
from channels.gateway.settings import GatewaySettings
from channels.mail.mailboxes import leaving, leaving_token, mailbox
from channels.mail.messages import compose, leaving_link
from channels.mail.sender import MailSender
from channels.mail.settings import MailSettings, Security
from channels.web.settings import WebSettings
from core.domain.conversations import Address
from core.domain.deliveries import Delivery, DeliveryState, OutboxId
from core.domain.errors import BadInputError, RefusedSendError, RetrySendError, UnknownSendError
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound
from tests.contract.platforms.test_parts import DATE, made
from tests.factories import make_outbound, make_reminder, make_reply, make_rich_reply
from tests.fakes.clock import START, FakeClock
from tests.fakes.smtp import PASSWORD, USER, FakeMailServer, text_of
from tests.fakes.wakeups import RecordingWakeups

LI = Address(channel="mail", user="li.gong@example.org")
SITE = "https://keqiao.example.org"
SECRET = "s" * 64


@pytest.fixture
def server() -> Iterator[FakeMailServer]:
    with FakeMailServer() as fake:
        yield fake


def settings_of(server: FakeMailServer, **changes: object) -> MailSettings:
    base = MailSettings(
        host="127.0.0.1",
        port=server.port,
        security=Security.NONE,
        sender="notice@example.org",
        site=SITE,
        secret=SECRET,
        timeout=3.0,
    )
    return replace(base, **changes)  # type: ignore[arg-type] # a test's own settings


def delivery_of(text: str = "提醒：路演", **changes: object) -> Delivery:
    reply = changes.pop("reply", make_reply(text))
    message = make_outbound(address=changes.pop("address", LI), reply=reply, key="reminder:1")
    return Delivery(id=OutboxId(7), message=message, created_at=START, attempts=1)


def test_a_message_says_everything_as_text_and_as_html(server: FakeMailServer) -> None:
    reply = replace(make_rich_reply(), text="可以申报，见 https://example.org/a?b=1&c=2。")
    MailSender(settings_of(server)).send(delivery_of(reply=reply))
    [message] = server.taken
    assert server.envelopes == [("notice@example.org", ["li.gong@example.org"])]
    assert str(message["from"]) == "科桥 <notice@example.org>"
    assert str(message["subject"]) == "可以申报，见 https://example.org/a?b=1&c=2。"
    assert message["auto-submitted"] == "auto-generated"
    html = message.get_body(("html",))
    assert html is not None
    shown = html.get_content()
    for fact in ("可以申报", "《示例办法》第一章", "转人工"):
        assert fact in text_of(message)
        assert fact in shown
    assert '<a href="https://example.org/a?b=1&amp;c=2">' in shown


def test_a_date_comes_as_an_invitation_and_as_a_file(server: FakeMailServer) -> None:
    MailSender(settings_of(server)).send(delivery_of(reply=made(DATE)))
    [message] = server.taken
    invitation = message.get_body(("calendar",))
    [shown] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert invitation is None or invitation is shown
    assert shown.get_param("method") == "REQUEST"
    read = Calendar.from_ical(shown.get_content())
    assert read["method"] == "REQUEST"
    [event] = read.walk("VEVENT")
    assert event["uid"] == DATE.uid
    assert event["attendee"] == "mailto:li.gong@example.org"
    [file] = list(message.iter_attachments())
    assert file.get_content_type() == "application/ics"
    assert str(file.get_filename()).endswith(".ics")
    assert Calendar.from_ical(file.get_content()).walk("VEVENT")[0]["uid"] == DATE.uid


def test_a_cancelled_date_is_taken_out_of_the_calendar(server: FakeMailServer) -> None:
    gone = replace(DATE, cancelled=True, sequence=3)
    MailSender(settings_of(server)).send(delivery_of(reply=made(gone)))
    [shown] = [p for p in server.taken[0].walk() if p.get_content_type() == "text/calendar"]
    assert shown.get_param("method") == "CANCEL"


def test_who_gets_it_twice_can_tell(server: FakeMailServer) -> None:
    sender = MailSender(settings_of(server))
    first = sender.send(delivery_of())
    again = sender.send(replace(delivery_of(), attempts=2))
    other = sender.send(replace(delivery_of(), id=OutboxId(8)))
    assert first == again != other
    ids = [one["message-id"] for one in server.taken]
    assert ids == [first.platform_id, first.platform_id, other.platform_id]
    assert server.taken[0]["date"] == server.taken[1]["date"]


def test_every_line_is_ascii_and_short(server: FakeMailServer) -> None:
    text = "。".join(["很长的一句话" * 40] * 30) + "\n.\n..\n.结束"
    MailSender(settings_of(server)).send(delivery_of(reply=made(DATE, text=text)))
    [raw] = server.raw
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert "\n.\n..\n.结束" in text_of(server.taken[0]).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("step", "answer", "error", "wait"),
    [
        ("MAIL", "421 4.3.2 busy", RetrySendError, timedelta(minutes=1)),
        ("RCPT", "450 4.2.0 greylisted", RetrySendError, timedelta(minutes=5)),
        ("RCPT", "451 4.7.1 try later", RetrySendError, timedelta(minutes=5)),
        ("RCPT", "550 5.1.1 nobody", RefusedSendError, None),
        ("RCPT", "553 5.1.3 no name", RefusedSendError, None),
        ("MAIL", "530 5.7.0 log in", RefusedSendError, None),
        ("DATA", "452 4.3.1 full", RetrySendError, timedelta(minutes=5)),
        ("DATA", "454 4.7.0 later", RetrySendError, None),
        ("DATA", "554 5.7.1 spam", RefusedSendError, None),
        ("MAIL", "hang", RetrySendError, None),
        ("RCPT", "hang", RetrySendError, None),
        ("RCPT", "drop", RetrySendError, None),
        ("DATA", "hang", UnknownSendError, None),
        ("DATA", "drop", UnknownSendError, None),
    ],
)
def test_each_answer_is_in_its_class(
    server: FakeMailServer, step: str, answer: str, *, error: type[Exception], wait: object
) -> None:
    server.answers.append((step, answer))
    with pytest.raises(error) as caught:
        MailSender(settings_of(server)).send(delivery_of())
    assert getattr(caught.value, "retry_after", None) == wait
    assert not any(word in str(caught.value) for word in ("li.gong", "greylisted", "spam"))


def test_what_was_refused_for_now_arrives_later(server: FakeMailServer) -> None:
    sender = MailSender(settings_of(server))
    server.answers.append(("RCPT", "450 4.2.0 greylisted"))
    with pytest.raises(RetrySendError):
        sender.send(delivery_of())
    sender.send(delivery_of())
    assert server.texts() == ["提醒：路演"]


def test_a_server_that_is_not_there_has_taken_nothing() -> None:
    with FakeMailServer() as gone:
        pass
    with pytest.raises(RetrySendError):
        MailSender(settings_of(gone)).send(delivery_of())


# The way to the server.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One for 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail of the tests")])
    now = datetime.now(UTC)  # noqa: TID251 -- the machine's own TLS looks at its own clock
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("mail")
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@pytest.mark.parametrize("from_the_start", [False, True])
def test_a_sealed_way_and_a_login(certificate: tuple[Path, Path], *, from_the_start: bool) -> None:
    with FakeMailServer(
        sealed=certificate, from_the_start=from_the_start, demands_login=True
    ) as server:
        settings = settings_of(
            server,
            security=Security.TLS if from_the_start else Security.STARTTLS,
            user=USER,
            password=PASSWORD,
            ca_file=certificate[0],
        )
        MailSender(settings).check()
        MailSender(settings).send(delivery_of())
        with pytest.raises(RefusedSendError):
            MailSender(replace(settings, password="wrong")).check()  # noqa: S106 -- no real one
        assert server.texts() == ["提醒：路演"]
        assert server.logins
        assert PASSWORD not in repr(settings)


def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    certificate: tuple[Path, Path],
) -> None:
    with FakeMailServer(sealed=certificate, demands_login=True) as server:
        settings = settings_of(server, security=Security.STARTTLS, user=USER, password=PASSWORD)
        with pytest.raises(RetrySendError):
            MailSender(settings).send(delivery_of())
        assert server.logins == []


def test_a_server_without_starttls_gets_nothing_unsealed(server: FakeMailServer) -> None:
    with pytest.raises(RefusedSendError, match="STARTTLS"):
        MailSender(settings_of(server, security=Security.STARTTLS)).send(delivery_of())
    assert server.taken == []


def test_a_password_never_leaves_this_machine_unsealed() -> None:
    settings = MailSettings(
        host="mail.example.org", sender=USER, security=Security.NONE, user=USER, password=PASSWORD
    )
    with pytest.raises(BadInputError, match="starttls"):
        MailSender(settings)


# Addresses and headers.


@pytest.mark.parametrize(
    "text",
    [
        "li@example.org\r\nBcc: all@example.org",
        "li@example.org,wang@example.org",
        "<li@example.org>",
        "li@localhost",
        "@example.org",
        "li@",
        "li..gong@example.org",
        ".li@example.org",
        '"li gong"@example.org',
        "李@example.org",
        "li@[127.0.0.1]",
        "li@-a.org",
        "a" * 65 + "@example.org",
        "li@" + "a." * 130 + "org",
        "li@example.org\x00",
    ],
)
def test_what_is_no_mailbox_is_refused(server: FakeMailServer, text: str) -> None:
    with pytest.raises(BadInputError):
        mailbox(text)
    with pytest.raises(RefusedSendError):
        MailSender(settings_of(server)).send(
            delivery_of(address=Address(channel="mail", user=text))
        )
    assert server.envelopes == []


@settings(deadline=None)
@given(st.text(min_size=1))
def test_nobody_writes_a_header_by_what_they_say(text: str) -> None:
    said = text.encode("utf-8", "replace").decode()
    server = MailSettings(host="x", sender=USER, site=SITE, secret=SECRET)
    message = compose(delivery_of(said), "li@example.org", server)
    head = message.as_bytes().split(b"\r\n\r\n")[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted",
        b"List-Unsubscribe", b"List-Unsubscribe-Post", b"MIME-Version", b"Content-Type",
    ]  # fmt: skip


def test_markup_in_what_was_written_stays_words(server: FakeMailServer) -> None:
    MailSender(settings_of(server)).send(delivery_of("<script>x</script><img src=x>"))
    html = server.taken[0].get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "<img" not in html.get_content()


# Ending it.


def test_every_message_says_how_it_is_ended_in_a_way_mail_programs_read(
    server: FakeMailServer,
) -> None:
    long = Address(channel="mail", user="a" * 60 + "@" + "b" * 60 + ".example.org")
    settings = settings_of(server)
    MailSender(settings).send(delivery_of(address=long))
    link = leaving_link(long.user, settings)
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in server.raw[0]
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in server.raw[0]
    assert link in text_of(server.taken[0])


def test_a_mailing_list_is_left_by_its_own_ways(server: FakeMailServer) -> None:
    MailSender(settings_of(server, group=LI.user)).send(delivery_of())
    assert "List-Unsubscribe" not in server.taken[0]


def test_a_link_is_for_one_mailbox_and_of_this_site() -> None:
    token = leaving_token(LI.user, SECRET)
    assert leaving(token, SECRET) == LI.user
    forged = leaving_token("wang@example.org", SECRET).split(".")[0] + "." + token.split(".")[1]
    for wrong in (forged, token[:-1], token + "0", "", ".", "ÿ.0", token.replace(".", "")):
        assert leaving(wrong, SECRET) is None
    assert leaving(token, "another") is None
    assert leaving(leaving_token(LI.user, ""), "") is None


@pytest.fixture
def page(sqlite_units: Units) -> Iterator[TestClient]:
    settings = GatewaySettings(
        web=WebSettings(secret=SECRET),
        mail=MailSettings(host="x", sender=USER, site=SITE, secret=SECRET),
    )
    accept = AcceptInbound(units=sqlite_units, clock=FakeClock(), wakeups=RecordingWakeups())
    with TestClient(make_app(settings, accept=accept, units=sqlite_units)) as client:
        yield client


def test_looking_at_the_link_ends_nothing_and_one_click_ends_everything(
    page: TestClient, sqlite_units: Units
) -> None:
    path = leaving_link(LI.user, MailSettings(host="x", sender=USER, site=SITE, secret=SECRET))
    path = path.removeprefix(SITE)
    with sqlite_units() as unit:
        unit.reminders.put(make_reminder(address=LI))
        unit.outbox.put(make_outbound(address=LI), START)
        unit.commit()
    asked = page.get(path)
    assert asked.status_code == 200
    assert LI.user in asked.text
    assert re.search(r'<form method="post">', asked.text)
    assert "form-action 'self'" in asked.headers["content-security-policy"]
    with sqlite_units() as unit:
        assert unit.reminders.planned(LI)
        assert unit.outbox.queued(LI)
    for _ in range(2):
        done = page.post(path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert "已退订" in done.text
    with sqlite_units() as unit:
        assert not unit.reminders.planned(LI)
        assert not unit.outbox.queued(LI)
        assert unit.people.find(LI).refuses
        assert unit.outbox.count_by_state() == {DeliveryState.CANCELLED: 1}


def test_a_link_of_nobody_ends_nothing(page: TestClient) -> None:
    for path in ("/mail/unsubscribe/x.y", "/mail/unsubscribe/" + leaving_token(LI.user, "other")):
        assert page.get(path).status_code == 404
        assert page.post(path).status_code == 404

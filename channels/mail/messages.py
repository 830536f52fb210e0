"""A delivery as an e-mail: text, the same as HTML, and its date as an invitation.

It is the same, byte for byte but for the marks between its parts, at every attempt.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from pathlib import Path

from channels.calendar.files import calendar_file, file_name, method_of
from channels.mail.mailboxes import PATH, leaving_token
from channels.mail.settings import MailSettings
from channels.parts import PLAIN, Style, told
from channels.words import words
from core.domain.conversations import Reply
from core.domain.deliveries import Delivery
from core.domain.parts import Appointment

WORDS = Path(__file__).with_name("words.yml")

_POLICY = SMTP.clone(cte_type="7bit")  # every server takes it
_LINK = re.compile(r"https?://[!-;=?-~]+")
_SUBJECT_CHARS = 78
_CITED = 3
_PAGE = '<!doctype html>\n<html lang="zh-CN"><body>\n{paragraphs}\n</body></html>\n'


def compose(delivery: Delivery, to: str, settings: MailSettings) -> EmailMessage:
    """The message to one mailbox."""
    reply = delivery.message.reply
    leave = leaving_link(to, settings)
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox(settings.sender, words("messages", WORDS)["from"])
    message["To"] = _mailbox(to)
    message["Subject"] = _subject(reply)
    message["Date"] = format_datetime(delivery.created_at)
    message["Message-ID"] = message_id(delivery, settings.sender)
    message["Auto-Submitted"] = "auto-generated"
    if leave:
        message["List-Unsubscribe"] = f"<{leave}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("\n\n".join(_paragraphs(reply, PLAIN, leave)) + "\n")
    paragraphs = "\n".join(f"<p>{_broken(one)}</p>" for one in _paragraphs(reply, HTML, leave))
    message.add_alternative(_PAGE.format(paragraphs=paragraphs), subtype="html")
    _add_dates(message, reply, to=to, sender=settings.sender, now=delivery.created_at)
    return message


def written(message: EmailMessage) -> str:
    """The message as it is sent, in ASCII.

    Its headers are not folded within: the link of List-Unsubscribe would be encoded, and no mail
    program reads it then.
    """
    return message.as_bytes(policy=_POLICY.clone(max_line_length=998)).decode("ascii")


def message_id(delivery: Delivery, sender: str) -> str:
    """The same at every attempt, and no other delivery's: who gets it twice can tell."""
    made_of = f"{delivery.id}:{delivery.message.key}:{delivery.created_at.isoformat()}"
    digest = hashlib.sha256(made_of.encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def leaving_link(to: str, settings: MailSettings) -> str:
    """Where messages to a mailbox are ended; empty for the group, and where nobody can get."""
    if not (settings.site and settings.secret) or to == settings.group:
        return ""
    return f"{settings.site.rstrip('/')}{PATH}/{leaving_token(to, settings.secret)}"


def linked(text: str) -> str:
    """Text for HTML: escaped, its web addresses as links."""
    pieces, at = [], 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?'\")")
        pieces += [escape(text[at : found.start()]), titled(address, address)]
        at = found.start() + len(address)
    return "".join((*pieces, escape(text[at:])))


def titled(title: str, url: str) -> str:
    """A title as a link."""
    return f'<a href="{escape(url)}">{escape(title)}</a>'


HTML = Style(escape=linked, link=titled)


def _subject(reply: Reply) -> str:
    line = next((line for line in reply.text.splitlines() if line.strip()), "")
    line = "".join(one for one in " ".join(line.split()) if one.isprintable())
    return line if len(line) <= _SUBJECT_CHARS else line[: _SUBJECT_CHARS - 1] + "…"


def _mailbox(address: str, name: str = "") -> Mailbox:
    local, _, domain = address.rpartition("@")
    return Mailbox(display_name=name, username=local, domain=domain)


def _paragraphs(reply: Reply, style: Style, leave: str) -> Iterator[str]:
    said = words("messages", WORDS)
    yield told(reply, style)
    if reply.citations:
        lines = dict.fromkeys(
            said["source"].format(document=one.document, section=one.section)
            for one in reply.citations[:_CITED]
        )
        yield "\n".join((said["sources"], *map(style.escape, lines)))
    if reply.choices:
        yield style.escape(said["choices"] + "、".join(one.title for one in reply.choices))
    yield style.escape(said["footer"])
    if leave:
        yield style.link(said["leave"], leave)


def _broken(paragraph: str) -> str:
    return paragraph.replace("\n", "<br>\n")


def _add_dates(
    message: EmailMessage, reply: Reply, *, to: str, sender: str, now: datetime
) -> None:
    """The first date as an invitation that mail programs show, every one as a file."""
    dates = [part for part in reply.parts if isinstance(part, Appointment)]
    files = [calendar_file([one], now=now, organiser=sender, attendee=to) for one in dates]
    for file, one in zip(files[:1], dates, strict=False):
        params = {"method": str(method_of([one], invited=True))}
        message.add_alternative(file.decode(), subtype="calendar", params=params)
    for file, one in zip(files, dates, strict=True):
        message.add_attachment(
            file, maintype="application", subtype="ics", filename=file_name(one)
        )

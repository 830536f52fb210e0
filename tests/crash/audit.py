"""Afterwards: what became of every promise and every message."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from core.domain.conversations import InboundState
from core.domain.deliveries import DeliveryState
from core.domain.reminders import ReminderState
from core.persistence.tables import inbox, outbox, reminders
from tests.crash.platforms import Platforms, robot_id, webhook_id

EXPLAINED = {DeliveryState.EXPIRED: False, DeliveryState.DEAD: True, DeliveryState.UNKNOWN: True}
"""Ends other than sent, and whether the row must say why."""


@dataclass(kw_only=True)
class Findings:
    """What was found; `wrong` is empty when every promise was kept."""

    ends: Counter[str] = field(default_factory=Counter)
    handled: int = 0
    said_again: int = 0
    """Messages in that the bot heard more than once."""
    repeated: int = 0
    """Messages that a platform was given again; those with an idempotency key are shown once."""
    doubled: int = 0
    """Messages that people saw twice."""
    unheard: int = 0
    """Messages that arrived, which the house does not know: it was killed, or the answer lost."""
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Witnesses:
    """What others know: what was promised, what the platforms took, what the bot heard."""

    promised: Collection[str]
    acknowledged: Collection[str]
    platforms: Platforms
    heard: Mapping[str, int]


def examine(connection: Connection, witnesses: Witnesses) -> Findings:
    """Look at every reminder, every row of the outbox, and every message that came in."""
    found = Findings()
    platforms = witnesses.platforms
    rows = {row.key: row for row in connection.execute(select(outbox))}
    kept = {row.key: row for row in connection.execute(select(reminders))}
    for key in witnesses.promised:
        _examine_reminder(key, kept.get(key), rows, found)
    for row in rows.values():
        _examine_delivery(row, platforms, found)
    received = {row.message_id: row for row in connection.execute(select(inbox))}
    for message_id in witnesses.acknowledged:
        _examine_message(message_id, received.get(message_id), rows, found)
    found.said_again = sum(times > 1 for times in witnesses.heard.values())
    known = {_known_as(row) for row in rows.values()}
    strange = platforms.accepted.keys() - known
    found.wrong += [f"{name} was sent and is not known" for name in strange]
    return found


def _examine_reminder(
    key: str, row: Row[Any] | None, rows: Mapping[str, Row[Any]], found: Findings
) -> None:
    if row is None:
        found.wrong.append(f"reminder {key} is gone")
    elif row.state is ReminderState.EXPIRED:
        found.ends["expired before it could be queued"] += 1
    elif row.state is not ReminderState.QUEUED:
        found.wrong.append(f"reminder {key} is {row.state}")
    elif f"reminder:{row.address}:{key}" not in rows:
        found.wrong.append(f"reminder {key} is queued and not in the outbox")


def _examine_delivery(row: Row[Any], platforms: Platforms, found: Findings) -> None:
    name = _known_as(row)
    accepted, shown = platforms.accepted[name], platforms.shown[name]
    found.ends[str(row.state)] += 1
    found.repeated += accepted > 1
    found.doubled += shown > 1
    if row.state is DeliveryState.SENT:
        if not accepted:
            found.wrong.append(f"{row.key} is sent and did not arrive")
    elif row.state not in EXPLAINED:
        found.wrong.append(f"{row.key} is {row.state} at the end")
    elif EXPLAINED[row.state] and not row.error:
        found.wrong.append(f"{row.key} is {row.state} and nobody says why")
    else:
        found.unheard += accepted > 0


def _examine_message(
    message_id: str, row: Row[Any] | None, rows: Mapping[str, Row[Any]], found: Findings
) -> None:
    if row is None:
        found.wrong.append(f"message {message_id} was acknowledged and is lost")
        return
    if row.state is not InboundState.HANDLED:
        found.wrong.append(f"message {message_id} is {row.state} at the end")
    answers = [
        one
        for one in rows.values()
        if one.reply_to == row.id and one.reply.text == f"收到：{message_id}"
    ]
    found.handled += len(answers) == 1
    if len(answers) != 1:
        found.wrong.append(f"message {message_id} was answered {len(answers)} times")


def _known_as(row: Row[Any]) -> str:
    if row.channel == "wecom-robot":
        return robot_id(f"key-{row.address.partition(':')[2]}", row.reply.text)
    return webhook_id(row.key)

"""What DingTalk and we say over a connection (Stream mode), which needs no address of ours.

Frames are JSON; of those that bring something, `data` is a JSON text. A message of the robot is
pushed once, whether it is acknowledged or not, so it is acknowledged when it lies in the inbox.
"""

import json
from typing import Any
from urllib.parse import quote_plus

from channels.bodies import BadBodyError, Fields, read_body, text_of
from channels.connections import ComeAgainError, Line
from channels.dingtalk.api.client import DingTalkApi
from channels.dingtalk.hearing import make_hearing
from channels.dingtalk.settings import DingTalkSettings
from channels.errors import RefusedRequestError
from channels.outgoing import demand_kin
from channels.rates import TokenBuckets
from core.domain.errors import RetrySendError
from core.ports.unit_of_work import Units
from core.services.conversations import AcceptInbound

MESSAGES = "/v1.0/im/bot/messages/get"

_OPEN = "/v1.0/gateway/connections/open"
_SYSTEM, _CALLBACK = "SYSTEM", "CALLBACK"
_OK, _BAD, _UNKNOWN, _LATER = 200, 400, 404, 500


class DingTalkStream:
    """The talk of one app; `users` limits each person and group."""

    ping_seconds = 3600.0  # the websocket's own pings do, and DingTalk pings by itself

    def __init__(
        self,
        settings: DingTalkSettings,
        *,
        accept: AcceptInbound,
        units: Units,
        users: TokenBuckets,
    ) -> None:
        self._settings = settings
        self._api = DingTalkApi(settings, units, accept.clock)
        self._hear = make_hearing(settings, accept=accept, units=units, users=users)

    @property
    def name(self) -> str:
        """Whose connection it is."""
        return f"dingtalk:{self._settings.app_key}"

    def address(self) -> str:
        """Where to connect to, with a ticket that holds for 90 seconds and one connection.

        Raises:
            SendError: DingTalk gives none.
        """
        asked = {
            "clientId": self._settings.app_key,
            "clientSecret": self._settings.app_secret,
            "subscriptions": [{"type": _CALLBACK, "topic": MESSAGES}],
            "ua": "keqiao",
        }
        answer = self._api.ask(_OPEN, asked)
        endpoint, ticket = text_of(answer, "endpoint"), text_of(answer, "ticket")
        if not endpoint or not ticket:
            raise RetrySendError("DingTalk gave no address to connect to")
        demand_kin(endpoint, self._settings.api_base)
        return f"{endpoint}?ticket={quote_plus(ticket)}"

    def begin(self, line: Line) -> None:
        """Nothing is to be said first."""

    def ping(self, line: Line) -> None:
        """Nothing is to be said in between."""

    def hear(self, frame: str | bytes, line: Line) -> None:
        """Take one frame.

        Raises:
            ComeAgainError: DingTalk is about to end this connection.
            BadBodyError: it cannot be understood.
        """
        fields = read_body(frame.encode() if isinstance(frame, str) else frame)
        headers = fields.get("headers")
        headers = headers if isinstance(headers, dict) else {}
        kind, topic = text_of(fields, "type"), text_of(headers, "topic")
        if kind == _SYSTEM and topic == "disconnect":
            raise ComeAgainError("DingTalk wants another connection")
        code, data = _OK, '{"response": null}'
        if kind == _SYSTEM:
            data = text_of(fields, "data")
        elif kind == _CALLBACK and topic == MESSAGES:
            code = self._take(fields)
        else:
            code = _UNKNOWN
        line.send(_acknowledgement(text_of(headers, "messageId"), code, data))

    def close(self) -> None:
        """Close the connections to the API."""
        self._api.close()

    def _take(self, fields: Fields) -> int:
        try:
            self._hear(read_body(text_of(fields, "data").encode("utf-8", "replace")))
        except BadBodyError:
            return _BAD
        except RefusedRequestError:
            return _LATER
        return _OK


def _acknowledgement(message_id: str, code: int, data: str) -> str:
    headers = {"messageId": message_id, "contentType": "application/json"}
    said: dict[str, Any] = {"code": code, "headers": headers}
    return json.dumps(said | {"message": "OK" if code == _OK else "no", "data": data})

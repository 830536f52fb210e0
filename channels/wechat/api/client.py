"""Calls of the Official Account's API: with the shared token, renewed once when it is stale."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2

from channels.outgoing import make_client, post, retry_after
from channels.tokens import Fetched, SharedToken
from channels.wechat.api.errcodes import Verdict, demand_success, verdict
from channels.wechat.settings import WeChatSettings
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

EARLY = timedelta(minutes=5)
"""A token is replaced so long before its end: for that while the old and the new both hold."""

FORCED_EVERY = timedelta(seconds=30)
"""The platform makes no new token on demand more often."""

_LATER = frozenset({httpx2.codes.TOO_MANY_REQUESTS, httpx2.codes.SERVICE_UNAVAILABLE})


class WeChatApi:
    """What the account may do."""

    def __init__(self, settings: WeChatSettings, units: Units, clock: Clock) -> None:
        self._settings = settings
        self._base = settings.api_base.rstrip("/")
        self._units = units
        self._clock = clock
        self._client = make_client(settings.timeout)
        self.token = SharedToken(
            name=f"wechat:{settings.app_id}",
            secret=settings.secret or "",
            units=units,
            clock=clock,
            fetch=self._fetch,
            early=EARLY,
        )

    def call(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post once; what the platform answered when it took it.

        Raises:
            SendError: it did not take it; the text says what to do.
        """
        token = self.token.get()
        answer = self._post(path, token, body)
        if verdict(_errcode(answer)) is Verdict.REFRESH:
            answer = self._post(path, self.token.renew(token), body)
        demand_success(_errcode(answer), self._clock.now())
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _fetch(self, stale: str) -> Fetched:
        """The token in force; a new one only when that is the stale one.

        Raises:
            SendError: there is none to be had.
        """
        answer = self._stable_token(force=False)
        if answer["access_token"] == stale:
            with self._units() as unit:
                holder, now = secrets.token_hex(8), self._clock.now()
                may = unit.leases.take(f"{self.token.name}:forced", holder, now, FORCED_EVERY)
                unit.commit()
            if not may:
                said = "a new access token of WeChat was made a moment ago"
                raise RetrySendError(said, retry_after=FORCED_EVERY)
            answer = self._stable_token(force=True)
        lasts = timedelta(seconds=int(answer["expires_in"]))
        return Fetched(value=str(answer["access_token"]), lasts=lasts)

    def _stable_token(self, *, force: bool) -> Mapping[str, Any]:
        wanted = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
            "force_refresh": force,
        }
        try:
            answer = self._post("/cgi-bin/stable_token", None, wanted)
        except UnknownSendError as error:
            raise RetrySendError(str(error)) from None  # asking again sends nobody anything
        demand_success(_errcode(answer), self._clock.now())
        if not answer.get("access_token") or not str(answer.get("expires_in")).isdigit():
            raise RetrySendError("WeChat's stable_token gave no token")
        return answer

    def _post(self, path: str, token: str | None, body: Mapping[str, Any]) -> Mapping[str, Any]:
        response = post(
            self._client,
            self._base + path,
            to=f"WeChat's {path}",
            params={"access_token": token} if token else {},
            json=body,
        )
        said = f"WeChat answered {path} with status {response.status_code}"
        if response.status_code in _LATER:
            raise RetrySendError(said, retry_after=retry_after(response, self._clock.now()))
        if response.is_server_error:
            # A proxy that gave up waiting cannot tell what the platform did.
            raise UnknownSendError(said)
        if not response.is_success:
            raise RefusedSendError(said)
        try:
            answer = response.json()
            _errcode(answer)
        except (ValueError, TypeError, AttributeError):
            raise UnknownSendError(f"WeChat's answer to {path} cannot be read") from None
        return dict(answer)


def _errcode(answer: Mapping[str, Any]) -> int:
    return int(answer.get("errcode", 0))

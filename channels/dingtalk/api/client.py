"""Calls of DingTalk: its API with the shared token, and addresses that take a robot's messages."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2

from channels.dingtalk.api.errcodes import Verdict, demand_success, verdict
from channels.dingtalk.settings import DingTalkSettings
from channels.outgoing import make_client, post, retry_after
from channels.tokens import Fetched, SharedToken
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

EARLY = timedelta(minutes=5)

_LATER = frozenset({httpx2.codes.TOO_MANY_REQUESTS, httpx2.codes.SERVICE_UNAVAILABLE})
_MOST_CHARS = 100


class DingTalkApi:
    """What the app may do."""

    def __init__(self, settings: DingTalkSettings, units: Units, clock: Clock) -> None:
        self._settings = settings
        self._base = settings.api_base.rstrip("/")
        self._clock = clock
        self._client = make_client(settings.timeout)
        self.token = SharedToken(
            name=f"dingtalk:{settings.app_key}",
            secret=settings.app_secret,
            units=units,
            clock=clock,
            fetch=self._fetch,
            early=EARLY,
        )

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post once with the token; what DingTalk answered when it took it.

        Raises:
            SendError: it did not take it; the text says what to do.
        """
        token = self.token.get()
        answer, code = self._ask(path, body, token)
        if verdict(code) is Verdict.REFRESH:
            answer, code = self._ask(path, body, self.token.renew(token))
        demand_success(code)
        return answer

    def ask(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask without a token for what sends nobody anything.

        Raises:
            RefusedSendError: it is refused for good.
            RetrySendError: it may be asked again.
        """
        try:
            answer, code = self._ask(path, body, "")
        except UnknownSendError as error:
            raise RetrySendError(str(error)) from None
        demand_success(code)
        return answer

    def say(self, url: str, body: Mapping[str, Any]) -> None:
        """Post a message to an address that takes a robot's.

        Raises:
            SessionOverError: it takes none any more.
            SendError: it did not take this one.
        """
        say(self._client, url, body, clock=self._clock, to="a conversation of DingTalk")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(
        self, path: str, body: Mapping[str, Any], token: str
    ) -> tuple[Mapping[str, Any], str]:
        headers = {"x-acs-dingtalk-access-token": token} if token else {}
        response = post(
            self._client, self._base + path, to=f"DingTalk's {path}", json=body, headers=headers
        )
        return read_answer(response, path, self._clock)

    def _fetch(self, stale: str) -> Fetched:
        del stale  # DingTalk makes no new one on demand
        asked = {"appKey": self._settings.app_key, "appSecret": self._settings.app_secret}
        answer = self.ask("/v1.0/oauth2/accessToken", asked)
        value, lasts = answer.get("accessToken"), answer.get("expireIn")
        if not isinstance(value, str) or not isinstance(lasts, int) or not value:
            raise RetrySendError("DingTalk gave no access token")
        return Fetched(value=value, lasts=timedelta(seconds=lasts))


def say(
    client: httpx2.Client,
    url: str,
    body: Mapping[str, Any],
    *,
    clock: Clock,
    to: str,
    params: Mapping[str, str] | None = None,
) -> None:
    """Post a message to an address that takes a robot's; it answers with a number.

    Raises:
        SendError: it was not taken.
    """
    asked = httpx2.URL(url).copy_merge_params(dict(params or {}))
    response = post(client, asked, to=to, json=dict(body))
    answer, code = read_answer(response, to, clock)
    if code == "0" and answer.get("errcode") != 0:
        raise UnknownSendError(f"the answer of {to} cannot be read")
    demand_success(code)


def read_answer(
    response: httpx2.Response, what: str, clock: Clock
) -> tuple[Mapping[str, Any], str]:
    """The answer and its code: `0` when it was taken.

    Raises:
        SendError: it is none of DingTalk's.
    """
    try:
        answer = response.json()
        code = answer.get("errcode", answer.get("code", 0 if response.is_success else None))
    except (ValueError, AttributeError):
        answer, code = {}, None
    if isinstance(code, str | int) and not isinstance(code, bool):
        told = str(code)
        if told != "0" and response.status_code in _LATER:
            demand_success("Throttling", wait=retry_after(response, clock.now()))
        return answer, told[:_MOST_CHARS]
    said = f"DingTalk answered {what} with status {response.status_code}"
    if response.status_code in _LATER:
        raise RetrySendError(said, retry_after=retry_after(response, clock.now()))
    if response.is_server_error or response.is_success:
        # A proxy that gave up waiting cannot tell what the platform did.
        raise UnknownSendError(said)
    raise RefusedSendError(said)

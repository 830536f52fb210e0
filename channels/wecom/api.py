"""Calls of WeCom's API: with the shared token, renewed once when it is not accepted."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2

from channels.outgoing import make_client, post, retry_after
from channels.tokens import Fetched, SharedToken
from channels.wecom.errcodes import Verdict, demand_success, verdict
from channels.wecom.settings import WeComSettings
from core.domain.errors import RefusedSendError, RetrySendError, UnknownSendError
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

EARLY = timedelta(minutes=5)
"""A token is replaced so long before its end; asked earlier, WeCom gives the one it gave."""

_LATER = frozenset({httpx2.codes.TOO_MANY_REQUESTS, httpx2.codes.SERVICE_UNAVAILABLE})


class WeComApi:
    """What the app may do."""

    def __init__(self, settings: WeComSettings, units: Units, clock: Clock) -> None:
        self._settings = settings
        self._base = settings.api_base.rstrip("/")
        self._clock = clock
        self._client = make_client(settings.timeout)
        self.token = SharedToken(
            name=f"wecom:{settings.corp_id}:{settings.agent_id}",
            secret=settings.secret,
            units=units,
            clock=clock,
            fetch=self._fetch,
            early=EARLY,
        )

    def call(self, path: str, body: Mapping[str, Any], *, attempts: int = 1) -> Mapping[str, Any]:
        """Post once; what WeCom answered when it took it. `attempts` counts this one.

        Raises:
            SendError: it did not take it; the text says what to do.
        """
        token = self.token.get()
        answer = self._ask("POST", path, params={"access_token": token}, json=body)
        if verdict(answer["errcode"]) is Verdict.REFRESH:
            renewed = {"access_token": self.token.renew(token)}
            answer = self._ask("POST", path, params=renewed, json=body)
        demand_success(answer["errcode"], to=path, attempts=attempts)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _fetch(self, stale: str) -> Fetched:
        del stale  # WeCom makes no new one on demand
        path = "/cgi-bin/gettoken"
        wanted = {"corpid": self._settings.corp_id, "corpsecret": self._settings.secret}
        try:
            answer = self._ask("GET", path, params=wanted)
        except UnknownSendError as error:
            raise RetrySendError(str(error)) from None  # asking again sends nobody anything
        demand_success(answer["errcode"], to=path)
        value, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not isinstance(lasts, int) or not value:
            raise RetrySendError("WeCom gave no access token")
        return Fetched(value=value, lasts=timedelta(seconds=lasts))

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 -- handed on to the client
        response = post(
            self._client, self._base + path, to=f"WeCom's {path}", method=method, **options
        )
        return read_answer(response, path, self._clock)


def read_answer(response: httpx2.Response, to: str, clock: Clock) -> dict[str, Any]:
    """The answer, whose `errcode` is a number.

    Raises:
        SendError: it is none of WeCom's.
    """
    said = f"WeCom answered {to} with status {response.status_code}"
    if response.status_code in _LATER:
        raise RetrySendError(said, retry_after=retry_after(response, clock.now()))
    if response.is_server_error:
        # A proxy that gave up waiting cannot tell what the platform did.
        raise UnknownSendError(said)
    if not response.is_success:
        raise RefusedSendError(said)
    try:
        answer = response.json()
        return {**answer, "errcode": int(answer["errcode"])}
    except (ValueError, KeyError, TypeError):
        raise UnknownSendError(f"WeCom's answer to {to} cannot be read") from None

"""Calls of Feishu's API: with the shared token, renewed once when it is not accepted."""

from collections.abc import Mapping
from datetime import timedelta
from threading import Lock
from typing import Any

import httpx2

from channels.feishu.api.errcodes import Verdict, demand_success, verdict
from channels.feishu.settings import FeishuSettings
from channels.outgoing import make_client, post, retry_after
from channels.tokens import Fetched, SharedToken
from core.domain.errors import (
    RefusedSendError,
    RetrySendError,
    SendError,
    UnavailableError,
    UnknownSendError,
)
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

EARLY = timedelta(minutes=30)
"""Feishu makes no new token before: asked earlier, it gives the one it gave."""

_LATER = frozenset({httpx2.codes.TOO_MANY_REQUESTS, httpx2.codes.SERVICE_UNAVAILABLE})
_MOST_DIGITS = 5


class FeishuApi:
    """What the app may do."""

    def __init__(self, settings: FeishuSettings, units: Units, clock: Clock) -> None:
        self._settings = settings
        self._base = settings.api_base.rstrip("/")
        self._clock = clock
        self._client = make_client(settings.timeout)
        self._me = ""
        self._asking = Lock()
        self.token = SharedToken(
            name=f"feishu:{settings.app_id}",
            secret=settings.app_secret,
            units=units,
            clock=clock,
            fetch=self._fetch,
            early=EARLY,
        )

    def post(self, path: str, body: Mapping[str, Any], **params: str) -> Mapping[str, Any]:
        """Post once; what Feishu answered when it took it.

        Raises:
            SendError: it did not take it; the text says what to do.
        """
        return self._call("POST", path, json=body, params=params)

    def ask(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask without a token for what sends nobody anything.

        Raises:
            RefusedSendError: it is refused for good.
            RetrySendError: it may be asked again.
        """
        try:
            answer, wait = self._ask("POST", path, "", json=body)
        except UnknownSendError as error:
            raise RetrySendError(str(error)) from None
        demand_success(answer["code"], wait=wait)
        return answer

    def me(self) -> str:
        """The bot's own open id, asked for once.

        Raises:
            UnavailableError: Feishu does not tell it now.
        """
        with self._asking:
            if not self._me:
                try:
                    answer = self._call("GET", "/open-apis/bot/v3/info")
                    self._me = str(answer["bot"]["open_id"])
                except (SendError, KeyError, TypeError) as error:
                    raise UnavailableError(
                        f"Feishu does not tell who its bot is: {error}"
                    ) from None
            return self._me

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(self, method: str, path: str, **options: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- handed on to the client
        token = self.token.get()
        answer, wait = self._ask(method, path, token, **options)
        if verdict(answer["code"]) is Verdict.REFRESH:
            answer, wait = self._ask(method, path, self.token.renew(token), **options)
        demand_success(answer["code"], wait=wait)
        return answer

    def _ask(
        self,
        method: str,
        path: str,
        token: str,
        **options: Any,  # noqa: ANN401 -- handed on to the client
    ) -> tuple[Mapping[str, Any], timedelta | None]:
        if token:
            options["headers"] = {"authorization": f"Bearer {token}"}
        response = post(
            self._client, self._base + path, to=f"Feishu's {path}", method=method, **options
        )
        return read_answer(response, path, self._clock), _reset(response)

    def _fetch(self, stale: str) -> Fetched:
        del stale  # Feishu makes no new one on demand
        body = {"app_id": self._settings.app_id, "app_secret": self._settings.app_secret}
        answer = self.ask("/open-apis/auth/v3/tenant_access_token/internal", body)
        value, lasts = answer.get("tenant_access_token"), answer.get("expire")
        if not isinstance(value, str) or not isinstance(lasts, int) or not value:
            raise RetrySendError("Feishu gave no access token")
        return Fetched(value=value, lasts=timedelta(seconds=lasts))


def read_answer(response: httpx2.Response, path: str, clock: Clock) -> dict[str, Any]:
    """The answer, whose `code` is a number; Feishu's refusals have a status of their own, too.

    Raises:
        SendError: it is none of Feishu's.
    """
    try:
        answer = response.json()
        code = answer.get("code", answer.get("StatusCode"))
    except (ValueError, AttributeError):
        answer, code = {}, None
    if isinstance(code, int) and (code or response.is_success):
        return {**answer, "code": code}
    said = f"Feishu answered {path} with status {response.status_code}"
    if response.status_code in _LATER:
        raise RetrySendError(said, retry_after=retry_after(response, clock.now()))
    if response.is_server_error or response.is_success:
        # A proxy that gave up waiting cannot tell what the platform did.
        raise UnknownSendError(said)
    raise RefusedSendError(said)


def _reset(response: httpx2.Response) -> timedelta | None:
    """How long Feishu asks to wait."""
    seconds = response.headers.get("x-ogw-ratelimit-reset", "").strip()
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= _MOST_DIGITS):
        return None
    return timedelta(seconds=max(1, int(seconds)))

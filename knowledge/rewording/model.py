"""The language model of the settings: asked briefly, left alone for a while when it fails."""

import logging
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.domain.errors import BadInputError, UnavailableError
from knowledge.endpoint.client import bounded_client
from knowledge.endpoint.outage import Outage
from knowledge.rewording.words import words

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import SecretStr

log = logging.getLogger(__name__)

PATIENCE = 3
"""Failures in a row after which nobody waits for the model for a while."""

REST_S = 60.0
MAX_TOKENS = 600
MAX_BYTES = 256 * 1024
_AT_ONCE = 8
_LEAST_S = 0.05
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """Which language model words answers; no address means none."""

    url: str | None = None
    model: str | None = None
    key: "SecretStr | None" = None
    timeout_s: float = 8.0


def open_chat(settings: ChatSettings) -> "BaseChatModel | None":
    """The model of the settings, not yet asked; None when none is set.

    Raises:
        BadInputError: an address without a model, or one that is none.
    """
    if settings.url is None:
        return None
    parts = urlsplit(settings.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInputError(words()["errors"]["url_bad"])
    if not settings.model:
        raise BadInputError(words()["errors"]["model_missing"])
    from langchain_openai.chat_models.base import (  # noqa: PLC0415 -- heavy: loaded on first use
        BaseChatOpenAI,
    )
    from pydantic import SecretStr  # noqa: PLC0415 -- with the above

    return BaseChatOpenAI(  # its child sends names that only OpenAI's own servers know
        model=settings.model,
        base_url=settings.url,
        api_key=settings.key or SecretStr("none"),
        temperature=0,
        max_tokens=MAX_TOKENS,
        max_retries=0,
        timeout=settings.timeout_s,
        use_responses_api=False,
        http_client=bounded_client(settings.timeout_s, max_bytes=MAX_BYTES),
    )


class PatientModel:
    """A chat model whose reply is waited for until an instant and no longer."""

    def __init__(self, chat: "BaseChatModel", *, rest_s: float = REST_S) -> None:
        self._chat = chat
        self._outage = Outage(patience=PATIENCE, rest_s=rest_s)
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    def ask(self, system: str, user: str, ends: float) -> str | None:
        """The reply as plain text; None, and said once, when there is none by `ends` (monotonic).

        A reply that was cut off, or is no text, is none.
        """
        if time.monotonic() + _LEAST_S > ends or not self._outage.may_try():
            return None
        try:
            reply = self._replied(system, user, ends)
        except Exception as error:  # noqa: BLE001 -- models of other makers raise anything
            if self._outage.failed():
                log.warning("the language model fails (%s); answering without", _told(error))
            return None
        if self._outage.succeeded():
            log.warning("the language model is back")
        return reply

    def check(self, timeout_s: float) -> None:
        """Ask for a word.

        Raises:
            UnavailableError: no reply; says why.
        """
        try:
            self._replied("", words()["errors"]["probe"], time.monotonic() + timeout_s)
        except Exception as error:
            raise UnavailableError(
                words()["errors"]["silent"].format(error=_told(error))
            ) from error

    def close(self) -> None:
        """Wait for nothing more; the next question may ask again."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)

    def _replied(self, system: str, user: str, ends: float) -> str | None:
        messages = [("system", system), ("human", user)]
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="model")
            asked = self._threads.submit(self._chat.invoke, messages)
        message = asked.result(timeout=max(ends - time.monotonic(), 0))
        content = message.content
        if (
            not isinstance(content, str)
            or message.response_metadata.get("finish_reason") == "length"
        ):
            return None
        return _THOUGHT.sub("", content).strip() or None


def _told(error: Exception) -> str:
    """What went wrong, without what was sent or said."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} {status}" if status else type(error).__name__

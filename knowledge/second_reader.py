"""A language model that points at words of a need, and is believed in nothing."""

import json
import logging
import secrets
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.rewording.masking import Masks
from knowledge.rewording.model import REST_S, PatientModel
from knowledge.rewording.orders import gives_orders
from knowledge.rewording.words import say, words

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)

TIMEOUT_S = 3.0
"""What a person waits at most for a second reading, however patient the settings are."""
_LONGEST = 2_000
"""Characters of a text that are read."""
_KEPT = 64
"""Readings that are remembered: a form may be asked to read its opening more than once."""


class ModelReader:
    """Asks the model once for a text: no object in time, no words."""

    def __init__(self, chat: "BaseChatModel", *, timeout_s: float, rest_s: float = REST_S) -> None:
        """`timeout_s` is what a person waits at most for one text."""
        self._model = PatientModel(chat, rest_s=rest_s)
        self._timeout_s = timeout_s
        self._read = lru_cache(maxsize=_KEPT)(self._asked)

    def quotes(self, text: str, fields: Sequence[str]) -> Mapping[str, str]:
        """By field, what the model says are words of the text. Personal data is never sent."""
        return self._read(text, tuple(fields))

    def close(self) -> None:
        """Wait for nothing more."""
        self._model.close()

    def _asked(self, text: str, fields: tuple[str, ...]) -> Mapping[str, str]:
        if gives_orders(text):
            log.info("second reading: orders in the text")
            return {}
        names: dict[str, str] = words()["reading"]["fields"]
        user = say(
            "reading",
            "user",
            mark=secrets.token_hex(4),
            fields="\n".join(names[one] for one in fields),
            text=Masks().hide(text[:_LONGEST]),
        )
        ends = time.monotonic() + self._timeout_s
        said = _object(self._model.ask(say("reading", "system"), user, ends) or "")
        log.info("second reading: %d of %d fields pointed at", len(said), len(fields))
        return {one: said[names[one]] for one in fields if names[one] in said}


def _object(reply: str) -> dict[str, str]:
    """The words of a reply by name; a fence or a sentence around the object is passed over."""
    try:
        found = json.loads(reply[reply.find("{") : reply.rfind("}") + 1])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str) and value}

"""Where the bot differs from Rasa 3.6.21, each with its reason; nothing else is changed.

These reach into Rasa, so they fit one release only and `check_version` refuses any other.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import rasa.version
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.engine.storage.storage import ModelMetadata
from sanic import Sanic
from sanic.request import Request

RASA = "3.6.21"


def check_version() -> None:
    """Refuse to run on a Rasa these changes were not written for.

    Raises:
        RuntimeError: another release is installed.
    """
    found = rasa.version.__version__
    if found != RASA:
        raise RuntimeError(f"bot/adjustments.py was written for Rasa {RASA}, this is {found}")


def leave_training_graph_unread() -> None:
    """Load a model without the graph that trained it.

    Serving never runs that graph, but reading it imports every neural component of Rasa.
    """
    original = ModelMetadata.from_dict.__func__

    def from_dict(cls: type[ModelMetadata], stored: dict[str, Any]) -> ModelMetadata:
        return original(cls, {**stored, "train_schema": {"nodes": {}}})

    ModelMetadata.from_dict = classmethod(from_dict)


class TurnFailedError(BaseException):
    """An action of this turn failed.

    No `Exception`, because Rasa swallows every one of those while it runs an action.
    """


def fail_whole_turns() -> None:
    """A turn whose action failed fails as a whole and leaves no trace in the tracker.

    Rasa logs the error, forgets the action's events and goes on: with the action server down, the
    yes that confirms a need would close the form, store nothing and never be asked for again. Now
    the error ends the turn before the tracker is saved, and the message can be said again.
    """
    original: Callable[..., Awaitable[Any]] = RemoteAction.run

    async def run(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        try:
            return await original(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            raise TurnFailedError(f"{self.name()}: {type(error).__name__}") from error

    RemoteAction.run = run


def read_escaped_ids(app: Sanic) -> None:
    """Read `/conversations/web%3Aa/tracker` as the tracker of `web:a`.

    Rasa's routes take the path as it came, and would answer with the empty tracker of a stranger.
    """

    async def unescape(request: Request) -> None:
        matched = request.match_info
        if "conversation_id" in matched:
            matched["conversation_id"] = unquote(matched["conversation_id"])

    app.register_middleware(unescape, "request")


def trust_no_fallback_store(agent: Agent) -> None:
    """Let errors of the tracker store fail the turn.

    Rasa would go on with an empty tracker in memory, and the person's form would be gone.
    """

    def fail(error: Exception) -> None:
        raise error

    agent.tracker_store._on_tracker_store_error = fail  # noqa: SLF001 -- the point of this module

"""The bot's one door: Rasa's REST channel, honest about failure.

Same address, body and answer as Rasa's own (`POST /webhooks/rest/webhook`), with two differences.
A turn
that fails is answered with status 503 (an action failed) or 500, instead of 200 and whatever had
been said so far. And
a text is always a text: Rasa takes one that begins with "/" for an intent, which would let people
steer the dialogue (`/restart`) past understanding.
"""

import logging
from collections.abc import Awaitable, Callable

from adjustments import TurnFailedError
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

logger = logging.getLogger(__name__)

FULL_WIDTH_SLASH = "\N{FULLWIDTH SOLIDUS}"


class HonestRestInput(RestInput):
    """Answers a message with what the bot said, or with an error."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[object]]) -> Blueprint:
        """The routes below /webhooks/rest."""
        routes = Blueprint("rest")

        @routes.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body = request.json
            if not isinstance(body, dict) or not _are_texts(body, "sender", "message"):
                return json({"error": "sender and message must be non-empty strings"}, status=400)
            said = CollectingOutputChannel()
            message = UserMessage(
                as_words(body["message"]),
                said,
                body["sender"],
                input_channel=self.name(),
                metadata=body.get("metadata"),
            )
            try:
                await on_new_message(message)
            except TurnFailedError as error:  # Rasa has logged what it could
                logger.error("turn failed: %s", error)  # noqa: TRY400 -- expected while actions restart
                return json({"error": str(error)}, status=503)
            except Exception as error:
                logger.exception("turn failed")
                return json({"error": type(error).__name__}, status=500)
            return json(said.messages)

        return routes


def as_words(text: str) -> str:
    """The text as something Rasa cannot take for a command."""
    if text.lstrip().startswith("/"):
        return text.replace("/", FULL_WIDTH_SLASH, 1)
    return text


def _are_texts(body: dict[str, object], *names: str) -> bool:
    return all(isinstance(body.get(name), str) and body[name] for name in names)

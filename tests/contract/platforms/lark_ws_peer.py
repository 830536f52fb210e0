"""Runs in the environment of `make peers`: lark-oapi's own client of long connections.

Arguments: where Feishu is, the app's id and secret. The texts it hears are written as JSON lines;
a press is answered with a toast. It goes on until the process is ended.
"""

import sys

import lark_oapi as lark
from lark_oapi.event.callback.model.p2_card_action_trigger import (
    P2CardActionTrigger,
    P2CardActionTriggerResponse,
)


def heard(event: lark.im.v1.P2ImMessageReceiveV1) -> None:
    """Say what was heard."""
    sys.stdout.write(event.event.message.content + "\n")
    sys.stdout.flush()


def pressed(_event: P2CardActionTrigger) -> P2CardActionTriggerResponse:
    """Answer a press."""
    return P2CardActionTriggerResponse({"toast": {"type": "info", "content": "peer"}})


def main() -> None:
    """Hear until the process is ended."""
    domain, app_id, secret = sys.argv[1:]
    quiet = lark.LogLevel.CRITICAL  # it writes its log where we write
    handler = (
        lark.EventDispatcherHandler.builder("", "", quiet)
        .register_p2_im_message_receive_v1(heard)
        .register_p2_card_action_trigger(pressed)
        .build()
    )
    lark.ws.Client(app_id, secret, event_handler=handler, log_level=quiet, domain=domain).start()


main()

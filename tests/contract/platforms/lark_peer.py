"""Runs in the environment of `make peers`: lark-oapi's own dispatcher judges requests.

Reads a JSON list of `{"key", "token", "headers", "body"}`, writes one of `{"status", "texts"}`.
"""

import json
import sys
from typing import Any

import lark_oapi as lark
from lark_oapi.core.model import RawRequest


def judged(request: dict[str, Any]) -> dict[str, Any]:
    """What the dispatcher answers, and the texts that its handler was given."""
    texts: list[str] = []
    quiet = lark.LogLevel.CRITICAL  # it writes its log where we write our answer
    builder = lark.EventDispatcherHandler.builder(request["key"], request["token"], quiet)
    builder.register_p2_im_message_receive_v1(lambda it: texts.append(it.event.message.content))
    handler = builder.build()
    raw = RawRequest()
    raw.uri, raw.headers, raw.body = "/", request["headers"], request["body"].encode()
    return {"status": handler.do(raw).status_code, "texts": texts}


json.dump([judged(one) for one in json.load(sys.stdin)], sys.stdout)

"""Runs in the environment of `make peers`: dingtalk-stream hears a robot, and answers.

`DINGTALK_OPENAPI_ENDPOINT` says where DingTalk is. Arguments: the app's key and secret.
What is heard is written as a JSON line; it goes on until the process is ended.
"""

import json
import sys

import dingtalk_stream
from dingtalk_stream import AckMessage, CallbackMessage, ChatbotMessage


class Handler(dingtalk_stream.ChatbotHandler):  # type: ignore[misc] # not installed here
    """Says back what it hears."""

    async def process(self, callback: CallbackMessage) -> tuple[int, str]:
        """Hear one message, and answer where it said."""
        heard = ChatbotMessage.from_dict(callback.data)
        words = heard.text.content.strip()
        told = {"id": heard.message_id, "by": heard.sender_staff_id, "text": words}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        self.reply_text(f"peer: {words}", heard)
        return AckMessage.STATUS_OK, "OK"


def main() -> None:
    """Hear until the process is ended."""
    key, secret = sys.argv[1:]
    client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential(key, secret))
    client.register_callback_handler(ChatbotMessage.TOPIC, Handler())
    client.start_forever()


main()

"""Asking the knowledge base without the bot: one question, or a conversation turn by turn."""

from collections.abc import Sequence
from datetime import datetime

from core.domain.documents import Answer, Exchange
from core.domain.errors import BadInputError
from core.ports.knowledge_base import KnowledgeBase
from keqiao.jsonl import JsonLine


def converse(knowledge: KnowledgeBase, turns: Sequence[str], now: datetime) -> Answer:
    """Ask the turns one after another, each knowing those before it; the last one's answer."""
    history: list[Exchange] = []
    answer = Answer(question="", text="")
    for said in turns:
        answer = knowledge.answer(said, now=now, history=tuple(history))
        history.append(Exchange(question=said, answer=answer.text))
    return answer


def turns_of(line: JsonLine) -> list[str]:
    """What a line of a file of questions asks: its question, or its turns in order.

    Raises:
        BadInputError: the line has neither.
    """
    turns = line.fields.get("turns")
    if turns is None:
        return [line.text("question")]
    if not isinstance(turns, list) or not turns:
        raise BadInputError(f"第 {line.number} 行的 turns 不是非空列表")
    return [text for text in map(_said, turns) if text]


def _said(turn: object) -> str:
    """A turn is a text, or an object of which only what the user said counts."""
    if isinstance(turn, str):
        return turn
    if not isinstance(turn, dict) or turn.get("role", "user") != "user":
        return ""
    return next((str(turn[k]) for k in ("text", "question", "content") if k in turn), "")

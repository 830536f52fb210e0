"""Keeping what people say about the service, and about the answer they were given."""

import re
from typing import ClassVar, override

from actions import wording
from actions.turn import Events, Speech, Turn, TurnAction
from actions.understanding.text import fold
from core.domain.documents import Exchange, Feedback, Verdict
from core.services.questions import GiveFeedback

ANSWERING = "action_answer_policy"
BAD = re.compile(
    r"👎|[没沒无無]什?[么麼]?(?:有)?(?:用|帮助)|不(?:太|够|是很|怎么)?(?:对|對|准|準|好|行|满意|靠谱|正确|清楚|全|有用)"
    r"|错|錯|有误|答非所问|差|难用|胡说|瞎说|乱说|糟|bad|wrong|useless",
    re.IGNORECASE,
)
GOOD = re.compile(
    r"👍|有用|有帮助|帮了|准|準|对|對|好|赞|讚|满意|不错|靠谱|清楚|good|great|useful|nice",
    re.IGNORECASE,
)
ABOUT_ANSWER = re.compile(r"回答|答[得的案复非錯错]")
NO_FAULT = re.compile(r"不[错錯]|[没沒][错錯]|不差")
"""Praise that has a word of blame in it."""


class GiveFeedbackAction(TurnAction):
    """Keeps the person's words; right after an answer, or naming one, with that answer."""

    action_name: ClassVar[str] = "action_give_feedback"

    def __init__(self, give_feedback: GiveFeedback) -> None:
        self._give_feedback = give_feedback

    @override
    def act(self, turn: Turn, speech: Speech) -> Events:
        feedback = Feedback(text=turn.text, verdict=verdict_of(turn.text), about=_about(turn))
        about, request = feedback.about, ""
        if about is not None:
            request = wording.words()["complaint"].format(
                question=about.question, answer=about.answer or wording.words()["unanswered"]
            )
        key = turn.key
        self._give_feedback(feedback, address=turn.address, key=key, request=request)
        if about is not None and feedback.verdict is Verdict.BAD:
            speech.say("utter_feedback_complaint")
        elif feedback.verdict is Verdict.GOOD:
            speech.say("utter_feedback_thanks")
        else:
            speech.say("utter_feedback_kept")
        return []


def verdict_of(text: str) -> Verdict | None:
    """What a text thinks of what was said; None when it does not tell."""
    folded = NO_FAULT.sub("👍", fold(text))
    if BAD.search(folded):
        return Verdict.BAD
    return Verdict.GOOD if GOOD.search(folded) else None


def _about(turn: Turn) -> Exchange | None:
    question = turn.slots.get("last_question")
    if not question or not (ANSWERING in turn.before or ABOUT_ANSWER.search(turn.text)):
        return None
    return Exchange(question=question, answer=turn.slots.get("last_answer") or "")

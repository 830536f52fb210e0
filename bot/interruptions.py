"""Rules first, when a person says something else in the middle of a form.

Rasa gives every message in a form to the form; only when the form rejects it do rules apply. So
each validation action would have to know which intents are not for it. Here the policy knows: it
is told them in config.yml, and treats the form as having rejected such a message. Everything else
is Rasa's: the rule is applied, and the form goes on by asking its question again.
"""

import re
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

BARE_NUMBER = re.compile(r"[\s\d.,，、~—+-]+")
"""An answer, whatever it looks like to a classifier that learnt that 88 is a goodbye."""

PLACE = re.compile(
    r"(?:我?选)?\s*(?:第\s*[\d一二三四五六七八九十]{1,2}\s*[个项条]?|最后一个|[A-Ha-h])[。.]?"
)
"""A place in the list of quick replies, where the form's question has one."""


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class InterruptibleRulePolicy(RulePolicy):
    """A rule policy whose forms are interrupted by the intents named in its configuration."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's settings and two of ours.

        `interruptions` are the intents that rules serve inside a form; one understood with less
        than `interruption_confidence` is more likely an answer, and goes to the form.
        """
        return {
            **RulePolicy.get_default_config(),
            "interruptions": [],
            "interruption_confidence": 0.0,
        }

    def _predict(self, tracker: DialogueStateTracker, domain: Domain) -> Any:  # noqa: ANN401
        loop = tracker.active_loop
        if loop is None or loop.rejected or not self._is_interrupted(tracker):
            return super()._predict(tracker, domain)
        loop.rejected = True
        try:
            return super()._predict(tracker, domain)
        finally:
            loop.rejected = False

    @staticmethod
    def _is_expected(text: str, tracker: DialogueStateTracker) -> bool:
        """Whether a quick reply of the form's question is meant, whatever the text looks like."""
        expected = tracker.get_slot("form_expected") or []
        return text in expected or bool(expected and PLACE.fullmatch(text))

    def _is_interrupted(self, tracker: DialogueStateTracker) -> bool:
        """Whether the message just said interrupts, and the form has not gone on since."""
        for event in reversed(tracker.events):
            if isinstance(event, ActionExecuted) and event.action_name == tracker.active_loop_name:
                return False
            if isinstance(event, UserUttered):
                text = (event.text or "").strip()
                if BARE_NUMBER.fullmatch(text) or self._is_expected(text, tracker):
                    return False
                sure = event.intent.get("confidence", 1.0) or 0.0
                return (
                    event.intent_name in self.config["interruptions"]
                    and sure >= self.config["interruption_confidence"]
                )
        return False

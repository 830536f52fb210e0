"""A stage for actions: calls them as Rasa 3.6 does, through the executor, on a real database."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from actions.catalogue import Telling, UseCases, make_actions
from actions.forms.asking import question
from actions.forms.draft import Draft, of_json
from actions.forms.load import load_forms
from actions.forms.storing import need_of
from actions.server import make_executor
from actions.understanding.second import SecondReading
from core.domain.conversations import Address
from core.domain.needs import NeedDraft
from core.domain.records import Record
from core.ports.unit_of_work import Units
from core.services.handoffs.office import Office
from core.services.matching.finding import FindMatches
from core.services.matching.needs import MatchNeed
from core.services.records import StoreRecords
from keqiao.decisions import decide_submission
from keqiao.desks.office import make_opening
from keqiao.pushing import make_orders
from scheduler.words import bond_words, report_change
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups
from tests.offices import UNATTENDED, make_office

SAID_AT = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
"""A Saturday morning in Shanghai."""
DOMAIN = Path(__file__).parents[3] / "bot" / "domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of the assistant, with the domain's words filled in."""

    response: str
    text: str
    buttons: list[dict[str, str]]
    custom: dict[str, Any]

    @property
    def payloads(self) -> list[str]:
        """What the buttons say."""
        return [button["payload"] for button in self.buttons]


class Stage:
    """One conversation: keeps slots and the active form, and plays Rasa's form around actions."""

    def __init__(
        self,
        units: Units,
        knowledge: FakeKnowledgeBase | None = None,
        office: Office | None = None,
        second: SecondReading | None = None,
    ) -> None:
        self.units = units
        self.clock = FakeClock(SAID_AT)
        self.knowledge = knowledge or FakeKnowledgeBase()
        store_records = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=self.knowledge,
            wakeups=RecordingWakeups(),
            report_change=report_change,
        )
        self.decide = decide_submission(store_records)
        match_need = MatchNeed(units=units, clock=self.clock, knowledge=self.knowledge)
        find = FindMatches(units=units, match_need=match_need)
        self.move_order = make_orders(find)
        use = UseCases.on(
            units=units,
            clock=self.clock,
            knowledge=self.knowledge,
            telling=Telling(
                open_handoff=make_opening(
                    office or make_office(units, self.clock, desks=UNATTENDED)
                ),
                decide_submission=self.decide,
                move_order=self.move_order,
                bond_words=bond_words(),
            ),
        )
        self.executor = make_executor(make_actions(use, second=second))
        self.address = Address(channel="web", user="li")
        self.metadata: dict[str, Any] = {}
        self.slots: dict[str, Any] = {}
        self.form: str | None = None
        self.events: list[dict[str, Any]] = []
        self.spoken = 0
        self.next_action: str | None = None
        self.responses = _responses()

    def load(self, *records: Record) -> None:
        """Store records and index them."""
        with self.units() as unit:
            for record in records:
                unit.records.put(record)
            unit.commit()
        self.knowledge.index_records(records)

    def tell(self, action: str, text: str) -> list[Said]:
        """The person says `text` and Rasa runs one action."""
        self._hear(text)
        return self.run(action)

    @property
    def draft(self) -> Draft:
        """The open form's draft."""
        found = of_json(self.slots.get("form_draft"))
        assert found is not None
        return found

    @property
    def asked(self) -> str:
        """The name of the question that stands: region, budget.unit, confirm, leave, return."""
        return question(load_forms()[self.draft.form], self.draft).name

    @property
    def need(self) -> NeedDraft:
        """What the open need holds."""
        return need_of(load_forms()["need"], self.draft.values)

    def asked_after(self, text: str) -> str:
        """The name of the question that the form asks after `text`."""
        self.tell_form(text)
        return self.asked

    def tell_form(self, text: str, *, intent: str = "inform") -> list[Said]:
        """The person says `text`, understood as `intent`, and Rasa runs the form."""
        self._hear(text, intent)
        return self.run_form()

    def interrupt(self, action: str, text: str) -> list[Said]:
        """The person says `text`; Rasa runs `action` and then goes on with the form."""
        self._hear(text)
        return [*self.run(action), *self.run_form()]

    def run_form(self) -> list[Said]:
        """Validate (twice when it opens, as Rasa does), then ask or submit."""
        if self.form is None:
            self.run("validate_any_form", apply=False)
        said = self.run("validate_any_form", before=("any_form",))
        self.form = "any_form"
        if self.slots.get("requested_slot") is None:
            self.form = None
            return [*said, *self.run("action_submit_form"), *self._go_on()]
        return [*said, *self.run("action_ask_form_answer")]

    def _go_on(self) -> list[Said]:
        """Rasa goes on with a form that the last action opened."""
        return self.run_form() if self.form else []

    def run(self, action: str, *, before: tuple[str, ...] = (), apply: bool = True) -> list[Said]:
        """Run one action and apply its events."""
        for name in before:
            self.events.append({"event": "action", "name": name})
        result = asyncio.run(self.executor.run(self._call(action)))
        assert result is not None
        if apply:
            self.events.append({"event": "action", "name": action})
            for event in result.events:
                self._apply(event)
        return [self._said(message) for message in result.responses]

    def _hear(self, text: str, intent: str = "inform") -> None:
        self.spoken += 1
        self.message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [],
            "metadata": {
                "message_id": f"m{self.spoken}",
                "channel": self.address.channel,
                "user": self.address.user,
                "said_at": self.clock.now().isoformat(),
                **self.metadata,
            },
        }
        spoken = {"event": "user", "text": text, "timestamp": SAID_AT.timestamp()}
        self.events.append({**spoken, "metadata": self.message["metadata"]})

    def _call(self, action: str) -> dict[str, Any]:
        return {
            "next_action": action,
            "sender_id": "web:li",
            "version": "3.6.21",
            "domain": {"responses": {}},
            "tracker": {
                "sender_id": "web:li",
                "slots": dict(self.slots),
                "latest_message": self.message,
                "events": list(self.events),
                "paused": False,
                "followup_action": None,
                "active_loop": {"name": self.form} if self.form else {},
                "latest_action_name": "action_listen",
            },
        }

    def _apply(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "slot":
            self.slots[event["name"]] = event["value"]
            self.events.append(dict(event))
        elif event["event"] == "active_loop":
            self.form = event["name"]
        elif event["event"] == "followup":
            self.next_action = event["name"]

    def _said(self, message: Mapping[str, Any]) -> Said:
        name = message.get("response") or ""
        if not name:
            custom = message["custom"]
            return Said(
                response="",
                text=custom["text"],
                buttons=custom.get("buttons", []),
                custom=custom,
            )
        template = self.responses[name]
        buttons = [*template.get("buttons", ()), *message["buttons"]]
        text = template["text"].format(**message)
        return Said(response=name, text=text, buttons=buttons, custom=template.get("custom", {}))


def _responses() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for file in DOMAIN.glob("*.yml"):
        domain = yaml.safe_load(file.read_text(encoding="utf-8"))
        found |= {name: said[0] for name, said in (domain.get("responses") or {}).items()}
    return found

"""Conversations made up by chance: valid moves in any order, against a model of what is known.

A `Person` says things to the engine of forms and keeps what they meant. After every message the
draft has to agree with it: nothing lost, nothing invented, nothing asked that is known.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from actions.forms import engine
from actions.forms.asking import question
from actions.forms.draft import CONFIRM, RETURN, Draft, State, is_declined, of_json, to_json
from actions.forms.engine import Said
from actions.forms.form import Field, Form
from core.domain.conversations import ReplyKind
from core.domain.records import Record
from tests.conversations.pools import CORRECTIONS, DOUBTS, NONSENSE, POOLS, RECORDS, SKIPS, Value
from tests.conversations.script import BEGINS

MOVES = 24
"""At most so many moves before the person only answers what is asked."""

HALF = 0.5

type Meant = Mapping[str, Any] | None
"""What a person meant by a value, as parts of its JSON; None: declined."""


@dataclass(slots=True)
class Person:
    """One made-up conversation; `lines` is its transcript, for who has to look at it."""

    form: Form
    chance: random.Random
    now: datetime = BEGINS
    meant: dict[str, Meant] = field(default_factory=dict)
    said: dict[str, Value] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    draft: Draft | None = None
    number: int = 0

    def talk(self) -> Draft:
        """The whole conversation; the draft as it was confirmed."""
        self._open()
        for _ in range(self.chance.randrange(MOVES)):
            moves = list(self._moves())
            self.chance.choice(moves)()
            if self._draft.state is State.DONE:
                break
        return self._finish()

    @property
    def _draft(self) -> Draft:
        assert self.draft is not None
        return self.draft

    @property
    def _asked(self) -> Field | None:
        return self.form.field(self._draft.asked)

    def _finish(self) -> Draft:
        for _ in range(2 * len(self.form.fields) + 4):
            if self._draft.state is State.DONE:
                break
            if self._draft.state is State.LEFT:
                self._open()
            self._answer()
        assert self._draft.state is State.DONE, "it never came to an end"
        assert self._draft.key, "nothing says which message confirmed it"
        return self._draft

    # -- moves ---------------------------------------------------------------------------------

    def _moves(self) -> Iterator[Callable[[], None]]:
        if self._draft.state is State.LEFT:
            yield self._open
            return
        if self._draft.leaving:
            yield self._stay
            yield self._give_up
            return
        if self._draft.asked == RETURN:
            yield self._answer
            yield self._pause_and_interrupt
            return
        yield from (self._answer, self._answer, self._answer, self._nonsense, self._interrupt)
        yield from (self._cancel, self._pause_and_interrupt, self._pause_and_answer)
        if self._asked is not None:
            yield from (self._skip, self._go_on, self._skip_rest, self._doubtful)
        if self._talks_freely and self._volunteers():
            yield from (self._volunteer, self._answer_and_volunteer)
        if self._talks_freely and self._corrections():
            yield from (self._correct, self._correct, self._repeat)

    def _open(self) -> None:
        self.meant, self.said = {}, {}
        called = self.form.title
        self._say(f"我要登记{called}", engine.begin, begins=True)

    def _answer(self) -> None:
        """Whatever is asked is answered."""
        if self._draft.leaving:
            self._stay()
        elif self._draft.asked == RETURN:
            self._say(self.chance.choice(["继续", "好的"]), self._hear)
        elif self._asked is None:
            self._say(self.chance.choice(["确认", "确认提交", "没问题，提交吧"]), self._hear)
        else:
            value = self._value(self._asked)
            self._take(self._asked, value)
            self._say(value.said, self._hear)

    def _answer_and_volunteer(self) -> None:
        others = [one for one in self._volunteers() if one is not self._asked]
        asked = self._asked
        if asked is None or not others or asked.kind.own:
            return
        other = self.chance.choice(others)
        first, second = self._value(asked), self._value(other)
        self._take(asked, first)
        self._take(other, second)
        self._say(f"{first.said}，{second.volunteered}", self._hear)

    def _volunteer(self) -> None:
        one = self.chance.choice(self._volunteers())
        value = self._value(one)
        self._take(one, value)
        self._say(value.volunteered, self._hear)

    def _correct(self) -> None:
        one = self.chance.choice(self._corrections())
        old = self.said[one.name]
        value = self._value(one, other_than=old)
        ways = 3 if old.said.startswith("不") else value.ways
        pattern = self.chance.choice(CORRECTIONS[:ways])
        self._take(one, value)
        self._say(pattern.format(called=value.called, said=value.said, old=old.said), self._hear)

    def _repeat(self) -> None:
        """What is known, said again, changes nothing."""
        known = [self.said[name] for name in self.said if self.said[name].volunteered]
        if known:
            self._say(self.chance.choice(known).volunteered, self._hear)

    def _skip(self) -> None:
        asked = self._asked
        if asked is None:
            return
        if not asked.required and asked.name not in self.meant:
            self.meant[asked.name] = None
        elif not asked.required:
            return  # a doubt about something known: what skipping it means is not settled
        self._say(self.chance.choice(SKIPS), self._hear)

    def _skip_rest(self) -> None:
        """提交 before the end: what is not said stays open."""
        asked = self._asked
        if asked is None or asked.required or self._draft.doubt:
            return
        for one in self.form.fields:
            if one.name not in self.meant and not one.required:
                self.meant[one.name] = None
        self._say("就这些，提交", self._hear)

    def _doubtful(self) -> None:
        """An answer that is asked back, and then settled."""
        asked = self._asked
        if asked is None or asked.name in self.meant:
            return
        doubtful = DOUBTS.get(type(asked.kind).__name__)
        if doubtful:
            said, kind, settled, meant = self.chance.choice(doubtful)
            self._say(said, self._hear)
            doubt = self._draft.doubt
            assert doubt is not None, f"{said} was taken without a doubt"
            assert (doubt.field, doubt.kind) == (asked.name, kind)
            if self.chance.random() < HALF:
                self._interrupt()
            self._take(asked, Value(said=settled, meant=meant))
            self._say(settled, self._hear)

    def _nonsense(self) -> None:
        self._say(self.chance.choice(NONSENSE), self._hear)

    def _go_on(self) -> None:
        self._say("继续", self._hear)

    def _interrupt(self) -> None:
        """Something else is asked and served; the form says its question again."""
        before = self._draft.asked
        self._say("最近有什么路演？", engine.resume)
        assert self._draft.asked == before, "an interruption changed the question"

    def _pause_and_interrupt(self) -> None:
        self.now += timedelta(days=self.chance.randrange(1, 9))
        self._say("揭榜挂帅怎么申报？", engine.resume)
        assert self._draft.asked == RETURN, "after days it is not asked whether to go on"

    def _pause_and_answer(self) -> None:
        self.now += timedelta(days=self.chance.randrange(1, 9))
        self._answer()

    def _cancel(self) -> None:
        known = len(self._draft.known)
        self._say("取消", engine.leave)
        if self._draft.state is State.LEFT:
            assert known < engine.WORTH_ASKING, "so much was given up without asking"

    def _stay(self) -> None:
        self._say(self.chance.choice(["继续填写", "继续"]), self._hear)
        assert self._draft.state is State.OPEN, "it was given up although the person stayed"

    def _give_up(self) -> None:
        self._say(self.chance.choice(["是的", "确定"]), self._hear)
        assert self._draft.state is State.LEFT, "it was not given up"

    # -- what may be said ----------------------------------------------------------------------

    def _value(self, one: Field, *, other_than: Value | None = None) -> Value:
        values = POOLS[type(one.kind).__name__](one)
        return self.chance.choice([each for each in values if each != other_than])

    @property
    def _records(self) -> tuple[Record, ...]:
        return RECORDS if self.form.open_library else ()

    @property
    def _talks_freely(self) -> bool:
        """A text field takes what it is told for its answer, so nothing else is said to it."""
        return self._asked is None or not self._asked.kind.labelled

    def _volunteers(self) -> list[Field]:
        return [
            one
            for one in self.form.fields
            if one.name not in self.meant
            and POOLS[type(one.kind).__name__](one)[0].volunteered
            and not (one.kind.reader == "modes" and self._asked and self._asked.kind.own)
        ]

    def _corrections(self) -> list[Field]:
        return [
            one
            for one in self.form.fields
            if self.meant.get(one.name) and self.said[one.name].called
        ]

    def _take(self, one: Field, value: Value) -> None:
        self.meant[one.name] = value.meant
        self.said[one.name] = value

    # -- saying it -----------------------------------------------------------------------------

    def _hear(self, form: Form, draft: Draft, said: Said) -> Draft:
        return engine.hear(form, draft, said)

    def _say(self, text: str, step: Callable[..., Draft], *, begins: bool = False) -> None:
        self.number += 1
        self.now += timedelta(minutes=1)
        self.lines.append(f"> {text}")
        said = Said(text=text, at=self.now, key=f"test:{self.number}", records=self._records)
        arguments = (self.form, said) if begins else (self.form, self._draft, said)
        self.draft = step(*arguments)
        self.lines.append(f"    {self._draft.state} {self._draft.asked} {self._draft.doubt}")
        self._look()

    def _look(self) -> None:
        """What holds after every message."""
        draft = self._draft
        assert of_json(to_json(draft)) == draft, "it is not the same after it was stored"
        if draft.state is not State.OPEN:
            return
        asked = question(self.form, draft, self._records)
        assert asked.reply.text.strip(), "the question is empty"
        assert asked.reply.kind in {ReplyKind.QUESTION, ReplyKind.CONFIRM}
        self._compare()
        self._look_at_question()

    def _compare(self) -> None:
        values = self._draft.values
        assert set(values) == set(self.meant), (
            f"lost {set(self.meant) - set(values)}, invented {set(values) - set(self.meant)}"
        )
        for name, meant in self.meant.items():
            value = values[name]
            assert is_declined(value) == (meant is None), f"{name}: {value} for {meant}"
            for part, wish in (meant or {}).items():
                assert value[part] == wish, f"{name}: {part} is {value[part]!r}, not {wish!r}"

    def _look_at_question(self) -> None:
        draft = self._draft
        if draft.asked == RETURN or draft.leaving:
            return
        if draft.doubt is None:
            assert draft.asked == self.form.next(
                {name: draft.values[name] for name in self.meant}
            ), "not what is most useful next"
        elif draft.asked != CONFIRM:
            known = draft.asked in self.meant and draft.doubt.kind not in {"change", "reach"}
            assert not known, f"{draft.asked} is known and asked again: {draft.doubt}"

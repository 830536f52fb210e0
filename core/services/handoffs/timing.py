"""Handoffs that nobody takes or answers in time."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.handoffs import HandoffId, HandoffState, Step
from core.ports.wakeups import Work
from core.services.handoffs.office import Office

CLOCK = "clock"
"""Who ended the wait, in the audit."""

BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOutHandoffs:
    """Let the bot answer again where nobody came; the person is told, it stays in the queue."""

    office: Office

    def __call__(self) -> int:
        """Time out what is due now; returns how many."""
        now = self.office.clock.now()
        with self.office.units() as unit:
            due = unit.handoffs.due(now, BATCH)
        done = sum(self._time_out(number, now) for number in due)
        if done:
            self.office.wakeups.wake(Work.OUTBOX)
        return done

    def _time_out(self, number: HandoffId, now: datetime) -> bool:
        office = self.office
        with office.units() as unit:
            handoff = unit.handoffs.get(number, hold=True)
            if not handoff.silent or handoff.due_at is None or handoff.due_at > now:
                return False  # something happened while it was looked for
            late = "late_taken" if handoff.state is HandoffState.TAKEN else "late_waiting"
            moved = handoff.timed_out()
            unit.handoffs.save(moved)
            event = office.note(unit, moved, Step.TIMED_OUT, by=CLOCK)
            if event is not None:
                told = office.say(late, number=moved.id, desk=moved.desk)
                office.tell(unit, moved.address, told, key=event.key)
                office.tell_desk(unit, moved, "desk_late", key=event.key)
            unit.commit()
        return True

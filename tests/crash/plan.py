"""What a run is to do, and what it reports."""

from dataclasses import dataclass
from datetime import datetime

from tests.crash.audit import Findings
from tests.crash.servers import Broker


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much is promised, and how hard it is made to keep it."""

    reminders: int
    messages: int
    kills: int
    """Processes, database connections and brokers killed, all together."""
    seed: str
    seconds: float
    """The run fails when it is not over by then."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A run."""

    variant: str
    sizes: Sizes
    begin: datetime
    database: str
    processes: tuple[tuple[str, int], ...]
    """Roles, and how many of each."""
    broker: Broker | None = None
    broker_kills: int = 0


@dataclass(kw_only=True)
class Report:
    """What was done and what was found."""

    plan: Plan
    took: float
    faults: dict[str, int]
    points: dict[str, int]
    moods: dict[str, int]
    surprises: list[str]
    findings: Findings

    @property
    def wrong(self) -> list[str]:
        """What was not as promised; empty when all was."""
        found, most = self.findings, max(1, self.plan.sizes.reminders / 1000)
        wrong = [*self.surprises, *found.wrong]
        if found.doubled > most:
            wrong.append(f"{found.doubled} messages were seen twice, {most:.0f} are allowed")
        return wrong

    def lines(self) -> list[str]:
        """For people."""
        sizes, found = self.plan.sizes, self.findings
        listed = (
            ("faults", self.faults),
            ("killed at", self.points),
            ("platforms", self.moods),
            ("ends", found.ends),
        )
        return [
            f"== {self.plan.variant}, seed {sizes.seed}, {self.took:.0f} s",
            f"{'promised':10} {sizes.reminders:6}  reminders",
            f"{'promised':10} {sizes.messages:6}  answers to messages that came in",
            *(
                f"{title:10} {times:6}  {name}"
                for title, counts in listed
                for name, times in sorted(counts.items())
            ),
            f"{'messages':10} {found.handled:6}  came in and were answered once",
            f"{'messages':10} {found.said_again:6}  were said to the bot again",
            f"{'messages':10} {found.repeated:6}  were given to a platform again",
            f"{'messages':10} {found.doubled:6}  were seen twice by people",
            f"{'messages':10} {found.unheard:6}  arrived and are not known to have",
            *(f"WRONG {line}" for line in self.wrong[:20]),
        ]

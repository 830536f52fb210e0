"""One run: a site at work, what it stands on killed again and again, and the account after."""

import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from secrets import token_hex

from core.persistence import SqlUnits, migrate
from tests.crash.audit import Witnesses, examine
from tests.crash.clock import SharedClock
from tests.crash.faults import Faults
from tests.crash.house import House
from tests.crash.ledger import watching
from tests.crash.plan import Plan, Report
from tests.crash.platforms import Platforms
from tests.crash.servers import free_port
from tests.crash.story import Talk, promise, script
from tests.fakes.rasa import FakeRasa

HOOK_SECRET = "whsec_Y3Jhc2hjcmFzaGNyYXNoY3Jhc2g="  # noqa: S105 -- of a neighbour that is ours
TOLD_EVERY = 10.0

STANDSTILL = 1.5
"""Seconds in which nothing happens, though something is due."""


class Run:
    """Keeps a site busy and hurts it until all is done; its parts end with the stack."""

    def __init__(self, plan: Plan, folder: Path, stack: ExitStack) -> None:
        self._plan = plan
        self._folder = folder
        random = Random(plan.sizes.seed)  # noqa: S311 -- a seeded test
        self._random = random
        self._clock = SharedClock(folder / "clock")
        self._clock.set(plan.begin)
        migrate(plan.database)
        self._ledger = stack.enter_context(watching(plan.database))
        self._platforms = stack.enter_context(Platforms(self._clock, plan.sizes.seed))
        token = token_hex(8)
        self._bot = stack.enter_context(FakeRasa(script(plan.sizes.messages), token=token))
        self._house = House(folder=folder, random=random, clock_file=folder / "clock")
        self._faults = Faults(
            plan=plan,
            random=random,
            house=self._house,
            ledger=self._ledger,
            clock=self._clock,
            bot=self._bot,
        )
        self._talk = Talk(
            port=free_port(),
            secret=HOOK_SECRET,
            clock=self._clock,
            count=plan.sizes.messages,
            progress=self.progress,
        )
        self._people_the_house(token)
        self._ended = 0
        self._seen = (0, 0, 0)
        self._moved_at = 0.0
        self._patience = STANDSTILL
        self._told_at = 0.0

    def progress(self) -> float:
        """How much of what was promised has come to an end."""
        return self._ended / max(self._plan.sizes.reminders, 1)

    def play(self) -> Report:
        """Until everything has an end and everything was killed often enough."""
        sizes = self._plan.sizes
        units = SqlUnits(self._ledger.engine)
        keys = promise(units, sizes.reminders, self._plan.begin, self._random)
        self._house.warm_up()
        began = time.monotonic()
        self._talk.start()
        try:
            while not self._over():
                took = time.monotonic() - began
                assert took < sizes.seconds, f"not over in time: {self._ledger.told()}"
                self._step(took)
                time.sleep(0.05)
        finally:
            self._talk.end()
            self._house.end()
            self._faults.end()
        return self._report(keys, time.monotonic() - began)

    def _people_the_house(self, token: str) -> None:
        plan = self._plan
        settings = {
            "database_url": plan.database,
            "broker_url": plan.broker.url if plan.broker else None,
            "port": self._talk.port,
            "bot_port": int(self._bot.url.rpartition(":")[2]),
            "webhook_secret": HOOK_SECRET,
            "webhook_out_url": f"{self._platforms.url}/out",
            "webhook_internal": True,
            "wecom_robot_key": "key-default",
            "wecom_api_base": self._platforms.url,
        }
        for role, many in plan.processes:
            self._house.add(role, settings, many=many)
        for place in self._house.places:
            secrets = self._folder / place.name / "secrets"
            secrets.mkdir(parents=True)
            (secrets / "bot-token").write_text(token)

    def _step(self, took: float) -> None:
        self._house.tend()
        self._faults.next(self.progress())
        self._skip_quiet()
        self._skip_standstill()
        if took - self._told_at > TOLD_EVERY:
            self._told_at = took
            sys.stderr.write(
                f"  {took:4.0f} s: {self.progress():4.0%} has an end, {self._faults.kills} kills, "
                f"{len(self._talk.acknowledged)} messages in, {self._clock.now():%d %H:%M}\n"
            )

    def _over(self) -> bool:
        going_out, coming_in = self._ledger.open()
        self._ended = max(0, self._plan.sizes.reminders - going_out)
        done = not (going_out or coming_in) and self._talk.over
        return done and self._faults.kills >= self._plan.sizes.kills

    def _skip_quiet(self) -> None:
        """When nothing is to be done now, jump to a little after what is next."""
        if self._platforms.in_flight or not self._may_go_on():
            return
        now, coming = self._clock.now(), self._ledger.next_event()
        if coming is not None and coming > now + timedelta(seconds=1):
            self._jump(coming - now + timedelta(minutes=6 * self._random.random() ** 2))

    def _skip_standstill(self) -> None:
        """When something is due and nobody can do it, a lease of the dead has to run out."""
        now, seen = time.monotonic(), (self._ended, self._platforms.taken, len(self._bot.said))
        if seen != self._seen or self._platforms.in_flight:
            self._seen, self._moved_at, self._patience = seen, now, STANDSTILL
        elif now - self._moved_at > self._patience and self._may_go_on():
            # Twice as long the next time: on a busy machine nobody may have had a turn yet.
            self._moved_at, self._patience = now, 2 * self._patience
            self._jump(timedelta(seconds=31))

    def _jump(self, step: timedelta) -> None:
        self._clock.move(step)
        self._faults.done["clock jumped forward"] += 1

    def _may_go_on(self) -> bool:
        """Whether there were as many kills as there should be by now."""
        return self.progress() * self._plan.sizes.kills <= self._faults.kills + 3

    def _report(self, keys: list[str], took: float) -> Report:
        witnesses = Witnesses(
            promised=keys,
            acknowledged=self._talk.acknowledged,
            platforms=self._platforms,
            heard=Counter(body["metadata"]["message_id"] for body in self._bot.said),
        )
        with self._ledger.engine.connect() as connection:
            findings = examine(connection, witnesses)
        return Report(
            plan=self._plan,
            took=took,
            faults=self._faults.all(),
            points=self._house.points(),
            moods={str(mood): times for mood, times in self._platforms.moods.items()},
            surprises=self._house.surprises,
            findings=findings,
        )

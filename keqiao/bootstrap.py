"""The wiring: the only module that knows every implementation, each built when first asked for."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from core.ports.wakeups import Wakeups
from core.services.conversations import AcceptInbound, HandleInbound
from core.services.matching.finding import FindMatches
from core.services.matching.needs import MatchNeed
from core.services.matching.records import MatchRecord
from core.services.own_needs.moving import MoveNeed
from keqiao.clock import SystemClock
from keqiao.logs import configure_logs
from keqiao.secrets import make_private, secret
from keqiao.settings import Settings, load_settings

if TYPE_CHECKING:  # each is imported when it is first asked for
    from actions.catalogue import UseCases
    from channels.bot import RasaDialogue
    from channels.broadcasts.settings import BroadcastSettings
    from channels.connections import Connection
    from channels.desk.settings import DeskSettings
    from channels.web.bell import Bell
    from core.services.handoffs.office import Office
    from core.services.records import StoreRecords
    from keqiao.libraries.joined import Libraries
    from knowledge.base import IndexedKnowledgeBase
    from scheduler.broker import BrokerWakeups
    from scheduler.heartbeat import Heartbeat
    from scheduler.worker import Worker


@dataclass(frozen=True)
class Site:
    """One site, joined from its settings."""

    settings: Settings

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock."""
        return SystemClock()

    @cached_property
    def units(self) -> Units:
        """Transactions on the database, migrated to the newest revision."""
        from core.persistence import SqlUnits, make_engine, migrate

        make_private(self.settings.home)
        migrate(self.settings.database)
        return SqlUnits(make_engine(self.settings.database))

    @cached_property
    def broker(self) -> BrokerWakeups:
        """Nudges between processes, through the server of the settings."""
        from scheduler.broker import BrokerWakeups

        return BrokerWakeups(self.settings.broker_url or "")

    @cached_property
    def wakeups(self) -> Wakeups:
        """Nudges within the process, or through the broker when one is set."""
        if self.settings.broker_url:
            return self.broker
        from scheduler.wakeups import LocalWakeups

        return LocalWakeups()

    @cached_property
    def knowledge(self) -> IndexedKnowledgeBase:
        """Documents and records, indexed in the home folder."""
        from keqiao.models import knowledge_base

        return knowledge_base(self.settings, self.units, self.clock)

    @cached_property
    def dialogue(self) -> RasaDialogue:
        """The bot across the yard."""
        from channels.bot import RasaDialogue

        return RasaDialogue(self.settings.bot_url, token=secret(self.settings.home, "bot-token"))

    @cached_property
    def bell(self) -> Bell:
        """Joins the web sender with the open streams of this process."""
        from channels.web.bell import Bell

        return Bell()

    @cached_property
    def senders(self) -> tuple[Sender, ...]:
        """The doors out that the settings open."""
        from keqiao.doors.joined import make_senders

        return make_senders(self.settings, bell=self.bell, units=self.units, clock=self.clock)

    @property
    def accept_inbound(self) -> AcceptInbound:
        """The door in."""
        return AcceptInbound(units=self.units, clock=self.clock, wakeups=self.wakeups)

    @cached_property
    def office(self) -> Office:
        """The desks of people, and what handoffs to them need."""
        from keqiao.desks.office import make_office

        return make_office(self.settings, units=self.units, clock=self.clock, wakeups=self.wakeups)

    @property
    def desk(self) -> DeskSettings:
        """What liaisons may do, and whose tokens are in force at each moment."""
        from keqiao.desks.office import make_desk

        return make_desk(self.settings, self.office)

    @cached_property
    def handle_inbound(self) -> HandleInbound:
        """From the inbox through the bot to the outbox."""
        from keqiao.desks.office import make_hearing
        from scheduler.words import notices

        return HandleInbound(
            units=self.units,
            clock=self.clock,
            dialogue=self.dialogue,
            knowledge=self.knowledge,
            wakeups=self.wakeups,
            handoffs=make_hearing(self.office),
            notices=notices(),
            since=self.clock.now(),
        )

    @property
    def use_cases(self) -> UseCases:
        """What the actions do."""
        from actions.catalogue import UseCases
        from keqiao.decisions import make_telling

        telling = make_telling(self.store_records, self.office, self.find_matches)
        on = partial(UseCases.on, units=self.units, clock=self.clock, knowledge=self.knowledge)
        return on(telling=telling)

    @property
    def match_need(self) -> MatchNeed:
        """Ranking records for a need."""
        return MatchNeed(units=self.units, clock=self.clock, knowledge=self.knowledge)

    @property
    def match_record(self) -> MatchRecord:
        """Ranking needs for a record."""
        return MatchRecord(units=self.units, clock=self.clock, knowledge=self.knowledge)

    @property
    def find_matches(self) -> FindMatches:
        """What matches a stored need, without what its person declined."""
        return FindMatches(units=self.units, match_need=self.match_need)

    @property
    def move_need(self) -> MoveNeed:
        """An operator's move of a need."""
        from scheduler.words import report_move

        return MoveNeed(
            units=self.units, clock=self.clock, wakeups=self.wakeups, report=report_move
        )

    @cached_property
    def libraries(self) -> Libraries:
        """Everything that is done with records of the libraries."""
        from keqiao.libraries.joined import Libraries
        from scheduler.words import EventWords

        words = EventWords.load(site=self.settings.public_url or "")
        made = partial(Libraries, units=self.units, clock=self.clock, knowledge=self.knowledge)
        return made(home=self.settings.home, wakeups=self.wakeups, words=words)

    @property
    def store_records(self) -> StoreRecords:
        """Records into the libraries."""
        return self.libraries.store

    @property
    def broadcasting(self) -> BroadcastSettings:
        """What operators do with broadcasts."""
        from keqiao.audiences import make_broadcasting

        return make_broadcasting(
            self.settings, units=self.units, clock=self.clock, wakeups=self.wakeups
        )

    def web_app(self) -> Callable[..., Awaitable[None]]:
        """The gateway's ASGI application."""
        from channels.gateway.app import make_app
        from keqiao.doors.joined import make_gateway_settings
        from keqiao.readiness import Readiness

        ready = Readiness(units=self.units, clock=self.clock, revisions=self.database_revisions)
        app = make_app(
            make_gateway_settings(self.settings, desk=self.desk, broadcasts=self.broadcasting),
            accept=self.accept_inbound,
            units=self.units,
            bell=self.bell,
            probes={"bot": self.dialogue.reachable, **ready.probes()},
            find_records=self.libraries.find,
        )
        if self.settings.console:
            from keqiao.console.opening import open_console

            opened = partial(open_console, app, self.settings, libraries=self.libraries)
            find, move, many = self.find_matches, self.move_need, self.broadcasting
            opened(desk=self.desk, find_matches=find, move_need=move, broadcasting=many)
        return app

    def connections(self) -> tuple[Connection, ...]:
        """The long connections to platforms, not yet open."""
        from keqiao.doors.joined import make_connections

        return make_connections(self.settings, accept=self.accept_inbound, units=self.units)

    def worker(self) -> Worker:
        """The loops over inbox and outbox, not yet started."""
        from scheduler.dispatcher import Dispatcher
        from scheduler.worker import Worker

        # One each, so that a platform that hangs holds up nobody but itself.
        through = partial(Dispatcher, self.units, self.clock, wakeups=self.wakeups)
        steps = (through([sender]).dispatch_one for sender in self.senders)
        return Worker(self.handle_inbound, *steps, wakeups=self.wakeups)

    def heartbeat(self) -> Heartbeat:
        """The scheduler's tick, not yet started."""
        from keqiao.pushing import make_heartbeat

        find, libraries = self.find_matches, self.libraries
        return make_heartbeat(self.settings, self.office, find=find, libraries=libraries)

    def serve_actions(self) -> None:
        """Serve the action server until the process is told to end."""
        from actions.catalogue import make_actions
        from actions.server import serve
        from keqiao.models import second_reading

        forms, second = self.settings.home / "forms", second_reading(self.settings)
        actions = make_actions(self.use_cases, forms, second=second)
        threading.Thread(target=self.warm_up, name="warm-up", daemon=True).start()
        serve(actions, host="127.0.0.1", port=self.settings.actions_port)

    def close(self) -> None:
        """Let go of connections; parts that were never asked for were never made."""
        made = vars(self)
        names = ("dialogue", "knowledge", "wakeups")
        for part in (*made.get("senders", ()), *map(made.get, names)):
            if hasattr(part, "close"):
                part.close()

    def warm_up(self) -> None:
        """Load what the first messages would wait for: readers, index, word lists."""
        from actions.understanding.extract import warm_up

        warm_up(self.clock.now())
        self.knowledge.warm_up()

    def database_revisions(self) -> tuple[str | None, str]:
        """The revision the database has (None: no tables yet) and the newest one."""
        from core.persistence import current_revision, head_revision

        return current_revision(self.settings.database), head_revision()


@contextmanager
def open_site(**overrides: object) -> Iterator[Site]:
    """Read the settings and join the parts, each when it is first used; let go of them after."""
    settings = load_settings(**overrides)
    configure_logs(settings.log_level, settings.log_format)
    site = Site(settings)
    try:
        yield site
    finally:
        site.close()

"""The wiring: the only module that knows every implementation.

A `Site` builds each part when it is first asked for, so that a command pays only for what it uses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from core.domain.conversations import Address
from core.ports.clock import Clock
from core.ports.dialogue import Dialogue
from core.ports.knowledge_base import KnowledgeBase
from core.ports.sender import Sender
from core.ports.unit_of_work import Units
from core.ports.wakeups import Wakeups
from core.services.conversations import AcceptInbound, HandleInbound
from core.services.needs import MatchNeed
from core.services.records import StoreRecords
from core.services.reminders import QueueDueReminders
from keqiao.clock import SystemClock
from keqiao.logs import configure_logs
from keqiao.secrets import secret
from keqiao.settings import Settings, load_settings

WECOM_GROUP = Address(channel="wecom-robot", user="default")
"""The group robot of the settings, told of every reminder."""


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

        self.settings.home.mkdir(parents=True, exist_ok=True)
        migrate(self.settings.database)
        return SqlUnits(make_engine(self.settings.database))

    @cached_property
    def wakeups(self) -> Wakeups:
        """Nudges within the process, or through the broker when one is set."""
        if self.settings.broker_url:
            from scheduler.broker import BrokerWakeups

            return BrokerWakeups(self.settings.broker_url)
        from scheduler.wakeups import LocalWakeups

        return LocalWakeups()

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        """Documents and records, indexed in the home folder."""
        from knowledge.base import IndexedKnowledgeBase

        return IndexedKnowledgeBase(
            units=self.units,
            home=self.settings.home / "index",
            clock=self.clock,
            chroma_url=self.settings.chroma_url,
        )

    @cached_property
    def dialogue(self) -> Dialogue:
        """The bot across the yard."""
        from channels.bot import RasaDialogue

        return RasaDialogue(self.settings.bot_url, token=secret(self.settings.home, "bot-token"))

    @cached_property
    def senders(self) -> tuple[Sender, ...]:
        """The doors out that the settings open."""
        from channels.web.sender import WebSender

        settings = self.settings
        senders: list[Sender] = [WebSender()]
        if settings.wecom_robot_key:
            from channels.wecom.sender import WeComRobotSender

            senders.append(
                WeComRobotSender(
                    api_base=settings.wecom_api_base,
                    key=settings.wecom_robot_key.get_secret_value(),
                )
            )
        if settings.webhook_secret and settings.webhook_out_url:
            from channels.webhook.sender import WebhookSender

            senders.append(
                WebhookSender(
                    url=settings.webhook_out_url,
                    secret=settings.webhook_secret.get_secret_value(),
                )
            )
        return tuple(senders)

    @property
    def accept_inbound(self) -> AcceptInbound:
        """The door in."""
        return AcceptInbound(units=self.units, clock=self.clock, wakeups=self.wakeups)

    @property
    def handle_inbound(self) -> HandleInbound:
        """From the inbox through the bot to the outbox."""
        from scheduler.words import notices

        return HandleInbound(
            units=self.units,
            clock=self.clock,
            dialogue=self.dialogue,
            knowledge=self.knowledge,
            wakeups=self.wakeups,
            notices=notices(),
        )

    @property
    def match_need(self) -> MatchNeed:
        """Ranking records for a need."""
        return MatchNeed(units=self.units, clock=self.clock, knowledge=self.knowledge)

    @property
    def store_records(self) -> StoreRecords:
        """Records into the libraries."""
        from scheduler.words import announce_event, report_change

        return StoreRecords(
            units=self.units,
            clock=self.clock,
            knowledge=self.knowledge,
            wakeups=self.wakeups,
            announce=announce_event,
            report_change=report_change,
        )

    @property
    def queue_due_reminders(self) -> QueueDueReminders:
        """Due reminders into the outbox."""
        from scheduler.words import render_reminder

        groups = (WECOM_GROUP,) if self.settings.wecom_robot_key else ()
        return QueueDueReminders(
            units=self.units,
            clock=self.clock,
            wakeups=self.wakeups,
            render=render_reminder,
            groups=groups,
        )


@contextmanager
def open_site(**overrides: object) -> Iterator[Site]:
    """Read the settings, join the parts, and let go of them at the end."""
    site = Site(load_settings(**overrides))
    configure_logs(site.settings.log_level)
    yield site

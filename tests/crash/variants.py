"""The four ways in which a site is put together, each with the servers it needs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from sqlalchemy import create_engine, make_url, text

from core.domain.reminders import SHANGHAI
from tests.conftest import POSTGRES
from tests.crash.plan import Plan, Sizes
from tests.crash.servers import Broker, RabbitMQ, Redis

VARIANTS = ("sqlite", "postgresql", "redis", "rabbitmq")

SEVERAL = (("serve", 1), ("scheduler", 2), ("worker", 4))
"""As on several machines: each process has a home folder of its own."""

BROKER_KILLS = 5
"""How often a broker is killed, with everything it holds."""

BEGIN = {
    "sqlite": datetime(2027, 12, 31, 14, tzinfo=SHANGHAI),
    "postgresql": datetime(2028, 2, 28, 14, tzinfo=SHANGHAI),
    "redis": datetime(2028, 2, 29, 14, tzinfo=SHANGHAI),
    "rabbitmq": datetime(2026, 12, 31, 14, tzinfo=SHANGHAI),
}
"""The day runs over the end of a year, or over the leap day."""


def opened(variant: str, sizes: Sizes, folder: Path, stack: ExitStack) -> Plan:
    """The plan of a variant; its servers run until the stack is closed."""
    broker: Broker | None = None
    if variant in {"redis", "rabbitmq"}:
        broker = Redis(folder) if variant == "redis" else RabbitMQ(folder)
        stack.callback(broker.kill)
        broker.start()
    several = variant != "sqlite"
    database = stack.enter_context(_database()) if several else f"sqlite:///{folder / 'keqiao.db'}"
    return Plan(
        variant=variant,
        sizes=sizes,
        begin=BEGIN[variant],
        database=database,
        processes=SEVERAL if several else (("everything", 1),),
        broker=broker,
        broker_kills=BROKER_KILLS if broker else 0,
    )


@contextmanager
def _database() -> Iterator[str]:
    name = f"keqiao_crash_{token_hex(6)}"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        server.dispose()

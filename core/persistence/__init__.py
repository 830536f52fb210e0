"""Tables and transactions, on SQLite and PostgreSQL.

`make_engine(url)` opens a database, `migrate(url)` brings its tables up to date, and
`SqlUnits(engine)` begins units of work.
"""

from core.persistence.engine import make_engine
from core.persistence.revisions import current_revision, head_revision, migrate
from core.persistence.units import SqlUnitOfWork, SqlUnits

__all__ = [
    "SqlUnitOfWork",
    "SqlUnits",
    "current_revision",
    "head_revision",
    "make_engine",
    "migrate",
]

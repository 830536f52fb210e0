"""A stage with a database of its own."""

import pytest

from core.persistence import SqlUnits
from tests.unit.actions.stage import Stage


@pytest.fixture
def stage(sqlite_units: SqlUnits) -> Stage:
    """One conversation with the actions on a real database."""
    return Stage(sqlite_units)

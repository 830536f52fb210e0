"""Sites that are killed while they work keep every promise: the crash test, short.

`make crash` runs the long one, with brokers that are killed too.
"""

import os
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest

from keqiao.bootstrap import open_site
from keqiao.clock import SystemClock
from keqiao.processes.up import take_back_leases
from scheduler.heartbeat import LEASE_NAME
from tests.crash.plan import Sizes
from tests.crash.run import Run
from tests.crash.variants import opened


@pytest.mark.skipif(
    not os.environ.get("KEQIAO_TEST_CRASH"),  # noqa: TID251 -- a test's own switch
    reason="takes minutes: set KEQIAO_TEST_CRASH, as `make crash` does",
)
@pytest.mark.parametrize(
    "variant", ["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)]
)
def test_nothing_is_lost_or_doubled_when_processes_are_killed_at_work(
    variant: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if variant == "postgresql":
        request.getfixturevalue("postgres_url")  # skipped where there is none
    seed = token_hex(4)
    sizes = Sizes(reminders=80, messages=8, kills=6, seed=seed, seconds=600)
    with ExitStack() as stack:
        report = Run(opened(variant, sizes, tmp_path, stack), tmp_path, stack).play()
    assert report.wrong == [], "\n".join(report.lines())
    assert report.findings.handled == sizes.messages


def test_a_site_that_was_killed_does_its_scheduled_jobs_as_soon_as_it_is_back(
    tmp_path: Path,
) -> None:
    with open_site(home=tmp_path) as site:
        with site.units() as unit:
            assert unit.leases.take(LEASE_NAME, "dead", SystemClock().now(), timedelta(minutes=1))
            unit.commit()
        heartbeat = site.heartbeat()
        assert not heartbeat.renew()
        take_back_leases(site)
        assert heartbeat.renew()

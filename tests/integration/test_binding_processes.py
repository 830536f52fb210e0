"""One code is used once, however many processes hear it at the same moment.

Run as a program, this file is such a process: it says the code at an address when a line comes in.
"""

import subprocess
import sys
from pathlib import Path

from core.domain.conversations import Address
from core.persistence import SqlUnits, make_engine
from core.ports.unit_of_work import Units
from tests.unit.core.people.household import OA, Household

ROOT = Path(__file__).parents[2]


def speaker(url: str, address: Address, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, __file__, url, str(address), code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )


def test_two_processes_that_hear_one_code_bind_one_address(
    units: Units, database_url: str
) -> None:
    house = Household(units)
    code = house.code(OA)
    assert code is not None
    others = [Address(channel="web", user=name) for name in ("a", "b")]
    processes = [speaker(database_url, one, code) for one in others]
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("now\n")
        one.stdin.flush()
    said = sorted(one.communicate(timeout=60)[0].strip() for one in processes)
    assert said == ["bound", "old"]
    person = house.find(OA)
    assert person is not None
    assert len(person.addresses) == 2
    assert len(house.waiting(OA, "bound:")) == 1


def main(url: str, address: str, code: str) -> None:
    """Say the code when told to."""
    engine = make_engine(url)
    house = Household(SqlUnits(engine))
    house.find(OA)
    _tell("ready")
    sys.stdin.readline()
    _tell(str(house.use(Address.parse(address), code)[0]))
    engine.dispose()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

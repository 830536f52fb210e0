"""One running site for the tests that only talk to it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from keqiao.processes.ports import free_port
from tests.acceptance.visitor import BOT_READY_S, ROOT, Place, Process, Visitor
from tests.fakes.wecom import FakeWeCom

ROBOT_KEY = "test-robot-key"


def make_place(home: Path, *, models: Path | None = None, **extra: str) -> Place:
    """A home folder with ports that are free now, and with trained models if given."""
    if models is not None:
        shutil.copytree(models, home / "bot" / "models")
    return Place(
        home=home,
        port=free_port(),
        bot_port=free_port(),
        actions_port=free_port(),
        extra=extra,
    )


@pytest.fixture(scope="session")
def wecom() -> Iterator[FakeWeCom]:
    """A platform on loopback with one group robot."""
    with FakeWeCom({ROBOT_KEY}) as fake:
        yield fake


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bot, trained once for all tests."""
    folder = tmp_path_factory.mktemp("models")
    python = ROOT / "bot" / ".venv" / "bin" / "python"
    subprocess.run([python, "train.py", "--models", folder], cwd=ROOT / "bot", check=True)
    return folder


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, wecom: FakeWeCom, models: Path) -> Place:
    """Where the shared site lives."""
    return make_place(
        tmp_path_factory.mktemp("site") / "var",
        models=models,
        KEQIAO_WECOM_ROBOT_KEY=ROBOT_KEY,
        KEQIAO_WECOM_API_BASE=wecom.url,
    )


@pytest.fixture(scope="session")
def site(place: Place) -> Iterator[Process]:
    """`keqiao up`, everything ready, with the example site."""
    with place.process("up") as process:
        process.wait_for("全部就绪", BOT_READY_S)
        yield process


@pytest.fixture
def visitor(site: Process, place: Place) -> Visitor:
    """A new visitor of the shared site."""
    assert site.popen.poll() is None
    return Visitor(base=place.base)

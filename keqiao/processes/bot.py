"""The bot's own environment: how it is trained, started and asked whether it is well."""

import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from core.domain.errors import UnavailableError
from keqiao.bootstrap import Site
from keqiao.secrets import secret
from keqiao.settings import Settings, child_environment


def train_bot(
    settings: Settings, say: Callable[[str], None], told: threading.Event | None = None
) -> bool:
    """Train the bot unless its files are those of the newest model; False when `told` to stop.

    Raises:
        UnavailableError: its environment is not set up, or training failed.
    """
    if not settings.bot_python.exists():
        raise UnavailableError(f"没有找到 {settings.bot_python}，请先运行 make setup")
    models = settings.home.resolve() / "bot" / "models"
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own program, no shell
            [str(settings.bot_python), "train.py", "--models", str(models)],
            cwd=settings.bot_home,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                if told is not None and told.is_set():
                    return False
                time.sleep(0.1)
        finally:
            process.terminate()
            process.wait()
        output.seek(0)
        lines = output.read().strip().splitlines()
    if process.returncode:
        raise UnavailableError(f"对话机器人训练失败：{' '.join(lines[-5:])}")
    if lines:
        say(f"   {lines[-1]}")
    return True


def model_is_current(settings: Settings) -> bool:
    """Whether the newest model was trained on the bot's files as they are."""
    models = settings.home.resolve() / "bot" / "models"
    done = subprocess.run(  # noqa: S603 -- our own program, no shell
        [str(settings.bot_python), "train.py", "--check", "--models", str(models)],
        cwd=settings.bot_home,
        env=child_environment(),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def bot_command(settings: Settings) -> list[str]:
    """The command that serves the bot on loopback."""
    home = settings.home.resolve() / "bot"
    command = [str(settings.bot_python), "serve.py"]
    command += ["--port", str(settings.bot_port)]
    command += ["--models", str(home / "models")]
    command += ["--actions", f"{settings.actions_url}/webhook"]
    return command


def _tracker(settings: Settings) -> str:
    url = settings.database_url
    if url and url.startswith("postgresql"):
        return url
    return str(settings.home.resolve() / "bot" / "tracker.db")


def bot_environment(site: Site) -> dict[str, str]:
    """Its variables: secrets travel here, not on the command line that others can list."""
    variables = {
        "KEQIAO_BOT_TOKEN": secret(site.settings.home, "bot-token"),
        "KEQIAO_BOT_TRACKER": _tracker(site.settings),
    }
    if site.settings.redis_url:
        variables["KEQIAO_BOT_LOCKS"] = site.settings.redis_url
    return child_environment(**variables)


def answers(url: str, *, seconds: float = 1.0) -> bool:
    """Whether an HTTP server of ours on loopback answers there with 200."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as response:  # noqa: S310 -- loopback
            return bool(response.status == 200)  # noqa: PLR2004 -- HTTP OK
    except (urllib.error.URLError, OSError):
        return False


def wait_until_answers(url: str, *, seconds: float) -> bool:
    """Wait for a server to come up; False when it did not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(url):
            return True
        time.sleep(0.2)
    return False

"""Trains the bot when its files have changed, and only then.

Run by the bot's own interpreter from anywhere: `bot/.venv/bin/python bot/train.py --models DIR`.
Beside the model lies the fingerprint of what it was made from; while the two agree this ends at
once, without loading Rasa. The new model takes the place of the old one in one step.
"""

import argparse
import fcntl
import hashlib
import io
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

HOME = Path(__file__).resolve().parent
MODEL = "keqiao.tar.gz"
FINGERPRINT = "keqiao.fingerprint"
SOURCES = (
    "config.yml",
    "features.py",
    "recognizer.py",
    "traditional.txt",
    "interruptions.py",
    "requirements.txt",
    "domain",
    "data",
    "dictionary",
)
"""What the model depends on; folders are read whole."""


def main(arguments: list[str] | None = None) -> int:
    """Train if needed; 0 when the model is up to date, 1 when training failed."""
    options = _options(arguments)
    options.models.mkdir(parents=True, exist_ok=True)
    with (options.models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second trainer waits, then finds the work done
        wanted = fingerprint()
        if not options.force and _stored(options.models) == wanted:
            _say("bot: the model is up to date")
            return 0
        if options.check:
            _say("bot: the model is missing or older than the bot's files")
            return 1
        return _train(options.models, wanted)


def fingerprint() -> str:
    """A hash over the names and bytes of everything the model is made from."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(path.relative_to(HOME).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def default_models() -> Path:
    """`$KEQIAO_HOME/bot/models`, or the same under the project's var/."""
    home = os.environ.get("KEQIAO_HOME")  # noqa: TID251 -- the bot cannot import keqiao.settings
    return Path(home or HOME.parent / "var") / "bot" / "models"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bot/train.py", description="Train the bot if needed.")
    parser.add_argument("--models", type=Path, default=default_models(), help="the model's folder")
    parser.add_argument("--force", action="store_true", help="train though nothing has changed")
    parser.add_argument("--check", action="store_true", help="only tell; exit 1 when out of date")
    options = parser.parse_args(arguments)
    options.models = options.models.resolve()
    return options


def _files() -> Iterator[Path]:
    for name in SOURCES:
        path = HOME / name
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.is_file())
        else:
            yield path


def _stored(models: Path) -> str | None:
    if not (models / MODEL).is_file() or not (models / FINGERPRINT).is_file():
        return None
    return (models / FINGERPRINT).read_text().strip()


def _train(models: Path, wanted: str) -> int:
    _say("bot: training ...")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=models) as folder:
        try:
            made = _run_rasa(folder)
        except Exception:  # noqa: BLE001 -- Rasa raises anything; the reason is shown
            traceback.print_exc()
            made = None
        if made is None:
            _say("bot: training failed; the old model, if any, stays")
            return 1
        (models / FINGERPRINT).unlink(missing_ok=True)
        made.replace(models / MODEL)
    (models / FINGERPRINT).write_text(wanted + "\n")
    _say(f"bot: trained in {time.monotonic() - started:.0f} s")
    return 0


def _run_rasa(folder: str) -> Path | None:
    from quiet import keep_quiet, quiet_jieba  # noqa: PLC0415 -- heavy: loaded only to train

    os.chdir(HOME)  # config.yml names the dictionary's folder relative to the bot
    keep_quiet()
    quiet_jieba(Path(folder).parent)
    import rasa.model_training  # noqa: PLC0415 -- heavy: loaded only to train

    with redirect_stdout(io.StringIO()):
        result = rasa.model_training.train(
            domain="domain",
            config="config.yml",
            training_files=["data"],
            output=folder,
            fixed_model_name=MODEL.removesuffix(".tar.gz"),
        )
    return Path(result.model) if result.code == 0 and result.model else None


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Checks the bot with Rasa's own tools: its data, its stories, what it understands.

Run by the bot's own interpreter: `bot/.venv/bin/python bot/check.py`. Trains first when needed;
ends with 1 and says why when a check fails.
"""

import asyncio
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lean import needs_tensorflow, stand_in_for_tensorflow
from quiet import keep_quiet, quiet_jieba
from train import HOME, MODEL, default_models
from train import main as train

if TYPE_CHECKING:
    from rasa.core.agent import Agent

STORIES = ("binding", "chitchat", "events", "needs", "own_needs", "policy", "subscriptions")

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The least share of sentences understood, and of chatter caught, that passes."""

    understood: float
    caught: float


FLOORS = {
    "nlu": Floors(understood=0.98, caught=0.95),
    "nlu_held_out": Floors(understood=0.95, caught=0.95),
}
"""Nothing is ever added to the training data because of the second set, so what was missed there
is counted and not shown; when it has been looked at too often, it joins the first and a new one
is written."""

MOST_REFUSED = 0.03
"""The share of real requests that may be taken for chatter."""


def main() -> int:
    """Run every check; 0 when all pass."""
    models = default_models()
    if train(["--models", str(models)]):
        return 1
    keep_quiet()
    quiet_jieba(models)
    if not needs_tensorflow(models / MODEL):
        stand_in_for_tensorflow()
    import adjustments  # noqa: PLC0415 -- heavy: loads Rasa, after keep_quiet

    agent = _agent(adjustments, models / MODEL)
    failed = [*_stories(agent), *asyncio.run(_understanding(agent))]
    for line in failed:
        _say(line)
    _say("bot: checks failed" if failed else "bot: checks passed")
    return 1 if failed else 0


def _agent(adjustments: Any, model: Path) -> "Agent":  # noqa: ANN401 -- a module
    from rasa.core.agent import Agent  # noqa: PLC0415 -- heavy

    adjustments.check_version()
    adjustments.leave_training_graph_unread()
    return Agent.load(model)


def _stories(agent: "Agent") -> list[str]:
    """Play the stories; actions are predicted, not run."""
    failed = []
    for folder in STORIES:
        with tempfile.TemporaryDirectory() as results:
            report = asyncio.run(_play(agent, folder, results))
            kept = Path(results, "failed_test_stories.yml")
            played = report["report"]["conversation_accuracy"]
            _say(f"bot: {folder}: {played['correct']} of {played['total']} stories")
            if played["correct"] != played["total"]:
                failed.append(kept.read_text(encoding="utf-8") if kept.exists() else folder)
    return failed


async def _play(agent: "Agent", folder: str, results: str) -> dict[str, Any]:
    from rasa.core.test import test  # noqa: PLC0415 -- heavy

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return await test(
            str(HOME / "tests" / folder),
            agent,
            out_directory=results,
            e2e=True,
            disable_plotting=True,
            warnings=False,
        )


async def _understanding(agent: "Agent") -> list[str]:
    failed = []
    for folder, floors in FLOORS.items():
        failed += _judge(folder, await listen(agent, folder), floors)
    return failed


async def listen(agent: "Agent", folder: str) -> "list[Heard]":
    """Have a set of sentences understood."""
    return [
        Heard(text=text, meant=meant, found=(await agent.parse_message(text))["intent"]["name"])
        for text, meant in _examples(HOME / "tests" / folder)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sentence of a test set: what it means and what the bot took it for."""

    text: str
    meant: str
    found: str

    @property
    def caught(self) -> bool:
        """Whether it was taken for chatter, or put to the documents, which abstain."""
        return self.found in {OUT_OF_SCOPE, FALLBACK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a set says of a pipeline, each as a share."""

    understood: float
    """Of all sentences, those whose intent was found."""
    caught: float
    """Of chatter, what is not taken for a request."""
    refused: float
    """Of real requests, those taken for chatter."""


def figures(heard: Sequence[Heard]) -> Figures:
    """The figures of one set."""
    chatter = [one for one in heard if one.meant == OUT_OF_SCOPE]
    real = [one for one in heard if one.meant != OUT_OF_SCOPE]
    return Figures(
        understood=sum(one.found == one.meant for one in heard) / len(heard),
        caught=sum(one.caught for one in chatter) / len(chatter),
        refused=sum(one.found == OUT_OF_SCOPE for one in real) / len(real),
    )


def _judge(folder: str, heard: Sequence[Heard], floors: Floors) -> list[str]:
    """Print a set's figures; what is below its floor."""
    missed = [one for one in heard if one.found != one.meant]
    found = figures(heard)
    _say(
        f"bot: {folder}: {found.understood:.3f} of {len(heard)} sentences understood, "
        f"{found.caught:.3f} of chatter caught, {found.refused:.3f} of real requests refused"
    )
    for line in _weakest(heard, missed):
        _say(f"  {line}")
    if (
        found.understood >= floors.understood
        and found.caught >= floors.caught
        and found.refused <= MOST_REFUSED
    ):
        return []
    shown = () if folder == "nlu_held_out" else missed
    return [
        f"{folder}: wanted {floors}, at most {MOST_REFUSED} refused",
        *(f"  {one.text}: {one.meant}, understood as {one.found}" for one in shown),
    ]


def _weakest(heard: Sequence[Heard], missed: Sequence[Heard]) -> Iterator[str]:
    """The intents understood less often than in nine of ten."""
    asked = Counter(one.meant for one in heard)
    for intent, count in Counter(one.meant for one in missed).most_common():
        if count > asked[intent] / 10:
            yield f"{intent}: {1 - count / asked[intent]:.2f} of {asked[intent]}"


def _examples(folder: Path) -> Iterator[tuple[str, str]]:
    from rasa.shared.utils.io import read_yaml_file  # noqa: PLC0415 -- heavy

    for path in sorted(folder.glob("*.yml")):
        for block in read_yaml_file(path)["nlu"]:
            for line in block["examples"].splitlines():
                yield line.removeprefix("- ").strip(), block["intent"]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

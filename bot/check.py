"""Checks the bot with Rasa's own tools: its data, its stories, what it understands.

Run by the bot's own interpreter: `bot/.venv/bin/python bot/check.py`. Trains first when needed;
ends with 1 and says why when a check fails.
"""

import asyncio
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lean import needs_tensorflow, stand_in_for_tensorflow
from quiet import keep_quiet, quiet_jieba
from train import HOME, MODEL, default_models
from train import main as train

if TYPE_CHECKING:
    from rasa.core.agent import Agent

STORIES = ("chitchat", "events", "needs", "policy")

GATES = {"nlu": 0.95, "nlu_held_out": 0.85}
"""Least share of sentences understood. Nothing is ever added to the training data because of the
second set; when it has been looked at too often, it joins the first and a new one is written."""


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
    for folder, gate in GATES.items():
        asked: Counter[str] = Counter()
        missed: list[str] = []
        for text, intent in _examples(HOME / "tests" / folder):
            asked[intent] += 1
            found = (await agent.parse_message(text))["intent"]
            if found["name"] != intent:
                missed.append(f"  {text}: {intent}, understood as {found['name']}")
        share = 1 - len(missed) / asked.total()
        _say(f"bot: {folder}: {share:.3f} of {asked.total()} sentences understood")
        if share < gate:
            failed += [f"{folder} is below {gate}:", *missed]
    return failed


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

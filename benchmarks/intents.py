"""Pipelines for understanding, side by side, each on both test sets of the bot.

    bot/.venv/bin/python benchmarks/intents.py [pipeline ...]

Each is trained and then loaded in processes of their own. Times are seconds of the processor, so
that a busy machine does not change them much; memory is that of serving.
"""  # noqa: INP001 -- a script

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bot"))

WORDS = [
    {"name": "JiebaTokenizer", "dictionary_path": str(ROOT / "bot" / "dictionary")},
    {"name": "CountVectorsFeaturizer"},
]
PIECES = {
    "name": "CountVectorsFeaturizer",
    "analyzer": "char_wb",
    "min_ngram": 1,
    "max_ngram": 4,
}
CHARACTERS = [WORDS[0], {**PIECES, "analyzer": "char"}]
FALLBACK = {"name": "FallbackClassifier", "threshold": 0.35, "ambiguity_threshold": 0.0}
LINEAR = {"name": "LogisticRegressionClassifier", "solver": "liblinear"}
DIET = {
    "name": "DIETClassifier",
    "epochs": 15,
    "entity_recognition": False,
    "number_of_transformer_layers": 1,
    "transformer_size": 128,
    "constrain_similarities": True,
}
PIPELINES: dict[str, list[dict[str, Any]]] = {
    "recognizer": [{"name": "recognizer.IntentRecognizer"}],
    "words": [*WORDS, LINEAR],
    "words-pieces": [*WORDS, PIECES, LINEAR],
    "words-pieces-lbfgs": [*WORDS, PIECES, {**LINEAR, "solver": "lbfgs", "max_iter": 200}],
    "characters": [*CHARACTERS, LINEAR],
    "keywords": [{"name": "KeywordIntentClassifier"}],
    "diet": [*WORDS, PIECES, DIET],
}
SETS = ("nlu", "nlu_held_out")


def main() -> int:
    """Measure the pipelines named, or all, and print a line for each."""
    sys.stdout.write(
        "pipeline            | understood  | caught      | refused     | train s | ms   | MB\n"
    )
    for name in sys.argv[1:] or PIPELINES:
        with tempfile.TemporaryDirectory() as folder:
            spent = _child("train", name, folder)["seconds"]
            seen = _child("listen", name, folder)
        sets = [seen[one] for one in SETS]
        shares = " | ".join(
            f"{sets[0][kind]:.3f} {sets[1][kind]:.3f}"
            for kind in ("understood", "caught", "refused")
        )
        sys.stdout.write(
            f"{name:19} | {shares} | {spent:7.0f} | {seen['ms']:4.1f} | {seen['mb']:.0f}\n"
        )
        sys.stdout.flush()
    return 0


def _child(step: str, name: str, folder: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--step", step, name, folder]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return json.loads(done.stdout.splitlines()[-1])


def _train(name: str, folder: str) -> dict[str, Any]:
    import rasa.model_training  # noqa: PLC0415 -- heavy
    import rasa.nlu.classifiers.diet_classifier  # noqa: PLC0415 -- not counted

    config = Path(folder, "config.yml")
    recipe = {"recipe": "default.v1", "language": "zh", "assistant_id": "measured"}
    config.write_text(json.dumps({**recipe, "pipeline": [*PIPELINES[name], FALLBACK]}))
    began = time.process_time()
    rasa.model_training.train_nlu(
        str(config), str(ROOT / "bot" / "data" / "nlu"), folder, fixed_model_name="model"
    )
    return {"seconds": time.process_time() - began}


def _listen(name: str, folder: str) -> dict[str, Any]:
    from lean import stand_in_for_tensorflow  # noqa: PLC0415 -- for this step alone

    if name != "diet":
        stand_in_for_tensorflow()
    import adjustments  # noqa: PLC0415 -- heavy
    from check import figures, listen  # noqa: PLC0415 -- heavy
    from rasa.core.agent import Agent  # noqa: PLC0415 -- heavy

    adjustments.leave_training_graph_unread()
    agent = Agent.load(str(Path(folder, "model.tar.gz")))
    asyncio.run(listen(agent, SETS[0]))
    began = time.process_time()
    heard = {one: asyncio.run(listen(agent, one)) for one in SETS}
    spent = time.process_time() - began
    found = {one: figures(said) for one, said in heard.items()}
    return {
        "ms": 1000 * spent / sum(map(len, heard.values())),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **{
            one: {"understood": it.understood, "caught": it.caught, "refused": it.refused}
            for one, it in found.items()
        },
    }


def _step(step: str, name: str, folder: str) -> int:
    from quiet import keep_quiet, quiet_jieba  # noqa: PLC0415 -- before Rasa

    keep_quiet()
    quiet_jieba(Path(folder))
    sys.stdout.write(json.dumps({"train": _train, "listen": _listen}[step](name, folder)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(_step(*sys.argv[2:]) if "--step" in sys.argv else main())

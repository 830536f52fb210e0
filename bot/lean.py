"""Serving without TensorFlow.

Rasa imports TensorFlow wherever a component *could* be a neural network, and that is most of its
start-up time and memory. Our pipeline has none. `stand_in_for_tensorflow` puts an empty module in
its place that offers just the names Rasa's modules mention while they are being imported (types in
signatures, base classes); anything else raises, so that a use of it cannot go unnoticed.
"""

import sys
import tarfile
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOTS = ("tensorflow", "keras", "tensorflow_addons", "tensorflow_hub")

MENTIONED = {
    "tensorflow": ("Tensor", "SparseTensor", "RaggedTensor", "TensorShape", "Variable"),
    "tensorflow.keras.callbacks": ("Callback",),
    "tensorflow.keras.layers": ("Dense", "Layer"),
    "tensorflow.keras.utils": ("Sequence",),
    "tensorflow.types.experimental": ("TensorLike",),
}
"""Module to the classes Rasa 3.6.21 mentions at import on the way to serving a linear model."""

MODULES = (
    "tensorflow.keras",
    "tensorflow.types",
    *MENTIONED,
)

NEURAL = (
    b"diet_classifier",
    b"ted_policy",
    b"unexpected_intent",
    b"response_selector",
    b"lm_feat",
)
"""Parts of the module names of components that truly need TensorFlow."""


def needs_tensorflow(model: Path) -> bool:
    """Whether the trained model holds a component that runs on TensorFlow."""
    with tarfile.open(model) as archive:
        metadata = archive.extractfile("metadata.json")
        schema = metadata.read() if metadata else b""
    return any(part in schema for part in NEURAL)


def stand_in_for_tensorflow() -> None:
    """Answer `import tensorflow` with the stand-in from now on."""
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Finder())


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> object:
        inner = f"{self.__name__}.{name}"
        if inner in MODULES:
            return import_module(inner)
        raise AttributeError(
            f"{inner}: the bot serves without TensorFlow (bot/lean.py); "
            "start it with --with-tensorflow"
        )


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in ROOTS:
            return None
        if fullname not in MODULES:
            raise ModuleNotFoundError(f"{fullname} is not in bot/lean.py", name=fullname)
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = _StandIn(spec.name)
        for name in MENTIONED.get(spec.name, ()):
            setattr(module, name, type(name, (), {}))
        return module

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""

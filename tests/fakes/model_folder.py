"""A small real model folder: an ONNX graph and a tokenizer trained on a few sentences."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

WIDTH = 24


def make_tokenizer(folder: Path, sentences: Sequence[str]) -> int:
    """Write a tokenizer of single characters as BERT's is; returns the size of its vocabulary."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer = Tokenizer(models.WordLevel(unk_token=special[1]))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    trainer = trainers.WordLevelTrainer(special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(sentences, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return int(tokenizer.get_vocab_size())


def make_model_folder(
    folder: Path,
    sentences: Sequence[str],
    *,
    pooling: str = "mean",
    place: str = "model.onnx",
    pooled: bool = False,
) -> Path:
    """Write the folder. The graph looks every token up in a table: last_hidden_state.

    With `pooled` it gives the sum over the tokens instead, as graphs that pool themselves do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    size = make_tokenizer(folder, sentences)
    table = np.random.default_rng(7).normal(size=(size, WIDTH)).astype(np.float32)
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])]
    shape: list[str | int] = ["batch", "length", WIDTH]
    if pooled:
        axes = numpy_helper.from_array(np.array([1], np.int64), "axes")
        nodes.append(helper.make_node("ReduceSum", ["tokens", "axes"], ["out"], keepdims=0))
        shape = ["batch", WIDTH]
    else:
        axes = None
        nodes.append(helper.make_node("Identity", ["tokens"], ["last_hidden_state"]))
    named = "out" if pooled else "last_hidden_state"
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        inputs,
        [helper.make_tensor_value_info(named, TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table, "table"), *([axes] if axes is not None else [])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / place).parent.mkdir(exist_ok=True)
    onnx.save(model, str(folder / place))
    write(folder / "1_Pooling" / "config.json", {f"pooling_mode_{pooling}": True})
    return folder


def write(file: Path, content: object) -> None:
    """Write JSON, its folder with it."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

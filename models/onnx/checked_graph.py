"""ONNX files from elsewhere, as data: refused where damaged, split over files, or with operators of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.inliner
import onnx.version_converter
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from models.checkpoint_files import CheckpointError, check_onnx_size

OLDEST_OPSET = 11  # from here on Clip takes its bounds as inputs
NEWEST_OPSET, NEWEST_IR = 21, 10
"""What onnxruntime-web and older onnxruntimes open; `onnx` itself writes newer ones by default."""
MOST_PARTS = 50_000  # nodes and constants; the largest decoders that a hand can drag have some hundred


def read_onnx(path: Path) -> tuple[onnx.ModelProto, bytes]:
    """Read and check an ONNX file.

    Returns:
        The graph, its local functions inlined and lowered to an opset that browsers open, and its bytes.

    Raises:
        CheckpointError: missing, empty, above 500 MB, damaged, with data in other files, with operators of its own,
            of an opset before 11 or one that cannot be lowered, of more than 50,000 parts, or with weights that are
            not finite.
    """
    try:
        check_onnx_size(path, path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}. Check that it is there.") from error
    return parse_onnx(content, path.name)


def parse_onnx(content: bytes, name: str) -> tuple[onnx.ModelProto, bytes]:
    """The same for a file's content.

    Raises:
        CheckpointError: as `read_onnx`.
    """
    try:
        model = onnx.load_model_from_string(content)
        parts = len(model.graph.node) + len(model.graph.initializer)
        if model.functions and parts <= MOST_PARTS:
            model = onnx.inliner.inline_local_functions(model)
            content = model.SerializeToString()
    except Exception as error:  # protobuf's errors have no common ancestor of their own
        raise CheckpointError(f"{name} is not an ONNX file, or it is damaged. Export it again.") from error
    if parts > MOST_PARTS:
        raise CheckpointError(f"{name} has {parts:,} parts; a network of up to {MOST_PARTS:,} can be opened.")
    tensors = list(_tensors(model.graph))
    if any(tensor.data_location == TensorProto.EXTERNAL for tensor in tensors):
        raise CheckpointError(f"{name} keeps weights in another file. Export it as one file (external_data=False).")
    foreign = {node.domain for node in _nodes(model.graph)} - {"", "ai.onnx"}
    if foreign:
        raise CheckpointError(
            f"{name} has operators of its own ({sorted(foreign)[0]}), which a browser cannot run. "
            "Export it with standard ONNX operators only."
        )
    version = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
    if version < OLDEST_OPSET:
        raise CheckpointError(f"{name} is of ONNX opset {version}; export it with opset {OLDEST_OPSET} or newer.")
    if version > NEWEST_OPSET or model.ir_version > NEWEST_IR:
        model = _lowered(model, version, name)
        content = model.SerializeToString()
    try:
        onnx.checker.check_model(model)
        finite = all(np.isfinite(_floats(tensor)).all() for tensor in tensors)
    except (onnx.checker.ValidationError, TypeError, ValueError) as error:
        raise CheckpointError(f"{name} is not a valid ONNX file. Export it again.") from error
    if not finite:
        raise CheckpointError(f"{name} holds weights that are not finite numbers. Train or export it again.")
    return model, content


def _lowered(model: onnx.ModelProto, version: int, name: str) -> onnx.ModelProto:
    """The same network as a browser opens it.

    Raises:
        CheckpointError: it does something that older opsets cannot say.
    """
    try:
        lowered = onnx.version_converter.convert_version(model, NEWEST_OPSET) if version > NEWEST_OPSET else model
    except Exception as error:  # the converter's errors have no common ancestor of their own
        raise CheckpointError(
            f"{name} is of ONNX opset {version}, and cannot be lowered to {NEWEST_OPSET}, the newest that every "
            "browser opens. Export it with opset_version=17."
        ) from error
    lowered.ir_version = min(lowered.ir_version, NEWEST_IR)
    return lowered


def _nodes(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """All nodes, those of branches and loops among them."""
    found = list(graph.node)
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs] if attribute.HasField("g") else attribute.graphs:
                found += _nodes(inner)
    return found


def _tensors(graph: onnx.GraphProto) -> list[onnx.TensorProto]:
    """All constants: the weights, and those that stand in nodes."""
    found = list(graph.initializer)
    for node in _nodes(graph):
        for attribute in node.attribute:
            found += [attribute.t] if attribute.HasField("t") else []
            found += [*attribute.tensors, *attribute.g.initializer]
    return found


def _floats(tensor: onnx.TensorProto) -> NDArray[Any]:
    array = numpy_helper.to_array(tensor)
    return array if array.dtype.kind == "f" else np.zeros(0)

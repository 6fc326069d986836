"""A brought network as onnxruntime opens it: what of its outputs belongs to the rows that went in."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper

from models.checkpoint_files import CheckpointError
from models.onnx.network_session import NetworkSession


def network(nodes, outputs, initializers=()):
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3])],
        [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs],
        list(initializers),
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def test_an_output_as_long_as_the_first_batch_by_accident_is_left_out():
    two = helper.make_tensor("two", TensorProto.FLOAT, [2], [0.5, 0.25])
    nodes = [
        helper.make_node("Identity", ["x"], ["code"]),
        helper.make_node("Shape", ["x"], ["shape"]),  # two numbers, and the first batch that is tried has two rows
        helper.make_node("Identity", ["two"], ["pair"]),
    ]
    outputs = [("shape", TensorProto.INT64), ("pair", TensorProto.FLOAT), ("code", TensorProto.FLOAT)]
    session = NetworkSession(network(nodes, outputs, [two]), "encoder.onnx")
    for count in (2, 1, 5):
        x = np.arange(count * 3, dtype=np.float32).reshape(count, 3)
        given = session.run(x)
        assert list(given) == ["code"]
        assert np.array_equal(given["code"], x)


def test_a_network_that_gives_only_a_shape_is_refused_at_once():
    content = network([helper.make_node("Shape", ["x"], ["shape"])], [("shape", TensorProto.INT64)])
    with pytest.raises(CheckpointError, match=r"encoder\.onnx gives only shapes or indices"):
        NetworkSession(content, "encoder.onnx")

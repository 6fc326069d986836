"""What a browser blends into a decoder.onnx: the faithful decoder's weights, and where each stands in that file.

Both decoders have the same graph, so their files differ in the bytes of weights alone. Laid out little-endian: the
length of a JSON header as uint32, the header, and the weights, each beginning at a multiple of 4 bytes; last the stamp.
The header says of each weight `at`, its first byte in decoder.onnx, `count`, and `half`, whether it is float16 or
float32.
`app/components/decoding/blend.mjs` reads it.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

ALIGNED = 4
LENGTH_BYTES = 4
TYPES: dict[int, np.dtype[Any]] = {onnx.TensorProto.FLOAT16: np.dtype("<f2"), onnx.TensorProto.FLOAT: np.dtype("<f4")}


def blend_file(vivid: bytes, faithful: onnx.ModelProto) -> bytes | None:
    """The file, but for its stamp; None where the two decoders are not of one graph.

    Args:
        vivid: a decoder.onnx.
        faithful: the other decoder's graph, its weights of the same types.
    """
    entries, parts, position = [], [], 0
    ours, theirs = onnx.load_from_string(vivid).graph.initializer, faithful.graph.initializer
    if [_shape(tensor) for tensor in ours] != [_shape(tensor) for tensor in theirs]:
        return None
    for own, other in zip(ours, theirs, strict=True):
        at = vivid.find(own.raw_data, position)
        position = at + len(own.raw_data)
        if own.raw_data == other.raw_data:
            continue
        if at < 0 or own.data_type not in TYPES:
            return None
        kind = TYPES[own.data_type]
        entries.append({"at": at, "count": len(own.raw_data) // kind.itemsize, "half": kind.itemsize == 2})
        parts.append(_padded(other.raw_data))
    header = json.dumps({"entries": entries}).encode()
    header += b" " * (-(LENGTH_BYTES + len(header)) % ALIGNED)
    return b"".join([len(header).to_bytes(LENGTH_BYTES, "little"), header, *parts])


def blended_onnx(vivid: bytes, blend: bytes, share: float) -> bytes:
    """A decoder.onnx between the two, worked out as the browser does.

    Args:
        vivid: the decoder.onnx that `blend` was made for.
        blend: what `blend_file` returned, with or without a stamp.
        share: from 0, the faithful decoder, to 1, the vivid one.
    """
    length = int.from_bytes(blend[:LENGTH_BYTES], "little")
    place, content = LENGTH_BYTES + length, bytearray(vivid)
    for entry in json.loads(blend[LENGTH_BYTES:place])["entries"]:
        kind = np.dtype("<f2" if entry["half"] else "<f4")
        size = entry["count"] * kind.itemsize
        here = slice(entry["at"], entry["at"] + size)
        own, other = (_numbers(part, kind) for part in (content[here], blend[place : place + size]))
        content[here] = (other + np.float32(share) * (own - other)).astype(kind).tobytes()
        place += size + -size % ALIGNED
    return bytes(content)


def _shape(tensor: onnx.TensorProto) -> tuple[Any, ...]:
    return tensor.name, tensor.data_type, tuple(tensor.dims), len(tensor.raw_data)


def _numbers(content: bytes | bytearray, kind: np.dtype[Any]) -> NDArray[np.float32]:
    return np.frombuffer(content, kind).astype(np.float32)


def _padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % ALIGNED)

"""One brought network, opened by onnxruntime: takes any number of rows, whatever number it was exported for."""

from __future__ import annotations

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.checkpoint_files import CheckpointError

FLOATS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
COUNTS = ("tensor(int64)", "tensor(bool)")
BAKED_IN = (1, 8, 16, 32, 64, 4, 2, 128, 10, 100, 50, 20, 25, 256, 3, 5, 6, 7, 9, 12, 24, 48, 96)
"""Batch sizes to try where another one does not go through, the most usual first."""


class NetworkSession:
    """A network with one input.

    Attributes:
        name: of its file.
        shape: of its input, the batch first; None for an axis of any length.
        rows: the batch size that is baked into it, once it has run; None for none.
    """

    def __init__(self, content: bytes, name: str, *, threads: int = 0) -> None:
        """Open a network, given as the bytes that `read_onnx` has checked.

        Raises:
            CheckpointError: onnxruntime cannot open it, or it takes something else than one float input.
        """
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = threads
        # Threads that wait in a busy loop take the cores from the browser and from other visitors.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no common ancestor of their own
            raise CheckpointError(f"onnxruntime cannot open {name}. Export it again, with an older opset.") from error
        self.name = name
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            others = ", ".join(repr(entry.name) for entry in inputs)
            raise CheckpointError(
                f"{name} takes {len(inputs)} inputs ({others}). A network that is told more than the picture or the "
                "code, such as a label or noise, cannot be brought; export it with that part fixed."
            )
        if inputs[0].type not in FLOATS:
            raise CheckpointError(f"{name} takes {inputs[0].type}, not numbers with a fraction. Export it again.")
        self.shape = [side if isinstance(side, int) else None for side in inputs[0].shape]
        self._entry, self._type = inputs[0].name, FLOATS[inputs[0].type]
        # A shape or an index is no code and no picture, though it may be as long as there are rows.
        self._outputs = [output.name for output in self._session.get_outputs() if output.type not in COUNTS]
        if not self._outputs:
            raise CheckpointError(f"{name} gives only shapes or indices. Export it again with the code or the picture.")
        self.rows: int | None = self.shape[0] if self.shape else None  # None: any number
        self._tried = False

    def run(self, batch: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """All outputs, by name, for a batch [N, ...].

        Raises:
            CheckpointError: the network does not take such an input.
        """
        if not self._tried:
            self._find_rows(batch[:2])
        try:
            if self.rows is None:
                return self._whole(batch)
            return self._by_the(self.rows, batch)
        except Exception as error:
            shape = ["N" if side is None else side for side in self.shape]
            raise CheckpointError(
                f"{self.name} takes {shape} and not {list(batch.shape)}. Correct config.json, or export it again."
            ) from error

    def _find_rows(self, two: NDArray[np.float32]) -> None:
        """A batch size may be baked in, said or not: find one that goes through and gives as many rows."""
        for rows in dict.fromkeys([self.rows, None, *BAKED_IN]):
            try:
                if rows is None:
                    # Two may be the very number that is baked in, or of an output that has no rows.
                    alike = self._whole(two).keys() & self._whole(two[:1]).keys()
                    if not alike:
                        continue
                    self._outputs = [name for name in self._outputs if name in alike]
                else:
                    self._by_the(rows, two)
            except Exception:
                continue
            self.rows, self._tried = rows, len(two) > 1
            return

    def _whole(self, batch: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        given = self._session.run(self._outputs, {self._entry: np.ascontiguousarray(batch, self._type)})
        found = {name: np.asarray(array, np.float32) for name, array in zip(self._outputs, given, strict=True)}
        if not any(array.ndim and len(array) == len(batch) for array in found.values()):
            raise ValueError("other rows come out than went in")
        return {name: array for name, array in found.items() if array.ndim and len(array) == len(batch)}

    def _by_the(self, rows: int, batch: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """In blocks of `rows`, the last one filled up with its last row."""
        blocks = []
        for start in range(0, len(batch), rows):
            block = batch[start : start + rows]
            filled = np.concatenate([block, np.repeat(block[-1:], rows - len(block), axis=0)])
            blocks.append({name: array[: len(block)] for name, array in self._whole(filled).items()})
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

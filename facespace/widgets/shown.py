"""What the pad and the map have in common: a message to the browser, and the files that it names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from facespace.opened import Opened
from facespace.widgets.front_end import RUNTIME, fetched, linked, markup, style, themes
from models import CheckpointError
from models.config import ForeignConfig
from models.onnx.find_decoder import find_decoder

PREFIX = "facespace:"


class Shown(anywidget.AnyWidget):
    """A component of the app in a notebook. Its files go to the browser when that asks for them, once a page."""

    _esm = Path(__file__).parent / "widget.mjs"
    component = ""
    message = traitlets.Dict().tag(sync=True)
    """What the component is given, as in its `message.py`."""
    parts = traitlets.Dict().tag(sync=True)
    """What it is made of: addresses of its modules and libraries, its HTML and its styles."""
    said = traitlets.Dict().tag(sync=True)
    """What the hand did last: `what` and `value`, as the component tells Streamlit."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        entry = f"{self.component}/{self.component}.mjs"
        parts = {
            "entry": entry,
            "modules": self._file(linked(entry), "modules.json"),
            "vendor": {},
            "html": markup(self.component),
            "css": style(self.component),
            "themes": dict(themes()),
        }
        super().__init__(parts=parts)
        self.on_msg(self._answer)
        self.observe(lambda change: self._hear(change["new"].get("what"), change["new"].get("value")), "said")

    def _hear(self, what: object, value: Any) -> None:
        """Take over what the hand did; it comes from a browser, so it may be anything."""
        raise NotImplementedError

    def _file(self, content: bytes, name: str) -> str:
        """The address under which the browser will ask for some bytes; the same content has the same one anywhere."""
        address = f"{PREFIX}{hashlib.sha256(content).hexdigest()[:20]}/{name}"
        self._files[address] = content
        return address

    def _numbers(self, values: NDArray[Any], dtype: str, name: str) -> str:
        """The same of numbers, as a raw little-endian array of a type such as "<f4"."""
        return self._file(np.ascontiguousarray(values, np.dtype(dtype)).tobytes(), name)

    def _decoder(self, model: Opened) -> str:
        """The address of a model's decoder for the browser, which is made now if it is not there yet.

        Of one made elsewhere, the general runtime goes to the browser as well; ours draw themselves.

        Raises:
            models.CheckpointError: it cannot be made.
            facespace.widgets.front_end.FrontEndError: the runtime was not fetched yet.
        """
        path = find_decoder(model.files)
        if path is None:
            from models.onnx.export_decoder import ensure_decoder  # late: it needs torch

            path = ensure_decoder(model.files)
        if path.stat().st_size > LARGEST:
            raise CheckpointError(
                f"{path} is larger than {LARGEST / 1e6:.0f} MB, too much for a notebook's connection."
            )
        if isinstance(model.files.config, ForeignConfig):
            runtime = {f"vendor/{name}": self._file(fetched(name), f"{name}.gz") for name in RUNTIME}
            self.parts = {**self.parts, "vendor": runtime}
        return self._file(path.read_bytes(), path.name)

    def _answer(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        """Send a file that the browser lacks."""
        wanted = content.get("file") if isinstance(content, dict) else None
        if isinstance(wanted, str):
            held = self._files.get(wanted)
            self.send({"file": wanted, "found": held is not None}, [] if held is None else [held])


LARGEST = 200_000_000

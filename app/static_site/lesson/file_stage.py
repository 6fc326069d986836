"""The stage of a chapter that is drawn beforehand: its controls are handed over as facts, for the browser to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import streamlit as st

from app.checkpoints.opening import OpenModel
from app.texts import _
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.stage import Stage

PLACES, SEEDS = 7, 4
"""At how many places a slider stops, and how many draws a button goes round."""


def address_of(chapter: str) -> str:
    """Where a chapter's page lies, by its key."""
    return f"lesson-{chapter}.html"


@dataclass(frozen=True)
class FileStage(Stage):
    """A chapter for the folder: nothing answers there, so each control has a few values, and a page for each."""

    server: ClassVar[bool] = False

    def from_address(self, name: str) -> str | None:
        """Nobody came by an address."""
        return None

    def note(self, name: str, value: object, start: object) -> None:
        """There is no address to write."""

    def write(self, model: OpenModel) -> None:
        """There is no address to write."""

    def random_face(self, model: OpenModel) -> None:
        """The pictures of one face are here."""

    def way_back(self, chapter: str) -> None:
        """A link to an earlier chapter, by its key."""
        title = next(one.title for one in CHAPTERS if one.key == chapter)
        words = _("See it again")
        st.markdown(f"[{words}: {_(title)}]({address_of(chapter)})")

    def slider(self, name: str, label: str, low: float, high: float, start: float, step: float, **more: str) -> float:
        """A slider that stops at a few places."""
        whole = all(isinstance(value, int) for value in (low, high, start, step))
        notches = np.round((np.linspace(low, high, PLACES) - low) / step) * step + low
        values = sorted({round(float(value), 6) for value in (*notches, start)})
        exact = [int(value) for value in values] if whole else values
        digits = 0 if whole else 1 if step >= 0.1 else 2
        said = [f"{value:.{digits}f}" for value in exact]
        value: float = self._control("slider", name, label, exact, said, start, more.get("help"))
        return value

    def choice(self, name: str, label: str, options: Mapping[str, str], start: str, help: str | None = None) -> str:
        """One of a few options."""
        return str(self._control("choice", name, label, list(options), list(options.values()), start, help))

    def notch(self, name: str, label: str, options: Mapping[str, str], start: str, help: str | None = None) -> str:
        """A slider over a few options."""
        return str(self._control("slider", name, label, list(options), list(options.values()), start, help))

    def toggle(self, name: str, label: str, help: str | None = None) -> bool:
        """A switch that is off at first."""
        return bool(self._control("toggle", name, label, [False, True], ["", ""], False, help))

    def seed(self, name: str, label: str) -> int:
        """A button that goes round a few draws."""
        round_again = _("Here it goes round {count} draws; in the app each press draws anew.").format(count=SEEDS)
        seeds = list(range(SEEDS))
        return int(self._control("seed", name, label, seeds, list(map(str, seeds)), 0, round_again))

    def seed_of(self, name: str) -> int:
        """The seed alone."""
        return int(st.session_state.get(self.key(name), 0))

    def _control(
        self, kind: str, name: str, label: str, values: Sequence[Any], said: Sequence[str], start: Any, help: str | None
    ) -> Any:
        key = self.key(name)
        value = st.session_state.get(key, start)
        st.session_state[key] = value if value in values else start  # other code looks there
        facts = {"kind": kind, "label": label, "values": list(values), "said": list(said), "help": help or ""}
        st.json({"control": key, "start": list(values).index(start), **facts})
        return st.session_state[key]

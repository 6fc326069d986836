"""What every chapter stands on: its models, and its controls with their place in the address."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.checkpoints.opening import OpenModel
from app.components.presenter import STEP
from app.session import address
from app.session.current import current_point, random_face, set_point
from app.session.link import MOST_SEED, number, whole_number
from app.session.point import Point
from app.session.remembered import remember
from app.texts import _
from app.views.lesson import plan_address, presenter
from app.views.lesson.own_code import coloured, excerpt

CHAPTER = presenter.CHAPTER
IN_ADDRESS = "lesson_in_address"  # {chapter: {control: value}}, what the address says besides the face
SETTLED = "revealed"  # of a chapter's question: "yes", or "skipped"
ROUNDS = "lesson_rounds"  # {chapter: how often it was started anew}

FIGURE = "lesson_figure_"  # begins the key of a step's figure; presenter.mjs looks for it
OPENING = "lesson_opening_"  # begins the key of what `opening` draws


@dataclass
class _Drawing:
    """Whether the chapter is being drawn from its start, and whose state the address gets then."""

    on: bool = False
    model: OpenModel | None = None


@dataclass(frozen=True)
class Stage:
    """A chapter on screen.

    Attributes:
        chapter: its name in the address.
        models: those that have an atlas, by name.
        server: whether this app answers; the folder of files without a server has a stage of its own.
    """

    server: ClassVar[bool] = True
    chapter: str
    models: Mapping[str, OpenModel]
    _step: ExitStack = field(default_factory=ExitStack, repr=False, compare=False)
    _steps: list[str] = field(default_factory=list, repr=False, compare=False)
    _drawing: _Drawing = field(default_factory=_Drawing, repr=False, compare=False)

    def step(self) -> None:
        """What follows is the next step of the chapter: presenter mode shows one at a time.

        Only for the level of the chapter itself, not within a column, a container or a fragment.
        """
        self.end()
        key = f"{STEP}{self.chapter}_{len(self._steps)}"
        self._steps.append(key)
        self._step.enter_context(st.container(key=key))

    def end(self) -> None:
        """The last step is over."""
        self._step.close()

    def figure(self, name: str) -> DeltaGenerator:
        """A place for a step's one large figure: presenter mode sets the words beside it where that is better."""
        return st.container(key=f"{FIGURE}{self.chapter}_{name}")

    def of_kind(self, kind: str) -> OpenModel | None:
        """The first model of a kind ("ae" or "vae"), or None."""
        return next((model for model in self.models.values() if model.config.kind == kind), None)

    def key(self, name: str) -> str:
        """The key of a control. Starting anew changes it, so that the browser forgets the old one as well."""
        return f"lesson_{self.chapter}_{st.session_state.get(ROUNDS, {}).get(self.chapter, 0)}_{name}"

    def from_address(self, name: str) -> str | None:
        """What the address says of a control of this chapter."""
        params = st.query_params
        return params.get(name) if params.get(CHAPTER) == self.chapter else None

    def slider(self, name: str, label: str, low: float, high: float, start: float, step: float, **more: str) -> float:
        """A slider; the values are floats, or whole numbers if all of low, high and start are."""
        self.slider_of(name, low, high, start)
        value = st.slider(label, low, high, step=step, key=self.key(name), help=more.get("help"))
        self.note(name, value, start)
        return value

    def slider_of(self, name: str, low: float, high: float, start: float) -> float:
        """What a slider says that is yet to be drawn, below the figure that it moves.

        Drawn first, it would stand where the figure will be, and jump when that comes. So do the others below.
        """
        whole = all(isinstance(value, int) for value in (low, high, start))
        key, asked = self.key(name), number(self.from_address(name), low, high)
        remember(key, start, start if asked is None else round(asked) if whole else asked)
        st.session_state[key] = min(max(st.session_state[key], low), high)
        return float(st.session_state[key])

    def choice(self, name: str, label: str, options: Mapping[str, str], start: str, help: str | None = None) -> str:
        """One of a few options, given as {key: what people read}."""
        self.choice_of(name, options, start)
        key = self.key(name)
        value = st.segmented_control(
            label, list(options), format_func=lambda option: options[option], key=key, required=True, help=help
        )
        self.note(name, value or start, start)
        return value or start

    def notch(self, name: str, label: str, options: Mapping[str, str], start: str, help: str | None = None) -> str:
        """A slider over a few options in an order, given as {key: what people read}."""
        self.choice_of(name, options, start)
        key = self.key(name)
        value: str = st.select_slider(
            label, list(options), format_func=lambda option: options[option], key=key, help=help
        )
        self.note(name, value, start)
        return value

    def choice_of(self, name: str, options: Collection[str], start: str) -> str:
        """What a choice or a notch says that is yet to be drawn."""
        key, asked = self.key(name), self.from_address(name)
        remember(key, start, asked if asked in options else start)
        if st.session_state[key] not in options:
            st.session_state[key] = start
        return str(st.session_state[key])

    def toggle(self, name: str, label: str, help: str | None = None) -> bool:
        """A switch that is off at first."""
        key = self.key(name)
        remember(key, False, True if self.from_address(name) == "1" else None)
        value = st.toggle(label, key=key, help=help)
        self.note(name, int(value), 0)
        return value

    def seed(self, name: str, label: str) -> int:
        """A button that counts up: the seed of what is drawn again when it is pressed."""
        key, seed = self.key(name), self.seed_of(name)
        st.button(label, icon=":material/casino:", key=f"{key}_button", on_click=_count_up, args=(key,))
        self.note(name, seed, 0)
        return seed

    def seed_of(self, name: str) -> int:
        """The seed of a button that is yet to be drawn."""
        key = self.key(name)
        if key not in st.session_state:
            st.session_state[key] = whole_number(self.from_address(name), 0, MOST_SEED) or 0
        return int(st.session_state[key])

    def note(self, name: str, value: object, start: object) -> None:
        """Have the address say a control's value, unless it is at its start."""
        away = st.session_state.setdefault(IN_ADDRESS, {}).setdefault(self.chapter, {})
        if value == start:
            away.pop(name, None)
        else:
            away[name] = f"{value:g}" if isinstance(value, float) else str(value)

    @property
    def settled(self) -> bool:
        """Whether the chapter's question was revealed or skipped."""
        return bool(st.session_state.get(self.key(SETTLED)))

    def covered(self, what: str, *controls: str) -> bool:
        """Whether `what` would give away the answer to a question that is still open; then a line stands in its place.

        Args:
            what: how the line begins, such as "The chart of all shares".
            controls: those in it; a link that sets one of them shows it.
        """
        if any(self.from_address(name) is not None for name in controls):
            st.session_state.setdefault(self.key(SETTLED), "linked")
        st.session_state[presenter.COVERED] = (self.chapter, len(self._steps) - 1)
        if presenter.uncovers(self.chapter):
            st.session_state.setdefault(self.key(SETTLED), "skipped")
        if self.settled:
            st.session_state.pop(presenter.COVERED)
            return False
        words = _("{what} would give the answer away. Reveal it above, or skip the question, to see it here.")
        st.caption(words.format(what=what))
        return True

    def more(self) -> dict[str, str]:
        """What the address says besides model and face."""
        away = st.session_state.get(IN_ADDRESS, {}).get(self.chapter, {})
        held = {**plan_address.in_address(), **presenter.in_address(self.chapter)}
        return {CHAPTER: self.chapter, **away, **held}

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Around the whole chapter: the address is written once, when every control has read what it said."""
        self._drawing.on = True
        try:
            yield
        finally:
            self._drawing.on = False
        if self._drawing.model is not None:
            self.write(self._drawing.model)

    def write(self, model: OpenModel) -> None:
        """Put the chapter, its controls and the current face into the address."""
        if self._drawing.on:
            self._drawing.model = model
            return
        address.write(model, current_point(), None, None, **self.more())

    def way_back(self, chapter: str) -> None:
        """A button that leads to an earlier chapter, by its key."""
        open_it = functools.partial(address.set_address, {CHAPTER: chapter})
        st.button(_("See it again"), icon=":material/undo:", key=self.key("back"), on_click=open_it)

    def random_face(self, model: OpenModel) -> None:
        """A button that makes another face of the atlas current."""
        if st.button(_("Another face"), icon=":material/shuffle:", key=self.key("random")):
            set_point(random_face(model))
            st.rerun(scope="app")

    def start_anew(self) -> None:
        """Forget what was done in this chapter, for a button's callback."""
        rounds = st.session_state.setdefault(ROUNDS, {})
        rounds[self.chapter] = rounds.get(self.chapter, 0) + 1
        st.session_state.setdefault(IN_ADDRESS, {}).pop(self.chapter, None)
        set_point(Point())
        held = {**plan_address.in_address(), **presenter.in_address(self.chapter)}
        address.set_address({CHAPTER: self.chapter, **held})


def opening(text: str, latex: str, symbols: str, *code: str) -> None:
    """Running text, below it a formula with what each of its symbols means, and the lines that compute it here.

    Args:
        text, symbols: Markdown.
        latex: the formula.
        code: functions of this project, for `own_code.excerpt`.
    """
    with st.container(key=OPENING + hashlib.sha256(latex.encode()).hexdigest()[:8]):
        with st.container():
            st.markdown(text)
        with st.container():
            st.latex(latex)
            st.caption(symbols)
            if code:
                with st.expander(_("The same in this project's code")):
                    for function in code:
                        found = excerpt(function)
                        st.html(coloured(found.lines))
                        st.caption(_("{file}, from line {line}").format(file=found.file, line=found.first))


def _count_up(key: str) -> None:
    st.session_state[key] = int(st.session_state[key]) + 1

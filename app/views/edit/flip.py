"""The smallest change that flips one reading of the face on screen, beside the face itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.classifiers import both_are_there, searching_and_judging
from app.checkpoints.decoding import decode, drawing_network
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.numbers import percent
from app.server.turns import heavy_work
from app.session.current import previous_point, set_point
from app.session.point import Kept, Point
from app.session.remembered import remember
from app.texts import _, numeral
from app.texts.attributes import attribute_name
from evaluation.flip import Flip, flip, usual_distance
from models.config import ForeignConfig
from models.data.attributes import ATTRIBUTES, JUDGING

if TYPE_CHECKING:  # torch takes two seconds to import
    from models.classifier import AttributeClassifier

    Classifiers = tuple[AttributeClassifier, AttributeClassifier]

ATTRIBUTE, ON_SCREEN, FOUND = "flip_attribute", "flip_on_screen", "flip_found"
FIRST = "Smiling"
MOST_MOVED = 5


@dataclass(frozen=True, eq=False)
class Found:
    """What was found for one face; `flip` is None where nothing flips the reading."""

    belongs: str
    attribute: str
    start: NDArray[np.float32]
    flip: Flip | None
    private: bool


def put_on_screen(z: NDArray[np.float32], moved: bool) -> None:
    """Say what the pad shows: float32 [D] with its sliders, and whether these are away from their start."""
    st.session_state[ON_SCREEN] = z, moved


def flip_a_reading(model: OpenModel, point: Point) -> Callable[[], None] | None:
    """Choose a reading, find the change, show it.

    Args:
        model: one that has an atlas.
        point: the current one, whose pad has said what it shows.

    Returns:
        The search, where it was asked for; call it once the page stands.
    """
    with st.expander(_("The smallest change that flips a reading"), icon=":material/flip:"):
        st.markdown(
            _(
                "What would have to be otherwise for a classifier to see the opposite? This looks for the shortest "
                "change of the face on screen, in whatever direction, until the reading just passes one half, and "
                "shows what else it changes."
            )
        )
        if isinstance(model.config, ForeignConfig):
            words = _(
                "This model came as a finished program, which does not say how a change would act. Choose another."
            )
            st.info(words, icon=":material/info:")
            return None
        if not both_are_there():
            words = _("This needs both classifiers, checkpoints/classifier and checkpoints/measure. Copy them again.")
            st.info(words, icon=":material/info:")
            return None
        remember(ATTRIBUTE, FIRST)
        offered = sorted((name for name in ATTRIBUTES if name not in JUDGING), key=attribute_name)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(_("Reading to flip"), offered, format_func=attribute_name, key=ATTRIBUTE, width=320)
            asked = st.button(_("Find the change"), icon=":material/search:", key="flip")
        classifiers = searching_and_judging() if asked else None
        make = _search(model, point, classifiers) if classifiers is not None else None
        found: Found | None = st.session_state.get(FOUND)
        if make is None and found is not None and found.belongs == _belongs(model, point):
            _show(model, point, found)
        return make


def _belongs(model: OpenModel, point: Point) -> str:
    return f"{point.key} {model.drawing}"


def _search(model: OpenModel, point: Point, classifiers: Classifiers) -> Callable[[], None]:
    """The bar with its Cancel, and what does the work: not in a fragment, so that a press on it ends the run."""
    attribute: str = st.session_state[ATTRIBUTE]
    z, moved = st.session_state[ON_SCREEN]
    words, waiting = _("Looking for the change"), _("Work of others comes first: {before}")
    bar = st.progress(0.0, words)
    st.button(_("Cancel"), key="cancel flip")
    before = previous_point()
    private = point.private or (moved and before is not None and before.private)

    def tell(share: float) -> None:
        bar.progress(share, words)

    def make() -> None:
        assert model.posterior is not None
        with heavy_work.turn(lambda others: bar.progress(0.0, waiting.format(before=others))):
            axis = model.axes.get(attribute)
            found = flip(
                drawing_network(model),
                classifiers,
                z,
                ATTRIBUTES.index(attribute),
                model.posterior,
                direction=None if axis is None else axis.vector,
                progress=tell,
            )
        st.session_state[FOUND] = Found(_belongs(model, point), attribute, z, found, private)
        st.rerun()

    return make


def _show(model: OpenModel, point: Point, found: Found) -> None:
    assert model.atlas is not None
    assert model.posterior is not None
    name = attribute_name(found.attribute)
    if found.flip is None:
        st.info(_("No change was found that flips \u201c{name}\u201d for this face.").format(name=name))
        return
    pictures = decode(model, np.stack([found.start, found.flip.z]))
    captions = (_("Now: {name} {share}"), _("Changed: {name} {share}"))
    shares = found.flip.before, found.flip.after
    shown = [
        gallery.Figure(picture, caption.format(name=name, share=percent(share)))
        for picture, caption, share in zip(pictures, captions, shares, strict=True)
    ]
    gallery.show(gallery.row(shown, 220))
    usual = usual_distance(model.atlas.mu, model.posterior)
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences(found.flip, usual)))
    if st.button(_("Make it the current face"), key="take flip", icon=":material/tune:"):
        kept = Kept(
            f"flip {found.attribute} {point.key} {hash(found.flip.z.tobytes()):x}",
            _("{face}, {name} flipped").format(face=point.name(model), name=name),
            {model.name: found.flip.z},
            {model.name: model.sha256},
            {"from": point.origin(model), "flipped": found.attribute},
            found.private,
        )
        set_point(Point(kept=kept))
        st.rerun()


def sentences(found: Flip, usual: float) -> list[str]:
    """What was found in words.

    Args:
        found: the change.
        usual: how far two faces chosen at random usually are apart, in the unit of its size.
    """
    name = attribute_name(found.attribute)
    said = [
        _("The change is {share} as long as two faces chosen at random usually are apart.").format(
            share=percent(found.size / usual)
        )
    ]
    if found.along is None:
        said.append(_("Along the slider of \u201c{name}\u201d alone, nothing flips it.").format(name=name))
    else:
        said.append(
            _("Along the slider of \u201c{name}\u201d alone it would take {share}.").format(
                name=name, share=percent(found.along / usual)
            )
        )
    before, after = found.judged
    judged = _("Another classifier, which took no part in the search, reads {before} before and {after} after").format(
        before=percent(before), after=percent(after)
    )
    if (before > 0.5) == (after > 0.5):
        said.append(judged + _(": it is not convinced, so a part of this only deceives the first one."))
    else:
        said.append(judged + ".")
    if found.moved:
        moved = ", ".join(
            f"{attribute_name(attribute)} {numeral(100 * change, '+.0f')}\N{NO-BREAK SPACE}%"
            for attribute, change in list(found.moved.items())[:MOST_MOVED]
        )
        said.append(_("What else that one sees change: {moved}.").format(moved=moved))
    else:
        said.append(_("It sees nothing else change by a tenth or more."))
    return said

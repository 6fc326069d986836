"""Edit: sliders for the attributes of the current face, what else they change, and directions of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.classifiers import read_faces
from app.checkpoints.measured import measured_leakage
from app.checkpoints.opening import OpenModel
from app.checkpoints.probes import probes
from app.components.latent_pad import PadState, Readings, combine
from app.controls.model_switch import choose_model
from app.controls.pad import PadOnPage, pad
from app.controls.problems import show_problems
from app.drawing import gallery
from app.drawing.cells import Cells, cells_block
from app.drawing.numbers import percent
from app.drawing.plain_text import plain_text
from app.drawing.saved_table import save_table
from app.session.current import point_in
from app.session.point import Point
from app.session.remembered import remember
from app.session.vividness import open_as_chosen
from app.texts import N_, _
from app.texts.attributes import attribute_name
from app.views.edit.direction_files import direction_files
from app.views.edit.flip import flip_a_reading, put_on_screen
from app.views.edit.found_directions import found_directions
from app.views.edit.own_direction import own_bank, own_direction
from latent.attribute_axes import edit_bank
from latent.directions import Bank
from models.data.attributes import ATTRIBUTES, JUDGING

if TYPE_CHECKING:
    pass

FIXED, ALL = "edit_fixed", "edit_all"
WEAK_AUC, FEW_FACES = 0.75, 100
"""Below these a direction says more about chance, or about how labels were given, than about faces."""
READ = (
    "Eyeglasses", "Smiling", "Mouth_Slightly_Open", "Male", "Young", "Bangs", "Blond_Hair", "Bald", "Mustache",
    "Wearing_Hat",
)  # fmt: skip
CHANGES = 8
TITLE, SHOWN = N_("Edit a face"), 48
ABOUT = N_(
    "Each slider starts where this face is: 0 is where faces without the attribute lie on average, 1 where faces "
    "with it do; often it shows only further on. Move it back and the face is restored; what the slider does not "
    "explain is kept."
)


def render() -> None:
    """Draw the page."""
    st.title(_(TITLE))
    models, problems = open_as_chosen()
    show_problems(problems)
    models = {name: model for name, model in models.items() if model.axes}
    if not models:
        st.error(
            _("There is no model with attributes here. Make a map with build_atlas.py; it reads them off the faces.")
        )
        return
    st.caption(_(ABOUT))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        model = choose_model(models)
        names, fixed = _choose_attributes(model)
    point, z = point_in(model)
    bank, lost = edit_bank(model.axes, names, z, fixed)
    if lost:
        st.info(
            _("{names}: left out, because in this model it cannot be told from what is held still.").format(
                names=", ".join(lost)
            ),
            icon=":material/info:",
        )
    own = own_bank(model)
    if not bank.directions:
        st.info(
            _(
                "No attribute can be told well enough from this model's code to make a slider of it. “Offer doubtful "
                "attributes” gives you sliders all the same."
            ),
            icon=":material/info:",
        )
    elif not any(direction.marks for direction in bank.directions):
        st.caption(
            _(
                "Where the attributes show in the picture is not measured for this model and these sliders, so they "
                "have no marks. `python evaluate.py --reach` on its folder measures it (a few minutes)."
            )
        )
    _pad(model, point, z, (bank, own) if own else (bank,))
    make = flip_a_reading(model, point)
    own_direction(model, point, z)
    direction_files(model, [*(own.directions if own else ()), *bank.directions])
    look = found_directions(model, z)
    _leakage(model)
    for work in (make, look):
        if work is not None:
            work()


def unsupported(model: OpenModel) -> dict[str, str]:
    """Attributes that are off at first, and why in a few words."""
    reasons = {attribute: _("judges people") for attribute in JUDGING if attribute in model.axes}
    for attribute, axis in model.axes.items():
        if axis.fewest < FEW_FACES:
            reasons[attribute] = _("only {fewest} examples").format(fewest=axis.fewest)
        elif not axis.auc >= WEAK_AUC:
            reasons[attribute] = _("hardly found in this model")
    return reasons


def _choose_attributes(model: OpenModel) -> tuple[dict[str, str], list[str]]:
    """The sliders to offer, with their names, and the attributes to hold still."""
    doubtful = unsupported(model)
    remember(ALL, False, st.query_params.get("all") == "1")
    remember(FIXED, [], st.query_params.get("hold", "").split(","))
    st.session_state[FIXED] = st.session_state[f"kept_{FIXED}"] = [
        attribute for attribute in st.session_state[FIXED] if attribute in model.axes
    ]
    fixed = st.multiselect(
        _("Change only this: hold still"),
        sorted(model.axes, key=lambda attribute: attribute_name(attribute).lower()),
        format_func=attribute_name,
        key=FIXED,
        width=420,
        placeholder=_("Attributes that other sliders must not change"),
        help=_(
            "Every other slider's direction is made orthogonal (at a right angle) to the directions of these "
            "attributes, so that it no longer moves the face along them."
        ),
    )
    everything = st.toggle(
        _("Offer doubtful attributes"),
        key=ALL,
        help=_(
            "{count} attributes are left out at first: those that judge people, those with few examples, and "
            "those whose direction orders held-out faces hardly better than chance (AUC under {auc})."
        ).format(count=len(doubtful), auc=WEAK_AUC),
    )
    names = {}
    for attribute in model.axes:
        if attribute not in doubtful:
            names[attribute] = attribute_name(attribute)
        elif everything:
            names[attribute] = f"{attribute_name(attribute)} ({doubtful[attribute]})"
    return names, fixed


@st.fragment
def _pad(model: OpenModel, point: Point, z: NDArray[np.float32], banks: tuple[Bank, ...]) -> None:
    title = _("**{name}**, decoded by the {model}").format(name=plain_text(point.name(model)), model=model.title)
    state = pad(model, point, z, "edit", PadOnPage(title, banks, readings(model), more=_more(), shown=SHOWN))
    _classifier(model, z, banks, state)


def _more() -> dict[str, str]:
    """What the address says of this page's own controls: without them, the sliders would be others."""
    held = ",".join(st.session_state[f"kept_{FIXED}"])
    return ({"hold": held} if held else {}) | ({"all": "1"} if st.session_state[f"kept_{ALL}"] else {})


def readings(model: OpenModel) -> Readings:
    """The probes whose bars follow the face."""
    fitted = probes(model)
    rows = [fitted.attributes.index(a) for a in READ if a in fitted.attributes]
    rows = [row for row in rows if np.isfinite(fitted.auc[row]) and fitted.weights[row].any()]
    return Readings(
        tuple(attribute_name(fitted.attributes[row]) for row in rows),
        tuple(
            _(
                "A straight cut through the latent space (a linear probe): its AUC on held-out faces is "
                "{auc:.2f} (0.5 is a guess, 1 is always right)."
            ).format(auc=fitted.auc[row])
            for row in rows
        ),
        fitted.weights[rows],
        fitted.bias[rows],
    )


def _classifier(model: OpenModel, z: NDArray[np.float32], banks: tuple[Bank, ...], state: PadState) -> None:
    """What the classifier sees in the decoded picture, once the hand has let go."""
    directions = {direction.key: direction for bank in banks for direction in bank.directions}
    now = combine(z, directions, state.weights)
    put_on_screen(now, bool(state.weights))
    read = read_faces(model, np.stack([z, now]))
    if read is None:
        return
    moved = [key.removeprefix("attribute-") for key in state.weights]
    st.markdown(_("**What the classifier sees in the picture**, once you let go"))
    with st.container(width=720):
        gallery.show(gallery.bars(classifier_lines(read[0], read[1], moved)))
    told = [
        {_("Attribute"): attribute_name(name), _("Before"): float(read[0, a]), _("Now"): float(read[1, a])}
        for a, name in enumerate(ATTRIBUTES)
        if name not in JUDGING
    ]
    save_table(told, "save readings", f"{model.name}-readings")
    st.caption(
        _(
            "A network that looks at the decoded picture and not at its latent. With nothing moved: what it is "
            "surest of. After a move: what you moved, then what else changed most."
        )
    )


def classifier_lines(
    before: NDArray[np.float32], after: NDArray[np.float32], moved: list[str]
) -> list[tuple[str, float, str]]:
    """The lines to show: what was moved, then the largest changes; without a move the surest readings.

    Args:
        before, after: float32 [40], probabilities.
        moved: attributes whose sliders are away from their start.

    Returns:
        (name, probability after, note) each.
    """
    change = after - before
    unmoved = not np.abs(change).max() > 0.005
    offered = [a for a, attribute in enumerate(ATTRIBUTES) if attribute not in JUDGING]
    first = [a for a in range(len(ATTRIBUTES)) if ATTRIBUTES[a] in moved]
    rest = sorted((a for a in offered if a not in first), key=lambda a: -(after[a] if unmoved else abs(change[a])))
    lines = []
    for a in [*first, *rest][: max(CHANGES, len(first))]:
        note = "" if abs(change[a]) < 0.005 else _("was {share}").format(share=percent(before[a]))
        lines.append((attribute_name(ATTRIBUTES[a]), float(after[a]), note))
    return lines


def _leakage(model: OpenModel) -> None:
    """What else changes when one attribute is moved, as evaluate.py measured it."""
    with st.expander(_("What else does a slider change? The leakage matrix"), icon=":material/grid_on:"):
        table = measured_leakage(model.files)
        try:
            cells = leakage_cells(table)
        except (KeyError, TypeError, ValueError, IndexError):
            st.info(_("It is not measured for these weights yet. Run evaluate.py on this checkpoint."))
            return
        st.markdown(
            _(
                "Each row moves {count} held-out faces by one unit along one attribute's direction (the distance "
                "between the average faces without and with it; faces that have it already are moved the other way and "
                "counted with the opposite sign). Each column is one reading of the measuring classifier, which "
                "looks at the decoded picture: orange means that the reading rose, blue that it fell. A slider that "
                "changed only what it is called would colour one cell of its row; the rest is leakage: attributes "
                "that come along, mostly because the faces that the model learned from had them together. \u201cHold "
                "still\u201d above takes such company away. Point at a cell for the figure and its 95 % interval."
            ).format(count=table["codes"])
        )
        gallery.show(cells_block(cells, _("Leakage matrix")))


def leakage_cells(table: Mapping[str, list[list[float]]]) -> Cells:
    """The matrix from the content of leakage.json, without attributes that judge people.

    Raises:
        KeyError, TypeError, ValueError: it is not what evaluate.py writes.
    """
    change, low, high = (np.array(table[name], np.float32) for name in ("change", "low", "high"))
    moved, read = ([str(name) for name in table[which]] for which in ("moved", "read"))
    if not change.shape == low.shape == high.shape == (len(moved), len(read)):
        raise ValueError("the lists of leakage.json do not fit each other.")
    offered = np.ix_(*(np.array([name not in JUDGING for name in names], bool) for names in (moved, read)))
    change, low, high = (numbers[offered] for numbers in (change, low, high))
    rows, columns = ([attribute_name(name) for name in names if name not in JUDGING] for names in (moved, read))
    notes = [
        [
            _("{effect:+.2f} ({low:+.2f} to {high:+.2f})").format(effect=c, low=a, high=b)
            for c, a, b in zip(*lists, strict=True)
        ]
        for lists in zip(change, low, high, strict=True)
    ]
    said = _("Moved: {row}\nRead: {column}\n{note}")
    return Cells(change, rows, columns, said, notes, _("Changed by"), row=17)

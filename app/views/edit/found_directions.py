"""Directions that nobody named: found in the decoder or in the codes, judged, and kept under a name."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.classifiers import classifier, readers
from app.checkpoints.decoding import decode, drawing_network
from app.checkpoints.opening import OpenModel
from app.drawing import gallery
from app.drawing.picture_files import montage
from app.drawing.saved_table import save_csv
from app.server.turns import heavy_work
from app.session.shelf import LONGEST_NAME
from app.texts import N_, _, ngettext
from app.texts.attributes import attribute_name
from app.views.edit.direction_files import keep, said
from evaluation import found_directions as judging
from evaluation.found_directions import Judged, judge
from latent.code_table import code_table, csv_bytes
from latent.directions import Direction
from latent.found_directions import changing_most, independent
from latent.probes import parts

Method = Literal["change", "independent"]
COUNT, FACES = 8, 8  # directions, and held-out faces that they are judged on
MATRIX_FACES = 4  # of these, for the Jacobian: 256 pictures each
STEPS = (-2.0, -1.0, 0.0, 1.0, 2.0)  # standard deviations
NAMED = 3  # attributes in a line; the file has all
METHOD, ORDER, SHOWN = "found method", "found order", "found shown"
METHODS: dict[Method, str] = {
    "change": N_("What changes the picture most"),
    "independent": N_("What varies independently of the rest"),
}
MEANT: dict[Method, str] = {
    "change": N_(
        "Each number of the code is moved a little and the change of the decoded picture is measured; the directions "
        "are those in which pictures change most (principal components of the decoder\u2019s Jacobian)."
    ),
    "independent": N_(
        "The codes of the encoded faces are taken apart into parts that vary independently of each other (independent "
        "component analysis)."
    ),
}
ORDERS = (N_("Largest change first"), N_("Fewest attributes first"))


def found_directions(model: OpenModel, z: NDArray[np.float32]) -> Callable[[], None] | None:
    """Where they are looked for, shown, and kept.

    Args:
        model: one that has an atlas.
        z: float32 [D], the face on screen, along which they are shown.

    Returns:
        What does the work, if it is asked for; call it once the page stands.
    """
    with st.expander(_("Find directions that nobody named"), icon=":material/explore:"):
        st.markdown(
            _(
                "The sliders above are made from attributes that people have named. These are looked for without any "
                "name: try one out, and name it yourself if it means something to you."
            )
        )
        method = st.radio(
            _("What to look for"), list(METHODS), format_func=lambda one: _(METHODS[one]), key=METHOD, horizontal=True
        )
        st.caption(_(MEANT[method]))
        kept = _kept().get((model.drawing, method))
        if kept is None:
            return _ask(model, method)
        if not st.toggle(_("Show what was found"), key=SHOWN):  # forty faces to decode, at each move of a slider
            return None
        order = st.radio(_("Order"), list(ORDERS), format_func=_, key=ORDER, horizontal=True)
        judged = sorted(kept, key=lambda one: len(one.moved)) if order == ORDERS[1] else kept
        for one in judged:
            _line(model, z, one)
        st.caption(
            _(
                "From left to right this face 2 standard deviations back to 2 on, by steps of one. The change and the "
                "attributes are means over {count} held-out faces, from 1 back to 1 on: the typical difference of a "
                "pixel\u2019s value, of 255, and each reading of the measuring classifier that moves by at least "
                "10 points of 100. A direction that moves many attributes mixes what people tell apart; one that moves "
                "none changes what has no name here."
            ).format(count=FACES)
        )
        words = _("Save these directions as CSV")
        save_csv(words, lambda: csv_bytes(table_of(judged, model)), "save found", f"{model.name}-found-{method}")
    return None


@st.cache_resource(show_spinner=False)
def _kept() -> dict[tuple[str, Method], list[Judged]]:
    """What was found, for all visitors: the same faces and the same seed give the same directions."""
    return {}


def _ask(model: OpenModel, method: Method) -> Callable[[], None] | None:
    """The button, or, where it was pressed, the bar and what does the work."""
    if not readers():
        st.info(_("There is no classifier to judge directions by. Copy checkpoints/measure to where the others are."))
        return None
    if not st.button(_("Look for directions"), icon=":material/search:", key=f"find {method}"):
        return None
    bar = st.progress(0.0, _("Looking for directions"))
    st.button(_("Cancel"), key="cancel found")  # the run that a press asks for ends this one

    def make() -> None:
        waiting = _("Work of others comes first: {before}")
        with heavy_work.turn(lambda before: bar.progress(0.0, waiting.format(before=before))):
            judged = look_for(model, method, bar.progress)
        _kept()[model.drawing, method] = judged
        st.session_state[SHOWN] = True
        st.rerun()

    return make


def look_for(model: OpenModel, method: Method, progress: Callable[[float, str], Any]) -> list[Judged]:
    """Find directions and judge them, the largest change first; read where they were worked out beforehand.

    Args:
        model: one that has an atlas, where there is a classifier to judge by.
        method: how they are found.
        progress: told the share that is done, 0 to 1, and what is done; what it raises ends the work.
    """

    def work_out() -> dict[str, Any]:
        reader = classifier()
        assert reader is not None
        found = find(model, method, lambda share: progress(0.7 * share, _("Looking for directions")))
        faces, judged = _faces(model), []
        for at, one in enumerate(found):
            progress(0.7 + 0.3 * at / len(found), _("Judging them on held-out faces"))
            judged += judge(drawing_network(model), reader, [one], faces)
        judged.sort(key=lambda one: -one.change)
        return {
            "keys": [one.direction.key for one in judged],
            "names": [one.direction.name for one in judged],
            "vectors": np.stack([one.direction.vector for one in judged]),
            "changes": [one.change for one in judged],
            "moved": [json.dumps(one.moved) for one in judged],
        }

    told = (method, model.vivid, *readers(), Path(judging.__file__).read_bytes())
    values = beforehand(model.files, "found", told, work_out)
    columns = (values[name] for name in ("keys", "names", "vectors", "changes", "moved"))
    return [
        Judged(Direction(str(key), str(name), vector), float(change), json.loads(str(moved)))
        for key, name, vector, change, moved in zip(*columns, strict=True)
    ]


def find(model: OpenModel, method: Method, progress: Callable[[float], Any]) -> list[Direction]:
    """Eight directions at most, each as long as one standard deviation of the codes along it.

    Args:
        model: one that has an atlas.
        method: how.
        progress: told the share that is done, 0 to 1; what it raises ends the work.
    """
    assert model.atlas is not None
    assert model.posterior is not None
    count = min(COUNT, model.config.latent_dim)
    if method == "independent":
        progress(0.0)
        return independent(model.atlas.mu, count)
    from models.jacobian import change_matrix  # late, as above

    faces, scale = _faces(model)[:: FACES // MATRIX_FACES], model.posterior.sd
    gram = change_matrix(drawing_network(model), faces, scale, progress)
    return changing_most(gram, scale, model.posterior.covariance, count)


def _faces(model: OpenModel) -> NDArray[np.float32]:
    """Codes of held-out faces, the same each time: float32 [8, D], fewer where there are not so many."""
    assert model.atlas is not None
    held_out = parts(model.atlas.partition)[1]
    return model.atlas.mu[held_out[:: max(1, len(held_out) // FACES)][:FACES]].astype(np.float32)


def _line(model: OpenModel, z: NDArray[np.float32], one: Judged) -> None:
    """One direction: what it does to this face, what it moves, and where it is named and kept."""
    direction, name = one.direction, told_name(one.direction)
    pictures = decode(model, np.stack([z + step * direction.vector for step in STEPS]))
    st.markdown(f"**{name}**: {words(one)}")
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    with left:
        alt = _("{name}: the face 2 standard deviations back, 1 back, as it is, 1 on and 2 on").format(name=name)
        gallery.show(gallery.wide(montage(pictures, len(STEPS), gap=0), alt))
    with right, st.container(horizontal=True, vertical_alignment="bottom"):
        called = st.text_input(
            _("Call it"), name, max_chars=LONGEST_NAME, key=f"found name {direction.key} {model.name}", width=200
        )
        if st.button(_("Keep under this name"), icon=":material/bookmark_add:", key=f"keep found {direction.key}"):
            said(keep(model, direction, called))


def told_name(direction: Direction) -> str:
    """A found direction's name in the page's language."""
    kind, rank = direction.key.rsplit("-", 1)
    return (_("Change {rank}") if kind == "jacobian" else _("Independent part {rank}")).format(rank=rank)


def words(one: Judged) -> str:
    """What a direction does, in a line: how much the picture changes and which attributes come along."""
    change = _("changes a pixel by {change:.0f} of 255").format(change=one.change)
    if not one.moved:
        return _("{change}; moves no attribute that has a name here").format(change=change)
    said = [
        f"{attribute_name(name)} {100 * value:+.0f}".replace("-", "\N{MINUS SIGN}")
        for name, value in list(one.moved.items())[:NAMED]
    ]
    attributes = ", ".join([*said, "\u2026"] if len(one.moved) > NAMED else said)
    told = ngettext(
        "{change}; moves {count} attribute: {attributes}",
        "{change}; moves {count} attributes: {attributes}",
        len(one.moved),
    )
    return told.format(change=change, count=len(one.moved), attributes=attributes)


def table_of(judged: Sequence[Judged], model: OpenModel) -> Any:
    """A row for each direction: its name, its change, the attributes that it moves, then its vector."""
    columns: dict[str, Any] = {
        "name": [one.direction.name for one in judged],
        "change": np.array([one.change for one in judged], np.float32),
        "attributes_moved": [len(one.moved) for one in judged],
        "moved": [" ".join(f"{name}:{value:+.3f}" for name, value in one.moved.items()) for one in judged],
        "checkpoint_sha256": [model.sha256] * len(judged),
    }
    return code_table(np.stack([one.direction.vector for one in judged]), columns, {"model": model.name})

"""A direction of one's own: two groups of faces drawn on the map, and whether they differ more than chance does."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.controls.face_map import selected_rows, show_map
from app.drawing import gallery
from app.session.point import Point
from app.texts import _, ngettext
from app.views.edit.direction_files import kept_directions
from latent.directions import Bank, Direction
from latent.groups import SMALLEST, Separation, group_direction, separation

GROUPS = "own_groups"  # {"A": image numbers, "B": image numbers}
SCORES = "own_scores"


def own_bank(model: OpenModel) -> Bank | None:
    """The sliders from group A to group B, where there are both, and of the kept directions; None without any."""
    directions = kept_directions(model)
    groups = _groups(model)
    if len(groups) == 2:
        assert model.atlas is not None
        vector = group_direction(model.atlas.mu, groups["A"], groups["B"])
        note = _("{count:,} and {others:,} faces").format(count=len(groups["A"]), others=len(groups["B"]))
        hint = _("From the mean of group A to the mean of group B; 1 is the whole distance.")
        between = Direction("own-1", _("From A to B"), vector, -2.0, 2.0, unit="", note=note, hint=hint)
        directions = [between, *directions]
    return Bank("own", _("Your direction"), tuple(directions)) if directions else None


def own_direction(model: OpenModel, point: Point, z: NDArray[np.float32]) -> None:
    """Where the groups are drawn and judged."""
    with st.expander(_("Define your own direction"), icon=":material/gesture:"):
        st.markdown(
            _(
                "Draw round some faces on the map with the box or the lasso of its toolbar and make them group A; then "
                "draw round others and make them group B. The way from A to B becomes a slider."
            )
        )
        if not st.toggle(_("Show the map"), key="own_map"):
            return
        left, right = st.columns([3, 2], gap="medium")
        with left:
            show_map(model, point, z, then="edit")
        with right:
            _choose(model)
            _judge(model)


def _groups(model: OpenModel) -> dict[str, NDArray[np.int64]]:
    """The rows of the groups of which this model's atlas has enough faces."""
    kept: dict[str, NDArray[np.int32]] = st.session_state.setdefault(GROUPS, {})
    assert model.atlas is not None
    found = {name: model.atlas.rows_of(images) for name, images in kept.items()}
    return {name: rows for name, rows in found.items() if len(rows) >= SMALLEST}


def _choose(model: OpenModel) -> None:
    assert model.atlas is not None
    rows = selected_rows(model)
    count = len(rows)
    st.markdown(
        ngettext(
            "**{count:,} face** is selected on the map.", "**{count:,} faces** are selected on the map.", count
        ).format(count=count)
        if count
        else _("Nothing is selected on the map yet.")
    )
    if 0 < count < SMALLEST:
        st.caption(_("A group needs at least {smallest} faces.").format(smallest=SMALLEST))
    with st.container(horizontal=True):
        for name in ("A", "B"):
            if st.button(_("Make it group {name}").format(name=name), key=f"group {name}", disabled=count < SMALLEST):
                st.session_state[GROUPS][name] = model.atlas.image[rows]
                st.rerun()
    groups = _groups(model)
    if groups:
        means = np.stack([model.atlas.mu[rows].astype(np.float32).mean(0) for rows in groups.values()])
        pictures = decode(model, means)
        shown = [
            gallery.Figure(
                picture, _("Mean of group {name}: {count:,} faces").format(name=name, count=len(groups[name]))
            )
            for name, picture in zip(groups, pictures, strict=True)
        ]
        gallery.show(gallery.row(shown))


def _judge(model: OpenModel) -> None:
    """Cohen's d against random pairs of groups, worked out once for each pair of groups and model."""
    groups = _groups(model)
    if len(groups) < 2:
        return
    assert model.atlas is not None
    key = (model.identity, groups["A"].tobytes(), groups["B"].tobytes())
    kept = st.session_state.get(SCORES)
    if kept is None or kept[0] != key:
        with st.spinner(_("Comparing with random groups \u2026")):
            kept = st.session_state[SCORES] = (key, separation(model.atlas.mu, groups["A"], groups["B"]))
    verdict = sentence(kept[1])
    (st.success if kept[1].convincing else st.warning)(verdict)
    st.caption(
        _(
            "Cohen\u2019s d is the distance between the two groups\u2019 means along the direction, in standard "
            "deviations of a group. Half of each group (of 400 of its faces at most) makes the direction and the "
            "other half is measured, so that a direction cannot praise itself; random groups of the same sizes show "
            "what chance alone gives. It says that the groups differ in the model, not that a name you give to the "
            "difference is right."
        )
    )


def sentence(found: Separation) -> str:
    """The verdict in words."""
    facts = _(
        "Cohen\u2019s d is {d:.1f}; of {trials} random pairs of groups of the same sizes, 95 % stay under {chance:.1f}."
    ).format(d=found.d, trials=found.trials, chance=found.chance)
    if found.convincing:
        return _("This direction means something: {facts} Its slider is under \u201cYour direction\u201d.").format(
            facts=facts
        )
    return _("This may be chance: {facts} Choose larger groups or groups that differ more.").format(facts=facts)

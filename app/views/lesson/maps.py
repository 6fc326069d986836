"""The same latents on UMAP maps of several settings: made beforehand, or drawn on demand and kept for all visitors."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.drawing.plain_text import plain_text
from app.server.child_process import Process, work_of
from app.streamlit_internals.connection import connection
from app.texts import N_, _
from app.views.lesson import charts
from app.views.lesson.live.queue import Place, RunQueue
from app.views.lesson.stage import Stage
from app.views.lesson.worked_out import labels, latent_axes, map_purity
from latent.atlas import AtlasError
from latent.map_file import load_maps
from latent.map_settings import BASE, SETTINGS, VARIED, Setting, map_rows, pack_order
from models.checkpoint_files import Stamp, file_stamp

MOST_SECONDS = 600
PLACE = "lesson_maps_place"
NAMES = {
    "neighbours": N_("n_neighbors: how many count as near"),
    "distance": N_("min_dist: how close dots may lie"),
    "seed": N_("the seed: chance alone"),
}
STEPS = (N_("Starting a process of its own"), N_("Opening UMAP, which compiles itself first"))
"""What a run says of itself before its first map."""
Maps = dict[Setting, NDArray[np.float32]]


@st.cache_resource(show_spinner=False)
def _line() -> RunQueue[MapsRun]:
    return RunQueue()


@dataclass(frozen=True, eq=False)
class Found:
    """The maps of a model that are here.

    Attributes:
        maps: by their settings; `MapsRun` adds to them.
        problem: a sentence where the file of maps that were made beforehand cannot be used.
    """

    maps: Maps
    problem: str | None = None


@st.cache_resource(show_spinner=False, max_entries=16)
def _found(identity: str, stamp: Stamp, _model: OpenModel) -> Found:
    assert _model.atlas is not None
    try:
        return Found(load_maps(_model.files.maps_path, _model.atlas))
    except FileNotFoundError:
        return Found({})
    except AtlasError as error:
        return Found({}, str(error))


def found_maps(model: OpenModel) -> Found:
    """The maps of a model that are here; read again when their file changes."""
    return _found(model.identity, file_stamp(model.files.maps_path), model)


class MapsRun(Process):
    """A run of `latent.map_settings`."""

    def __init__(self, points: NDArray[np.float32], settings: Sequence[Setting], found: Maps) -> None:
        """Start it.

        Args:
            points: float32 [N, D].
            settings: of the maps, in the order in which they are wanted; those already found are left out.
            found: takes the maps as they come.

        Raises:
            OSError: the system gives no process.
        """
        self.found = found
        wanted = [setting for setting in settings if setting not in found]
        super().__init__(work_of("latent.map_settings"), pack_order(points, wanted), MOST_SECONDS)

    def _take(self, message: dict[str, Any]) -> None:
        super()._take(message)
        if "setting" in message:
            self.found[Setting(**message["setting"])] = np.array(message["xy"], np.float32)


@st.fragment
def other_maps(stage: Stage, model: OpenModel, column: int, name: str) -> None:
    """A choice of what to vary, and three UMAP maps beside PCA and the map of all faces, which are there at once."""
    here = found_maps(model)
    place: Place[MapsRun] | None = st.session_state.get(PLACE)
    going = place is not None and _line().look(place) is not None
    st.markdown(
        _(
            "UMAP has settings, and draws by chance. Here it mapped {count:,} held-out faces; all maps show the same "
            "of them. **Trust what every map shows; what only one shows is that map's own.**"
        ).format(count=len(_rows(model)))
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {varied: _(name) for varied, name in NAMES.items()}
        varied = stage.choice("vary", _("Vary"), names, "neighbours")
        ready = all(setting in here.maps for setting in VARIED[varied])
        if not ready and stage.server:
            st.button(
                _("Draw these maps"),
                icon=":material/scatter_plot:",
                type="primary",
                key=stage.key("draw_maps"),
                disabled=going,
                on_click=_join,
                args=(model, varied),
            )
    if not ready and stage.server:
        said = plain_text(here.problem) if here.problem else _("build_atlas.py --maps makes them beforehand.")
        st.caption(_("{said} Drawing them here takes minutes.").format(said=said))
    stage.write(model)
    if going:
        assert place is not None
        _watch(stage, model, place, varied, column, name)
    else:
        if place is not None and (problem := place.problem or (place.run and place.run.problem)):
            st.warning(plain_text(problem), icon=":material/info:")
        _show(stage, model, varied, column, name)


def _join(model: OpenModel, varied: str) -> None:
    """Stand in line, for the button."""
    begin = functools.partial(MapsRun, _points(model), _order(varied), found_maps(model).maps)
    st.session_state[PLACE] = _line().join(begin, connection())


def _order(varied: str) -> list[Setting]:
    """What is on screen first, then the rest, so that the class can change over without waiting again."""
    return list(dict.fromkeys([BASE, *VARIED[varied], *SETTINGS]))


def _rows(model: OpenModel) -> NDArray[np.int64]:
    assert model.atlas is not None
    return map_rows(model.atlas.partition)


def _points(model: OpenModel) -> NDArray[np.float32]:
    assert model.atlas is not None
    return model.atlas.mu[_rows(model)].astype(np.float32)


@st.fragment(run_every=2)
def _watch(stage: Stage, model: OpenModel, place: Place[MapsRun], varied: str, column: int, name: str) -> None:
    """Now and then the maps that have come. It is also how the server knows that somebody still looks."""
    before = _line().look(place)
    if before is None:
        st.rerun(scope="app")
    left, right = st.columns([5, 1], vertical_alignment="center")
    if place.run is None:
        left.info(
            _("Someone else's maps are being drawn; yours are number {number} in line.").format(number=before + 1)
        )
    else:
        left.progress(place.run.share, f"{_doing(place.run.step)} …")
    right.button(
        _("Cancel"),
        icon=":material/close:",
        key=stage.key("maps_cancel"),
        width="stretch",
        on_click=_line().leave,
        args=(place,),
    )
    _show(stage, model, varied, column, name)


def _doing(step: str) -> str:
    """What a run says that it does, in the reader's language: the process itself speaks English."""
    counted = re.fullmatch(r"Map (\d+) of (\d+)", step)
    return _(step) if counted is None else _("Map {number} of {count}").format(number=counted[1], count=counted[2])


def _show(stage: Stage, model: OpenModel, varied: str, column: int, name: str) -> None:
    found, rows = dict(found_maps(model).maps), _rows(model)
    column_labels = labels(model)[0][rows, column]
    assert model.atlas is not None
    points = _points(model)
    flat = (points - points.mean(0)) @ latent_axes(model)[:2].T
    shown: list[tuple[str, str, NDArray[np.floating] | None]] = [("pca", "PCA", flat)]
    shown.append(("atlas", _("The map of all {count:,}").format(count=len(model.atlas)), model.atlas.xy[rows]))
    shown += [(f"umap {setting}", _title(setting, varied), found.get(setting)) for setting in VARIED[varied]]
    for place, (key, title, xy) in zip(st.columns(len(shown), gap="small"), shown, strict=True):
        with place:
            st.markdown(f"**{title}**")
            if xy is None:
                st.caption(_("Not drawn yet."))
                continue
            show_chart(charts.dots(xy, column_labels > 0, name, 230), name)
            real, shuffled = map_purity(model, key, xy, column_labels)
            if np.isfinite(real):
                st.caption(
                    _("{real} of the ten nearest are alike; with shuffled labels {shuffled}.").format(
                        real=percent(real), shuffled=percent(shuffled)
                    )
                )


def _title(setting: Setting, varied: str) -> str:
    return {
        "neighbours": f"n_neighbors {setting.n_neighbors}",
        "distance": f"min_dist {setting.min_dist:g}",
        "seed": _("Seed {seed}").format(seed=setting.seed),
    }[varied]

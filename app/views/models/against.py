"""The two open checkpoints against each other: their maps, the neighbourhoods that both have, their errors."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.against import Against, SingleFaces, compare, faces_in_common, measured_errors
from app.checkpoints.celeba import called
from app.checkpoints.opening import OpenModel, open_model
from app.checkpoints.records import Record
from app.components.two_maps import TwoMaps, two_maps
from app.drawing.chart import COLOURS, Axis, Chart, Series
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.drawing.plain_text import plain_text
from app.drawing.saved_table import save_csv
from app.server.published import missing_assets
from app.server.turns import heavy_work
from app.session.remembered import remember
from app.texts import N_, _, numeral
from app.texts.attributes import attribute_name
from models.checkpoints import CheckpointError

SHOWN, COLOUR, KEPT = "models_compare", "models_compare_colour", "models_compared"
PARAMETER = "compare"
FEWEST_IN_COMMON = 20
PLACE, SURVIVE = "place", "survive"
COLOURINGS = {PLACE: N_("Place on the first map"), SURVIVE: N_("Neighbours in common")}
NONE_KEPT, ALL_KEPT = np.array([30, 110, 200]), np.array([240, 130, 10])


def against(first: Record, second: Record) -> Callable[[], None] | None:
    """The switch, and what stands under it.

    Returns:
        What counts the shared neighbours, where that is asked for and not done yet; call it once the page stands.
    """
    remember(SHOWN, False, (st.query_params[PARAMETER] == "1") if PARAMETER in st.query_params else None)
    st.header(_("The two against each other"))
    if not st.toggle(_("Compare their maps, neighbourhoods and errors"), key=SHOWN):
        return None
    try:
        models = open_model(first.files), open_model(second.files)
    except CheckpointError as error:
        st.warning(plain_text(str(error)), icon=":material/info:")
        return None
    names = (plain_text(first.title), plain_text(second.title))
    if faces_in_common(*models) < FEWEST_IN_COMMON:
        words = _(
            "{first} and {second} have fewer than {count} mapped pictures in common, so they cannot be compared. Make "
            "both maps from one folder of pictures, with build_atlas.py."
        )
        st.info(words.format(first=names[0], second=names[1], count=FEWEST_IN_COMMON), icon=":material/info:")
        return None
    identities = [model.identity for model in models]
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != identities:
        return _ask(models, identities)
    _show(kept[1], (first, second), names)
    return None


def in_address() -> dict[str, str]:
    """What the address says of it: nothing where it is off."""
    return {PARAMETER: "1"} if st.session_state.get(SHOWN) else {}


def _ask(models: tuple[OpenModel, OpenModel], identities: list[str]) -> Callable[[], None]:
    """A bar with its Cancel, and what does the work."""
    words = _("Comparing each face\u2019s neighbours")
    bar = st.progress(0.0, words)
    st.button(_("Cancel"), key="cancel compare", on_click=_switch_off)

    def make() -> None:
        waiting = _("Work of others comes first: {before}")
        with heavy_work.turn(lambda before: bar.progress(0.0, waiting.format(before=before))):
            found = compare(*models, progress=lambda share: _tell(bar, share, words))
        st.session_state[KEPT] = (identities, found)
        st.rerun()

    return make


def _tell(bar: Any, share: float, words: str) -> None:
    bar.progress(share, words)


def _switch_off() -> None:
    st.session_state[SHOWN] = st.session_state[f"kept_{SHOWN}"] = False


def _show(found: Against, records: tuple[Record, Record], names: tuple[str, str]) -> None:
    with st.container(key="models_against"):
        left, right = st.columns(2, gap="large")
    with left:
        _maps(found, names)
    with right:
        st.markdown(_("**Which neighbourhoods survive**"))
        st.markdown(survival(found, names))
        errors = measured_errors(records[0].files), measured_errors(records[1].files)
        shared = [name for name in errors[0] if name in errors[1]]
        st.markdown(_("**The same faces\u2019 errors**"))
        if shared or found.singles is not None:
            by_name = {name: (errors[0][name], errors[1][name]) for name in shared}
            show_chart(error_chart(by_name, names, found.singles), _("Errors of both models"))
            st.caption(
                _(
                    "A dot for each attribute: the typical error of a pixel, of 255, among test faces that have it. "
                    "Under the line {second} errs less."
                ).format(second=names[1])
                + " "
                + (
                    _("Grey dots are single faces of your CelebA folder.")
                    if found.singles is not None
                    else _("With a CelebA folder of your own (FACESPACE_CELEBA) single faces are shown, too.")
                )
            )
        else:
            words = _("Not both are measured yet. Run: `python evaluate.py {place} --data CELEBA`")
            st.caption(words.format(place=(records[1] if errors[0] else records[0]).place))
    rows = table_of(found, errors)
    heads = (_("Attribute"), _("Neighbours in common, %"), _("Error, {model}"), _("Error, {model}"), _("Difference"))
    columns = [head.format(model=name) for head, name in zip(heads, ("", "", *names, ""), strict=True)]
    shown = {head: [row[i] for row in rows] for i, head in enumerate(columns)}
    shown[columns[0]] = [attribute_name(str(row[0])) for row in rows]
    st.dataframe(_as_read(shown), hide_index=True, height=300)
    both = f"{records[0].files.name}-{records[1].files.name}"
    save_csv(_("Save the comparison as CSV"), lambda: csv_of(rows, names), "save comparison", both)
    if (singles := found.singles) is not None:
        words = _("Save single faces\u2019 errors as CSV")
        save_csv(words, lambda: csv_of_faces(singles, names), "save singles", f"{both}-faces")


def _maps(found: Against, names: tuple[str, str]) -> None:
    colour = st.segmented_control(
        _("Colours"), list(COLOURINGS), format_func=lambda key: _(COLOURINGS[key]), key=COLOUR, default=PLACE
    )
    if missing_assets():
        return
    order, colours = paint(found, colour or PLACE)
    two_maps(key="two maps", maps=TwoMaps(found.first[order], found.second[order], colours, names))
    if colour == SURVIVE:
        st.caption(
            _(
                "The {count:,} faces that were asked: the more orange one is, the more of its ten nearest codes are "
                "the same in both models, the more blue, the fewer."
            ).format(count=len(found.asked))
        )
    else:
        st.caption(
            _(
                "Each dot is a face, coloured by where it lies on the first map. Drag: where colours stay together, "
                "both maps agree on who is near whom. The second map is turned and mirrored to fit the first."
            )
        )


def survival(found: Against, names: tuple[str, str]) -> str:
    """How much of the neighbourhoods both models share, in words."""
    words = _(
        "Of a face\u2019s ten nearest codes in {first}, {kept} are among its ten nearest in {second}; chance would "
        "keep {chance}. {none} of the faces asked keep none, {half} keep half or more."
    ).format(
        first=names[0],
        second=names[1],
        kept=percent(float(found.shared.kept.mean()), 1),
        chance=percent(found.shared.chance, 2),
        none=percent(float((found.shared.kept == 0).mean())),
        half=percent(float((found.shared.kept >= 0.5).mean())),
    )
    if len(found.shared.by_attribute) > 1:
        ranked = sorted(found.shared.by_attribute, key=lambda name: found.shared.by_attribute[name])
        words += " " + _("Most survives among faces with {most}, least with {least}.").format(
            most=attribute_name(ranked[-1]), least=attribute_name(ranked[0])
        )
    return words


def paint(found: Against, colouring: str) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Which faces are drawn, int64 [N], in this order, and their colours, uint8 [N, 3]."""
    if colouring == SURVIVE:
        share = found.shared.kept[:, None]
        return found.asked, (NONE_KEPT + share * (ALL_KEPT - NONE_KEPT)).astype(np.uint8)
    x, y = found.first.T
    ranks = [np.argsort(np.argsort(value)) / max(len(value) - 1, 1) for value in (x, y)]
    colours = np.stack([60 + 180 * ranks[0], 190 - 90 * ranks[0] * ranks[1] - 60 * ranks[1], 60 + 180 * ranks[1]], 1)
    return np.arange(len(x)), colours.astype(np.uint8)


Row = tuple[str | float | None, ...]


def table_of(found: Against, errors: tuple[Mapping[str, float], Mapping[str, float]]) -> list[Row]:
    """For each attribute: neighbours in common in per cent, both errors, and the second's less the first's."""
    rows: list[Row] = []
    for name in dict.fromkeys([*found.shared.by_attribute, *errors[0], *errors[1]]):
        kept, one, other = found.shared.by_attribute.get(name), errors[0].get(name), errors[1].get(name)
        difference = None if one is None or other is None else other - one
        rows.append((name, _rounded(None if kept is None else 100 * kept), *map(_rounded, (one, other, difference))))
    return rows


def _as_read(columns: Mapping[str, Sequence[Any]]) -> Any:
    """Styled: numbers as the reader's language writes them; a click on a heading still sorts by the numbers."""
    import pandas as pd  # type: ignore[import-untyped]

    table = pd.DataFrame(columns)
    return table.style.format(lambda value: "" if pd.isna(value) else numeral(value, ".2f"), subset=table.columns[1:])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def csv_of(rows: list[Row], names: tuple[str, str]) -> bytes:
    """The table as CSV in UTF-8, attributes under CelebA's names; what is not known is left empty."""
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n")
    write.writerow(
        ["attribute", "neighbours_in_common_percent", f"error_{names[0]}", f"error_{names[1]}", "difference"]
    )
    write.writerows(rows)
    return file.getvalue().encode()


def csv_of_faces(singles: SingleFaces, names: tuple[str, str]) -> bytes:
    """A row for each face: its number and both errors."""
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n")
    write.writerow(["image", *(f"error_{name}" for name in names)])
    write.writerows((int(image), *pair.round(3)) for image, pair in zip(singles.image, singles.errors, strict=True))
    return file.getvalue().encode()


def error_chart(
    errors: Mapping[str, tuple[float, float]], names: tuple[str, str], singles: SingleFaces | None = None
) -> Chart:
    """A dot for each attribute and each single face: the first model's error to the right, the second's upwards."""
    values = np.array(list(errors.values())).reshape(-1, 2)
    faces = np.empty((0, 2)) if singles is None else singles.errors
    everything = np.concatenate([values, faces])
    ends = (float(everything.min()) - 0.5, float(everything.max()) + 0.5)
    images = [] if singles is None else [called(int(image)) for image in singles.image]
    looks = (
        (faces, images, "gray", 5.0, 0.5),
        (values, [attribute_name(name) for name in errors], COLOURS[0], 9.0, 1.0),
    )
    dots = [
        Series("", pairs[:, 0], pairs[:, 1], "dots", colour, dots=size, opacity=opacity, labels=_told(named, pairs))
        for pairs, named, colour, size, opacity in looks
    ]
    line = Series("", np.array(ends), np.array(ends), colour="gray", size=2, dash="2 4", told=False)
    first, second = (Axis(name, ends) for name in names)
    return Chart((line, *dots), first, second, 320)


def _told(named: Sequence[str], pairs: NDArray[np.floating]) -> list[str]:
    return [f"{name}: {numeral(a, '.1f')}, {numeral(b, '.1f')}" for name, (a, b) in zip(named, pairs, strict=True)]

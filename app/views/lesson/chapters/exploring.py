"""Chapter: exploring the latent space."""

from __future__ import annotations

import streamlit as st

from app.checkpoints.opening import OpenModel
from app.checkpoints.probes import probes
from app.components.atlas_map import AttributeColouring
from app.controls.face_map import show_map
from app.controls.model_switch import choose_model, current_model
from app.drawing.chart_html import show_chart
from app.drawing.numbers import percent
from app.session.current import point_in
from app.texts import _
from app.texts.attributes import attribute_name
from app.views.lesson import charts
from app.views.lesson.maps import other_maps
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage
from app.views.lesson.worked_out import labels, purities, two_maps
from latent.map_quality import NEIGHBOURS

TERMS = ("latent space", "UMAP", "principal component (PCA)", "probe", "AUC", "held-out faces", "variance")
FAVOURITES = ("Blond_Hair", "Eyeglasses", "Smiling")


def render(stage: Stage) -> None:
    """Draw the chapter."""
    st.markdown(
        _(
            "Every face is a point in the latent space, with as many coordinates as the model has numbers; a screen "
            "has two. UMAP (McInnes et al. 2018, arXiv 1802.03426) draws a flat map that tries to keep **neighbours "
            "together**. Click a dot: its face becomes the current one."
        )
    )
    place = stage.figure("map")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = choose_model(dict(stage.models))
        assert model.atlas is not None
        options = _favourites(model)
        attribute = stage.choice("attribute", _("Colour by"), options, next(iter(options)))
    column, name = model.atlas.attributes.index(attribute), options[attribute]
    with place:
        show_map(model, *point_in(model), AttributeColouring(name, column), then="lesson")
    st.caption(
        _(
            "{count:,} faces of {dimensions} coordinates each. Near on the map is near in the latent space, roughly "
            "(how roughly is measured below). The map does **not** show:\n"
            "- distances between far parts: they are whatever was left over;\n"
            "- sizes of clusters: crowded parts are spread out, empty ones drawn together;\n"
            "- directions: up and right mean nothing."
        ).format(count=len(model.atlas), dimensions=model.config.latent_dim)
    )
    stage.step()
    predict(stage, lambda: _question(model, column, attribute_name(attribute)))
    stage.step()
    _readable(stage, model, column, name)
    stage.step()
    st.header(_("The same latents on principal components"))
    if not stage.covered(_("The two maps, and how often neighbours on them are alike,"), "count"):
        _maps(stage, model, column, name)
    stage.step()
    st.header(_("Other settings, other maps"))
    other_maps(stage, model, column, name)


def question(stage: Stage) -> Question:
    """What it asks, of the attribute that colours the map at first."""
    model = current_model(stage.models)
    assert model.atlas is not None
    attribute, name = next(iter(_favourites(model).items()))
    return _question(model, model.atlas.attributes.index(attribute), name)


def _favourites(model: OpenModel) -> dict[str, str]:
    """Attributes to colour by, {name: what people read}."""
    assert model.atlas is not None
    chosen = [name for name in FAVOURITES if name in model.atlas.attributes] or list(model.atlas.attributes[:2])
    return {name: attribute_name(name) for name in chosen}


def _readable(stage: Stage, model: OpenModel, column: int, name: str) -> None:
    """How well the attribute can be read from all coordinates."""
    read = probes(model)
    found, true = labels(model)
    known = found[:, column] >= 0
    share = float((found[known, column] > 0).mean()) if known.any() else float("nan")
    share_words = (
        _("{share} of the faces have it, by CelebA's own labels.").format(share=percent(share))
        if true
        else _("{share} of the faces have it, by our classifier's reading, not CelebA's labels.").format(
            share=percent(share)
        )
    )
    read_words = _(
        "**What all {dimensions} coordinates know:** shown a held-out face with “{name}” and one without, a "
        "linear probe picks the right one {auc} of the time (that is its AUC; guessing gets 50 %)."
    ).format(dimensions=model.config.latent_dim, name=name, auc=percent(read.auc[column], 1))
    st.markdown(f"{read_words} {share_words}")


@st.fragment
def _maps(stage: Stage, model: OpenModel, column: int, name: str) -> None:
    """UMAP and PCA side by side, with their share of same-label neighbours."""
    maps, found = two_maps(model), labels(model)[0]
    present = found[maps.rows, column] > 0
    sides = zip(stage.figure("maps").columns(2, gap="medium"), (("UMAP", maps.umap), ("PCA", maps.pca)), strict=True)
    for place, (title, xy) in sides:
        with place:
            st.markdown(f"**{title}**")
            show_chart(charts.dots(xy, present, name, 400), name)
    chance = NEIGHBOURS / max(len(maps.rows) - 1, 1)
    drawn = (
        _("{count:,} faces, {drawn:,} of them drawn.").format(count=len(maps.rows), drawn=charts.MOST_DOTS)
        if len(maps.rows) > charts.MOST_DOTS
        else _("{count:,} faces.").format(count=len(maps.rows))
    )
    kept = _(
        "Two principal components hold {explained} of the latents' variance (if all directions varied alike: "
        "{alike}); the rest is not on the picture. Of the ten faces nearest to one in all {dimensions} "
        "coordinates, {umap_keeps} are among its ten nearest on the UMAP map and {pca_keeps} on PCA's; chance "
        "would keep {chance}."
    ).format(
        explained=percent(maps.explained),
        alike=percent(2 / model.config.latent_dim),
        dimensions=model.config.latent_dim,
        umap_keeps=percent(maps.umap_keeps, 1),
        pca_keeps=percent(maps.pca_keeps, 1),
        chance=percent(chance, 1),
    )
    st.caption(f"{drawn} {kept} {_trade(maps.umap_keeps, maps.pca_keeps)}")
    counted = stage.toggle("count", _("Count: how often is a neighbour on the map alike?"))
    stage.write(model)
    if counted:
        rows = [
            {
                _("Map"): title,
                _("Neighbours of a face with “{name}” that have it too").format(name=name): percent(real),
                _("The same after shuffling the labels"): percent(shuffled),
            }
            for title, (real, shuffled) in purities(model, column).items()
        ]
        charts.table(rows, stage.key("purities_table"), "neighbours")
        st.caption(
            _("Where the first number is hardly above the second, the colours on that map are no real structure.")
        )


def _trade(umap_keeps: float, pca_keeps: float) -> str:
    """What the two numbers say together."""
    if umap_keeps > pca_keeps:
        return _("UMAP keeps more neighbours and gives up true distances for them.")
    return _("Here UMAP keeps no more neighbours than PCA, whose distances are true ones.")


def _question(model: OpenModel, column: int, name: str) -> Question:
    def answer() -> tuple[int, str]:
        real, shuffled = purities(model, column)["UMAP"]
        ratio = real / max(shuffled, 1e-9)
        right = 0 if ratio < 1.5 else 1 if ratio < 4 else 2
        return (
            right,
            _(
                "{real} of the ten nearest are alike; with shuffled labels {shuffled}: {ratio:.1f} times as many."
            ).format(real=percent(real), shuffled=percent(shuffled), ratio=ratio),
        )

    return Question(
        _(
            "Take a face with “{name}” and its ten nearest on the UMAP map. How many more of them share it than by "
            "chance?"
        ).format(name=name),
        [_("Hardly more (less than 1.5 times)"), _("Some more (1.5 to 4 times)"), _("Far more (over 4 times)")],
        answer,
    )

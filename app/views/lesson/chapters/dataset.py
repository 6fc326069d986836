"""Chapter: the dataset."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from app.checkpoints.celeba import originals
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.portrait import aligned_portrait
from app.drawing import gallery
from app.drawing.numbers import percent
from app.views.lesson import charts
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage
from app.views.lesson.worked_out import attribute_associations
from latent.associations import Associations
from models.data.attributes import JUDGING, plain_name
from models.data.celeba import PARTITIONS
from models.images import CROP_SIDE

TERMS = ("encoder", "latent", "reconstruction", "held-out faces")
EXAMPLES = 6
TEXT_WIDTH = 704  # CSS pixels, the measure of the text
NAMES = {"train": "to train on", "valid": "to check on while training", "test": "held out for the end"}


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = next(iter(stage.models.values()))
    assert model.atlas is not None
    parts = [(name, int((model.atlas.partition == i).sum())) for i, name in enumerate(PARTITIONS)]
    listed = ", ".join(f"{count:,} {NAMES[name]}" for name, count in parts if count)
    st.markdown(
        "**CelebA** (Liu et al. 2015, arXiv 1411.7766) holds 202,599 pictures of 10,177 famous people, taken from the "
        f"web. {len(model.atlas):,} of them are encoded here: {listed}. Nobody is in two of these parts."
    )
    _examples(stage, model)
    stage.step()
    _alignment()
    found, true = attribute_associations(model)
    source = (
        "CelebA's own labels, from your folder"
        if true
        else "what our attribute classifier reads off the pictures (CelebA's labels may not be handed on)"
    )
    stage.step()
    st.header("40 attributes")
    st.markdown(
        f"Each picture has a yes or a no for {len(found.share)} attributes. All numbers here are counted over "
        f"{found.faces:,} faces, from {source}."
    )
    if asked := _question(model, found):
        predict(stage, asked)
    stage.step()
    if not stage.covered("The chart of how common each attribute is", "order"):
        _shares(stage, model, found)
    stage.step()
    _together(stage, model, found)
    stage.step()
    st.header("Doubts")
    leaning = _leaning(model, found) if stage.settled else ""  # it names the share of eyeglasses
    st.markdown(
        "- **Labels.** Somebody looked and ticked boxes. Some are a matter of taste "
        f"({', '.join(plain_name(name).lower() for name in sorted(JUDGING))}), some of degree (pale skin), and “male” "
        "is a guess from looks.\n"
        f"- **Who is missing.** Celebrities photographed before 2015 are no sample of mankind{leaning}. "
        "A model spends its few numbers on what it often sees, and draws that in place of what it seldom sees.\n"
        "- **Licence.** Non-commercial research only, and no picture may be handed on. That is why this app ships "
        "weights and latents, but no picture and no label of CelebA."
    )
    stage.write(model)


def question(stage: Stage) -> Question | None:
    """What it asks."""
    model = next(iter(stage.models.values()))
    return _question(model, attribute_associations(model)[0])


def _leaning(model: OpenModel, found: Associations) -> str:
    """What most of them are, as counted."""
    assert model.atlas is not None
    names = list(model.atlas.attributes)
    said = [
        f"{word} {percent(found.share[names.index(name)])}"
        for name, word in (("Young", "young"), ("Heavy_Makeup", "heavily made up"), ("Smiling", "smiling"))
        if name in names
    ]
    said += [
        f"{word} only {percent(found.share[names.index(name)])}"
        for name, word in (("Gray_Hair", "grey-haired"), ("Eyeglasses", "with eyeglasses"))
        if name in names
    ]
    return f" ({', '.join(said)})" if said else ""


def _alignment() -> None:
    """Where eyes and mouth lie in each picture, on the portrait, with the square that a model sees."""
    from faces import TARGETS

    picture, scale = aligned_portrait(), 3
    width, height = picture.size
    big = picture.resize((width * scale, height * scale), Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(big)
    for x, y in TARGETS:
        at = [(x - 4) * scale, (y - 4) * scale, (x + 4) * scale, (y + 4) * scale]
        pen.ellipse(at, outline="#ffffff", width=5)
        pen.ellipse(at, outline="#e07a2f", width=3)
    x0, y0 = (width - CROP_SIDE) // 2, (height - CROP_SIDE) // 2
    square = [x0 * scale, y0 * scale, (x0 + CROP_SIDE) * scale, (y0 + CROP_SIDE) * scale]
    pen.rectangle(square, outline="#8b5fbf", width=4)
    st.header("Every face in the same place")
    eyes, mouth = TARGETS[:2], TARGETS[2]
    with st.container(width=TEXT_WIDTH, key="lesson_alignment"):
        left, right = st.columns([3, 4], gap="medium", vertical_alignment="center")
    with left:
        gallery.show(gallery.wide(np.asarray(big), "The portrait, eyes and mouth marked, a square round the face"))
    right.caption(
        f"Each picture of {width} × {height} pixels was turned, scaled and shifted until the eyes lay at "
        f"({eyes[0][0]:.0f}, {eyes[0][1]:.0f}) and ({eyes[1][0]:.0f}, {eyes[1][1]:.0f}) and the mouth at "
        f"({mouth[0]:.0f}, {mouth[1]:.0f}). The nose plays no part. Purple: the {CROP_SIDE} × {CROP_SIDE} pixels "
        "that the models see. (A public-domain portrait by NASA, not from CelebA.)"
    )


def _examples(stage: Stage, model: OpenModel) -> None:
    assert model.atlas is not None
    place = st.container()
    seed = stage.seed("examples", "Other examples")
    rows = np.random.default_rng(seed).choice(len(model.atlas), min(EXAMPLES, len(model.atlas)), replace=False)
    real = originals(model, rows.tolist())
    shown = decode(model, model.atlas.mu[rows].astype(np.float32)) if real is None else real
    numbers = model.atlas.image[rows]
    figures = [gallery.Figure(p, f"Face {n}") for p, n in zip(shown, numbers, strict=True)]
    with place:
        gallery.show(gallery.row(figures, gallery.WIDE))
    st.caption(
        "Original pictures from your CelebA folder."
        if real is not None
        else f"Not the pictures themselves, but what the {model.title} rebuilds of them, blurred by its bottleneck. "
        "Set FACESPACE_CELEBA to a CelebA folder of yours to see originals."
    )


def _shown(model: OpenModel) -> list[int]:
    """Columns of the attributes that judge nobody's looks."""
    assert model.atlas is not None
    return [i for i, name in enumerate(model.atlas.attributes) if name not in JUDGING]


@st.fragment
def _shares(stage: Stage, model: OpenModel, found: Associations) -> None:
    assert model.atlas is not None
    order = {"most": "Most common first", "least": "Rarest first"}
    first = stage.choice("order", "Shares", order, "most")
    columns = sorted(_shown(model), key=lambda i: -found.share[i] if first == "most" else found.share[i])
    entries = [(plain_name(model.atlas.attributes[i]), float(found.share[i]), "") for i in columns]
    with st.container(width=TEXT_WIDTH):
        gallery.show(gallery.bars(entries[:12]))
        with st.expander(f"All {len(entries)}"):
            gallery.show(gallery.bars(entries))
    stage.write(model)


def _together(stage: Stage, model: OpenModel, found: Associations) -> None:
    assert model.atlas is not None
    columns = _shown(model)
    names = [plain_name(model.atlas.attributes[i]) for i in columns]
    notes = [
        [
            f"{a} and {b}<br>correlation {found.correlation[i, j]:+.2f}<br>"
            f"both: {percent(found.both[i, j], 1)} of the faces"
            for j, b in zip(columns, names, strict=True)
        ]
        for i, a in zip(columns, names, strict=True)
    ]
    i, j = _strongest(found, columns)
    st.markdown(
        "**What goes together.** Orange: often (a correlation up to 1). Blue: seldom (down to \N{MINUS SIGN}1). "
        "Columns stand in the order of the rows; point at a cell to read it."
    )
    charts.show(charts.correlations(found.correlation[np.ix_(columns, columns)], names, notes), stage.key("matrix"))
    st.caption(
        f"The strongest pair is “{plain_name(model.atlas.attributes[i])}” and "
        f"“{plain_name(model.atlas.attributes[j])}” ({found.correlation[i, j]:+.2f}). A model learns such ties as "
        "well: move one attribute and others come along. Attributes that judge looks are left out."
    )


def _strongest(found: Associations, columns: list[int]) -> tuple[int, int]:
    pairs = [(i, j) for a, i in enumerate(columns) for j in columns[a + 1 :]]
    return max(pairs, key=lambda pair: abs(found.correlation[pair]))


def _question(model: OpenModel, found: Associations) -> Question | None:
    assert model.atlas is not None
    if "Eyeglasses" not in model.atlas.attributes:
        return None
    share = float(found.share[model.atlas.attributes.index("Eyeglasses")])
    right = 0 if share < 0.1 else 1 if share < 0.3 else 2

    return Question(
        "How many of these faces wear eyeglasses?",
        ["Under 10 %", "10 to 30 %", "Over 30 %"],
        lambda: (right, f"{percent(share, 1)} of {found.faces:,}. What is rare, a model sees seldom in training."),
    )

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
from app.drawing.cells import Cells, cells_block
from app.drawing.numbers import percent
from app.texts import N_, _
from app.texts.attributes import attribute_name, attribute_word
from app.views.lesson import charts
from app.views.lesson.question import Question, predict
from app.views.lesson.stage import Stage
from app.views.lesson.worked_out import attribute_associations
from latent.associations import Associations
from models.data.attributes import JUDGING
from models.data.celeba import PARTITIONS
from models.images import CROP_SIDE

TERMS = ("encoder", "latent", "reconstruction", "held-out faces")
EXAMPLES = 6
TEXT_WIDTH = 704  # CSS pixels, the measure of the text
NAMES = {
    "train": N_("{count:,} to train on"),
    "valid": N_("{count:,} to check on while training"),
    "test": N_("{count:,} held out for the end"),
}
LEANING = {
    "Young": N_("young {share}"),
    "Heavy_Makeup": N_("heavily made up {share}"),
    "Smiling": N_("smiling {share}"),
    "Gray_Hair": N_("grey-haired only {share}"),
    "Eyeglasses": N_("with eyeglasses only {share}"),
}
"""What most of them are, and what few are, by attribute."""
DOUBTS = N_(
    "- **Labels.** Somebody looked and ticked boxes. Some are a matter of taste ({judging}), some of degree (pale "
    "skin), and “male” is a guess from looks.\n"
    "- **Who is missing.** Celebrities photographed before 2015 are no sample of mankind{leaning}. A model spends its "
    "few numbers on what it often sees, and draws that in place of what it seldom sees.\n"
    "- **Licence.** Non-commercial research only, and no picture may be handed on. That is why this app ships weights "
    "and latents, but no picture and no label of CelebA."
)


def render(stage: Stage) -> None:
    """Draw the chapter."""
    model = next(iter(stage.models.values()))
    assert model.atlas is not None
    parts = [(name, int((model.atlas.partition == i).sum())) for i, name in enumerate(PARTITIONS)]
    listed = ", ".join(_(NAMES[name]).format(count=count) for name, count in parts if count)
    st.markdown(
        _(
            "**CelebA** (Liu et al. 2015, arXiv 1411.7766) holds 202,599 pictures of 10,177 famous people, taken from "
            "the web. {count:,} of them are encoded here: {listed}. Nobody is in two of these parts."
        ).format(count=len(model.atlas), listed=listed)
    )
    _examples(stage, model)
    stage.step()
    _alignment()
    found, true = attribute_associations(model)
    stage.step()
    st.header(_("40 attributes"))
    each = _("Each picture has a yes or a no for {count} attributes.").format(count=len(found.share))
    source = (
        _("All numbers here are counted over {faces:,} faces, from CelebA's own labels, from your folder.").format(
            faces=found.faces
        )
        if true
        else _(
            "All numbers here are counted over {faces:,} faces, from what our attribute classifier reads off the "
            "pictures (CelebA's labels may not be handed on)."
        ).format(faces=found.faces)
    )
    st.markdown(f"{each} {source}")
    predict(stage, lambda: _question(model, found))
    stage.step()
    if not stage.covered(_("The chart of how common each attribute is"), "order"):
        _shares(stage, model, found)
    stage.step()
    _together(stage, model, found)
    stage.step()
    st.header(_("Doubts"))
    leaning = _leaning(model, found) if stage.settled else ""  # it names the share of eyeglasses
    judging = ", ".join(attribute_word(name) for name in sorted(JUDGING))
    st.markdown(_(DOUBTS).format(judging=judging, leaning=leaning))
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
        _(words).format(share=percent(found.share[names.index(name)]))
        for name, words in LEANING.items()
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
    st.header(_("Every face in the same place"))
    eyes, mouth = TARGETS[:2], TARGETS[2]
    with st.container(width=TEXT_WIDTH, key="lesson_alignment"):
        left, right = st.columns([3, 4], gap="medium", vertical_alignment="center")
    with left:
        gallery.show(gallery.wide(np.asarray(big), _("The portrait, eyes and mouth marked, a square round the face")))
    right.caption(
        _(
            "Each picture of {width} × {height} pixels was turned, scaled and shifted until the eyes lay at "
            "({left_x:.0f}, {left_y:.0f}) and ({right_x:.0f}, {right_y:.0f}) and the mouth at ({mouth_x:.0f}, "
            "{mouth_y:.0f}). The nose plays no part. Purple: the {side} × {side} pixels that the models see. (A "
            "public-domain portrait by NASA, not from CelebA.)"
        ).format(
            width=width,
            height=height,
            left_x=eyes[0][0],
            left_y=eyes[0][1],
            right_x=eyes[1][0],
            right_y=eyes[1][1],
            mouth_x=mouth[0],
            mouth_y=mouth[1],
            side=CROP_SIDE,
        )
    )


def _examples(stage: Stage, model: OpenModel) -> None:
    assert model.atlas is not None
    seed = stage.seed_of("examples")
    rows = np.random.default_rng(seed).choice(len(model.atlas), min(EXAMPLES, len(model.atlas)), replace=False)
    real = originals(model, rows.tolist())
    shown = decode(model, model.atlas.mu[rows].astype(np.float32)) if real is None else real
    numbers = model.atlas.image[rows]
    figures = [gallery.Figure(p, _("Face {number}").format(number=n)) for p, n in zip(shown, numbers, strict=True)]
    gallery.show(gallery.row(figures, gallery.WIDE))
    stage.seed("examples", _("Other examples"))
    if real is not None:
        words = _("Original pictures from your CelebA folder.")
    else:
        words = _(
            "Not the pictures themselves, but what the {title} rebuilds of them, blurred by its bottleneck."
        ).format(title=model.title)
        if stage.server:
            words += " " + _("Set FACESPACE_CELEBA to a CelebA folder of yours to see originals.")
    st.caption(words)


def _shown(model: OpenModel) -> list[int]:
    """Columns of the attributes that judge nobody's looks."""
    assert model.atlas is not None
    return [i for i, name in enumerate(model.atlas.attributes) if name not in JUDGING]


@st.fragment
def _shares(stage: Stage, model: OpenModel, found: Associations) -> None:
    assert model.atlas is not None
    order = {"most": _("Most common first"), "least": _("Rarest first")}
    first = stage.choice("order", _("Shares"), order, "most")
    columns = sorted(_shown(model), key=lambda i: -found.share[i] if first == "most" else found.share[i])
    entries = [(attribute_name(model.atlas.attributes[i]), float(found.share[i]), "") for i in columns]
    with st.container(width=TEXT_WIDTH):
        gallery.show(gallery.bars(entries[:12]))
        with st.expander(_("All {count}").format(count=len(entries))):
            gallery.show(gallery.bars(entries))
            rows = [{_("Attribute"): name, _("Share"): share} for name, share, _note in entries]
            charts.save(rows, stage.key("save_shares"), "attributes")
    stage.write(model)


def _together(stage: Stage, model: OpenModel, found: Associations) -> None:
    assert model.atlas is not None
    columns = _shown(model)
    names = [attribute_name(model.atlas.attributes[i]) for i in columns]
    notes = [
        [
            _("correlation {correlation:+.2f}\nboth: {both} of the faces").format(
                correlation=found.correlation[i, j], both=percent(found.both[i, j], 1)
            )
            for j in columns
        ]
        for i in columns
    ]
    i, j = _strongest(found, columns)
    st.markdown(
        _(
            "**What goes together.** Orange: often (a correlation up to 1). Blue: seldom (down to −1). Columns stand "
            "in the order of the rows; point at a cell to read it."
        )
    )
    with stage.figure("matrix"):
        gallery.show(
            cells_block(
                Cells(
                    found.correlation[np.ix_(columns, columns)],
                    names,
                    names,
                    _("{row} and {column}\n{note}"),
                    notes,
                    named_above=False,  # the same as down the side, and more than fits a phone
                ),
                _("Correlations of attributes"),
            )
        )
    st.caption(
        _(
            "The strongest pair is “{one}” and “{other}” ({correlation:+.2f}). A model learns such ties as well: move "
            "one attribute and others come along. Attributes that judge looks are left out."
        ).format(
            one=attribute_name(model.atlas.attributes[i]),
            other=attribute_name(model.atlas.attributes[j]),
            correlation=found.correlation[i, j],
        )
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
        _("How many of these faces wear eyeglasses?"),
        [_("Under 10 %"), _("10 to 30 %"), _("Over 30 %")],
        lambda: (
            right,
            _("{share} of {faces:,}. What is rare, a model sees seldom in training.").format(
                share=percent(share, 1), faces=found.faces
            ),
        ),
    )

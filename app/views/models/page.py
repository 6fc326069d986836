"""Models: a card for each checkpoint, two side by side, and the family's rate against its distortion."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from app.checkpoints.family import curve, members, verdict
from app.checkpoints.records import Record, read_records
from app.controls.glossary import glossary_button
from app.controls.problems import show_problems
from app.drawing.plain_text import plain_text
from app.session.address import set_address
from app.session.remembered import BY_ADDRESS, follow, remember
from app.texts import N_, _
from app.views.models import against, charts
from app.views.models.bring import check_up, is_brought, just_taken, take_in
from app.views.models.sections import SECTIONS
from app.views.models.vectors import map_vectors
from models.checkpoints import CheckpointError

_log = logging.getLogger(__name__)
CARDS = "cards"  # the parameter of the address: two keys of records
CHOICES = ("models_first", "models_second")
LABELS = (N_("First card"), N_("Second card"))
SHOWN = "models_shown"
TERMS = (
    "autoencoder (AE)",
    "variational autoencoder (VAE)",
    "checkpoint",
    "latent",
    "beta",
    "rate",
    "distortion",
    "KL (Kullback-Leibler divergence)",
    "nat",
    "PSNR",
    "decibel (dB)",
    "SSIM",
    "principal component (PCA)",
    "Fr\u00e9chet distance",
    "AUC",
    "epoch",
    "held-out faces",
    "sampler",
)


def render() -> None:
    """Draw the page."""
    st.title(_("Models"))
    records, problems = read_records()
    show_problems(problems)
    if not records:
        words = _(
            "There is no checkpoint here. Put one into the folder checkpoints, point FACESPACE_CHECKPOINTS at a folder "
            "that holds some, or train one with train.py."
        )
        st.error(words, icon=":material/folder_off:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        words = _("What each checkpoint is, how it was made, how good it is and what it cannot do.")
        st.caption(words, width="stretch")
        glossary_button(TERMS)
    _follow_address(records)
    if taken := just_taken():
        st.session_state[CHOICES[1]] = taken
    take_in()
    map_vectors()
    _family(records)
    shown = _choose(records)
    make = against.against(records[shown[0]], records[shown[1]]) if len(shown) > 1 else None
    _write(shown)
    for heading, draw, wide in SECTIONS:
        if draw is check_up and not any(is_brought(records[key]) for key in shown):
            continue
        if heading:
            st.header(_(heading))
        places = [st.container() for _ in shown] if wide else st.columns(len(shown), gap="large")
        for place, key in zip(places, shown, strict=True):
            with place:
                _part(heading, draw, records[key])
    if make is not None:
        make()


def _part(heading: str, draw: Callable[[Record], None], record: Record) -> None:
    """One part of one card; what cannot be drawn is said in a sentence and the page goes on."""
    if heading:
        st.markdown(f"**{plain_text(record.title)}**")
    try:
        draw(record)
    except CheckpointError as error:
        st.warning(plain_text(str(error)), icon=":material/info:")
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        _log.warning("%s of %s cannot be shown", heading, record.key, exc_info=True)
        words = _(
            "This part cannot be shown: the files of {model} hold something else than expected. Run evaluate.py on it "
            "again, or copy the checkpoint again."
        )
        st.warning(words.format(model=plain_text(record.title)), icon=":material/info:")


def _family(records: dict[str, Record]) -> None:
    """The rate-distortion plot; a click on a point opens its card."""
    measured = members(records)
    if not measured:
        words = _(
            "The lesson's family of small models, which differ in beta alone, is not here (checkpoints/family), or "
            "evaluate.py has not measured it; so there is no curve of rate against distortion to show."
        )
        st.info(words, icon=":material/info:")
        return
    st.header(_("Rate against distortion, in the lesson's family"))
    open_cards = st.session_state.get(SHOWN, [])
    key = f"family {open_cards}"  # a new plot after each choice, so that a point can be clicked twice
    with st.container(key="models_family"):
        left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        st.plotly_chart(
            charts.rate_distortion(measured, open_cards),
            key=key,
            config=charts.SAVED,
            on_select=lambda: _clicked(key, records),
            selection_mode="points",
        )
    with right:
        words = _(
            "Each point is a small VAE; the number is its **beta**, the weight of the KL in its loss. All saw the same "
            "pictures for the same time. To the right, a model keeps more of a face (the **rate**); higher up, it "
            "rebuilds it more exactly (a lower **distortion**)."
        )
        st.markdown(words)
        st.markdown(verdict(curve(measured)))
        if any(member.rate is None for member in measured):
            words = _(
                "The dotted line is the autoencoder, beta 0: its codes have no KL, so its place from left to right "
                "means nothing."
            )
            st.caption(words)
        st.caption(_("Click a point to open its card as the second one. A golden ring marks the open ones."))


def _clicked(key: str, records: dict[str, Record]) -> None:
    """Open the card of the point that was clicked."""
    points = st.session_state[key]["selection"]["points"]
    found = points[0].get("customdata") if points else None
    chosen = found[0] if isinstance(found, list) and found else found
    if chosen in records and chosen != st.session_state.get(CHOICES[0]):
        st.session_state[CHOICES[1]] = chosen
        st.toast(_("{model} is the second card now.").format(model=plain_text(records[chosen].title)))


def _follow_address(records: dict[str, Record]) -> None:
    """Take over the cards that the address names, where the visitor came by it."""
    said = st.query_params.get(CARDS)
    if said is None or not st.session_state.get(BY_ADDRESS):
        return
    wanted = said.split(",")
    known = list(dict.fromkeys(key for key in wanted if key in records))[: len(CHOICES)]
    if len(known) < len(wanted):
        words = _("The link names a checkpoint that is not here, so another one is shown.")
        st.warning(words, icon=":material/link_off:")
    known += [key for key in records if key not in known]
    for choice, key in zip(CHOICES, known, strict=False):
        follow(choice, key)
    st.session_state[SHOWN] = known[: len(CHOICES)]


def _choose(records: dict[str, Record]) -> list[str]:
    """The two cards to show, or the only one: their keys."""
    options = list(records)
    if len(options) == 1:
        st.session_state[SHOWN] = options
        return options
    for choice, start in zip(CHOICES, options, strict=False):
        if remember(choice, start) not in records:
            st.session_state[choice] = start
    if st.session_state[CHOICES[0]] == st.session_state[CHOICES[1]]:
        st.session_state[CHOICES[1]] = next(key for key in options if key != st.session_state[CHOICES[0]])
    names = {key: _option(record) for key, record in records.items()}
    with st.container(horizontal=True, gap="large"):
        for choice, label in zip(CHOICES, LABELS, strict=True):
            st.selectbox(
                _(label),
                options,
                format_func=lambda key: names[key],
                key=choice,
                on_change=_swap,
                args=(choice,),
                width=320,
            )
    shown = [st.session_state[choice] for choice in CHOICES]
    st.session_state[SHOWN] = shown
    return shown


def _option(record: Record) -> str:
    if record.in_family:
        return _("{model} (family)").format(model=record.title)
    if record.config.kind == "classifier":
        return _("{model} (reads attributes)").format(model=record.title)
    return record.title


def _swap(changed: str) -> None:
    """Whoever chooses the other card's checkpoint gets the two exchanged."""
    other = CHOICES[1 - CHOICES.index(changed)]
    before = st.session_state.get(SHOWN, [])
    if st.session_state[changed] == st.session_state[other] and len(before) == len(CHOICES):
        st.session_state[other] = before[CHOICES.index(changed)]


def _write(shown: list[str]) -> None:
    """Put the open cards into the address."""
    set_address({CARDS: ",".join(shown)} | against.in_address())

"""What the learned prior is asked for: attributes with and without, and how much they count."""

from __future__ import annotations

import streamlit as st

from app.checkpoints.learned_prior import LEARNED, learned_prior, sampler_key, wish_of
from app.checkpoints.opening import OpenModel, offered
from app.session.remembered import remember
from app.texts import N_, _
from app.texts.attributes import attribute_name
from latent.flow import Wish
from latent.velocity import PriorError
from models.data.attributes import ATTRIBUTES

WITH, WITHOUT, GUIDANCE = (f"generate_{name}" for name in ("with", "without", "guidance"))
MOST = 3.0
ABOUT_GUIDANCE = N_(
    "How much the attributes of a face count on its way from noise. At 1 as much as they do among encoded faces, above "
    "that they show more clearly and the faces become more alike, at 0 not at all."
)
CHOOSE = N_("Choose options")  # as Streamlit says in English
OFFERED = tuple(offered(ATTRIBUTES))


def prior_wish(models: list[OpenModel], said: str | None) -> str:
    """Two choices of attributes and a slider; returns the sampler's key that holds the wish.

    Args:
        models: those that draw; what any of them can be asked for is offered.
        said: the key that a link states, for a first visit.
    """
    known, guidance = _known(models)
    linked = wish_of(said) if said else None
    for key, share in ((WITH, 1.0), (WITHOUT, 0.0)):
        named = None if linked is None else [name for name, one in linked.attributes.items() if one == share]
        remember(key, [], None if named is None else [name for name in named if name in known])
    strength = None if linked is None else guidance if linked.guidance is None else linked.guidance
    remember(GUIDANCE, guidance, None if strength is None else min(strength, MOST))
    if not known:
        return LEARNED
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        wanted = st.multiselect(
            _("Faces with"), known, format_func=attribute_name, key=WITH, width=300, placeholder=_(CHOOSE)
        )
        unwanted = st.multiselect(
            _("Faces without"), known, format_func=attribute_name, key=WITHOUT, width=300, placeholder=_(CHOOSE)
        )
        counts = st.slider(
            _("Guidance"),
            0.0,
            MOST,
            step=0.1,
            key=GUIDANCE,
            width=230,
            help=_(ABOUT_GUIDANCE),
        )
    both = [name for name in wanted if name in unwanted]
    if both:
        st.caption(
            _("{attribute} cannot be asked for with and without; it is asked for.").format(
                attribute=attribute_name(both[0])
            )
        )
    attributes = dict.fromkeys(wanted, 1.0) | {name: 0.0 for name in unwanted if name not in wanted}
    usual = not attributes and counts == guidance
    return LEARNED if usual else sampler_key(Wish(attributes, float(counts)))


def _known(models: list[OpenModel]) -> tuple[list[str], float]:
    """The attributes that some model's prior can be asked for, and the guidance that it learnt best with."""
    names: list[str] = []
    guidance = 1.0
    for model in models:
        try:
            flow = learned_prior(model)
        except PriorError:
            continue
        names += [name for name in flow.attributes if name in OFFERED and name not in names]
        guidance = float(flow.prior.config.guidance)
    return names, guidance

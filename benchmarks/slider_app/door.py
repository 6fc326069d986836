"""What the table `live` compares with: one `st.slider` and torch on the server, in a fragment, with nothing else.

One slider is the best case for the server: each further one makes a rerun longer.
"""

import os

import streamlit as st
import torch

from models import load_checkpoint
from models.images import to_uint8
from models.latent_model import LatentModel


@st.cache_resource
def network() -> LatentModel:
    return load_checkpoint(os.environ["FACESPACE_SLIDER"])


@st.fragment
def face() -> None:
    direction = torch.randn(1, network().config.latent_dim, generator=torch.Generator().manual_seed(0))
    z = direction * st.slider("Any direction", -3.0, 3.0, 0.0, 0.05)
    with torch.inference_mode():
        st.image(to_uint8(network().decode(z))[0], width=400)


face()

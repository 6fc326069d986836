"""A page with one pad, and what Python knows of it as text."""

import json
import os
from pathlib import Path

import numpy as np
import streamlit as st
import torch

from app.components.latent_pad import PadInput, PadModel, PadPoint, PadSliders, Plausibility, latent_pad
from app.server.published import publish_file
from models import load_checkpoint
from tests.browser.parts_app.points import DIMENSIONS, banks, point

SCRATCH = Path(os.environ["PARTS_SCRATCH"])


@st.cache_resource
def network(name: str):
    return load_checkpoint(SCRATCH / name)


def count(name: str) -> int:
    st.session_state[name] = st.session_state.get(name, 0) + 1
    return st.session_state[name]


@st.fragment
def pad(model: str, number: int) -> None:
    def picture(z: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            image = network(model).decode(torch.from_numpy(z)[None])[0]
        return (image.permute(1, 2, 0).numpy() * 255 + 0.5).astype(np.uint8)

    table = np.linspace(4, 40, 101, dtype=np.float32)
    gauge = Plausibility(np.zeros(DIMENSIONS, np.float32), np.eye(DIMENSIONS, dtype=np.float32), table, True)
    decoder = PadModel(model, publish_file(SCRATCH / model / "decoder.onnx"), picture, gauge)
    state = latent_pad(
        PadInput(
            "pad",
            decoder,
            PadPoint(f"point-{number}", point(number)),
            PadSliders(banks(), lasting=frozenset(bank.key for bank in banks())),
        )
    )
    known = {"bank": state.bank, "weights": state.weights, "fragment": count("fragment")}
    st.text(f"python {json.dumps(known)}")


def explore() -> None:
    model = st.selectbox("Model", ["vae", "ae"])
    number = st.number_input("Point", 0, 9, 0)
    st.text(f"full runs {count('full')}")
    pad(model, number)


explore()

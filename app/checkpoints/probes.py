"""Linear probes on a model's latents, fitted once for all visitors."""

from __future__ import annotations

import os

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.celeba import true_labels
from app.checkpoints.opening import OpenModel
from latent.attribute_axes import PRESENT
from latent.probes import Probes, fit_probes
from models.data.celeba import UNLABELLED


@st.cache_resource(show_spinner=False, max_entries=32)
def _probes(identity: str, truth_from: str | None, _model: OpenModel) -> Probes:
    atlas = _model.atlas
    assert atlas is not None
    labels = (atlas.scores > PRESENT).astype(np.int8)
    truth = true_labels(_model)
    if truth is not None:
        labels = np.where(truth == UNLABELLED, labels, truth)

    def work_out() -> dict[str, NDArray[np.float32]]:
        fitted = fit_probes(atlas.mu, labels, atlas.partition, atlas.attributes)
        return {"weights": fitted.weights, "bias": fitted.bias, "auc": fitted.auc}

    return Probes(atlas.attributes, **beforehand(_model.files, "probes", (labels.tobytes(),), work_out))


def probes(model: OpenModel) -> Probes:
    """Linear probes on the codes of a model that has an atlas, each with its held-out AUC.

    They learn what our classifier reads off the pictures; CelebA's own labels where the viewer has them.
    """
    truth_from = os.environ.get("FACESPACE_CELEBA") or None
    return _probes(model.identity, truth_from, model)

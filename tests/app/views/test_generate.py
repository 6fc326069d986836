import json

import numpy as np

from app.views.generate import generation_quality, plausible
from tests.app.small_models import in_folder, small_model

TABLE = np.linspace(10, 110, 101)


def test_samples_are_placed_among_held_out_faces_in_words():
    assert plausible(np.array([60.0, 60.0]), TABLE).startswith(
        "a typical sample is farther from the average face than 50"
    )
    words = plausible(np.array([5.0, 60.0, 500.0]), TABLE)
    assert "1 of 3 are farther away" in words
    assert "1 of 3 are closer" in words


def test_the_measured_quality_is_said_in_a_sentence_and_left_out_where_it_is_not_there(tmp_path):
    figures = {"frechet": 0.21, "precision": 0.6, "recall": 0.4}
    generation = {"floor": 0.02, "reconstructions": {"frechet": 0.1}, "samplers": {"standard_normal": figures}}
    metrics = {"generation": generation}
    vae, ae = (in_folder(small_model(name), tmp_path) for name in ("vae", "ae"))
    assert generation_quality(vae, "standard") is None
    (tmp_path / "metrics.json").write_text(json.dumps(metrics | {"checkpoint_sha256": vae.sha256}))
    words = generation_quality(vae, "standard")
    assert words is not None
    assert "0.21" in words
    assert "FID" not in words
    assert generation_quality(vae, "jitter") is None
    assert generation_quality(ae, "scaled") is None  # the figures are of other weights
    (tmp_path / "metrics.json").write_text(json.dumps(metrics | {"checkpoint_sha256": ae.sha256}))
    assert generation_quality(ae, "scaled") == words  # an AE's standard normal is that of its own scale
    assert generation_quality(ae, "standard") is None
    assert generation_quality(ae, "learned--150--Smiling") is None  # measured as it is, without a wish
    (tmp_path / "metrics.json").write_text("[" * 9999)
    assert generation_quality(ae, "scaled") is None

import json
import re

import numpy as np

from app.checkpoints.samplers import draw
from app.views.generate import generation_quality, how_far_out
from latent.posterior import squared_mahalanobis
from tests.app.small_models import in_folder, small_model

TABLE = np.linspace(10, 110, 101)


def test_samples_are_placed_among_held_out_faces_in_words():
    assert how_far_out(np.array([60.0, 60.0]), TABLE).startswith(
        "a typical sample is farther from the average face than 50"
    )
    words = how_far_out(np.array([5.0, 60.0, 500.0]), TABLE)
    assert "Farther away than any of them: 1 of 3." in words
    assert "Closer to the average than any of them: 1 of 3." in words


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
    generation["samplers"]["raw_normal"] = figures | {"frechet": 0.87}
    (tmp_path / "metrics.json").write_text(json.dumps(metrics | {"checkpoint_sha256": ae.sha256}))
    assert "0.87" in (generation_quality(ae, "standard") or "")
    (tmp_path / "metrics.json").write_text("[" * 9999)
    assert generation_quality(ae, "scaled") is None


def test_draws_from_what_the_posteriors_draw_lie_in_the_middle_and_not_far_out():
    model = small_model("vae")
    assert model.draw_percentiles is not None
    assert model.posterior is not None
    z = draw(model, "gaussian", 2000, 0, 1.0)
    words = how_far_out(squared_mahalanobis(z, model.posterior), model.draw_percentiles)
    found = re.search(r"than (\d+) of 100", words)
    assert found
    assert 40 <= int(found[1]) <= 60

from dataclasses import replace

import numpy as np
import pytest

from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel, open_all
from app.components import noise_path as component
from app.session.photos import Photo
from app.views.your_face.backwards import backwards, in_words
from latent.probes import parts
from latent.samplers import posterior_draws

PIXELS = 2.0  # grey levels


@pytest.fixture(scope="module")
def vae() -> OpenModel:
    """As shipped."""
    return open_all()[0]["vae"]


def held_out(model: OpenModel, count: int) -> np.ndarray:
    """Posterior draws of faces that neither the model nor its prior has seen."""
    rows = parts(model.atlas.partition)[1][:count]
    return posterior_draws(model.atlas.mu[rows], model.atlas.logvar[rows], seed=5)


def test_the_noise_of_held_out_faces_becomes_them_again(vae: OpenModel):
    for z in held_out(vae, 2):
        found = backwards(vae, Photo("me", latents={vae.identity: z}))
        first, last = found.path.points[0, 0], found.path.points[-1, 0]
        pictures = decode(vae, np.stack([first, last, z])).astype(float)
        assert np.abs(pictures[1] - pictures[2]).mean() < PIXELS
        assert found.off == pytest.approx(np.abs(pictures[1] - pictures[2]).mean(), abs=1e-3)
        assert np.abs(pictures[0] - pictures[2]).mean() > 5 * PIXELS  # it has a way to go
        assert 8 < found.length < 15
        assert 0 < found.shorter < 1
        come, bank = found.ways.sliders({"noise-way-0": 1.0, "noise-length": 0.75})
        assert len(bank.directions) == 8
        moved = found.ways.noise_at({"noise-way-0": 1.0, "noise-length": 0.75})
        assert np.linalg.norm(moved) == pytest.approx(0.75 * np.linalg.norm(found.ways.noise_at({"noise-way-0": 1.0})))
        end = found.ways.flow.path(moved[None], steps=12)[-1, 0]
        assert (
            np.abs(decode(vae, np.stack([z + come, end])).astype(float)[0] - decode(vae, end[None])[0]).mean() < PIXELS
        )


def test_a_code_far_from_all_faces_has_long_noise(vae: OpenModel):
    z = held_out(vae, 1)[0]
    far = backwards(vae, Photo("me", latents={vae.identity: 2.5 * z}))
    assert far.shorter > 0.99
    assert "nearly all such draws are shorter" in in_words(vae, far)


def test_what_leads_to_a_photo_gets_no_address(vae: OpenModel, monkeypatch):
    sent, published = {}, []
    monkeypatch.setattr(component, "_mount", lambda **given: sent.update(given["data"]))
    monkeypatch.setattr(component, "publish_bytes", lambda content, name: published.append(name) or name)
    path = backwards(vae, Photo("me", latents={vae.identity: held_out(vae, 1)[0]})).path
    component.noise_path(key="one", path=path, decoder="decoder.onnx", label="me")
    assert published == ["crowd.png"]
    assert sent["points"].startswith("data:")
    component.noise_path(key="one", path=replace(path, private=False), decoder="decoder.onnx", label="me")
    assert published == ["crowd.png", "path.f32", "crowd.png"]

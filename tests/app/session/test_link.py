import numpy as np
import pytest

from app.checkpoints.samplers import OFFERS
from app.session.link import MOST_LENGTH, parse, parse_point, point_spec, read_latent, shareable, write_latent
from app.session.point import Kept, Point, Sample
from tests.app.small_models import small_model

AE, VAE = small_model("ae"), small_model("vae")
MODELS = {"ae": AE, "vae": VAE}


def colours(model):
    return ["Eyeglasses"]


def test_a_link_says_model_point_bank_weights_and_colour():
    params = {"model": "vae", "face": "12", "bank": "attributes", "w": "attribute-Smiling:1.25,dim-3:-0.5"}
    link = parse(params | {"colour": "Eyeglasses", "theirs": "x"}, MODELS, colours)
    assert link.problems == ()
    assert (link.model, link.bank, link.colour) == ("vae", "attributes", "Eyeglasses")
    assert link.point == Point(image=12)
    assert link.weights == {"attribute-Smiling": 1.25, "dim-3": -0.5}
    assert parse({}, MODELS).problems == ()


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"model": "../../etc"}, "a model that is not here"),
        ({"face": "999999"}, "face of the link is not known"),
        ({"face": "-1"}, "face of the link is not known"),
        ({"face": "\u0661"}, "face of the link is not known"),
        ({"sample": "gaussian.7"}, "face of the link is not known"),
        ({"sample": "evil.7.1.1"}, "face of the link is not known"),
        ({"sample": "gaussian.7.1.nan"}, "face of the link is not known"),
        ({"sample": "gaussian.7.99999999.1"}, "face of the link is not known"),
        ({"z": "AAAA"}, "face of the link is not known"),
        ({"w": "dim-0:inf"}, "slider positions"),
        ({"w": "dim-0:nan,dim-1:1"}, "slider positions"),
        ({"w": "nothing:1"}, "slider positions"),
        ({"bank": "<script>"}, "kind of slider"),
        ({"colour": "Attractiveness"}, "colouring"),
        ({"vivid": "2"}, "How vivid"),
        ({"vivid": "nan"}, "How vivid"),
        ({"vivid": ""}, "How vivid"),
        ({"w": "x" * (MOST_LENGTH + 1)}, "too long"),
    ],
)
def test_nonsense_gets_one_sentence_and_is_ignored(params, words):
    link = parse(params, MODELS, colours)
    assert len(link.problems) == 1
    assert words in link.problems[0]
    assert (link.model, link.point, link.bank, link.colour) == (None, None, None, None)
    assert all(np.isfinite(weight) for weight in link.weights.values())
    assert link.vivid == 1


def test_a_link_says_how_vivid_faces_are_in_the_steps_of_the_slider():
    assert parse({"vivid": "0.3"}, MODELS).vivid == 0.3
    assert parse({"vivid": "0.34"}, MODELS).vivid == 0.3
    assert parse({"vivid": "0"}, MODELS).vivid == 0
    assert parse({}, MODELS).vivid == 1


@pytest.mark.parametrize("sampler", [name for name in OFFERS if name not in ("mixture", "learned")])
def test_samples_and_faces_come_back_from_their_text(sampler):
    for point in (Point(image=8), Point(sample=Sample(sampler, 3, 12, 0.8))):
        spec = point_spec(point, [VAE])
        assert spec is not None
        assert parse_point(spec, [VAE]) == point
        assert np.array_equal(parse_point(spec, [VAE]).z(VAE), point.z(VAE))


def test_a_kept_face_comes_back_in_its_own_model_and_one_from_a_photo_stays_here():
    z = np.random.default_rng(0).standard_normal(6).astype(np.float32)
    kept = Kept("k", "mine", {"vae": z}, {"vae": VAE.sha256})
    spec = point_spec(Point(kept=kept), [AE, VAE])
    again = parse_point(spec, [AE, VAE])
    assert np.array_equal(again.z(VAE), z)
    assert again.z(AE) is None
    assert point_spec(Point(kept=Kept("k", "me", {"vae": z}, {"vae": VAE.sha256}, private=True)), [AE, VAE]) is None


@pytest.mark.parametrize("values", [[1, 2, 3], [np.nan] * 6, [np.inf] * 6, [1e9] * 6])
def test_a_latent_of_the_wrong_size_or_not_finite_is_refused(values):
    assert read_latent(write_latent(np.array(values)), 6) is None
    assert read_latent("no base64 \u00fc", 6) is None
    assert read_latent(write_latent(np.ones(6)), 6).tolist() == [1] * 6


def test_directions_of_this_session_alone_are_not_shared():
    assert not shareable("own-1")
    assert not shareable("morph-The face before")
    assert shareable("morph-Face 12")
    assert parse({"w": "own-1:1"}, MODELS).weights == {}

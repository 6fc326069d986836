import json

import numpy as np
import pytest

from app.session.point import Kept
from app.session.shelf import MOST_BYTES, MOST_FACES, ShelfError, from_file, plain_name, to_file
from tests.app.small_models import small_model

AE, VAE = small_model("ae"), small_model("vae")
MODELS = {"ae": AE, "vae": VAE}


def kept(name: str = "Ada", **more) -> Kept:
    z = np.random.default_rng(0).standard_normal(6).astype(np.float32)
    latents = {"ae": z, "vae": 2 * z}
    return Kept(
        "key", name, latents, {"ae": AE.sha256, "vae": VAE.sha256}, {"point": {"kind": "face", "image": 3}}, **more
    )


def changed(**entry) -> bytes:
    content = json.loads(to_file([kept()]))
    content["faces"][0].update(entry)
    return json.dumps(content).encode()


def test_a_shelf_comes_back_from_its_file_with_the_same_latents():
    found, problems = from_file(to_file([kept(), kept("Bo", private=True)]), MODELS)
    assert problems == []
    assert [face.name for face in found] == ["Ada", "Bo"]
    assert [face.private for face in found] == [False, True]
    assert found[0].facts == kept().facts
    for name, z in kept().latents.items():
        assert np.array_equal(found[0].latents[name], z)


def test_a_checkpoint_is_known_by_its_weights_and_not_by_its_folder():
    found, _ = from_file(to_file([kept()]).replace(b'"vae": {', b'"elsewhere": {'), MODELS)
    assert np.array_equal(found[0].latents["vae"], kept().latents["vae"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b'{"format": "facespace-shelf-1"}',
        b'{"format": "facespace-shelf-1", "faces": 3}',
        b'{"format": "other", "faces": []}',
        to_file([kept()])[:-20],
        b" " * (MOST_BYTES + 1),
    ],
)
def test_a_file_that_is_no_shelf_is_refused_with_a_sentence(data):
    with pytest.raises(ShelfError, match="The shelf stays as it was"):
        from_file(data, MODELS)


@pytest.mark.parametrize(
    "entry",
    [
        {"latents": {}},
        {"latents": "x"},
        {"latents": {"vae": {"checkpoint_sha256": "0" * 64, "z": "AAAA"}}},
        {"latents": {"vae": {"checkpoint_sha256": VAE.sha256, "z": "AAAA"}}},
        {"latents": {"vae": {"checkpoint_sha256": VAE.sha256, "z": 7}}},
        {"latents": {"vae": None}},
    ],
)
def test_a_face_of_other_weights_or_with_a_damaged_latent_is_left_out_and_counted(entry):
    found, problems = from_file(changed(**entry), MODELS)
    assert found == []
    assert problems[0].startswith("Faces left out: 1 of 1,")


def test_names_are_plain_and_short_and_facts_are_facts():
    found, _ = from_file(changed(name="a\u202eb\n" + "x" * 500, facts=["no"]), MODELS)
    assert found[0].name == ("ab " + "x" * 500)[:60] or found[0].name == ("ab" + "x" * 500)[:60]
    assert found[0].facts == {}
    assert plain_name(" \x00 ") == ""


def test_a_huge_shelf_is_cut():
    found, problems = from_file(to_file([kept()] * (MOST_FACES + 5)), MODELS)
    assert len(found) == MOST_FACES
    assert "only the first 100" in problems[0]

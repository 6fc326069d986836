"""The plain autoencoder beside the VAE: the text follows what was measured."""

from dataclasses import replace

import pytest

from app.checkpoints.family import plain_pair
from app.checkpoints.records import read_records
from app.views.lesson.plain import _but, compared
from tests.app.views.lesson.test_contents import chapter, texts

pytestmark = pytest.mark.usefixtures("tiny_models")


def test_the_plain_autoencoder_is_paired_with_the_vae_that_is_most_like_it(family):
    pair = plain_pair(read_records()[0])
    assert pair is not None
    assert [record.key.split("/")[-1] for record in pair] == ["plain-ae", "beta-1"]


def test_without_it_the_chapters_leave_it_out():
    assert plain_pair(read_records()[0]) is None
    assert "As a tutorial builds it" not in [heading.value for heading in chapter("generating", seed="1").header]
    assert "What the clouds changed." not in texts(chapter("variational"))


def test_the_chapters_show_it_and_say_how_its_codes_lie(family):
    page = chapter("generating", seed="1")
    assert "As a tutorial builds it" in [heading.value for heading in page.header]
    assert "where N(0, I) has 1" in texts(page)
    assert "What the clouds changed." in texts(chapter("variational"))
    assert "The plain AE, 60 draws" in texts(chapter("prior", of=".family", beta="plain"))
    assert "Rebuilt by the plain AE" in texts(chapter("variational", beta="plain"))


def test_what_two_distances_say_follows_them():
    assert "4.0 times as far" in compared(320.0, 80.0)
    assert "no nearer" in compared(80.0, 320.0)
    assert compared(None, 80.0) == ""


def test_what_the_two_differ_in_besides_the_clouds_is_said(family):
    plain, variational = plain_pair(read_records()[0])
    assert _but(plain, variational) == " (which started as PCA)"
    training = {**variational.files.training, "resize_convolution": True}
    files = replace(variational.files, values={**variational.files.values, "training": training})
    assert _but(plain, replace(variational, files=files)) == " (which started as PCA and whose kernels draw no grid)"

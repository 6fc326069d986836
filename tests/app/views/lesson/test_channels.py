"""Channels that are switched off: the picture, the words and the address follow."""

import pytest

from tests.app.views.lesson.test_contents import chapter, texts

pytestmark = pytest.mark.usefixtures("tiny_models")


def test_at_first_those_are_off_that_matter_most_and_all_come_on_again():
    page = chapter("autoencoder", layer="0")
    assert "of the pixels change visibly" in texts(page)
    assert "off" not in page.query_params
    next(button for button in page.button if button.label == "Switch all on").click().run()
    assert not page.exception
    assert "Switch a channel off, and see what it was for." in texts(page)
    assert page.query_params["off"] == "none"
    next(button for button in page.button if button.label == "Switch off the first 8").click().run()
    assert "off" not in page.query_params


def test_a_link_names_the_channels_and_nonsense_in_it_is_ignored():
    page = chapter("autoencoder", layer="0", off="1,99999,x,-2")
    assert "Without this channel" in texts(page)
    assert page.query_params["off"] == "1"

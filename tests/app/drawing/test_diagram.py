from xml.etree import ElementTree

import numpy as np

from app.drawing.diagram import LAYERS, Carried, diagram
from app.drawing.diagram_file import diagram_svg
from app.drawing.feature_pictures import OFF, TILE, channel_sheet, code_picture, seen
from models.layers import layers
from tests.conftest import tiny_network


def test_the_drawing_carries_a_picture_in_each_block():
    network = tiny_network("vae")
    shown = layers(network)
    plain = diagram(network.config, shown)
    blocks = plain.count("<figure")
    grey = np.full((8, 8, 3), 128, np.uint8)
    encoder = [grey] * sum(layer.part == "encoder" and len(layer.shape) == 3 for layer in shown)
    decoder = [grey] * (sum(layer.part == "decoder" for layer in shown) - 1)
    filled = diagram(network.config, shown, Carried(grey, encoder, code_picture(np.ones(6)), decoder, grey))
    assert (plain.count("<img"), filled.count("<img")) == (0, blocks)
    assert filled.count("<figure") == blocks
    for carried in (None, Carried(grey, encoder, code_picture(np.ones(6)), decoder, grey)):
        saved = ElementTree.fromstring(diagram_svg(network.config, shown, carried))
        names = [one.tag.rpartition("}")[2] for one in saved.iter()]
        assert names.count("image") == (0 if carried is None else blocks)
        assert names.count("rect") == 1 + blocks  # the ground, and a frame or a box for each block
    assert {words for layer in shown for words in (layer.part, layer.kind)} <= set(LAYERS)


def test_a_sheet_shows_channels_in_their_order_and_marks_those_that_are_off():
    features = np.zeros((3, 2, 2), np.float32)
    features[2, 0, 0] = 1
    sheet = channel_sheet(features, [2, 1], 2, off={1})
    assert sheet.shape == (TILE, 2 * TILE, 3)
    assert sheet[0, 0].mean() > sheet[-1, 0].mean() + 100
    assert (sheet[:, TILE:] == OFF).all()
    assert seen(features).shape == (2, 2, 3)
    assert code_picture(np.array([1.0, -1.0]))[:, 0, 0].tolist() == [224, 43]

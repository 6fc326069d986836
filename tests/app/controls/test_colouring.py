from dataclasses import replace

from app.controls.colouring import DENSITY, DIRECTION, PARTITION, colourings
from models.data.attributes import JUDGING, plain_name
from tests.app.small_models import small_model


def test_the_map_is_coloured_by_everything_but_judgements_of_people():
    model = small_model()
    assert model.atlas is not None
    attributes = ("Attractive", "Smiling", "Big_Lips", "Bangs")
    offered = colourings(replace(model, atlas=replace(model.atlas, attributes=attributes)))
    assert offered == ["Bangs", "Smiling", DIRECTION, DENSITY, PARTITION]
    assert not {plain_name(attribute) for attribute in JUDGING} & set(offered)

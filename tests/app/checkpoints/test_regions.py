"""Names of regions on a shipped model's map."""

from __future__ import annotations

import pytest

from app.checkpoints.opening import open_all
from app.checkpoints.regions import regions


@pytest.mark.parametrize("name", ["ae", "vae"])
def test_a_shipped_map_has_names_within_it_each_once_and_none_that_judges(name: str) -> None:
    model = open_all()[0][name]
    assert model.atlas is not None
    found = regions(model)
    words = [word for region in found for word in region.name.split(", ")]
    assert len(found) >= 5
    assert len(words) == len(set(words))
    assert not {"attractive", "big nose", "chubby"} & set(words)
    low, high = model.atlas.xy.min(0), model.atlas.xy.max(0)
    assert all(low[0] < region.x < high[0] and low[1] < region.y < high[1] for region in found)
    assert regions(model) is found

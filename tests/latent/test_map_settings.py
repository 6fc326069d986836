import json

import numpy as np

from latent import map_settings
from latent.map_settings import Setting, pack_order, run


def test_an_order_is_carried_out_map_by_map(monkeypatch):
    asked = []

    def quick(points, **setting):
        asked.append(setting)
        return points[:, :2] + setting["seed"], {}

    monkeypatch.setattr(map_settings, "embed", quick)
    points = np.random.default_rng(0).standard_normal((20, 5)).astype(np.float32)
    said: list[dict] = []
    run(pack_order(points, [Setting(), Setting(min_dist=0.8, seed=2)]), lambda **message: said.append(message))
    assert asked[1] == {"n_neighbors": 15, "min_dist": 0.8, "seed": 2}
    assert [message["share"] for message in said if "share" in message] == [0, 0.5]
    maps = [message for message in said if "xy" in message]
    assert Setting(**maps[1]["setting"]) == Setting(min_dist=0.8, seed=2)
    assert np.allclose(maps[1]["xy"], points[:, :2] + 2, atol=1e-3)
    assert json.loads(json.dumps(said)) == said

"""Each page in the language of brackets: what a reader sees is all from the catalogue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.session.photos import Photo, Upload
from app.session.point import Point, Sample
from faces import Face
from tests.app.small_models import small_model
from tests.app.texts.pseudo import pseudo, untranslated
from tests.conftest import PATIENCE

__all__ = ["pseudo"]
NAMES = ("VAE", "vae", "me.jpg", "PNG", "CSV", "PDF", "Parquet")
MODELS = {name: small_model(name) for name in ("ae", "vae")}
IMAGES = MODELS["vae"].atlas.image


def uploaded() -> dict[str, Any]:
    """A photo that was read and encoded."""
    crop = np.zeros((64, 64, 3), np.uint8)
    photo = Photo(
        "me.jpg",
        crops={model.config.view: crop for model in MODELS.values()},
        latents={model.identity: model.atlas.mu[0].astype(np.float32) for model in MODELS.values()},
        logvars={MODELS["vae"].identity: np.zeros(6, np.float32)},
        source="upload-1",
    )
    marks = np.array([(2, 2), (6, 2), (4, 6)], np.float32)
    face = Face(box=np.array([0, 0, 8, 8], np.float32), points=marks, score=0.5)
    one = Upload("upload-1", "me.jpg", b"", (8, 8), b"", (face,), chosen=0, marks=marks, photo=photo)
    return {one.key: one, "upload-2": Upload("upload-2", "me.jpg", b"", (8, 8), b"", (face,), 0, marks, photo=photo)}


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "explore": ("explore", {"selected_images": IMAGES[:40]}),
    "generate": ("generate", {"current_point": Point(sample=Sample("gaussian", 0, 0))}),
    "edit": (
        "edit.page",  # the tiny models know few faces with each attribute
        {"edit_all": True, "own_map": True, "own_groups": {"A": IMAGES[:60], "B": IMAGES[60:120]}},
    ),
    "morph": ("morph.page", {}),
    "ways": ("morph.page", {"morph_show": "ways", "morph_routes": ["straight", "spherical", "faces", "least"]}),
    "analogy": ("morph.page", {"morph_show": "analogy"}),
    "grid": ("morph.page", {"morph_show": "grid"}),
    "no photo": ("your_face.page", {}),
    "a photo": ("your_face.page", {"uploads": uploaded(), "current_upload": "upload-1"}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_page_says_nothing_that_is_not_in_the_catalogue(
    case: str, pseudo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("app.session.vividness", "app.controls.pad", "app.controls.shelf_panel"):
        monkeypatch.setattr(f"{module}.open_all", lambda: (dict(MODELS), []))
    name, state = CASES[case]
    app = AppTest.from_string(f"from app.views.{name} import render\nrender()", default_timeout=PATIENCE)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception
    assert len(app.markdown) + len(app.caption) > 0
    assert untranslated(app, NAMES) == []

import io
import re

import numpy as np
import pytest
from PIL import Image

from app.drawing.contact_sheet import PAGE, sheet_pdf, sheet_png
from app.drawing.picture_files import read_provenance


def faces(count: int) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 255, (count, 16, 16, 3), np.uint8)


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (7, 3, 3), (90, 9, 10), (200, 10, 20)])
def test_a_picture_holds_every_face_and_its_facts(count, columns, rows):
    data = sheet_png(faces(count), {"model": "vae"})
    sheet = np.asarray(Image.open(io.BytesIO(data)))
    assert sheet.shape == (rows * 20 - 4, columns * 20 - 4, 3)
    last = divmod(count - 1, columns)
    assert (sheet[last[0] * 20 :, last[1] * 20 :][:16, :16] == faces(count)[-1]).all()
    assert read_provenance(data) == {"model": "vae"}


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (PAGE, 1), (PAGE + 1, 2), (90, 3)])
def test_a_handout_has_thirty_faces_a_page_on_a4(count, pages):
    data = sheet_pdf(faces(count), [f"Face {i}" for i in range(count)], "Some faces", {"model": "vae"})
    assert data.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+)", data)
    assert len(boxes) == pages
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}  # points

import base64
import io
import re

import numpy as np
from PIL import Image

from app.gallery import Figure, bars, row


def test_a_row_holds_each_picture_as_it_is_and_escapes_its_caption():
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    block = row([Figure(picture, '<b>"me"</b>'), Figure(picture[:, :, 0], "grey", "a grey one")])
    encoded = re.findall(r"base64,([A-Za-z0-9+/=]+)", block)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded[0])))), picture)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded[1])))), picture[:, :, 0])
    assert "<b>" not in block.split("</style>")[1]
    assert 'alt="a grey one"' in block
    assert "--shape: 7 / 5" in block


def test_bars_say_name_share_and_note():
    block = bars([("Wearing hat", 0.256, "AUC 0.98")])
    assert all(words in block for words in ("Wearing hat", "width: 25.6%", ">26%<", "AUC 0.98"))

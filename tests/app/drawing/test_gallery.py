import base64
import io
import re

import numpy as np
from PIL import Image

from app.drawing.gallery import Figure, bars, comparison, part, row


def test_a_row_holds_each_picture_and_escapes_its_caption():
    picture = np.linspace(0, 255, 50 * 70 * 3).reshape(50, 70, 3).astype(np.uint8)
    block = row([Figure(picture, '<b>"me"</b>'), Figure(picture[:, :, 0], "grey", "a grey one")])
    encoded = re.findall(r"base64,([A-Za-z0-9+/=]+)", block)
    for code, expected in zip(encoded, (picture, picture[:, :, 0]), strict=True):
        shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(code)))).astype(int)
        assert shown.shape == expected.shape
        assert np.abs(shown - expected).max() <= 3
    assert "<b>" not in block.split("</style>")[1]
    assert 'alt="a grey one"' in block
    assert "--shape: 70 / 50" in block


def test_bars_say_name_share_and_note():
    block = bars([("Wearing hat", 0.256, "AUC 0.98")])
    assert all(words in block for words in ("Wearing hat", "width: 25.6%", ">26\N{NO-BREAK SPACE}%<", "AUC 0.98"))


def test_a_part_has_title_blocks_points_and_note_in_this_order_and_escapes_all_but_the_blocks():
    block = part("Who & what.", "Some <words>.", "<hr>", points=["one < two"], note="a note")
    shown = block.split("</style>")[1]
    order = ["Who &amp; what.", "Some &lt;words&gt;.", "<hr>", "<li>one &lt; two</li>", "a note"]
    assert [shown.index(piece) for piece in order] == sorted(shown.index(piece) for piece in order)
    assert "<ul>" not in part("Alone.", "")


def test_a_comparison_has_a_row_of_five_for_each_entry_with_its_bars():
    block = comparison(["What", "Here", "There", "Effect", "Interval"], [("<Hat>", 0.12, 0.03, "+0.43", "0.3 to 0.5")])
    shown = block.split("</style>")[1]
    assert all(
        words in shown
        for words in ('scope="row">&lt;Hat&gt;', "12\N{NO-BREAK SPACE}%", "width: 3.0%", "+0.43 <small>0.3")
    )
    assert [shown.count(tag) for tag in ("<tr>", "<td>")] == [2, 3]

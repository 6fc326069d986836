import io

import pandas as pd

from app.drawing.saved_table import csv_of


def test_a_table_is_read_back_with_commas_quotes_and_numbers():
    rows = [{"Map": 'a, "b"', "Share": 0.5}, {"Map": "ü\nv", "Share": 1 / 3}]
    back = pd.read_csv(io.BytesIO(csv_of(rows)))
    assert back["Map"].tolist() == ['a, "b"', "ü\nv"]
    assert back["Share"].tolist() == [0.5, 1 / 3]
    assert csv_of([]) == b"\r\n"


def test_what_is_written_for_eyes_is_saved_for_programs():
    said = csv_of([{"Change": "\N{MINUS SIGN}0.25", "Share": "6\N{NO-BREAK SPACE}%"}]).decode()
    assert said.splitlines()[1] == "-0.25,6 %"

"""What the rooms below the app call things is looked up, all of it."""

from __future__ import annotations

import pytest

from app.components.latent_pad import PadInput, PadModel, PadPoint, PadSliders
from app.components.latent_pad.inputs import PadState
from app.components.latent_pad.to_browser import message_of
from app.texts import speaking
from app.texts.from_below import told
from latent.attribute_axes import edit_bank
from latent.directions import Bank, Direction, Mark, morph_bank, noise_bank, principal_bank
from tests.app.small_models import NAMES, small_model
from tests.app.texts.pseudo import pseudo

__all__ = ["pseudo"]
OF_A_SLIDER = ("name", "unit", "note", "hint", "group")


def banks() -> list[Bank]:
    """One of each kind that a pad can have."""
    model = small_model("vae")
    z, away = model.posterior.mean, model.posterior.mean + 1
    targets = {"Average face": z, "The face before": away, "Face 12": away}
    noise = noise_bank(model.atlas.logvar[0])
    return [
        *model.banks,
        edit_bank(model.axes, NAMES, z)[0],
        principal_bank(model.posterior),
        morph_bank(z, targets),
        noise,
    ]


def message(given: list[Bank]) -> list[dict]:
    """The banks as the browser gets them."""
    z = small_model("vae").posterior.mean
    pad = PadInput("pad", PadModel("vae", None), PadPoint("here", z), PadSliders(given))
    return message_of(pad, "here#0", PadState("", {}), None)["banks"]


def said(bank: dict) -> list[str]:
    """What a reader can see of a bank."""
    words = [bank["name"]]
    for slider in bank["directions"]:
        words += [
            *(slider[part] for part in OF_A_SLIDER),
            *slider["ends"],
            *(mark["share"] for mark in slider["marks"]),
        ]
    return [word for word in words if word]


def test_every_text_of_every_bank_is_in_the_catalogue(pseudo: None) -> None:
    words = [word for bank in message(banks()) for word in said(bank)]
    assert len(words) > 60
    assert [word for word in words if not (word.startswith("⟦") and word.endswith("⟧"))] == []


def test_in_english_nothing_changes_and_in_german_all_of_it() -> None:
    given = banks()
    english = [word for bank in message(given) for word in said(bank)]
    assert english[: 1 + len(given[0].directions)][0] == "Dimensions"
    assert {direction.name for bank in given for direction in bank.directions} <= set(english)
    with speaking("de"):
        assert told("Dimension 17") == "Dimension 17"
        assert told("Component 3") == "Komponente 3"
        assert told("KL 2.31 nats") == "KL 2.31\N{NO-BREAK SPACE}Nat"
        assert told("12% of the faces have it.") == "12% der Gesichter haben es."
        assert told("Encoding faces decoded by vae") == "Gesichter werden kodiert, die vae dekodiert"


def test_why_vectors_are_refused_is_said_in_german_with_the_names_of_files_and_columns() -> None:
    with speaking("de"):
        assert told("Rows in my codes.csv: 2, vectors: 40. Bring a table with a row for each, in the same order.") == (
            "Zeilen in my codes.csv: 2, Vektoren: 40. Bring eine Tabelle mit einer Zeile für jeden, in derselben "
            "Reihenfolge."
        )
        assert "hat nur kind, my age; bring" in told(
            "a.parquet has only kind, my age; bring the vectors as columns of numbers called z0, z1 and so on, or as "
            "one column of lists."
        )
        refused = (
            "z.npy holds float64 of shape 7; save an array [N, D] of numbers, a row for each of two or more vectors."
        )
        assert told(refused).startswith("z.npy enthält float64 der Form 7; speichere")


def test_a_hint_of_several_sentences_is_put_together_again() -> None:
    hint = (
        "12% of the faces have it. Of two held-out faces, one with it and one without, this direction ranks the right "
        "one higher in 93% of the cases (its AUC; 50 % is a guess). Of held-out faces without it, 50 % at +0.85 and "
        "90 % at \N{MINUS SIGN}1.70 read as having it."
    )
    assert told(hint).replace("\N{NO-BREAK SPACE}", " ") == hint
    with speaking("de"):
        said = told(hint).replace("\N{NO-BREAK SPACE}", " ")
        assert "bei +0.85 an 50 % und bei \N{MINUS SIGN}1.70 an 90 %" in said
        assert "held-out" not in told(hint)


@pytest.mark.parametrize("name", ["My {own} direction", "Dimension", "Draw 1 of many", ""])
def test_what_is_nobodys_text_stays(name: str) -> None:
    with speaking("de"):
        assert told(name) == name


def test_a_visitors_own_name_stays_even_where_it_is_a_word_of_ours() -> None:
    own = Bank(
        "own",
        "Your direction",
        (Direction("own-1", "Smiling", small_model("vae").posterior.mean, marks=(Mark(1, "50 %"),)),),
    )
    with speaking("de"):
        assert message([own])[0]["directions"][0]["name"] == "Smiling"

"""A pad's input as the messages that the browser gets."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.components.latent_pad.inputs import PadInput, PadState, Plausibility, Readings
from app.components.latent_pad.message import (
    BankMessage,
    DirectionMessage,
    GaugeMessage,
    PadAhead,
    PadContent,
    PadMessage,
    ReadingsMessage,
)
from app.server.published import frontend_base, publish_bytes
from app.texts import language
from app.texts.from_below import told
from latent.directions import Bank, Direction

OWN = "own-"  # how the keys of a visitor's own directions begin
INLINE_BYTES = 32_768
"""Larger sets of vectors get an address of their own, which the browser keeps."""
KEPT = 128
"""Messages of banks and gauges that last: models times their banks, in each language. They are most of what a pad gets,
and it is the same for every visitor."""


def message_of(
    given: PadInput, visit: str, state: PadState, picture: str | None, rest: NDArray[np.floating] | None = None
) -> PadMessage:
    """What the browser gets; what is in the signature makes it build its sliders anew.

    Args:
        given: what the page hands to the pad.
        visit: the name of this stay at the point.
        state: where the sliders stand.
        picture: address of the server's picture, where the browser cannot decode.
        rest: [D], where the point is with every slider at rest, if `given` is bent to where they stand.
    """
    content = _content(given)
    model, readings, group = given.model.name, _readings(given.readings), given.sliders.group
    lasting, said = given.sliders.lasting, language()
    banks = [
        _digest_of(bank, said) if bank.key in lasting else message
        for bank, message in zip(given.sliders.banks, content["banks"], strict=True)
    ]
    signed = [{**content, "banks": banks}, given.key, model, visit, readings, group]
    beside = given.point.beside
    return {
        **content,
        "id": given.key,
        "model": model,
        "pointId": visit,
        "readings": readings,
        "group": group,
        "play": given.sliders.play,
        "greet": given.sliders.greet,
        "signature": _digest(signed),
        "rest": None if rest is None or rest is given.point.z else _base64(np.asarray(rest, np.float32)),
        "weights": state.weights,
        "bank": state.bank,
        "count": given.sliders.shown,
        "picture": picture,
        "server": given.model.on_server is not None,
        "provenance": dict(given.point.provenance),
        "beside": {"url": beside[0], "label": beside[1]} if beside else None,
        "vivid": given.model.vivid,
        "back": given.point.back,
        "forward": given.point.forward,
    }


def message_ahead(given: PadInput) -> PadAhead:
    """What a pad gets that has no point yet; of `given.point` only the latent's size is used."""
    return {**_content(given), "ahead": True}


def _content(given: PadInput) -> PadContent:
    z = np.asarray(given.point.z, np.float32)
    return {
        "base": frontend_base(),
        "decoderUrl": given.model.decoder_url,
        "blendUrl": given.model.blend_url,
        "z": _base64(z),
        "dimensions": len(z),
        "banks": [
            _kept().bank(bank, language()) if bank.key in given.sliders.lasting else _bank(bank)
            for bank in given.sliders.banks
        ],
        "gauge": None if given.model.plausibility is None else _kept().gauge(given.model.plausibility),
    }


@dataclass(frozen=True)
class Kept:
    """Messages that were made once."""

    bank: Callable[[Bank, str], BankMessage] = field(default_factory=lambda: lru_cache(KEPT)(_lasting))
    gauge: Callable[[Plausibility], GaugeMessage] = field(default_factory=lambda: lru_cache(KEPT)(_gauge))


@st.cache_resource(show_spinner=False)
def _kept() -> Kept:
    """For as long as what they give the address of is published."""
    return Kept()


def _digest(message: object) -> str:
    return hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()[:16]


def _gauge(known: Plausibility) -> GaugeMessage:
    parts = (known.mean, known.precision.ravel(), known.percentiles)
    return {"url": publish_bytes(np.concatenate(parts).astype("<f4").tobytes(), "gauge.f32"), "prior": known.prior}


def _lasting(bank: Bank, spoken: str) -> BankMessage:
    """A bank of a model as its readers of one language get it, nobody of whom changes it."""
    message, vectors = _bank(bank), _vectors(bank)
    if len(vectors) > INLINE_BYTES:
        message = {**message, "vectors": None, "vectorsUrl": publish_bytes(vectors, f"{bank.key}.f32")}
    return message


@lru_cache(KEPT)
def _digest_of(bank: Bank, spoken: str) -> str:
    return _digest(_kept().bank(bank, spoken))


def _bank(bank: Bank) -> BankMessage:
    """One that comes and goes: what is published stays, and what leads to a photo must not, so it has no address."""
    return {
        "key": bank.key,
        "name": told(bank.name),
        "vectors": base64.b64encode(_vectors(bank)).decode("ascii"),
        "vectorsUrl": None,
        "directions": [_direction(direction) for direction in bank.directions],
    }


def _vectors(bank: Bank) -> bytes:
    return b"".join(direction.vector.astype("<f4").tobytes() for direction in bank.directions)


def _direction(direction: Direction) -> DirectionMessage:
    """A slider in the reader's language, but for the name that a visitor gave it."""
    return {
        "key": direction.key,
        "name": direction.name if direction.key.startswith(OWN) else told(direction.name),
        "low": direction.low,
        "high": direction.high,
        "step": direction.step,
        "unit": told(direction.unit),
        "note": told(direction.note),
        "start": direction.start,
        "origin": direction.origin,
        "hint": told(direction.hint),
        "ends": [told(end) for end in direction.ends],
        "unused": bool(direction.unused),
        "marks": [{"at": mark.at, "share": told(mark.share)} for mark in direction.marks],
        "group": told(direction.group),
        "path": None if direction.path is None else _base64(direction.path),
    }


def _readings(readings: Readings | None) -> ReadingsMessage | None:
    if readings is None:
        return None
    parts = np.concatenate([readings.weights.ravel(), readings.bias]).astype("<f4")
    address = publish_bytes(parts.tobytes(), "readings.f32")
    return {"url": address, "names": list(readings.names), "notes": list(readings.notes)}


def _base64(values: NDArray[np.floating]) -> str:
    """Little-endian float32."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")

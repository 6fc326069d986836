"""A pad's input as the messages that the browser gets."""

from __future__ import annotations

import base64
import hashlib
import json

import numpy as np
from numpy.typing import NDArray

from app.components.latent_pad.inputs import PadInput, PadModel, PadState, Readings
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
from latent.directions import Bank, Direction

INLINE_BYTES = 32_768
"""Larger sets of vectors get an address of their own, which the browser keeps."""


def message_of(given: PadInput, visit: str, state: PadState, picture: str | None) -> PadMessage:
    """What the browser gets; what is in the signature makes it build its sliders anew.

    Args:
        given: what the page hands to the pad.
        visit: the name of this stay at the point.
        state: where the sliders stand.
        picture: address of the server's picture, where the browser cannot decode.
    """
    content = _content(given)
    model, readings, group = given.model.name, _readings(given.readings), given.sliders.group
    signed = [content, given.key, model, visit, readings, group]
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
        "signature": hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()[:16],
        "weights": state.weights,
        "bank": state.bank,
        "count": given.sliders.shown,
        "picture": picture,
        "server": given.model.on_server is not None,
        "provenance": dict(given.point.provenance),
        "beside": {"url": beside[0], "label": beside[1]} if beside else None,
        "vivid": given.model.vivid,
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
        "banks": [_bank(bank, bank.key in given.sliders.lasting) for bank in given.sliders.banks],
        "gauge": _gauge(given.model),
    }


def _gauge(model: PadModel) -> GaugeMessage | None:
    known = model.plausibility
    if known is None:
        return None
    parts = (known.mean, known.precision.ravel(), known.percentiles)
    return {"url": publish_bytes(np.concatenate(parts).astype("<f4").tobytes(), "gauge.f32"), "prior": known.prior}


def _bank(bank: Bank, lasting: bool) -> BankMessage:
    """Large vectors get an address where they last; what is published stays, and what leads to a photo must not."""
    vectors = b"".join(direction.vector.astype("<f4").tobytes() for direction in bank.directions)
    inline = not lasting or len(vectors) <= INLINE_BYTES
    return {
        "key": bank.key,
        "name": bank.name,
        "vectors": base64.b64encode(vectors).decode("ascii") if inline else None,
        "vectorsUrl": None if inline else publish_bytes(vectors, f"{bank.key}.f32"),
        "directions": [_direction(direction) for direction in bank.directions],
    }


def _direction(direction: Direction) -> DirectionMessage:
    return {
        "key": direction.key,
        "name": direction.name,
        "low": direction.low,
        "high": direction.high,
        "step": direction.step,
        "unit": direction.unit,
        "note": direction.note,
        "start": direction.start,
        "origin": direction.origin,
        "hint": direction.hint,
        "ends": list(direction.ends),
        "unused": bool(direction.unused),
        "marks": [{"at": mark.at, "share": mark.share} for mark in direction.marks],
        "group": direction.group,
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

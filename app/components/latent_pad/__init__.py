"""The latent pad: a face and banks of sliders. It decodes in the browser while the hand moves.

Python hears of the sliders only when the hand lets go. Call `latent_pad` inside an `st.fragment`, so that a release
reruns that fragment and nothing else on the page.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.components import loader
from app.drawing.picture_files import png_address
from app.server.published import publish_bytes
from latent.directions import Bank, Direction

HERE = Path(__file__).parent
SENT = ("key", "name", "low", "high", "step", "unit", "note", "start", "origin", "hint")
SHOWN = 12  # sliders of a bank, at first
INLINE_BYTES = 32_768  # larger sets of vectors get an address of their own, which the browser keeps

_mount = st.components.v2.component(
    "facespace.latent_pad",
    html=(HERE / "latent_pad.html").read_text(encoding="utf-8"),
    css=(HERE / "latent_pad.css").read_text(encoding="utf-8"),
    js=loader("latent_pad/latent_pad.mjs"),
)


@dataclass(frozen=True)
class PadState:
    """What the hand left.

    Attributes:
        bank: key of the bank on screen.
        weights: direction key -> weight, of all banks, only where a slider is away from its start.
    """

    bank: str
    weights: dict[str, float]


@dataclass(frozen=True)
class Plausibility:
    """What the gauge needs to place a point among held-out faces.

    Attributes:
        mean: float32 [D], of the aggregate posterior.
        precision: float32 [D, D], the inverse of its covariance.
        percentiles: float32 [101], squared distances of held-out faces, 0 % to 100 %.
        prior: whether to compare z's length with the prior N(0, I) too (a VAE).
    """

    mean: NDArray[np.float32]
    precision: NDArray[np.float32]
    percentiles: NDArray[np.float32]
    prior: bool = False


@dataclass(frozen=True)
class Readings:
    """Linear probes that read attributes off the point while it moves, as bars.

    Attributes:
        names: R plain names.
        notes: R sentences, such as how far to trust each.
        weights: float32 [R, D]; the log odds are z @ weights[r] + bias[r].
        bias: float32 [R].
    """

    names: tuple[str, ...]
    notes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


def latent_pad(
    *,
    key: str,
    model: str,
    point_id: str,
    z: NDArray[np.floating],
    banks: Sequence[Bank],
    base_url: str,
    decoder_url: str | None,
    weights: Mapping[str, float] | None = None,
    plausibility: Plausibility | None = None,
    server_picture: Callable[[NDArray[np.float32]], NDArray[np.uint8]] | None = None,
    beside: tuple[str, str] | None = None,
    shown: int = SHOWN,
    bank: str | None = None,
    readings: Readings | None = None,
    group: str | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> PadState:
    """Mount the pad and return what the hand left in it.

    Args:
        key: the pad's name, unique in the app. The same key on a later visit finds the same state.
        model: the checkpoint's name; a topic `point:<model>` on the page's bus carries each new point.
        point_id: names the point. Under a new name the sliders start anew; under the same, they stay as they are.
        z: float [D], the point.
        banks: the sliders; weights of all banks add up, whichever is on screen.
        base_url: `app.server.published.frontend_base()`.
        decoder_url: address of the checkpoint's decoder.onnx, or None if it has none.
        weights: where a new point's sliders stand at first, by direction key.
        plausibility: shows the gauge.
        server_picture: latent [D] to uint8 [S, S, 3]; used only where the browser cannot decode.
        beside: (address, label) of a picture to show next to the face, such as the original.
        shown: how many sliders of a bank are shown at first.
        bank: key of the bank that a new point shows; the first one if not given.
        readings: shows bars that follow the point.
        group: pads of one group move their sliders together; such a pad is narrow.
        provenance: facts that a saved picture carries, JSON-ready; its weights and its latent are added.
    """
    directions = _by_key(banks)
    previous = st.session_state.get(key) or {}
    start = PadState(bank or "", dict(weights or {}))
    visit, state = _kept(key, model, point_id, previous.get("committed"), banks, start)
    picture = None
    if previous.get("failed") and server_picture is not None:
        picture = png_address(server_picture(combine(np.asarray(z, np.float32), directions, state.weights)))
    data = _message(
        key=key, model=model, visit=visit, z=z, banks=banks, base_url=base_url, decoder_url=decoder_url, state=state,
        plausibility=plausibility, beside=beside, shown=shown, readings=readings, group=group,
        provenance=provenance, picture=picture,
    )  # fmt: skip
    _mount(key=key, data=data, on_committed_change=_nothing, on_failed_change=_nothing)
    return state


def pad_ahead(
    *,
    key: str,
    z: NDArray[np.floating],
    banks: Sequence[Bank],
    base_url: str,
    decoder_url: str | None,
    plausibility: Plausibility | None = None,
) -> None:
    """Mount a pad that has no point yet, in a place that the page hides: its first point then appears sooner.

    Args:
        key: of the pad that `latent_pad` will draw in the same place.
        z: float [D], any point: only its size is used.
        banks, base_url, decoder_url, plausibility: as for `latent_pad`.
    """
    given = _data(np.asarray(z, np.float32), banks, plausibility)
    data = given | {"base": base_url, "decoderUrl": decoder_url, "ahead": True}
    _mount(key=key, data=data, on_committed_change=_nothing, on_failed_change=_nothing)


def first_message(
    *,
    point_id: str,
    banks: Sequence[Bank],
    bank: str | None = None,
    weights: Mapping[str, float] | None = None,
    **others: Any,
) -> dict[str, Any]:
    """What `latent_pad` will hand to the browser in a new session, JSON-ready, for whoever can hand it over sooner.

    Args:
        point_id, banks, bank, weights, others: as for `latent_pad`.
    """
    state = PadState(_bank_on_screen(banks, bank), _checked(weights or {}, _by_key(banks)))
    return _message(visit=_visit(point_id, 0), banks=banks, state=state, **others)


def _message(
    *,
    key: str,
    model: str,
    visit: str,
    z: NDArray[np.floating],
    banks: Sequence[Bank],
    base_url: str,
    decoder_url: str | None,
    state: PadState,
    plausibility: Plausibility | None = None,
    beside: tuple[str, str] | None = None,
    shown: int = SHOWN,
    readings: Readings | None = None,
    group: str | None = None,
    provenance: Mapping[str, Any] | None = None,
    picture: str | None = None,
) -> dict[str, Any]:
    """What the browser gets; what is in the signature makes it build its sliders anew."""
    data = _data(np.asarray(z, np.float32), banks, plausibility) | {
        "id": key,
        "base": base_url,
        "model": model,
        "pointId": visit,
        "decoderUrl": decoder_url,
        "readings": _readings(readings),
        "group": group,
    }
    data["signature"] = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
    data |= {"weights": state.weights, "bank": state.bank, "count": shown, "picture": picture}
    data["provenance"] = dict(provenance or {})
    data["beside"] = {"url": beside[0], "label": beside[1]} if beside else None
    return data


def combine(
    z: NDArray[np.float32], directions: Mapping[str, Direction], weights: Mapping[str, float]
) -> NDArray[np.float32]:
    """The point plus the weighted sum of all directions: float32 [D], as the browser works it out."""
    total = z.astype(np.float64)
    for key, direction in directions.items():
        total = total + direction.offset(weights.get(key, direction.start))
    return total.astype(np.float32)


def _kept(
    key: str, model: str, point_id: str, committed: Any, banks: Sequence[Bank], start: PadState
) -> tuple[str, PadState]:
    """The visit's name, and the state that the hand left during it, here or before a switch of the page.

    Streamlit drops a component's own state when its page goes, so each model's latest word is kept beside it.
    A visit is a stay at one point: who leaves a point and comes back starts anew, so `point_id` alone is no name.
    The bank is the pad's, whatever the point and the model: it stays on screen until the hand or a link takes another.
    """
    kept: dict[str, Any] = st.session_state.setdefault(f"{key} kept", {"bank": "", "heard": None, "models": {}})
    mine = kept["models"].setdefault(model, {"point": None, "visit": -1, "left": None})
    fresh = mine["point"] != point_id
    if fresh:
        mine.update(point=point_id, visit=mine["visit"] + 1, left=None)
    visit = _visit(point_id, mine["visit"])
    linked = fresh and bool(start.bank)
    if linked:
        kept["bank"] = start.bank
    if isinstance(committed, Mapping) and committed != kept["heard"]:
        kept["heard"] = committed
        here = committed.get("model") == model and committed.get("point") == visit
        if here:
            mine["left"] = _checked(committed.get("weights"), _by_key(banks))
        if here or not linked:
            kept["bank"] = str(committed.get("bank", ""))
    weights = _checked(start.weights, _by_key(banks)) if mine["left"] is None else mine["left"]
    return visit, PadState(_bank_on_screen(banks, kept["bank"]), weights)


def _visit(point_id: str, number: int) -> str:
    return f"{point_id}#{number}"


def _by_key(banks: Sequence[Bank]) -> dict[str, Direction]:
    return {direction.key: direction for bank in banks for direction in bank.directions}


def _bank_on_screen(banks: Sequence[Bank], wanted: str | None) -> str:
    """Key of the wanted bank, or of the first one where the pad has no such bank; "" where it has none."""
    keys = [bank.key for bank in banks]
    return wanted if wanted in keys else next(iter(keys), "")


def _checked(weights: Any, directions: Mapping[str, Direction]) -> dict[str, float]:
    """Only known directions, finite and in range: weights come from a browser."""
    if not isinstance(weights, Mapping):
        return {}
    return {
        key: float(min(max(value, directions[key].low), directions[key].high))
        for key, value in weights.items()
        if key in directions and isinstance(value, int | float) and math.isfinite(value)
    }


def _data(z: NDArray[np.float32], banks: Sequence[Bank], plausibility: Plausibility | None) -> dict[str, Any]:
    """What the browser gets of the point, the banks and the gauge, JSON-ready."""
    gauge = None
    if plausibility is not None:
        parts = (plausibility.mean, plausibility.precision.ravel(), plausibility.percentiles)
        address = publish_bytes(np.concatenate(parts).astype("<f4").tobytes(), "gauge.f32")
        gauge = {"url": address, "prior": plausibility.prior}
    return {
        "z": _base64(z.astype("<f4").tobytes()),
        "dimensions": len(z),
        "banks": [_bank(bank) for bank in banks],
        "gauge": gauge,
    }


def _bank(bank: Bank) -> dict[str, Any]:
    vectors = b"".join(direction.vector.astype("<f4").tobytes() for direction in bank.directions)
    small = len(vectors) <= INLINE_BYTES
    return {
        "key": bank.key,
        "name": bank.name,
        "vectors": _base64(vectors) if small else None,
        "vectorsUrl": None if small else publish_bytes(vectors, f"{bank.key}.f32"),
        "directions": [
            {name: getattr(d, name) for name in SENT}
            | {"unused": bool(d.unused), "path": None if d.path is None else _base64(d.path.astype("<f4").tobytes())}
            for d in bank.directions
        ],
    }


def _readings(readings: Readings | None) -> dict[str, Any] | None:
    if readings is None:
        return None
    parts = np.concatenate([readings.weights.ravel(), readings.bias]).astype("<f4")
    address = publish_bytes(parts.tobytes(), "readings.f32")
    return {"url": address, "names": list(readings.names), "notes": list(readings.notes)}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _nothing() -> None:
    """Streamlit only keeps a component's state where it has a callback."""

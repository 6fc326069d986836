"""How far along its direction an attribute can be seen: marks on sliders, as `evaluate.py` measured them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from latent.attribute_axes import AttributeAxis
from latent.directions import Mark

SHARES = ("50 %", "90 %")
SAME_LENGTH = 0.002  # relative; directions of another atlas are of another length


def with_reach(axes: Mapping[str, AttributeAxis], measured: Mapping[str, Any]) -> dict[str, AttributeAxis]:
    """Axes with what is known of their reach; those that were measured along another direction stay without.

    Args:
        axes: by attribute.
        measured: the content of a checkpoint's reach.json; whatever makes no sense in it is left out.
    """
    told = measured.get("by_attribute")
    known = told if isinstance(told, Mapping) else {}
    return {name: _with_reach(axis, known.get(name)) for name, axis in axes.items()}


def _with_reach(axis: AttributeAxis, told: object) -> AttributeAxis:
    if not isinstance(told, Mapping):
        return axis
    length, now = _number(told.get("length")), float(np.linalg.norm(axis.vector))
    if length is None or abs(length - now) > SAME_LENGTH * now:
        return axis
    return replace(axis, moved=_marks(told.get("moved")), placed=_marks(told.get("placed")))


def _marks(told: object) -> tuple[Mark, ...]:
    places = [_number(one) for one in told] if isinstance(told, list) else []
    return tuple(Mark(round(at, 2), share) for at, share in zip(places, SHARES, strict=False) if at is not None)


def _number(told: object) -> float | None:
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    return float(told) if math.isfinite(told) and abs(told) < 100 else None

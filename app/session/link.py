"""A link as text: the face, the sliders and the colouring that an address names. What makes no sense is told apart."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.discovery import model_to_begin_with
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import offer
from app.session.point import Kept, Point, Sample
from app.texts import N_, _
from latent.samplers import MOST_TEMPERATURE
from models.faithful import VIVID

MOST_SEED, MOST_INDEX = 2**31 - 1, 1023
MOST_LENGTH, MOST_WEIGHTS = 8000, 200
HASH_LETTERS = 8
FARTHEST = 1e4  # no latent has such an entry
PASSING = ("morph-", "noise-")  # directions that depend on the point: known only once it is there
# What is said of a link that makes no sense.
TOO_LONG = N_("The link is too long to be one of ours, so it is ignored.")
NO_MODEL = N_("The link names a model that is not here, so another one is shown.")
NO_FACE = N_("The face of the link is not known to this model, so another one is shown.")
NO_WEIGHT = N_("Some slider positions of the link make no sense here and are ignored.")
NO_BANK = N_("The link names a kind of slider that is not here.")
NO_COLOUR = N_("The link names a colouring that this map does not have.")
NO_VIVID = N_("How vivid the link's faces are to be makes no sense, so they are drawn as they usually are.")
LINKED = N_("The link's face")
BEFORE = N_("The face before")  # the morph towards the point that this session had before


@dataclass(frozen=True)
class Link:
    """What a link asks for, as far as it makes sense, and a sentence for each part that does not."""

    model: str | None = None
    point: Point | None = None
    bank: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    colour: str | None = None
    vivid: float = VIVID
    problems: tuple[str, ...] = ()


def parse(
    params: Mapping[str, str],
    models: Mapping[str, OpenModel],
    colours: Callable[[OpenModel], Sequence[str]] = lambda model: (),
) -> Link:
    """Read a link's parameters; unknown ones belong to a page and are left alone.

    Args:
        params: from the address.
        models: those that could be opened, by name; at least one.
        colours: the colourings that a model's map has.
    """
    problems: list[str] = []
    if any(len(value) > MOST_LENGTH for value in params.values()):
        return Link(problems=(TOO_LONG,))
    name = params.get("model")
    if name is not None and name not in models:
        problems.append(NO_MODEL)
        name = None
    model = models[name or model_to_begin_with(models)]
    point = None
    if spec := next((f"{kind}:{params[kind]}" for kind in ("face", "sample", "z") if kind in params), None):
        point = parse_point(spec, models.values())
        if point is None or point.z(model) is None:
            problems.append(NO_FACE)
            point = None
    weights, lost = _weights(params.get("w", ""), model)
    if lost:
        problems.append(NO_WEIGHT)
    bank = params.get("bank")
    if bank is not None and bank not in {b.key for b in model.banks} | {"morphs", "noise", "edit", "own"}:
        problems.append(NO_BANK)
        bank = None
    colour = params.get("colour")
    if colour is not None and (model.atlas is None or colour not in colours(model)):
        problems.append(NO_COLOUR)
        colour = None
    vivid = number(params.get("vivid", f"{VIVID}"), 0, 1)
    if vivid is None:
        problems.append(NO_VIVID)
        vivid = VIVID
    return Link(name, point, bank, weights, colour, round(vivid, 1), tuple(problems))


def parse_point(spec: str, models: Iterable[OpenModel]) -> Point | None:
    """A point from text, or None where the text makes no sense or no model knows the point.

    Args:
        spec: "face:<image number>", "sample:<sampler>.<seed>.<index>.<temperature>" or "z:<weights' hash>.<base64>".
        models: those that are open.
    """
    kind, _colon, value = spec.partition(":")
    if kind == "face" and (image := whole_number(value, 0, MOST_SEED)) is not None:
        point = Point(image=image)
        return point if any(point.row(model) is not None for model in models) else None
    if kind == "sample":
        sample = _sample(value)
        return None if sample is None else Point(sample=sample)
    if kind == "z":
        begin, _dot, latent = value.partition(".")
        for model in models:
            if len(begin) == HASH_LETTERS and model.sha256.startswith(begin):
                z = read_latent(latent, model.config.latent_dim)
                return None if z is None else Point(kept=_linked(latent, z, model))
    return None


def _linked(latent: str, z: NDArray[np.float32], model: OpenModel) -> Kept:
    key = f"link-{hashlib.sha256(latent.encode()).hexdigest()[:12]}"
    return Kept(key, _(LINKED), {model.name: z}, {model.name: model.sha256})


def write_latent(z: NDArray[np.floating]) -> str:
    """A latent [D] as text: base64 (the variety for addresses) of little-endian float32."""
    return base64.urlsafe_b64encode(np.asarray(z).astype("<f4").tobytes()).decode("ascii")


def read_latent(text: str, dimensions: int) -> NDArray[np.float32] | None:
    """The opposite of `write_latent`: float32 [D]; None where the text is none, of another size or not finite."""
    try:
        z = np.frombuffer(base64.urlsafe_b64decode(text.encode("ascii")), "<f4").astype(np.float32)
    except (ValueError, binascii.Error):
        return None
    return z if z.shape == (dimensions,) and np.isfinite(z).all() and np.abs(z).max() <= FARTHEST else None


def point_spec(point: Point, models: Iterable[OpenModel]) -> str | None:
    """The opposite of `parse_point`; None for what was made from a photo, which stays where it is."""
    if point.sample is not None:
        return f"sample:{point.sample.code}"
    for model in models:
        row = point.row(model)
        if row is not None and model.atlas is not None:
            return f"face:{model.atlas.image[row]}"
        if point.kept is not None and not point.private and (z := point.z(model)) is not None:
            return f"z:{model.sha256[:HASH_LETTERS]}.{write_latent(z)}"
    return None


def shareable(key: str) -> bool:
    """Whether a direction is the same in every session: not one between groups of this one, nor to the face before."""
    return not key.startswith("own-") and key != f"morph-{BEFORE}"


def whole_number(text: str | None, low: int, high: int) -> int | None:
    """A whole number in a range, or None."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 12):
        return None
    return int(text) if low <= int(text) <= high else None


def number(text: str | None, low: float, high: float) -> float | None:
    """A finite number in a range, or None."""
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return value if low <= value <= high else None


def _sample(code: str) -> Sample | None:
    sampler, _dot, rest = code.partition(".")
    seed, _dot, rest = rest.partition(".")
    index, _dot, temperature = rest.partition(".")
    parsed = whole_number(seed, 0, MOST_SEED), whole_number(index, 0, MOST_INDEX)
    warmth = number(temperature or "1", 0, MOST_TEMPERATURE)
    if offer(sampler) is None or parsed[0] is None or parsed[1] is None or warmth is None:
        return None
    return Sample(sampler, parsed[0], parsed[1], warmth)


def _weights(text: str, model: OpenModel) -> tuple[dict[str, float], bool]:
    """Weights of directions that the model has, and whether anything had to be left out."""
    known = {direction.key for bank in model.banks for direction in bank.directions}
    known |= {f"attribute-{attribute}" for attribute in model.axes}
    found: dict[str, float] = {}
    parts = [part for part in text.split(",") if part]
    for part in parts[:MOST_WEIGHTS]:
        key, _colon, value = part.rpartition(":")
        weight = number(value, -1000, 1000)
        if weight is not None and (key in known or key.startswith(PASSING)):
            found[key] = weight
    return found, len(found) < len(parts)

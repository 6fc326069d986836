"""What the visitor looks at, in the address bar, so that a link opens the same face elsewhere.

The session writes the address as the state changes. Where the address says something else than was last written, the
visitor came by a link or by the browser's Back, and what it says counts. It is checked: nonsense gets a sentence and is
ignored. A photo is not in a link.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import OFFERS
from app.session.current import MODEL, current_point, set_model, set_point
from app.session.point import Kept, Point, Sample
from app.session.remembered import BY_ADDRESS
from latent.samplers import MOST_TEMPERATURE

WRITTEN = "address_written"
FOLLOWED = "links_followed"  # how many: each begins the sliders anew
WEIGHTS = "link_weights"  # what the pad takes over at the link's point: [point's key, model, pad, bank, weights]
MOST_SEED, MOST_INDEX = 2**31 - 1, 1023
MOST_LENGTH, MOST_WEIGHTS = 8000, 200
HASH_LETTERS = 8
FARTHEST = 1e4  # no latent has such an entry
PASSING = ("morph-", "noise-")  # directions that depend on the point: known only once it is there
BEFORE = "The face before"  # the morph towards the point that this session had before


@dataclass(frozen=True)
class Link:
    """What a link asks for, as far as it makes sense, and a sentence for each part that does not."""

    model: str | None = None
    point: Point | None = None
    bank: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    colour: str | None = None
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
        return Link(problems=("The link is too long to be one of ours, so it is ignored.",))
    name = params.get("model")
    if name is not None and name not in models:
        problems.append("The link names a model that is not here, so another one is shown.")
        name = None
    model = models[name or next(iter(models))]
    point = None
    if spec := next((f"{kind}:{params[kind]}" for kind in ("face", "sample", "z") if kind in params), None):
        point = parse_point(spec, models.values())
        if point is None or point.z(model) is None:
            problems.append("The face of the link is not known to this model, so another one is shown.")
            point = None
    weights, lost = _weights(params.get("w", ""), model)
    if lost:
        problems.append("Some slider positions of the link make no sense here and are ignored.")
    bank = params.get("bank")
    if bank is not None and bank not in {b.key for b in model.banks} | {"morphs", "noise", "edit", "own"}:
        problems.append("The link names a kind of slider that is not here.")
        bank = None
    colour = params.get("colour")
    if colour is not None and (model.atlas is None or colour not in colours(model)):
        problems.append("The link names a colouring that this map does not have.")
        colour = None
    return Link(name, point, bank, weights, colour, tuple(problems))


def parse_point(spec: str, models: Iterable[OpenModel]) -> Point | None:
    """A point from text, or None where the text makes no sense or no model knows the point.

    Args:
        spec: "face:<image number>", "sample:<sampler>.<seed>.<index>.<temperature>" or "z:<weights' hash>.<base64>".
        models: those that are open.
    """
    kind, _, value = spec.partition(":")
    if kind == "face" and (image := whole_number(value, 0, MOST_SEED)) is not None:
        point = Point(image=image)
        return point if any(point.row(model) is not None for model in models) else None
    if kind == "sample":
        sample = _sample(value)
        return None if sample is None else Point(sample=sample)
    if kind == "z":
        begin, _, latent = value.partition(".")
        for model in models:
            if len(begin) == HASH_LETTERS and model.sha256.startswith(begin):
                z = read_latent(latent, model.config.latent_dim)
                return None if z is None else Point(kept=_linked(latent, z, model))
    return None


def _linked(latent: str, z: NDArray[np.float32], model: OpenModel) -> Kept:
    key = f"link-{hashlib.sha256(latent.encode()).hexdigest()[:12]}"
    return Kept(key, "The link's face", {model.name: z}, {model.name: model.sha256})


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


@contextmanager
def following(
    models: Callable[[], Mapping[str, OpenModel]], colours: Callable[[OpenModel], Sequence[str]], colouring: str
) -> Iterator[None]:
    """Around the run of a page: take over what the address asks for, if the visitor came by it.

    Args:
        models: opens those that can be opened, by name.
        colours: as for `parse`.
        colouring: key of the box that chooses the colouring.
    """
    said = st.query_params.to_dict()
    st.session_state[BY_ADDRESS] = bool(said) and said != st.session_state.get(WRITTEN)
    if st.session_state[BY_ADDRESS]:
        st.session_state[WRITTEN] = said
        _follow(said, models(), colours, colouring)
    try:
        yield
    finally:
        st.session_state[BY_ADDRESS] = False  # parts of the page that run again by themselves follow the hand


def _follow(
    said: Mapping[str, str],
    models: Mapping[str, OpenModel],
    colours: Callable[[OpenModel], Sequence[str]],
    colouring: str,
) -> None:
    """Take over model, point, sliders and colouring, and say what of the address makes no sense."""
    if not models:
        return
    st.session_state[FOLLOWED] = st.session_state.get(FOLLOWED, 0) + 1
    st.session_state.pop(WEIGHTS, None)
    link = parse(said, models, colours)
    if link.model is not None:
        set_model(link.model)
    if link.point is not None:
        set_point(link.point)
    if link.colour is not None:
        st.session_state[colouring] = link.colour
    if link.weights or link.bank:
        name = link.model or st.session_state.get(MODEL) or next(iter(models))
        st.session_state[WEIGHTS] = [current_point().key, name, None, link.bank, dict(link.weights)]
    for problem in link.problems:
        st.warning(problem, icon=":material/link_off:")


def weights_of_link(point: Point, model: OpenModel, pad: str) -> tuple[str | None, dict[str, float]]:
    """The bank and the weights that the link gave for this point: for the first pad that asks, until it goes elsewhere.

    Args:
        point, model: on screen.
        pad: key of the pad.
    """
    given = st.session_state.get(WEIGHTS)
    if given is None:
        return None, {}
    key, name, taker, bank, weights = given
    if (point.key, model.name) != (key, name) or taker not in (None, pad):
        del st.session_state[WEIGHTS]
        return None, {}
    given[2] = pad
    return bank, weights


def write(
    model: OpenModel,
    point: Point | None,
    bank: str | None = None,
    weights: Mapping[str, float] | None = None,
    **more: str,
) -> None:
    """Put the state into the address bar, if it is not there already. The page does not run again for it.

    Args:
        model: on screen.
        point: on screen.
        bank: key of the bank on screen.
        weights: of the sliders that are away from their start.
        more: what else the page needs to look the same.
    """
    params = {"model": model.name}
    spec = point_spec(point, [model]) if point is not None else None
    if spec is not None:
        kind, _, value = spec.partition(":")
        params[kind] = value
        if bank:
            params["bank"] = bank
        if shared := [f"{key}:{value!r}" for key, value in (weights or {}).items() if shareable(key)]:
            params["w"] = ",".join(shared)
    set_address(params | more)


def set_address(params: Mapping[str, str]) -> None:
    """Make these the parameters of the address, and know them as this session's own."""
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    st.session_state[WRITTEN] = dict(params)


def shareable(key: str) -> bool:
    """Whether a direction is the same in every session: not one between groups of this one, nor to the face before."""
    return not key.startswith("own-") and key != f"morph-{BEFORE}"


def write_faces(faces: Sequence[Point], models: Sequence[OpenModel], **more: str) -> None:
    """Put several faces into the address; without those that are private, there is nothing to share.

    Args:
        faces: points on screen.
        models: on screen.
        more: what else the page needs to look the same.
    """
    specs = [point_spec(face, models) for face in faces]
    params = {"faces": ",".join(spec for spec in specs if spec), **more} if all(specs) else {}
    before = st.query_params.to_dict()
    if before.get("faces") == params.get("faces") and "t" in before and "t" not in params and params:
        params["t"] = before["t"]
    set_address(params)


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
    sampler, _, rest = code.partition(".")
    seed, _, rest = rest.partition(".")
    index, _, temperature = rest.partition(".")
    parsed = whole_number(seed, 0, MOST_SEED), whole_number(index, 0, MOST_INDEX)
    warmth = number(temperature or "1", 0, MOST_TEMPERATURE)
    if sampler not in OFFERS or parsed[0] is None or parsed[1] is None or warmth is None:
        return None
    return Sample(sampler, parsed[0], parsed[1], warmth)


def _weights(text: str, model: OpenModel) -> tuple[dict[str, float], bool]:
    """Weights of directions that the model has, and whether anything had to be left out."""
    known = {direction.key for bank in model.banks for direction in bank.directions}
    known |= {f"attribute-{attribute}" for attribute in model.axes}
    found: dict[str, float] = {}
    parts = [part for part in text.split(",") if part]
    for part in parts[:MOST_WEIGHTS]:
        key, _, value = part.rpartition(":")
        weight = number(value, -1000, 1000)
        if weight is not None and (key in known or key.startswith(PASSING)):
            found[key] = weight
    return found, len(found) < len(parts)

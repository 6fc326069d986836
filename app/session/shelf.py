"""The shelf: faces that a visitor keeps, to come back to them or to use them on any page, and its file."""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.session.link import read_latent, write_latent
from app.session.point import Kept, Point
from app.texts import _

SHELF = "shelf"
FORMAT = "facespace-shelf-1"
MOST_FACES, MOST_BYTES, LONGEST_NAME = 100, 2_000_000, 60


class ShelfError(ValueError):
    """A shelf file cannot be used; the message says why and what to do."""


def faces() -> list[Kept]:
    """The kept faces, in the visitor's order."""
    kept: list[Kept] = st.session_state.setdefault(SHELF, [])
    return kept


def keep(
    models: Mapping[str, OpenModel],
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32],
    weights: Mapping[str, float],
    facts: Mapping[str, Any] | None = None,
    private: bool = False,
) -> Kept | None:
    """Put the face on screen on the shelf: with its latent in every model that knows it, unless sliders moved it.

    Args:
        models: all that are open.
        model: the one on screen.
        point: the current point.
        z: float32 [D], the point with the sliders' weights.
        weights: of the sliders that are away from their start.
        facts: what else there is to say of where it came from, JSON-ready.
        private: the sliders lead to a photo.

    Returns:
        The kept face, or None where the shelf is full.
    """
    if len(faces()) >= MOST_FACES:
        return None
    latents = {model.name: z}
    if not weights:
        latents |= {name: known for name, other in models.items() if (known := point.z(other)) is not None}
    origin: dict[str, Any] = {"point": point.origin(model), **(facts or {})}
    if weights:
        origin |= {"model": model.name, "weights": dict(weights)}
    name = _("{name}, changed").format(name=point.name(model)) if weights else point.name(model)
    hashes = {name: models[name].sha256 for name in latents}
    kept = Kept(uuid.uuid4().hex[:12], plain_name(name), latents, hashes, origin, private or point.private)
    faces().append(kept)
    return kept


def move(key: str, by: int) -> None:
    """Move a face up (-1) or down (1) the shelf."""
    shelf = faces()
    at = next(i for i, face in enumerate(shelf) if face.key == key)
    to = min(max(at + by, 0), len(shelf) - 1)
    shelf.insert(to, shelf.pop(at))


def remove(key: str) -> None:
    """Take a face off the shelf."""
    shelf = faces()
    shelf[:] = [face for face in shelf if face.key != key]


def rename(key: str, name: str) -> None:
    """Call a face something else; an empty name changes nothing."""
    shelf = faces()
    shelf[:] = [replace(face, name=plain_name(name) or face.name) if face.key == key else face for face in shelf]


def plain_name(text: str) -> str:
    """A name without control characters or line breaks, 60 characters at most."""
    kept = "".join(letter for letter in text if not unicodedata.category(letter).startswith("C"))
    return " ".join(kept.split())[:LONGEST_NAME].strip()


def to_file(shelf: Sequence[Kept]) -> bytes:
    """The shelf as JSON: names and latents, no pictures; they are decoded again from the latents."""
    entries = [
        {
            "name": face.name,
            "latents": {
                name: {"checkpoint_sha256": face.checkpoints[name], "z": write_latent(z)}
                for name, z in face.latents.items()
            },
            "facts": face.facts,
            "private": face.private,
        }
        for face in shelf
    ]
    return json.dumps({"format": FORMAT, "faces": entries}, indent=1).encode()


def from_file(data: bytes, models: Mapping[str, OpenModel]) -> tuple[list[Kept], list[str]]:
    """Read a shelf file.

    Args:
        data: the file.
        models: those that are open; latents of other weights are left out.

    Returns:
        The faces that can be used, and a sentence for what had to be left out.

    Raises:
        ShelfError: the file is none of ours, damaged or too large.
    """
    if len(data) > MOST_BYTES:
        raise ShelfError("The file is larger than 2 MB, so it is no shelf of ours. The shelf stays as it was.")
    try:
        content = json.loads(data)
        entries = content["faces"]
        known = content["format"] == FORMAT and isinstance(entries, list)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ShelfError("The file is damaged or no shelf file. The shelf stays as it was.") from error
    if not known:
        raise ShelfError(f"The file is not of the format {FORMAT}. The shelf stays as it was.")
    found = [_entry(entry, models) for entry in entries[:MOST_FACES]]
    usable = [face for face in found if face is not None]
    problems = []
    if len(entries) > MOST_FACES:
        problems.append(
            _("The file holds {count:,} faces; only the first {most} were read.").format(
                count=len(entries), most=MOST_FACES
            )
        )
    if lost := len(found) - len(usable):
        problems.append(
            _(
                "Faces left out: {lost} of {count}, made with other weights than those that are open here, or damaged."
            ).format(lost=lost, count=len(found))
        )
    return usable, problems


def _entry(entry: Any, models: Mapping[str, OpenModel]) -> Kept | None:
    """One face of a file, or None where nothing of it can be used here."""
    if not isinstance(entry, dict) or not isinstance(entry.get("latents"), dict):
        return None
    latents: dict[str, NDArray[np.float32]] = {}
    for model in models.values():  # by the weights' hash: a folder may have another name on another computer
        for stored in entry["latents"].values():
            if not isinstance(stored, dict) or stored.get("checkpoint_sha256") != model.sha256:
                continue
            z = read_latent(str(stored.get("z", "")), model.config.latent_dim)
            if z is not None:
                latents[model.name] = z
    if not latents:
        return None
    name = plain_name(str(entry.get("name", ""))) or _("Unnamed face")
    facts = entry["facts"] if isinstance(entry.get("facts"), dict) else {}
    hashes = {name: models[name].sha256 for name in latents}
    return Kept(uuid.uuid4().hex[:12], name, latents, hashes, facts, private=bool(entry.get("private")))

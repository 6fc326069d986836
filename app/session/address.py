"""What the visitor looks at, in the address bar, so that a link opens the same face elsewhere.

The session writes the address as the state changes. Where the address says something else than was last written, the
visitor came by a link or by the browser's Back, and what it says counts. It is checked: nonsense gets a sentence and is
ignored. A photo is not in a link.

An address needs its time to the browser: who acts twice in a moment acts the second time from the address before. That
one this session wrote itself, and nobody went back to it, so it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import streamlit as st

from app import texts
from app.checkpoints.discovery import model_to_begin_with
from app.checkpoints.opening import OpenModel
from app.drawing.plain_text import plain_text
from app.session.current import MODEL, current_point, set_model, set_point
from app.session.link import parse, point_spec, shareable
from app.session.point import Point
from app.session.remembered import BY_ADDRESS, TAKEN
from app.session.vividness import in_address, set_vividness
from app.streamlit_internals.history import by_history, followed, is_cut_short
from app.texts import _

WRITTEN = "address_written"
EARLIER = "addresses_before"  # that the session wrote or followed before that one, the newest last
UNFINISHED = "address_not_taken_over"  # by the whole page: the browser's next run cut that short
KEPT = 16  # of them: more steps than a browser can be behind
FOLLOWED = "links_followed"  # how many: each begins the sliders anew
WEIGHTS = "link_weights"  # what the pad takes over at the link's point: [point's key, model, pad, bank, weights]


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
    params, written = st.query_params.to_dict(), st.session_state.get(WRITTEN)
    if written is not None and params in st.session_state.get(EARLIER, []) and not by_history():
        set_address(written)
        params = written
    if params and params != written:
        _follow(params, models(), colours, colouring)
        st.session_state[UNFINISHED], st.session_state[TAKEN] = params, {}
        _know(params)  # the last: a run may be cut short at each line, and the next one follows what is not known yet
    followed()
    st.session_state[BY_ADDRESS] = params == st.session_state.get(UNFINISHED)
    cut_short = False
    try:
        yield
    except BaseException as error:
        cut_short = is_cut_short(error)
        raise
    finally:
        st.session_state[BY_ADDRESS] = False  # parts of the page that run again by themselves follow the hand
        if not cut_short:
            st.session_state[UNFINISHED] = None


def _follow(
    params: Mapping[str, str],
    models: Mapping[str, OpenModel],
    colours: Callable[[OpenModel], Sequence[str]],
    colouring: str,
) -> None:
    """Take over model, point, sliders and colouring, and say what of the address makes no sense."""
    if not models:
        return
    st.session_state[FOLLOWED] = st.session_state.get(FOLLOWED, 0) + 1
    st.session_state.pop(WEIGHTS, None)
    link = parse(params, models, colours)
    if link.model is not None:
        set_model(link.model)
    if link.point is not None:
        set_point(link.point)
    if link.colour is not None:
        st.session_state[colouring] = link.colour
    set_vividness(link.vivid)
    if link.weights or link.bank:
        name = link.model or st.session_state.get(MODEL) or model_to_begin_with(models)
        st.session_state[WEIGHTS] = [current_point().key, name, None, link.bank, dict(link.weights)]
    for problem in link.problems:
        st.warning(plain_text(_(problem)), icon=":material/link_off:")


def begin_with(point: Point, model: str, pad: str, bank: str, weights: Mapping[str, float]) -> None:
    """Have a pad begin a point anew with these sliders, as by a link.

    Args:
        point: the point.
        model: name of the one that draws it.
        pad: key of the pad.
        bank, weights: what it shows.
    """
    st.session_state[FOLLOWED] = st.session_state.get(FOLLOWED, 0) + 1
    st.session_state[WEIGHTS] = [point.key, model, pad, bank, dict(weights)]


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
        kind, value = spec.split(":", 1)
        params[kind] = value
        if bank:
            params["bank"] = bank
        if shared := [f"{key}:{value!r}" for key, value in (weights or {}).items() if shareable(key)]:
            params["w"] = ",".join(shared)
    set_address(params | in_address([model]) | more)


def set_address(params: Mapping[str, str]) -> None:
    """Make these the parameters of the address, and the language that it asks for; know them as this session's own."""
    params = {**params, **texts.in_address()}
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    _know(params)


def address() -> dict[str, str]:
    """The parameters of the address as the session last knew them, though the browser may still be behind."""
    written: Mapping[str, str] | None = st.session_state.get(WRITTEN)
    return st.query_params.to_dict() if written is None else dict(written)


def forget_address() -> None:
    """Have the next run follow its address, even if it is one that the session wrote itself."""
    st.session_state.pop(WRITTEN, None)


def _know(params: Mapping[str, str]) -> None:
    """The address is this one from now on."""
    written = st.session_state.get(WRITTEN)
    if written is not None and written != params:
        earlier = [one for one in st.session_state.get(EARLIER, []) if one not in (params, written)]
        st.session_state[EARLIER] = [*earlier, written][-KEPT:]
    st.session_state[WRITTEN] = dict(params)


def write_faces(faces: Sequence[Point], models: Sequence[OpenModel], **more: str) -> None:
    """Put several faces into the address; without those that are private, there is nothing to share.

    Args:
        faces: points on screen.
        models: on screen.
        more: what else the page needs to look the same.
    """
    specs = [point_spec(face, models) for face in faces]
    shared = {"faces": ",".join(spec for spec in specs if spec), **in_address(models), **more}
    params = shared if all(specs) else {}
    before = st.query_params.to_dict()
    if before.get("faces") == params.get("faces") and "t" in before and "t" not in params and params:
        params["t"] = before["t"]
    set_address(params)

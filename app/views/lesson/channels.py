"""The decoder's channels, live: what each of them holds for the face on screen, and what is lost without it."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.opening import OpenModel
from app.components.face_grid import face_grid
from app.drawing import gallery
from app.drawing.differences import ERROR_GAIN, error_picture
from app.drawing.feature_pictures import channel_sheet
from app.drawing.numbers import percent
from app.drawing.picture_files import picture_address, png
from app.drawing.saved_file import save_button
from app.texts import _, ngettext
from app.views.lesson import presenter
from app.views.lesson.inputs import Encoded, quality
from app.views.lesson.stage import Stage

SHOWN, COLUMNS, FEW = 36, 9, 8


def maps_of(model: OpenModel, face: Encoded) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    """What the encoder's and the decoder's layers make of a face: [C, H, W] each, from its picture to its picture."""

    def work_out() -> dict[str, NDArray[np.float32]]:
        import torch  # late: it takes two seconds to import

        from models.feature_maps import feature_maps
        from models.images import to_tensor

        found = feature_maps(model.own_network, to_tensor(face.picture[None]), torch.from_numpy(face.mu[None]))
        parts = (("encoder", found.encoder), ("decoder", found.decoder))
        return {f"{part}{i:02d}": maps for part, layers in parts for i, maps in enumerate(layers)}

    found = beforehand(model.files, "maps", (face.picture.tobytes(), face.mu.tobytes()), work_out)
    encoder, decoder = ([found[name] for name in sorted(found) if name.startswith(part)] for part in ("enc", "dec"))
    return encoder, decoder


@st.fragment
def channels(stage: Stage, model: OpenModel, face: Encoded, decoder: list[NDArray[np.float32]]) -> None:
    """A layer's channels to switch off, and the picture without them.

    Args:
        stage: of the chapter.
        model: one that was trained here.
        face: whose latent is decoded.
        decoder: the decoder's maps of that face, from `maps_of`.
    """
    layer = int(stage.choice_of("layer", *_layers(decoder)))
    maps = decoder[layer]
    order = _order(model.identity, face.mu.tobytes(), layer, model, face, maps)
    first = order[:FEW]
    off = _switched_off(stage, f"{model.identity} {layer}", first, len(maps))
    _without(model, face, layer, sorted(off))
    stage.choice("layer", _("Layer of the decoder, by the size of its maps"), *_layers(decoder))
    sheet = channel_sheet(maps, order, COLUMNS, off)
    if stage.server:
        _press(stage, layer, order, off, sheet)
    else:
        gallery.show(gallery.wide(sheet, _("Channels of the layer")))
    stage.note("off", _spelled(off), _spelled(first))
    stage.write(model)
    more = (
        _("The strongest {shown} of {count} channels; those come first without which the picture changes most.").format(
            shown=len(order), count=len(maps)
        )
        if len(maps) > len(order)
        else _("All channels; those come first without which the picture changes most.")
    )
    look = _("Light is where a channel says much.")
    press = _("Press one to switch it off or on.") if stage.server else _("In the app each can be switched off.")
    st.caption(" ".join([more, look, *([_("Orange ones are off.")] if off else []), press]))


def _press(stage: Stage, layer: int, order: list[int], off: set[int], sheet: NDArray[np.uint8]) -> None:
    """The channels, each of which can be pressed, and two buttons for many of them."""
    first = order[:FEW]
    with st.container(horizontal=True):
        st.button(
            _("Switch off the first {count}").format(count=FEW),
            icon=":material/visibility_off:",
            key=stage.key("strongest"),
            on_click=off.update,
            args=(first,),
        )
        st.button(
            _("Switch all on"),
            icon=":material/visibility:",
            key=stage.key("all_on"),
            disabled=not off,
            on_click=off.clear,
        )
        if not presenter.is_on():
            save_button(
                _("Save as PNG"),
                lambda: png(sheet, {"layer": layer, "channels": order, "off": sorted(off)}),
                "facespace-channels.png",
                "image/png",
                stage.key("save_channels"),
                "tertiary",
            )
    clicked = face_grid(
        key=stage.key(f"channels_{layer}"),
        sheet=picture_address(sheet),
        columns=COLUMNS,
        names=[
            _("Channel {channel}, switched off").format(channel=channel)
            if channel in off
            else _("Channel {channel}").format(channel=channel)
            for channel in order
        ],
        label=_("Channels of the layer; press one to switch it off or on"),
    )
    if clicked is not None and clicked < len(order):
        off.symmetric_difference_update({order[clicked]})
        st.rerun(scope="fragment")


def _layers(decoder: list[NDArray[np.float32]]) -> tuple[dict[str, str], str]:
    """The decoder's layers that can be looked at, {key: what people read}, and which one is at first."""
    names = {
        str(i): _("{height} × {width}, {count} channels").format(
            height=maps.shape[1], width=maps.shape[2], count=len(maps)
        )
        for i, maps in enumerate(decoder)
    }
    return names, "2" if "2" in names else "0"


@st.cache_data(show_spinner=False, max_entries=200)
def _order(
    identity: str, code: bytes, layer: int, _model: OpenModel, _face: Encoded, _maps: NDArray[np.float32]
) -> list[int]:
    """Of a layer's channels the strongest, those first without which the picture changes most."""

    def work_out() -> dict[str, list[int]]:
        import torch

        from models.feature_maps import decode_without

        strongest = np.argsort(-_maps.mean((1, 2)), kind="stable")[:SHOWN].tolist()
        z = torch.from_numpy(_face.mu[None])
        whole = decode_without(_model.own_network, z, layer, ())
        lost = [
            float((decode_without(_model.own_network, z, layer, [channel]) - whole).square().mean())
            for channel in strongest
        ]
        return {"order": [strongest[place] for place in np.argsort(-np.array(lost), kind="stable")]}

    order: list[int] = beforehand(_model.files, "channels", (code, layer), work_out)["order"].tolist()
    return order


def _spelled(off: Collection[int]) -> str:
    return ",".join(map(str, sorted(off))) or "none"


def _switched_off(stage: Stage, name: str, first: list[int], count: int) -> set[int]:
    """The channels that are switched off, at first those that matter most; another layer or model begins anew."""
    key = stage.key("off")
    kept: tuple[str, set[int]] | None = st.session_state.get(key)
    if kept is None:
        said = stage.from_address("off")
        named = {int(one) for one in (said or "").split(",") if one.isascii() and one.isdigit() and int(one) < count}
        kept = name, set(first) if said is None else named
    elif kept[0] != name:
        kept = name, set(first)
    st.session_state[key] = kept
    return kept[1]


def _without(model: OpenModel, face: Encoded, layer: int, off: list[int]) -> None:
    def work_out() -> dict[str, NDArray[np.uint8]]:
        import torch

        from models.feature_maps import decode_without
        from models.images import to_uint8

        z = torch.from_numpy(face.mu[None])
        some = {"whole": (), "without": off}
        return {name: to_uint8(decode_without(model.own_network, z, layer, one))[0] for name, one in some.items()}

    found = beforehand(model.files, "without", (face.mu.tobytes(), layer, off), work_out)
    whole, without = found["whole"], found["without"]
    figures = [
        gallery.Figure(whole, _("With all channels")),
        gallery.Figure(
            without, _("With {count} switched off").format(count=len(off)) if off else _("Nothing is switched off yet")
        ),
        gallery.Figure(
            error_picture(whole, without), _("Difference, {times} times as bright").format(times=ERROR_GAIN)
        ),
    ]
    gallery.show(gallery.row(figures, gallery.WIDE))
    st.caption(_words(model, face, whole, without, off))


def _words(
    model: OpenModel, face: Encoded, whole: NDArray[np.uint8], without: NDArray[np.uint8], off: list[int]
) -> str:
    if not off:
        words = _("Switch a channel off, and see what it was for.")
    else:
        changed = float((np.abs(whole.astype(np.int16) - without).max(2) > 8).mean())
        words = ngettext(
            "Without this channel {changed} of the pixels change visibly, and PSNR goes from {before:.1f} to "
            "{after:.1f} dB.",
            "Without these {count} channels {changed} of the pixels change visibly, and PSNR goes from {before:.1f} to "
            "{after:.1f} dB.",
            len(off),
        ).format(
            count=len(off),
            changed=percent(changed),
            before=quality(face.picture, whole),
            after=quality(face.picture, without),
        )
    if model.own_config.linear_path:
        words += " " + _("The straight path beside the convolutions goes on, so a blurred face always remains.")
    return words

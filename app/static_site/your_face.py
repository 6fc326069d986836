"""What the page *Your face* of the folder is given: an encoder, so that a photo stays where it is."""

from __future__ import annotations

import html

import numpy as np

from app.checkpoints.opening import OpenModel
from app.components.site.message import FaceMessage
from app.server.published import publish_bytes
from app.static_site.detector import NAMES, publish_detector
from app.static_site.rounding import round_weights
from app.texts import N_, _
from models.networks import Autoencoder
from models.onnx.own_encoder import own_encoder

ENCODER = "encoder.onnx"
ON_REQUEST = (ENCODER, *NAMES)
"""Files that come with a visitor's first photo."""
ABOUT = N_(
    "Choose a photo with a face, or take one. It is turned, cut out and encoded in this browser; it is sent nowhere, "
    "and no address ever holds it."
)
WHAT_COMES = N_(
    "The face is found in this browser too; several faces: you choose. The detector (about 1 MB), the encoder (about "
    "4 MB) and what runs them (about 2 MB) come with your first photo."
)
UNCORRECTED = N_(
    "The app corrects this model's codes by a few steps that a browser does not take, so its copy is nearer."
)
NO_ENCODER = N_("This model was made elsewhere, and this copy has no encoder of it. The app can encode your photo.")
IN_THE_TAB = N_(
    "A face that you keep or take along stays in this browser tab until you close it. Other pages find it on the shelf."
)


def face_message(model: OpenModel) -> FaceMessage:
    """Addresses of encoder and detector, where the model is one of ours."""
    network, side = model.network, model.config.image_size
    if not isinstance(network, Autoencoder):
        return {"encoder": None, "side": side, "corrected": False, "detector": []}
    content = round_weights(own_encoder(network, np.float16).SerializeToString())
    return {
        "encoder": publish_bytes(content, ENCODER),
        "side": side,
        "corrected": bool(network.config.refinement_steps),
        "detector": publish_detector(),
    }


def face_words(message: FaceMessage) -> dict[str, str]:
    """What stands on the page, by its place there: HTML."""
    about = [_(WHAT_COMES), *([_(UNCORRECTED)] if message["corrected"] else [])]
    words = {
        "face_title": _("Your face"),
        "about_photos": _(ABOUT),
        "about_encoder": " ".join(about) if message["encoder"] else _(NO_ENCODER),
        "choose_photo": _("A photo"),
        "use_camera": _("Use the camera"),
        "take_picture": _("Take the picture"),
        "try_portrait": _("Try it with a portrait"),
        "go_on": _("Go on with this face in Explore"),
        "kept_in_the_tab": _(IN_THE_TAB),
    }
    return {place: html.escape(text) for place, text in words.items()}

"""What a network is made of, as data: the part of `config.json` that rebuilds it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self, get_args

Kind = Literal["ae", "vae", "classifier"]
Architecture = Literal["residual", "plain"]
Crop = Literal["celeba", "square"]
Channels = Literal["RGB", "BGR", "grey"]
Layout = Literal["NCHW", "NHWC"]
Spread = Literal["none", "logvar", "logstd", "variance", "std"]

IMAGE_SIZES = (64, 128)
LEAST_STEP, MOST_PIXEL = 1e-6, 1e6  # between what pixels of a brought network may be; beyond it float32 has no room
WHOLE_NUMBERS = (
    ("width", 1, 4096),
    ("encoder_width", 0, 4096),
    ("encoder_blocks", 0, 16),
    ("refinement_steps", 0, 100),
    ("mapping_width", 0, 4096),
)


class ConfigError(ValueError):
    """A configuration breaks a rule; the message names the rule, the value and the remedy."""


@dataclass(frozen=True)
class LatentConfig:
    """What is known of every network, whoever made it.

    Attributes:
        kind: "ae", "vae" or "classifier".
        image_size: side of the square input and output picture, in pixels.
        latent_dim: number of latent dimensions D; for the classifier, of attributes.
    """

    kind: Kind
    image_size: int = 64
    latent_dim: int = 128

    def __post_init__(self) -> None:
        """Check each value.

        Raises:
            ConfigError: one breaks a rule.
        """
        if self.kind not in get_args(Kind):
            raise ConfigError(f"kind must be one of {', '.join(get_args(Kind))}, not {self.kind!r}.")
        self._check_whole("latent_dim", 1, 4096)

    def _check_whole(self, name: str, least: int, most: int) -> None:
        value = getattr(self, name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ConfigError(f"{name} must be a whole number from {least} to {most}, not {value!r}.")

    @property
    def view(self) -> tuple[int, Crop]:
        """How a picture is cut out for this network: what `models.images.crop_aligned` takes besides the picture."""
        return self.image_size, "celeba"

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """Build a config from parsed JSON.

        Raises:
            ConfigError: not a mapping, an unknown key, a missing `kind`, or a value out of range.
        """
        if not isinstance(values, dict):
            raise ConfigError(f"the model's configuration must be a JSON object, not {type(values).__name__}.")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ConfigError(f"unknown key {unknown[0]!r}; this version knows {', '.join(sorted(known))}.")
        if "kind" not in values:
            raise ConfigError("the key 'kind' is missing; it must be one of ae, vae, classifier.")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """The config as a JSON-ready dictionary."""
        return asdict(self)


@dataclass(frozen=True)
class ModelConfig(LatentConfig):
    """Shape and loss of a network of this project; its pictures have 64 or 128 pixels a side.

    Attributes:
        width: channels of the layer nearest the picture; deeper layers have up to 8 times as many.
        beta: weight of the KL term in the VAE's loss; 0 for the AE, which has none.
        decoder_sigma: standard deviation of the Gaussian p(x|z) per pixel channel, in units of the
            [0, 1] pixel range, at this `image_size` and with errors summed over pixels.
        architecture: how a classifier is built, "residual" or "plain"; an autoencoder does not heed it.
        encoder_scale: the encoder sees the picture shrunk by this factor (by averaging): 1 or 2. A code of a hundred
            numbers has no room for the finest detail, and half the size costs a quarter of the time.
        encoder_width: `width` of an autoencoder's encoder where it differs, since only the decoder has to be light
            enough for the browser; 0: the same.
        encoder_blocks: residual blocks of two 3 x 3 convolutions after each halving of an autoencoder's encoder.
        refinement_steps: how often an AE's code is corrected by what its decoder makes of it, see
            `models.training.refinement`.
        linear_path: encoder and decoder each have a linear path beside the convolutions, which starts as
            probabilistic PCA of the training pictures (see `models.training.ppca`).
        perceptual_weight: nats for one unit of `models.training.perceptual.PerceptualDistance`; 0 for pixels only.
        last_kernel: side of the kernel of an autoencoder's last layer, 4 or 6 pixels: each pixel is made of 2 x 2 or of
            3 x 3 places of the features before it.
        mapping_width: of the mapping that moves latents to where faces lie before they are decoded, see
            `models.networks.LatentMapping`; 0: none.
    """

    width: int = 32
    beta: float = 1.0
    decoder_sigma: float = 0.2
    architecture: Architecture = "residual"
    encoder_scale: int = 1
    encoder_width: int = 0
    encoder_blocks: int = 0
    refinement_steps: int = 0
    linear_path: bool = False
    perceptual_weight: float = 0.0
    last_kernel: int = 4
    mapping_width: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.architecture not in get_args(Architecture):
            raise ConfigError(f"architecture must be residual or plain, not {self.architecture!r}.")
        self._check_image_size()
        for name, least, most in WHOLE_NUMBERS:
            self._check_whole(name, least, most)
        if self.refinement_steps and self.kind != "ae":
            raise ConfigError(f"refinement_steps are for an ae, whose encoder gives a code, not for a {self.kind}.")
        if self.encoder_scale not in (1, 2):
            raise ConfigError(f"encoder_scale must be 1 or 2, not {self.encoder_scale!r}.")
        if self.last_kernel not in (4, 6):
            raise ConfigError(f"last_kernel must be 4 or 6, not {self.last_kernel!r}.")
        if not isinstance(self.linear_path, bool):
            raise ConfigError(f"linear_path must be true or false, not {self.linear_path!r}.")
        for name in ("beta", "decoder_sigma", "perceptual_weight"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 <= value < float("inf"):
                raise ConfigError(f"{name} must be a number of at least 0, not {value!r}.")
        if self.decoder_sigma == 0:
            raise ConfigError("decoder_sigma must be above 0: the loss divides by its square.")

    def _check_image_size(self) -> None:
        """Of the networks that are kept; the lesson's live run has a size of its own."""
        if self.image_size not in IMAGE_SIZES:
            raise ConfigError(f"image_size must be 64 or 128, not {self.image_size!r}.")


@dataclass(frozen=True)
class ForeignConfig(LatentConfig):
    """An AE or a VAE made elsewhere, as an `encoder.onnx` and a `decoder.onnx`: how its numbers are to be read.

    Attributes:
        crop: what the encoder sees: "celeba", the centred 148 x 148 square of the aligned 178 x 218 picture, or
            "square", the centred square of the full width.
        value_range: least and greatest pixel value, such as [0, 1] or [-1, 1], of pictures in and out.
        output_range: the same of pictures out, where it differs.
        mean, std: of the pixels that the encoder was trained on, for each colour, in [0, 1]: it gets
            (pixel - mean) / std, and `value_range` speaks of pictures out alone.
        channels: order of the colours, "RGB" or "BGR", of pictures in and out, or "grey" for pictures of one.
        layout: order of a picture's axes, "NCHW" or "NHWC" (Keras, TensorFlow), in and out.
        spread: what the encoder returns beside the mean: "logvar", the natural log of the variance, "logstd", that of
            the standard deviation, "variance", "std", or "none". It may be an output of its own or the second half of
            the first.
        latent_shape: of one latent as the decoder takes it, such as [4, 8, 8], where the decoder does not say it.
        outputs: names of the encoder's outputs for the mean and the spread, where it has more and they do not tell.
    """

    crop: Crop = "celeba"
    value_range: tuple[float, float] = (0, 1)
    channels: Channels = "RGB"
    spread: Spread = "none"
    output_range: tuple[float, float] | None = None
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    layout: Layout = "NCHW"
    latent_shape: tuple[int, ...] | None = None
    outputs: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_whole("image_size", 16, 512)
        if self.kind == "classifier":
            raise ConfigError("kind must be ae or vae: a classifier cannot be brought from elsewhere.")
        for name, options in (("crop", Crop), ("channels", Channels), ("spread", Spread), ("layout", Layout)):
            if getattr(self, name) not in get_args(options):
                raise ConfigError(f"{name} must be one of {', '.join(get_args(options))}, not {getattr(self, name)!r}.")
        for name in ("value_range", "output_range"):
            self._check_range(name)
        for name in ("mean", "std"):
            self._check_colours(name)
        if (self.mean is None) != (self.std is None):
            raise ConfigError("mean and std go together: give both or none.")
        self._check_latent_shape()
        outputs = self.outputs
        if outputs is not None:
            if not isinstance(outputs, list | tuple) or not outputs or not all(isinstance(o, str) for o in outputs):
                raise ConfigError(f'outputs must be names such as ["mu", "logvar"], not {outputs!r}.')
            object.__setattr__(self, "outputs", tuple(outputs))
        if (self.kind == "vae") != (self.spread != "none"):
            raise ConfigError("a vae needs a spread of logvar, logstd, variance or std, and an ae has the spread none.")

    def _check_range(self, name: str) -> None:
        given = getattr(self, name)
        if given is None and name != "value_range":
            return
        if not _are_numbers(given, 2) or given[1] - given[0] < LEAST_STEP:
            raise ConfigError(f"{name} must be two numbers such as [0, 1] or [-1, 1], not {given!r}.")
        object.__setattr__(self, name, tuple(given))  # JSON knows no tuples

    def _check_colours(self, name: str) -> None:
        given = getattr(self, name)
        if given is None:
            return
        count = 1 if self.channels == "grey" else 3
        if not _are_numbers(given, count) or (name == "std" and min(given) < LEAST_STEP):
            more = ", all of std above 0" if name == "std" else ""
            raise ConfigError(f"{name} must be a list of {count} number(s), one for each colour{more}; not {given!r}.")
        object.__setattr__(self, name, tuple(given))

    def _check_latent_shape(self) -> None:
        given = self.latent_shape
        if given is None:
            return
        whole = isinstance(given, list | tuple) and all(type(side) is int and side > 0 for side in given)
        if not whole or not 1 <= len(given) <= 4 or math.prod(given) != self.latent_dim:
            raise ConfigError(
                f"latent_shape must be whole numbers whose product is latent_dim ({self.latent_dim}), such as "
                f"[4, 8, 8] for 256; not {given!r}."
            )
        object.__setattr__(self, "latent_shape", tuple(given))

    @property
    def view(self) -> tuple[int, Crop]:
        """As for our own networks, with the declared crop."""
        return self.image_size, self.crop

    @property
    def range_out(self) -> tuple[float, float]:
        """Least and greatest pixel value of pictures out."""
        return self.output_range or self.value_range

    def to_dict(self) -> dict[str, Any]:
        """The config as a JSON-ready dictionary; what is not said in particular is left out."""
        values = super().to_dict()
        for field in fields(self)[-6:]:
            if values[field.name] == field.default:
                del values[field.name]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _are_numbers(values: Any, count: int) -> bool:
    return (
        isinstance(values, list | tuple)
        and len(values) == count
        and all(isinstance(v, int | float) and not isinstance(v, bool) and abs(v) <= MOST_PIXEL for v in values)
    )

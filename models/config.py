"""What a network is made of, as data: the part of `config.json` that rebuilds it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self, get_args

Kind = Literal["ae", "vae", "classifier"]
Architecture = Literal["residual", "plain"]
Crop = Literal["celeba", "square"]
Channels = Literal["RGB", "BGR"]
Spread = Literal["none", "logvar", "logstd"]

IMAGE_SIZES = (64, 128)
WHOLE_NUMBERS = (
    ("width", 1, 4096),
    ("encoder_width", 0, 4096),
    ("encoder_blocks", 0, 16),
    ("refinement_steps", 0, 100),
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
        value_range: least and greatest pixel value, [0, 1] or [-1, 1], of pictures in and out.
        channels: order of the colours, "RGB" or "BGR", of pictures in and out.
        spread: what the encoder returns beside the mean: "logvar", the natural log of the variance, "logstd", that of
            the standard deviation, or "none". It may be a second output or the second half of the first.
    """

    crop: Crop = "celeba"
    value_range: tuple[int, int] = (0, 1)
    channels: Channels = "RGB"
    spread: Spread = "none"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_whole("image_size", 16, 512)
        if self.kind == "classifier":
            raise ConfigError("kind must be ae or vae: a classifier cannot be brought from elsewhere.")
        for name, options in (("crop", Crop), ("channels", Channels), ("spread", Spread)):
            if getattr(self, name) not in get_args(options):
                raise ConfigError(f"{name} must be one of {', '.join(get_args(options))}, not {getattr(self, name)!r}.")
        given = self.value_range
        if not isinstance(given, list | tuple) or tuple(given) not in ((0, 1), (-1, 1)):
            raise ConfigError(f"value_range must be [0, 1] or [-1, 1], not {self.value_range!r}.")
        object.__setattr__(self, "value_range", (int(given[0]), int(given[1])))  # JSON knows no tuples
        if (self.kind == "vae") != (self.spread != "none"):
            raise ConfigError("a vae needs a spread of logvar or logstd, and an ae has the spread none.")

    @property
    def view(self) -> tuple[int, Crop]:
        """As for our own networks, with the declared crop."""
        return self.image_size, self.crop

    def to_dict(self) -> dict[str, Any]:
        """The config as a JSON-ready dictionary."""
        return super().to_dict() | {"value_range": list(self.value_range)}

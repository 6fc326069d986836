"""What a run is to train: the network, the options, and the checkpoints that it looks through or starts from."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from models.checkpoint_files import CheckpointError
from models.config import ModelConfig
from models.training.hardware import best_precision
from models.training.options import TrainingOptions
from models.training.perceptual import PerceptualDistance
from models.training.start import Start


@dataclass(frozen=True, eq=False)
class Plan:
    """A run before its first step; what does not go together is refused here.

    Attributes:
        config: of the network. Where a VAE's beta is steered on from a start, it is that which the start had come to.
        options: how it is trained; a precision of "auto" becomes that of the device.
        device: what it is computed on, such as "cpu", "cuda:1" or "mps".
        perceptual: whose features the perceptual term compares; None without that term.
        start: the checkpoint that the run starts from, if it does.

    Raises:
        CheckpointError: a perceptual weight without a classifier to look through, a rate for what has none, a frozen
            decoder that never learnt, or batch statistics that move beneath corrected codes.
    """

    config: ModelConfig
    options: TrainingOptions
    device: str = "cpu"
    perceptual: PerceptualDistance | None = None
    start: Start | None = None

    def __post_init__(self) -> None:
        options = self.options
        if options.precision == "auto":
            object.__setattr__(self, "options", replace(options, precision=best_precision(self.device)))
        if self.start is not None and options.kl_target:
            steered = replace(self.config, beta=self.start.network.config.beta)
            object.__setattr__(self, "config", steered)
        if options.kl_target and (self.config.kind != "vae" or not self.config.beta):
            raise CheckpointError("a KL target is for a VAE with a beta above 0, which is steered to reach it.")
        if bool(self.config.perceptual_weight) != (self.perceptual is not None):
            raise CheckpointError("a perceptual weight needs a classifier and the other way round; give both or none.")
        if options.freeze_decoder and self.start is None:
            raise CheckpointError("a decoder that never learnt is not worth keeping; name one with --start-from.")
        if options.freeze_encoder and (self.start is None or options.freeze_decoder):
            raise CheckpointError("freeze either the encoder or the decoder, of a checkpoint named with --start-from.")
        if self.behind_corrections and not options.freeze_norms:
            raise CheckpointError(
                "codes are corrected by the decoder as it runs; add --freeze-norms to teach it alone."
            )

    @property
    def behind_corrections(self) -> bool:
        """Whether a decoder is taught alone, and its start corrects its codes."""
        corrects = self.start is not None and self.start.network.config.refinement_steps > 0
        return corrects and self.options.freeze_encoder

    def decided(self) -> dict[str, Any]:
        """Everything besides the network and the pictures that decides the result, ready for JSON."""
        return {
            **asdict(self.options),
            "perceptual_classifier": "" if self.perceptual is None else self.perceptual.sha256,
            "start_from": "" if self.start is None else self.start.sha256,
        }

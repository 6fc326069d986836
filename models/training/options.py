"""What decides the result of a training run besides its network and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.config import ConfigError

MOST_JITTER = 10  # pixels of the 30 that there are beside the crop


@dataclass(frozen=True)
class TrainingOptions:
    """Everything besides the network and the data that decides the result.

    Attributes:
        epochs: passes over the training pictures; the one-cycle schedule spans all of them.
        batch_size: pictures a step, over all processes together.
        learning_rate: the schedule's peak.
        weight_decay: AdamW's decoupled weight decay.
        seed: of the initial weights, the order, the flips and the noise.
        precision: of the multiplications; bfloat16 by autocast, auto takes what the hardware has.
        perceptual_last_stage: weight of the classifier's last stage in the perceptual term, beside 1 for the others.
        kl_target: nats a picture at which a VAE's beta is steered; 0 leaves beta as it is.
        resize_convolution: the decoder's kernels are kept to those that draw no grid, see
            `models.training.resize_convolution`.
        eight_bit: the checkpoint keeps its weights in eight bits, see `models.checkpoints.save_checkpoint`.
        freeze_decoder: the decoder stays as it is and only the encoder learns.
        freeze_encoder: the encoder stays as it is and only the decoder learns, so that every latent stays valid; but
            where the start corrects its codes, it learns behind the corrections, which then are others.
        decode_centres: a VAE's decoder learns from the centres of clouds, which is what faces are rebuilt from, and not
            from draws. Only with `freeze_encoder`.
        free_layers: so many of the decoder's last layers are left out of `resize_convolution`.
        adversarial_weight: nats for one unit of a critic's preference, see `models.training.adversarial`; 0: no critic.
        prior_weight: the same for what is decoded from draws of N(0, I).
        taught_share: how much is kept of what a critic taught, from 0 (the start) to 1 (all of it).
        critic_first: so many steps in which the critic alone learns, before the first of the decoder: a fresh critic
            would only soften what it is to sharpen.
        memory: share of the averaged decoder that each step with a critic leaves; the average is what is kept.
        freeze_norms: the decoder's norms keep their scales and batch statistics, so that a faithful decoder that was
            kept with them (`models.norms`) is still blended exactly. Only with `freeze_encoder`.
        crop_jitter: how far crops stray from the shared one, in pixels, see `models.data.dataset.FaceArray.jittered`.
    """

    epochs: int = 12
    batch_size: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    seed: int = 0
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    perceptual_last_stage: float = 0.0
    kl_target: float = 0.0
    resize_convolution: bool = False
    eight_bit: bool = False
    freeze_decoder: bool = False
    crop_jitter: float = 0.0
    freeze_encoder: bool = False
    free_layers: int = 0
    adversarial_weight: float = 0.0
    prior_weight: float = 0.0
    taught_share: float = 1.0
    decode_centres: bool = False
    critic_first: int = 0
    memory: float = 0.998
    freeze_norms: bool = False

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 2:
            raise ConfigError("--epochs must be at least 1 and --batch-size at least 2.")
        if not 0 <= self.kl_target < float("inf"):
            raise ConfigError(f"--kl-target must be a number of nats of at least 0, not {self.kl_target!r}.")
        if not 0 <= self.crop_jitter <= MOST_JITTER:
            raise ConfigError(f"--crop-jitter must be from 0 to {MOST_JITTER} pixels, not {self.crop_jitter!r}.")
        for name in ("free_layers", "adversarial_weight", "prior_weight", "critic_first"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ConfigError(f"--{name.replace('_', '-')} must be at least 0, not {getattr(self, name)!r}.")
        if not 0 < self.taught_share <= 1:
            raise ConfigError(f"--taught-share must be above 0 and at most 1, not {self.taught_share!r}.")
        if self.decode_centres and not self.freeze_encoder:
            raise ConfigError("--decode-centres leaves an encoder without a reason for clouds; add --freeze-encoder.")
        if not 0 <= self.memory < 1:
            raise ConfigError(f"--memory must be at least 0 and below 1, not {self.memory!r}.")
        if self.freeze_norms and not self.freeze_encoder:
            raise ConfigError("--freeze-norms is for a decoder that is taught alone; add --freeze-encoder.")
        if self.critic_first and not self.adversarial_weight:
            raise ConfigError("--critic-first has no critic to teach; give it an --adversarial-weight, too.")
        if self.prior_weight and not self.adversarial_weight:
            raise ConfigError("--prior-weight asks a critic about draws; give it an --adversarial-weight, too.")

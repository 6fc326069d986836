"""The training loop: one for the AE, the VAE and the attribute classifier, on one process or many."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from models.checkpoints import HISTORY_FILE, CheckpointError, save_checkpoint, write_text
from models.classifier import AttributeClassifier, fold_calibration
from models.config import ModelConfig
from models.data.dataset import FaceArray
from models.images import to_tensor
from models.metrics import attribute_logits, measure_reconstruction
from models.networks import Autoencoder, build_network, memory_format
from models.training.calibration import fit_platt
from models.training.objectives import AttributeObjective, AutoencoderObjective
from models.training.perceptual import PerceptualDistance
from models.training.ppca import fit_components, start_from_components
from models.training.refinement import with_refinement
from models.training.resize_convolution import constrain, plain
from models.training.snapshots import COLUMNS, save_snapshot
from models.training.start import Start, continued, take_over, to_csv

STATE_FILE = "training.safetensors"
CALIBRATION = "Platt slope and intercept of each attribute, fitted on the validation part, folded into the last layer"
LINEAR_RATE = 0.02
"""Learning rate of the linear paths as a share of the others'."""


@dataclass(frozen=True)
class TrainingOptions:
    """Everything besides the network and the data that decides the result.

    Attributes:
        epochs: passes over the training pictures; the one-cycle schedule spans all of them.
        batch_size: pictures a step, over all processes together.
        learning_rate: the schedule's peak.
        weight_decay: AdamW's decoupled weight decay.
        seed: of the initial weights, the order, the flips and the noise.
        precision: "float32" or "bfloat16" (autocast).
        perceptual_classifier: hash of the weights of the classifier behind the perceptual term, if there is one.
        perceptual_last_stage: weight of the classifier's last stage in the perceptual term, beside 1 for the others.
        kl_target: nats a picture at which a VAE's beta is steered; 0 leaves beta as it is.
        resize_convolution: the decoder's kernels are kept to those that draw no grid, see
            `models.training.resize_convolution`.
        eight_bit: the checkpoint keeps its weights in eight bits, see `models.checkpoints.save_checkpoint`.
        start_from: hash of the checkpoint whose weights the run starts from, if there is one.
        freeze_decoder: the decoder stays as it is and only the encoder learns.
        crop_jitter: how far crops stray from the shared one, in pixels, see `models.data.dataset.FaceArray.jittered`.
    """

    epochs: int = 12
    batch_size: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    seed: int = 0
    precision: str = "float32"
    perceptual_classifier: str = ""
    perceptual_last_stage: float = 0.0
    kl_target: float = 0.0
    resize_convolution: bool = False
    eight_bit: bool = False
    start_from: str = ""
    freeze_decoder: bool = False
    crop_jitter: float = 0.0


class Trainer:
    """A training run that can be stopped after any epoch and continued to the same result.

    All randomness of an epoch comes from (seed, epoch, rank), so only weights and optimiser state need saving.
    """

    def __init__(
        self,
        config: ModelConfig,
        options: TrainingOptions,
        faces: FaceArray,
        device: str = "cpu",
        perceptual: PerceptualDistance | None = None,
        snapshots: bool = False,
        start: Start | None = None,
    ) -> None:
        """Build the network and the optimiser; with `snapshots`, `run` keeps a strip of decoded pictures an epoch.

        Raises:
            CheckpointError: a classifier without labels, fewer training pictures than one batch, a perceptual
                weight without a classifier to look through, a rate or snapshots for what has none, or a network to
                `start` from that has other layers.
        """
        if start is not None and options.kl_target:
            config = replace(config, beta=start.network.config.beta)  # steered on from where it had come to
        self.config, self.options, self.faces, self.snapshots, self.origin = config, options, faces, snapshots, start
        if options.kl_target and (config.kind != "vae" or not config.beta):
            raise CheckpointError("a KL target is for a VAE with a beta above 0, which is steered to reach it.")
        if snapshots and config.kind == "classifier":
            raise CheckpointError("a classifier decodes nothing, so it has no snapshots; leave out --snapshots.")
        if bool(config.perceptual_weight) != (perceptual is not None):
            raise CheckpointError("a perceptual weight needs a classifier and the other way round; give both or none.")
        self.device = torch.device(device)
        self.train_rows = faces.indices("train")
        self.valid_rows = faces.indices("valid")
        if config.kind == "classifier":
            if faces.labels is None:
                raise CheckpointError("a classifier learns from labels; put list_attr_celeba.txt beside the pictures.")
            self.train_rows = self.train_rows[(faces.labels[self.train_rows] >= 0).all(1)]
            self.valid_rows = self.valid_rows[(faces.labels[self.valid_rows] >= 0).all(1)]
        self.steps_per_epoch = len(self.train_rows) // options.batch_size
        if not self.steps_per_epoch:
            raise CheckpointError(
                f"{len(self.train_rows)} training pictures do not fill one batch of {options.batch_size}. "
                "Lower --batch-size or give more pictures."
            )
        if options.freeze_decoder and start is None:
            raise CheckpointError("a decoder that never learnt is not worth keeping; name one with --start-from.")
        torch.manual_seed(options.seed)
        self.network = build_network(replace(config, refinement_steps=0))  # fitted when all else is learnt
        if start is not None:
            take_over(self.network, start.network)
        if options.resize_convolution and not options.freeze_decoder:
            constrain(self.network)
        if options.freeze_decoder:
            assert isinstance(self.network, Autoencoder)
            self.network.decoder.requires_grad_(False)
        self.network = self.network.to(self.device).to(memory_format=memory_format(config))
        self.objective: nn.Module = (
            AttributeObjective(self.network)
            if isinstance(self.network, AttributeClassifier)
            else AutoencoderObjective(
                self.network, perceptual.to(self.device) if perceptual is not None else None, options.kl_target
            )
        )
        # A linear path starts as PCA and has thousands of inputs, so steps of the others' size would wipe it out.
        learning = [(name, p) for name, p in self.network.named_parameters() if p.requires_grad]
        linear = [p for name, p in learning if ".linear." in name]
        others = [p for name, p in learning if ".linear." not in name]
        groups = [{"params": others}] + ([{"params": linear}] if linear else [])
        rates = [options.learning_rate, LINEAR_RATE * options.learning_rate][: len(groups)]
        self.optimizer = torch.optim.AdamW(groups, lr=options.learning_rate, weight_decay=options.weight_decay)
        self.scheduler = OneCycleLR(self.optimizer, rates, options.epochs * self.steps_per_epoch)
        self.rank = dist.get_rank() if dist.is_initialized() else 0
        self.world = dist.get_world_size() if dist.is_initialized() else 1
        self.parallel = DistributedDataParallel(self.objective) if self.world > 1 else self.objective
        self.readers = ThreadPoolExecutor(2, thread_name_prefix="pictures")
        # PCA is fitted by `start`, so that `resume` need not wait for it
        self.started = start is not None or not config.linear_path
        self.epoch = 0
        self.history: list[dict[str, float]] = []
        self.rescheduled: list[list[int]] = []  # [epoch, epochs planned until then], where `resume` changed the plan

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor | None]]:
        """This process's share of each batch of an epoch: shuffled, half of it mirrored left to right."""
        random = np.random.default_rng([self.options.seed, epoch])
        order = random.permutation(self.train_rows)
        mirrored = random.random(len(order)) < 0.5
        size = self.options.batch_size
        jitter = self.options.crop_jitter
        for start in range(0, self.steps_per_epoch * size, size):
            mine = slice(start + self.rank, start + size, self.world)
            rows = order[mine]
            if jitter:
                own = np.random.default_rng([self.options.seed, epoch, start, self.rank])
                crops = self.faces.jittered(rows, jitter, own, self.readers)
            else:
                crops = self.faces.images[rows]  # a copy, since rows is an array
            crops[mirrored[mine]] = crops[mirrored[mine], :, ::-1]  # as bytes, a quarter of the work
            x = to_tensor(crops).to(self.device)
            labels = None
            if self.config.kind == "classifier" and self.faces.labels is not None:
                labels = torch.from_numpy(self.faces.labels[rows]).float().to(self.device)
            yield x.contiguous(memory_format=memory_format(self.config)), labels

    def step(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """One optimiser step; returns the loss and its terms in nats an image."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.precision == "bfloat16"):
            terms: dict[str, Tensor] = self.parallel(x, labels, generator)
        self.optimizer.zero_grad(set_to_none=True)
        terms["loss"].backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), max_norm=1000.0)
        self.optimizer.step()
        self.scheduler.step()
        return {name: value.detach() for name, value in terms.items()}

    def start(self) -> None:
        """Set the linear paths of a fresh network that has some to PCA of the training pictures."""
        if self.started:
            return
        assert isinstance(self.network, Autoencoder)
        components = fit_components(self.faces.images, self.train_rows, self.config.latent_dim, seed=self.options.seed)
        start_from_components(self.network, components)
        self.started = True

    def run_epoch(self, bar: tqdm[Any] | None = None) -> dict[str, float]:
        """Train for one epoch and return its mean terms.

        Raises:
            CheckpointError: the loss is no longer a finite number.
        """
        self.start()
        self.network.train()
        if self.options.freeze_decoder:
            assert isinstance(self.network, Autoencoder)
            self.network.decoder.eval()  # its batch statistics stay as they are, too
        generator = torch.Generator(self.device).manual_seed(
            (self.options.seed * 100_003 + self.epoch) * 1009 + self.rank
        )
        sums: dict[str, Tensor] = {}
        for x, labels in self.batches(self.epoch):
            terms = self.step(x, labels, generator)
            for name, value in terms.items():
                sums[name] = sums.get(name, torch.zeros_like(value)) + value
            if bar is not None:
                bar.update(self.options.batch_size)
                loss = float(terms["loss"])
                bar.set_postfix(epoch=f"{self.epoch + 1}/{self.options.epochs}", loss=f"{loss:.1f}", refresh=False)
        means = {name: float(value) / self.steps_per_epoch for name, value in sums.items()}
        if not np.isfinite(means["loss"]):
            raise CheckpointError("the loss is no longer a finite number; start again with a lower --learning-rate.")
        self.epoch += 1
        return means

    def validate(self) -> dict[str, float]:
        """Figures on the validation partition; empty where there is none. A finished classifier is calibrated on it."""
        if not len(self.valid_rows):
            return {}
        self.network.eval()
        images: NDArray[np.uint8] = self.faces.images[self.valid_rows]
        if isinstance(self.network, AttributeClassifier):
            assert self.faces.labels is not None
            labels = torch.from_numpy(self.faces.labels[self.valid_rows])
            logits = attribute_logits(self.network, images)
            if self.epoch == self.options.epochs:
                slope, intercept = fit_platt(logits, labels)
                fold_calibration(self.network, slope.to(self.device), intercept.to(self.device))
            return {"valid_accuracy": float(((logits > 0) == labels).double().mean())}
        result = measure_reconstruction(self.network, images)
        return {"valid_psnr": result.psnr} | ({"valid_kl": result.kl} if self.network.is_variational else {})

    def run(self, folder: Path, progress: bool = True) -> None:
        """Train the remaining epochs, keeping a checkpoint in `folder` after each."""
        total = self.options.epochs * self.steps_per_epoch * self.options.batch_size
        with tqdm(
            total=total,
            initial=self.epoch * self.steps_per_epoch * self.options.batch_size,
            desc=f"Training {folder.name}",
            unit=" pictures",
            disable=not progress or self.rank > 0,
            mininterval=0.5 if sys.stderr.isatty() else 30,
        ) as bar:
            self.start()
            if self.epoch == 0:
                self.keep_snapshot(folder)
            while self.epoch < self.options.epochs:
                began = time.monotonic()
                means = self.run_epoch(bar)
                seconds = time.monotonic() - began
                if self.rank == 0:
                    row = {"epoch": float(self.epoch), "seconds": seconds, **means, **self.validate()}
                    self.history.append(row)
                    self.save(folder)
                    self.keep_snapshot(folder)
                    bar.write(", ".join(f"{name} {value:.4g}" for name, value in row.items()))
                if self.world > 1:
                    dist.barrier()

    def keep_snapshot(self, folder: Path) -> None:
        """Write this epoch's strip of decoded pictures, where snapshots are kept."""
        if self.snapshots and self.rank == 0 and len(self.valid_rows):
            assert isinstance(self.network, Autoencoder)
            self.network.eval()
            save_snapshot(self.network, self.faces.images[self.valid_rows[:COLUMNS]], folder, self.epoch)

    def save(self, folder: Path) -> None:
        """Write the checkpoint, `history.csv`, and, until the last epoch, what `--resume` needs."""
        training = {
            **asdict(self.options),
            "epochs_done": self.epoch,
            "images": len(self.train_rows),
            "processes": self.world,
            "seconds": round(sum(row["seconds"] for row in self.history)),
            "machine": machine(),
            "torch": torch.__version__,
        }
        if self.config.kind == "classifier" and self.epoch == self.options.epochs and len(self.valid_rows):
            training["calibration"] = CALIBRATION
        if isinstance(self.objective, AutoencoderObjective):
            self.network.config = replace(self.network.config, beta=round(float(self.objective.beta), 6))
        if self.rescheduled:
            training["rescheduled"] = self.rescheduled
        if self.origin is not None:
            training["start"] = self.origin.record
        network = plain(self.network)
        if self.config.refinement_steps and self.epoch == self.options.epochs:
            assert isinstance(network, Autoencoder)
            steps = self.config.refinement_steps
            network = with_refinement(network.eval(), self.faces.images, self.train_rows, steps)
        save_checkpoint(network, folder, training, eight_bit=self.options.eight_bit)
        write_text(folder / HISTORY_FILE, to_csv(continued(self.origin, self.history)))
        state_path = folder / STATE_FILE
        if self.epoch == self.options.epochs:
            state_path.unlink(missing_ok=True)
            return
        tensors = {f"network.{name}": tensor.contiguous() for name, tensor in self.network.state_dict().items()}
        for index, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{name}": tensor.contiguous() for name, tensor in state.items()}
        facts = {
            "identity": self._identity(),
            "epoch": self.epoch,
            "history": self.history,
            "rescheduled": self.rescheduled,
        }
        if isinstance(self.objective, AutoencoderObjective):
            tensors["objective.beta"] = self.objective.beta
        partial = state_path.with_suffix(".partial")
        save_file(tensors, partial, metadata={"run": json.dumps(facts)})
        os.replace(partial, state_path)

    def resume(self, folder: Path) -> None:
        """Take up the run that `save` left in `folder`; from there on the schedule may span another number of epochs.

        Raises:
            CheckpointError: nothing to resume, or a run with other settings.
        """
        path = folder / STATE_FILE
        if not path.is_file():
            raise CheckpointError(f"{path} is missing: there is no unfinished run. Leave out --resume to start one.")
        try:
            with safe_open(path, "pt", device=str(self.device)) as file:
                facts = json.loads(file.metadata()["run"])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"{path} is damaged. Leave out --resume to start again.") from error
        # An option that is newer than the run had its default then.
        before = {**asdict(TrainingOptions()), **json.loads(facts["identity"])}
        now = json.loads(self._identity())
        self.rescheduled = facts.get("rescheduled", [])
        if before["epochs"] != now["epochs"] > facts["epoch"]:
            self.rescheduled.append([facts["epoch"], before["epochs"]])
            before["epochs"] = now["epochs"]
        if before != now:
            raise CheckpointError(
                f"{path} comes from a run with other settings ({facts['identity']}). "
                "Give the same options, or another --out."
            )
        prefix = "network."
        self.network.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith("optimizer."):
                _, index, field = name.split(".")
                state.setdefault(int(index), {})[field] = tensor
        if isinstance(self.objective, AutoencoderObjective):
            self.objective.beta.copy_(tensors["objective.beta"])
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": state})
        self.epoch, self.history, self.started = facts["epoch"], facts["history"], True
        # The schedule is a pure function of the step, so it is wound forward and never stored.
        self.optimizer._opt_called = True  # type: ignore[attr-defined]  # silences the order warning of step()
        for _ in range(self.epoch * self.steps_per_epoch):
            self.scheduler.step()

    def _identity(self) -> str:
        return json.dumps(
            {**self.config.to_dict(), **asdict(self.options), "images": len(self.train_rows), "processes": self.world}
        )


def best_precision(device: str) -> str:
    """ "bfloat16" where the processor multiplies it in hardware (elsewhere it is far slower), else "float32"."""
    if device.startswith("cuda"):
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    if device == "cpu":
        has = torch.cpu.get_capabilities()
        return "bfloat16" if has.get("avx512_bf16") or has.get("amx_bf16") or has.get("bf16") else "float32"
    return "float32"


def machine() -> str:
    """The processor and the number of cores that torch uses, in words."""
    name = torch.cpu.get_capabilities().get("cpu_name") or platform.processor() or platform.machine()
    if torch.cuda.is_available():
        name = f"{torch.cuda.get_device_name()}, {name}"
    return f"{name}, {torch.get_num_threads()} threads"

"""The faithful decoder of a checkpoint whose own one is vivid, and the blends of the two.

A vivid decoder was taught by a critic, beginning with a faithful one behind the same encoder. So both draw from the
same codes, their weights belong together one by one, and whatever lies between them draws, too.
Source: Wang et al. 2019, "Deep network interpolation for continuous imagery effect transition".

Door: `python -m models.faithful checkpoints/vae --start checkpoints/vae-start3` keeps the decoder that one began with.
With `--start checkpoints/vae-faithful --share 0.5 --before checkpoints/vae-start3` it keeps one half of the way from
there to what it learnt on to. `python -m models.faithful checkpoints/vae --soften 0.1` moves the vivid one a tenth of
the way to the faithful one that is kept, where it had learnt to invent more than is wanted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files
from models.checkpoints import BESIDE, MAPPING_PREFIX, load_checkpoint, save_checkpoint
from models.weights_file import check_size, check_weights, read_tensors
from models.whole_files import write_bytes, write_text

if TYPE_CHECKING:  # torch takes two seconds to import
    from torch import Tensor

    from models.networks import Autoencoder

VIVID = 1.0
"""The share of the vivid decoder where nobody asks for less: the checkpoint as it is."""


@dataclass(frozen=True)
class Part:
    """How much is kept of what a faithful decoder learnt after the vivid one began.

    Attributes:
        share: of the way from `before`, above 0 and below 1.
        before: files of the checkpoint that it went on from.
    """

    share: float
    before: CheckpointFiles


def keep_faithful(files: CheckpointFiles, start: CheckpointFiles, part: Part | None = None) -> None:
    """Keep the decoder that a checkpoint's own began with beside it, in float16.

    Its other weights stay as they are, and with them all that was made from them: atlas, prior, links. Where the
    faithful decoder learnt on after the vivid one began, the record of its training is kept, too.

    Args:
        files: of the checkpoint with the vivid decoder.
        start: of the checkpoint with the faithful one.
        part: where only a part is kept of what `start` learnt; all of it without.

    Raises:
        CheckpointError: one of them cannot be opened, or their encoders or layers differ.
        OSError: a file cannot be written.
    """
    from safetensors.torch import save

    from models.networks import Autoencoder
    from models.norms import take_norms

    values = {key: told for key, told in files.values.items() if key != "faithful"}  # which may be what is to be mended
    mended = replace(files, values=values)
    faithful = _decoder_of(mended, start)
    if part is not None:
        _go_back(faithful, _decoder_of(mended, part.before), part.share)
    vivid = load_checkpoint(mended)
    assert isinstance(vivid, Autoencoder)
    take_norms(faithful.decoder, vivid.decoder)
    content = save(_kept(faithful))
    write_bytes(files.faithful_path, content)
    told: dict[str, Any] = {"sha256": hashlib.sha256(content).hexdigest(), "decoder_of": start.sha256}
    if start.training and start.sha256 != files.training.get(
        "start_from"
    ):  # it learnt on, so its own run is to be told of
        run = {name: value for name, value in start.training.items() if name != "start"}
        told |= {"model": start.own_config.to_dict(), "training": run}
    if part is not None:
        told |= {"share": part.share, "before": part.before.sha256}
    write_text(files.config_path, json.dumps({**values, "faithful": told}, indent=2) + "\n")


def _decoder_of(files: CheckpointFiles, start: CheckpointFiles) -> Autoencoder:
    """The decoder of `start` in a network as `files`' one, but without what moves codes."""
    from models.networks import Autoencoder, encode_alike
    from models.training.start import take_over

    network, before = load_checkpoint(files), load_checkpoint(start)
    if not encode_alike(network, before):
        raise CheckpointError(f"{start.folder} has another encoder than {files.folder}, so its codes are others.")
    assert isinstance(before, Autoencoder)
    faithful = Autoencoder(files.own_config)
    if faithful.decoder.mapping is not None:
        faithful.decoder.mapping = None  # it belongs to the codes, and both decoders take them up behind it
    take_over(faithful, before)
    return faithful


def _go_back(learnt: Autoencoder, begun: Autoencoder, share: float) -> None:
    """Set the weights of `learnt` to a share of the way to them from those of `begun`."""
    state = begun.state_dict()
    learnt.load_state_dict(
        {
            name: state[name].lerp(tensor, share) if tensor.is_floating_point() else tensor
            for name, tensor in learnt.state_dict().items()
        }
    )


def _kept(faithful: Autoencoder) -> dict[str, Tensor]:
    """A decoder's weights and batch statistics by the names of the whole network, its parameters in float16."""
    parameters = {name for name, _ in faithful.named_parameters()}
    return {
        name: (tensor.half() if name in parameters else tensor).contiguous()
        for name, tensor in faithful.state_dict().items()
        if _of_a_decoder(name)
    }


def soften(files: CheckpointFiles, share: float) -> None:
    """Move a checkpoint's own, vivid decoder a share of the way to its faithful one, which stays, and say so.

    Its weights are then others: what was stamped for them is to be stamped anew.

    Args:
        files: of a checkpoint with a faithful decoder.
        share: above 0 and below 1.

    Raises:
        CheckpointError: there is no faithful decoder, it cannot be opened, or the share is none.
        OSError: a file cannot be read or written.
    """
    from models.networks import Autoencoder

    if not 0 < share < 1:
        raise CheckpointError(f"--soften must be above 0 and below 1, not {share:g}.")
    if not files.faithful_sha256:
        raise CheckpointError(f"{files.folder} has no faithful decoder to go to. Keep one with --start first.")
    vivid = load_checkpoint(files)
    assert isinstance(vivid, Autoencoder)
    softened = blended(vivid, load_faithful(files, vivid), 1 - share)
    left = (1 - share) * (
        1 - float(files.training.get("softened", 0))
    )  # of what was learnt, after this time and before
    training = {**files.training, "softened": round(1 - left, 6)}
    said = files.values
    beside = {name: ((files.folder / file).read_bytes(), said[name]) for name, file in BESIDE.items() if name in said}
    save_checkpoint(softened, files.folder, training, eight_bit=bool(training.get("eight_bit")), beside=beside)


def load_faithful(files: CheckpointFiles, network: Autoencoder) -> dict[str, Tensor]:
    """The faithful decoder's weights and batch statistics, float32, by the names of the whole network.

    Args:
        files: of a checkpoint that has one.
        network: the checkpoint's own.

    Raises:
        CheckpointError: the file is missing, damaged, or does not fit the network.
    """
    import torch

    path = files.faithful_path
    own = {name: tensor for name, tensor in network.state_dict().items() if _of_a_decoder(name)}
    shapes = {name: tuple(tensor.shape) for name, tensor in own.items()}
    check_size(path, shapes)
    check_weights(files)
    with torch.inference_mode(False):
        tensors = {name: tensor.to(own[name].dtype) for name, tensor in read_tensors(path, shapes).items()}
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise CheckpointError(f"{path}: {name} holds values that are not finite numbers. Copy it again.")
    return tensors


def blended(network: Autoencoder, faithful: dict[str, Tensor], share: float) -> Autoencoder:
    """The network with a decoder between the faithful one and its own; the encoder is shared, nothing is copied of it.

    Args:
        network: the checkpoint's own, whose decoder is the vivid one.
        faithful: what `load_faithful` returned.
        share: from 0, the faithful decoder, to 1, the vivid one.
    """
    import torch

    from models.networks import Autoencoder

    with torch.inference_mode(False):
        state = network.state_dict()
        for name, tensor in faithful.items():
            if tensor.is_floating_point():
                state[name] = torch.lerp(tensor, state[name], share)
        with torch.device("meta"):  # its own weights would only be thrown away
            between = Autoencoder(network.config)
        between.load_state_dict(state, assign=True)
    return between.requires_grad_(False).eval()


def _of_a_decoder(name: str) -> bool:
    return name.startswith("decoder.") and not name.startswith(MAPPING_PREFIX)


def _part(share: float, before: Path | None) -> Part | None:
    """What the command line asks for.

    Raises:
        CheckpointError: a share without where it is counted from, or one that is none.
    """
    if not 0 < share <= 1:
        raise CheckpointError(f"--share must be above 0 and at most 1, not {share:g}.")
    if (share < 1) != (before is not None):
        raise CheckpointError("--share below 1 and --before belong together: a part of the way needs both of its ends.")
    return None if before is None else Part(share, open_files(before))


def main(arguments: list[str] | None = None) -> int:
    """Keep the faithful decoder that a vivid one began with, or go back towards it.

    Exit code 2 with one sentence where that cannot be.
    """
    parser = argparse.ArgumentParser(prog="python -m models.faithful", description=main.__doc__)
    parser.add_argument("checkpoint", type=Path, help="folder of the checkpoint whose decoder a critic taught")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--start", type=Path, help="folder of the checkpoint that it started from")
    what.add_argument("--soften", type=float, help="move the vivid decoder by so much of the way to the faithful one")
    parser.add_argument("--share", type=float, default=1.0, help="how much to keep of what it learnt, 1 for all of it")
    parser.add_argument(
        "--before", type=Path, help="folder of the checkpoint that it went on from, if --share is below 1"
    )
    asked = parser.parse_args(arguments)
    try:
        files = open_files(asked.checkpoint)
        if asked.soften is not None:
            soften(files, asked.soften)
            print(f"{files.folder}: its decoder went {asked.soften:g} of the way to {files.faithful_path.name}")
            return 0
        keep_faithful(files, open_files(asked.start), _part(asked.share, asked.before))
    except (CheckpointError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{files.faithful_path}: {files.faithful_path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

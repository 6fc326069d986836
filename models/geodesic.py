"""The way between two codes on which the decoded picture changes least: a geodesic of the decoder's metric."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from models.latent_model import LatentModel

DECODINGS = 40  # of all nodes, at most


def geodesic(
    network: LatentModel,
    a: NDArray[np.floating],
    b: NDArray[np.floating],
    scale: NDArray[np.floating],
    *,
    nodes: int = 8,
    progress: Callable[[float], None] = lambda share: None,
    watch: Callable[[NDArray[np.float32]], None] = lambda way: None,
) -> NDArray[np.float32]:
    """Codes on the way from a to b whose decoded pictures change as little as possible: float32 [nodes, D].

    The sum of squared differences between neighbours' pictures is lowered, from the straight line on; at its lowest
    the steps are equally long on screen, too. It is never above the straight line's.

    Args:
        network: its decoder, which can be differentiated.
        a, b: [D], the ends, which stay.
        scale: [D], what counts as 1 in each dimension, such as its standard deviation.
        nodes: 3 or more, the ends among them.
        progress: told the share that is done, 0 to 1; what it raises ends the search.
        watch: shown each way, float32 [nodes, D], that is better than all before it.

    Raises:
        ValueError: fewer than three nodes.

    Source: Arvanitidis et al. 2018, "Latent space oddity"; Shao et al. 2018, "The Riemannian geometry of deep
    generative models", algorithm 1 (here with L-BFGS instead of gradient descent).
    """
    if nodes < 3:
        raise ValueError(f"a way needs at least 3 nodes, not {nodes}.")
    ends = torch.from_numpy(np.stack([a, b]).astype(np.float32))
    unit = torch.from_numpy(np.maximum(np.asarray(scale, np.float32), 1e-6))
    shares = torch.linspace(0, 1, nodes)[:, None]
    straight = (1 - shares) * ends[0] + shares * ends[1]
    bend = torch.zeros(nodes - 2, len(unit), requires_grad=True)
    with torch.no_grad():
        pictures = network.decode(straight).flatten(1)
        fixed = pictures[[0, -1]]
        unbent = (pictures[1:] - pictures[:-1]).square().mean(1).sum().clamp(min=1e-12)  # so that steps fit any decoder
    lowest, kept = np.inf, bend.detach().clone()
    search = torch.optim.LBFGS(
        [bend], max_iter=DECODINGS, max_eval=DECODINGS, tolerance_change=1e-5, line_search_fn="strong_wolfe"
    )
    done = 0

    def bent() -> torch.Tensor:
        return torch.cat([straight[:1], straight[1:-1] + unit * kept, straight[-1:]])

    def energy() -> torch.Tensor:
        nonlocal lowest, kept, done
        search.zero_grad()
        between = network.decode(straight[1:-1] + unit * bend).flatten(1)
        pictures = torch.cat([fixed[:1], between, fixed[1:]])
        total = (pictures[1:] - pictures[:-1]).square().mean(1).sum() / unbent
        total.backward()
        if float(total.detach()) < lowest:
            lowest, kept = float(total.detach()), bend.detach().clone()
            watch(bent().numpy())
        done += 1
        progress(min(1.0, done / DECODINGS))
        return total

    search.step(energy)
    return bent().numpy()


@torch.inference_mode()
def lengths(network: LatentModel, way: NDArray[np.floating]) -> NDArray[np.float64]:
    """How much the picture changes from node to node of a way [N, D]: float64 [N - 1], root mean square, of 255."""
    pictures = network.decode(torch.from_numpy(np.asarray(way, np.float32))).flatten(1)
    return (255 * (pictures[1:] - pictures[:-1]).square().mean(1).sqrt()).double().numpy()

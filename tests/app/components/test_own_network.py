"""Our own decoders draw in their own WebAssembly what torch draws; other networks are left to the general runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from app.paths import COMPONENTS, ROOT
from models import load_checkpoint
from models.checkpoint_files import open_files
from models.faithful import blended, load_faithful
from models.onnx.blend_file import blended_onnx
from models.onnx.export_blend import ensure_blend
from models.onnx.export_decoder import ensure_decoder
from models.onnx.own_graph import own_decoder
from tests.app.static_site.test_folder import node
from tests.conftest import tiny_network

DRAW = """
import { readFile, writeFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
const [module, relaxed, folder, count] = process.argv.slice(1);
if (relaxed) setFlagsFromString("--experimental-wasm-relaxed-simd"); // on by itself in newer ones
const { openOwn } = await import(module);
const [decoder, z] = await Promise.all(["decoder.onnx", "codes"].map((name) => readFile(`${folder}/${name}`)));
const own = openOwn(new Uint8Array(decoder)), codes = new Float32Array(new Uint8Array(z).buffer);
const part = (i) => codes.subarray((i * codes.length) / count, ((i + 1) * codes.length) / count);
const draw = (_, i) => Buffer.from(own.decode(part(i)).rgba);
await writeFile(`${folder}/pictures`, Buffer.concat(Array.from({ length: count }, draw)));
"""


def worst(network: Any, decoder: bytes, count: int, relaxed: str, folder: Path) -> float:
    """The largest difference from torch over so many seeded codes, in grey levels."""
    z = 1.5 * torch.randn(count, network.config.latent_dim, generator=torch.Generator().manual_seed(1))
    (folder / "decoder.onnx").write_bytes(decoder)
    (folder / "codes").write_bytes(z.numpy().tobytes())
    node(DRAW, (COMPONENTS / "decoding" / "own_network.mjs").as_uri(), relaxed, str(folder), str(count))
    side = network.config.image_size
    drawn = np.fromfile(folder / "pictures", np.uint8).reshape(count, side, side, 4)
    with torch.inference_mode():
        expected = torch.cat([network.decode(some) for some in z.split(50)]).permute(0, 2, 3, 1).numpy() * 255
    assert expected.std() > 10
    assert (drawn[..., 3] == 255).all()
    return float(np.abs(drawn[..., :3] - expected).max())


@pytest.mark.parametrize("relaxed", ["", "yes"])
@pytest.mark.parametrize(
    ("config", "weights"),
    [
        ({"kind": "ae", "latent_dim": 2}, np.float16),
        ({"linear_path": True, "last_kernel": 6, "mapping_width": 8, "image_size": 128}, np.float32),
        ({"linear_path": True, "latent_dim": 5}, np.float16),
    ],
)
def test_every_kind_of_our_decoders_draws_what_torch_draws(
    config: dict[str, Any], weights: Any, relaxed: str, tmp_path: Path
) -> None:
    network, generator = tiny_network(**config), torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in network.decoder.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))
    assert worst(network, own_decoder(network, weights).SerializeToString(), 5, relaxed, tmp_path) <= 2


@pytest.mark.slow
@pytest.mark.parametrize("relaxed", ["", "yes"])
@pytest.mark.parametrize(("name", "share"), [("ae", 1), ("vae", 1), ("vae", 0.5)])
def test_the_shipped_decoders_and_their_blend_draw_what_torch_draws(
    name: str, share: float, relaxed: str, tmp_path: Path
) -> None:
    files = open_files(ROOT / "checkpoints" / name)
    network, decoder = load_checkpoint(files), ensure_decoder(files).read_bytes()
    if share < 1:
        decoder = blended_onnx(decoder, ensure_blend(files).read_bytes(), share)
        network = blended(network, load_faithful(files, network), share)  # type: ignore[arg-type]
    assert worst(network, decoder, 1000, relaxed, tmp_path) <= 2

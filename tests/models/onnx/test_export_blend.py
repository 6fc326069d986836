"""What the browser blends into a decoder.onnx draws as torch does, and is made once."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch

from models.checkpoint_files import open_files
from models.checkpoints import load_checkpoint
from models.faithful import blended, load_faithful
from models.onnx import export_blend
from models.onnx.blend_file import blend_file, blended_onnx
from models.onnx.export_blend import ensure_blend
from models.onnx.find_decoder import find_blend, find_decoder
from models.onnx.own_graph import ExportError, own_decoder
from tests.conftest import tiny_network, vivid_checkpoint

Z = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def files(tmp_path):
    return open_files(vivid_checkpoint(tmp_path))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_blend_of_the_files_draws_what_a_blend_in_torch_draws(files, share):
    blend = ensure_blend(files).read_bytes()
    content = blended_onnx(find_decoder(files).read_bytes(), blend, share)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    network = load_checkpoint(files)
    expected = blended(network, load_faithful(files, network), share).decode(Z).numpy()
    assert np.abs(session.run(["image"], {"z": Z.numpy()})[0] - expected).max() < 2 / 255
    assert (np.abs(network.decode(Z).numpy() - expected).max() > 2 / 255) == (share < 1)


def test_only_weights_that_differ_are_in_the_file(files):
    vivid = find_decoder(files) or export_blend.ensure_decoder(files)
    network = load_checkpoint(files)
    assert blend_file(vivid.read_bytes(), own_decoder(network, np.float16)).count(b"at") == 0
    size = len(ensure_blend(files).read_bytes())
    assert size < vivid.stat().st_size  # the mapping is in neither of the two alone


def test_it_is_made_once_and_anew_for_another_decoder(files):
    path = ensure_blend(files)
    before = path.stat().st_mtime_ns
    assert ensure_blend(files) == path == find_blend(files)
    assert path.stat().st_mtime_ns == before
    path.write_bytes(path.read_bytes()[:-10])
    assert find_blend(files) is None
    assert find_blend(open_files(ensure_blend(files).parent)) == path


def test_another_graph_has_no_blend():
    vivid = own_decoder(tiny_network("vae"), np.float16).SerializeToString()
    assert blend_file(vivid, own_decoder(tiny_network("vae"), np.float32)) is None


def test_a_blend_that_draws_something_else_is_refused(files, monkeypatch):
    monkeypatch.setattr(export_blend, "blended_onnx", lambda vivid, blend, share: vivid)
    with pytest.raises(ExportError, match=r"differs from torch by .*/255"):
        ensure_blend(files)
    assert find_blend(files) is None


def test_the_door_makes_it_and_says_where_there_is_none(files, capsys):
    assert export_blend.main([str(files.folder)]) == 0
    assert find_blend(files) is not None
    assert export_blend.main([str(files.folder.parent / "start")]) == 2
    assert "has no faithful decoder" in capsys.readouterr().err

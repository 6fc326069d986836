"""A Jupyter notebook with the pad and the map, run by nbclient in a kernel of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import nbclient
import nbformat
import pytest
from jupyter_client import KernelManager

ROOT = Path(__file__).parents[3]
CELLS = (
    "import facespace\nfrom facespace.widgets import Map, Pad\nmodel = facespace.open_model('vae')",
    "pad = Pad(model, model.atlas.mu[0], ['Smiling'])\npad",
    "faces = Map(model, 'Smiling')\nfaces",
    "pad.z = model.atlas.mu[1]\nprint(float(abs(pad.z - model.atlas.mu[1]).max()), len(pad.comm.comm_id) > 0)",
)


@pytest.mark.slow
def test_the_widgets_are_shown_by_a_jupyter_kernel(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
    manager = KernelManager()
    manager.kernel_spec.argv[0] = sys.executable
    nbclient.NotebookClient(notebook, km=manager, timeout=300).execute()
    _, pad, faces, last = (cell.outputs for cell in notebook.cells)
    for shown in (pad, faces):
        assert "application/vnd.jupyter.widget-view+json" in shown[0].data
    assert last[0].text.split() == ["0.0", "True"]
    state = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    messages = [one["state"]["message"] for one in state.values() if "message" in one["state"]]
    assert {message["model"] for message in messages} == {"vae"}
    assert len(str(state)) < 1_000_000  # what is large goes to the browser alone, and not into the notebook's file

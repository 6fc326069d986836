"""Making a checkpoint's map from the page: build_atlas.py as a process of its own, which can be cancelled."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from app import paths
from app.checkpoints.celeba import has_held_out
from app.server.child_process import Process
from app.texts import N_, _
from models.checkpoint_files import CheckpointFiles

MOST_SECONDS = 1800
FACES = (500, 1000, 3000)
"""How many faces a map can be made of here: the held-out ones, of which there are 3,000 in what is shipped."""
PERCENT = re.compile(r"^([^:]*):\s+(\d{1,3})%")
DOOR = "build_atlas.py: "


class MapRun(Process):
    """One run of build_atlas.py on held-out faces."""

    def __init__(self, files: CheckpointFiles, faces: int) -> None:
        """Start it, on the viewer's CelebA pictures, else on faces that the shipped VAE decodes.

        Args:
            files: of the checkpoint to map.
            faces: how many at most.

        Raises:
            OSError: the system gives no process.
        """
        source = [] if has_held_out() else ["--decoded", str(paths.ROOT / "checkpoints" / "vae")]
        program = [
            str(paths.ROOT / "build_atlas.py"),
            str(files.folder),
            "--part",
            "test",
            "--limit",
            str(faces),
            *source,
        ]
        super().__init__(program, b"", MOST_SECONDS, errors_too=True)
        self.step = N_("Opening the networks")

    def _hear(self, line: bytes) -> None:
        """Take the progress off the bars, and the sentence if there is one."""
        said = line.decode(errors="replace").strip()
        if found := PERCENT.match(said):
            self.step, self.share = found[1], min(int(found[2]), 100) / 100
        elif said.startswith("Mapping"):
            self.step, self.share = N_("Laying out the map"), 0.0
        elif said.startswith(DOOR):
            self.problem = said.removeprefix(DOOR)


@st.cache_resource(show_spinner=False)
def _runs() -> dict[Path, MapRun]:
    return {}


def start(files: CheckpointFiles, faces: int = FACES[-1]) -> str | None:
    """Begin to map a checkpoint by some faces, unless that goes on already; a sentence where it cannot be begun."""
    if (run := _runs().get(files.folder)) and run.running:
        return None
    try:
        _runs()[files.folder] = MapRun(files, faces)
    except OSError as error:
        return _("The map could not be begun: {error}.").format(error=error.strerror or error)
    return None


def cancel(files: CheckpointFiles) -> None:
    """Stop it; what was there before stays."""
    if run := _runs().pop(files.folder, None):
        run.stop()


def state(files: CheckpointFiles) -> MapRun | None:
    """The run for a checkpoint, going on or ended; None where there was none."""
    return _runs().get(files.folder)

"""Checkpoints from elsewhere on the Models page: taking one in, what the doctor says of it, and its map."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from app import paths
from app.checkpoints import map_runs
from app.checkpoints.celeba import celeba, has_held_out
from app.checkpoints.portrait import aligned_portrait
from app.checkpoints.records import Record
from app.controls.owners_code import ask_for_code
from app.drawing.plain_text import plain_text
from app.server.owner import is_owner
from app.server.upload_limits import trust
from app.texts import N_, _, numeral
from app.texts.from_below import told
from latent.atlas import AtlasError
from models.checkpoint_files import CONFIG_FILE, CheckpointError, CheckpointFiles

if TYPE_CHECKING:
    from models.onnx.doctor import Evidence, Finding

FILES = {
    "encoder": N_("encoder.onnx (picture to latent)"),
    "decoder": N_("decoder.onnx (latent to picture)"),
    "config": N_("config.json (how to read their numbers)"),
}
MEGABYTES = 500  # the most that one of the files may have
ROUND, TAKEN, OWNERS_CODE = "brought_round", "brought_taken", "owners_code"
EXAMPLE = """{
  "kind": "vae",
  "image_size": 64,
  "latent_dim": 32,
  "crop": "celeba",
  "value_range": [-1, 1],
  "channels": "RGB",
  "spread": "logvar"
}"""
INTRODUCTION = N_(
    "Any AE or VAE for faces will do, from any framework that exports **ONNX**, a file format for networks: its "
    "encoder, its decoder, and a few lines that say how their numbers are to be read. The files are data; nothing in "
    "them is run as a program."
)
CONFIG_HELP = N_(
    "- **kind**: `ae` or `vae`.\n"
    "- **crop**: `celeba`, the inner 148 of the aligned picture's 178 pixels, or `square`, all 178.\n"
    "- **value_range** of pixels, such as `[0, 1]` or `[-1, 1]`; **output_range**, where the decoder draws others.\n"
    "- **mean** and **std**, three numbers each, where the encoder wants pixels less a mean, over a deviation.\n"
    "- **channels**: `RGB`, `BGR` or `grey`. **layout**: `NCHW`, or `NHWC` as in Keras.\n"
    "- **spread**, what a VAE's encoder gives beside the mean: `logvar`, the log of the variance, `logstd`, that of "
    "the standard deviation, or the `variance` or `std` itself. An AE has `none`.\n"
    "- **latent_shape**, such as `[4, 8, 8]`, of latents that are maps, and **outputs**, the names of the encoder's "
    "mean and spread, where the files do not tell."
)
NO_MAP = N_("It has **no map** yet, so it has no sliders either. A map is made of your own pictures.")
NO_MAP_NOR_PICTURES = N_(
    "It has **no map** yet, so it has no sliders either. A map is made of faces that the shipped VAE decodes."
)


def is_brought(record: Record) -> bool:
    """Whether a checkpoint came from elsewhere."""
    return record.files.is_brought


def just_taken() -> str | None:
    """The name of the checkpoint that `take_in` has taken in since this was last asked, if there is one."""
    name: str | None = st.session_state.pop(TAKEN, None)
    return name


@st.fragment
def take_in() -> None:
    """The part of the page that takes a checkpoint in; the rest of the page waits for none of its files."""
    turn = st.session_state.get(ROUND, 0)
    # Another key after each, so that it closes and the new card is in sight.
    with st.expander(_("Bring a checkpoint from elsewhere"), icon=":material/upload_file:", key=f"brought {turn}"):
        if not is_owner():
            _ask_for_code()
            return
        trust()
        st.markdown(_(INTRODUCTION))
        with st.popover(_("What config.json says")):
            st.code(EXAMPLE, language="json")
            st.markdown(_(CONFIG_HELP))
        given = st.file_uploader(
            _("The three files: encoder.onnx, decoder.onnx and config.json"),
            type=["onnx", "json"],
            accept_multiple_files=True,
            key=f"brought files {turn}",
            max_upload_size=MEGABYTES,
        )
        found, problem = sort_files([file.name for file in given])
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(_("Name"), key=f"brought name {turn}", placeholder="my-vae", max_chars=64, width=260)
            ready = bool(name) and not problem
            pressed = st.button(_("Check and add"), type="primary", disabled=not ready, icon=":material/add:")
        # Below the name, so that its coming and going does not move the box that somebody is typing in.
        if given and problem:
            st.info(problem, icon=":material/info:")
        if pressed:
            _bring({key: given[at].getvalue() for key, at in found.items()}, name, turn)


def sort_files(names: Sequence[str]) -> tuple[dict[str, int], str]:
    """Which of some files is which, told by their names.

    Returns:
        the place of the "encoder", the "decoder" and the "config" in `names`; and what keeps them from being used, in
        a sentence, or "".
    """
    found: dict[str, int] = {}
    for at, name in enumerate(names):
        path = Path(name.lower())
        parts = [part for part in ("encoder", "decoder") if part in path.stem]
        if path.suffix == ".json":
            parts = ["config"]
        if len(parts) != 1:
            words = _("{file}: name it encoder.onnx or decoder.onnx, so that it is clear which it is.")
            return found, words.format(file=plain_text(name))
        if parts[0] in found:
            first, words = names[found[parts[0]]], _("{first} and {second} are both the {part}. Remove one of them.")
            return found, words.format(first=plain_text(first), second=plain_text(name), part=parts[0])
        found[parts[0]] = at
    missing = [_(words) for key, words in FILES.items() if key not in found]
    return found, _("Still to come: {files}.").format(files=_(" and ").join(missing)) if missing else ""


def _ask_for_code() -> None:
    """A class may look, but not change the files of the computer that runs Facespace: that is for its owner."""
    words = _(
        "Only the owner of the computer that runs Facespace can bring, change or delete a checkpoint: with the code "
        "that its terminal shows, or there with `python import_checkpoint.py`."
    )
    st.info(words, icon=":material/lock:")
    ask_for_code(OWNERS_CODE)


def _bring(contents: dict[str, bytes], name: str, turn: int) -> None:
    from models.onnx.import_pair import import_pair  # late: onnx is needed for this alone

    with st.spinner(_("Opening both networks …")):
        try:
            folder = import_pair(contents["encoder"], contents["decoder"], contents["config"], place(), name.strip())
        except CheckpointError as error:
            st.error(plain_text(str(error)), icon=":material/error:")
            return
    st.session_state[ROUND] = turn + 1  # an empty box for the next one
    st.session_state[TAKEN] = folder.name
    st.toast(_("{model} was added. Its check-up is below.").format(model=plain_text(folder.name)))
    st.rerun()


def place() -> Path:
    """Where brought checkpoints are kept: the viewer's own folder of checkpoints, else that of the project."""
    own = os.environ.get("FACESPACE_CHECKPOINTS", "").split(os.pathsep)[0]
    return Path(own) if own and not os.path.isfile(Path(own) / CONFIG_FILE) else paths.ROOT / "checkpoints"


def check_up(record: Record) -> None:
    """What the doctor says of a brought checkpoint, with the change that cures it, and its map."""
    if not is_brought(record):
        st.caption(_("Trained here, so its conventions are known."))
        return
    try:
        with st.spinner(_("Sending faces through both networks …")):
            found = _findings(record.files.identity, record.files, os.environ.get("FACESPACE_CELEBA"))
    except (AtlasError, CheckpointError) as error:
        st.warning(plain_text(str(error)), icon=":material/info:")
    else:
        _say(record, found)
    if is_owner():
        _map(record)
        _remove(record)


def _say(record: Record, found: Sequence[Finding]) -> None:
    """Each finding, and the button that makes the changes."""
    changes = {key: value for finding in found for key, value in finding.change.items()}
    for finding in found:
        (st.error if finding.wrong else st.info)(plain_text(finding.words), icon=":material/stethoscope:")
    if changes and not is_owner():
        words = _("For the owner of the computer that runs Facespace to change: {changes}.")
        st.caption(words.format(changes=plain_text(_spelled(changes))))
    elif changes:
        st.button(
            _("Change {changes}").format(changes=_spelled(changes)),
            icon=":material/healing:",
            key=f"cure {record.key}",
            type="primary",
            on_click=_cure,
            args=(record.files, changes),
            help=_("Changes config.json. A map made before is removed, since it no longer fits."),
        )
    if not any(finding.wrong for finding in found):
        words = _("What config.json says fits: faces come back as they went in.")
        st.success(words, icon=":material/check_circle:")


@st.cache_resource(show_spinner=False, max_entries=2)
def _evidence(celeba_root: str | None) -> Evidence:
    from evaluation.evidence import gather  # late: it opens torch
    from faces import NoFaceError

    try:
        portraits = [aligned_portrait()]
    except (NoFaceError, OSError):
        portraits = []
    return gather(paths.ROOT / "checkpoints" / "vae", portraits, celeba()[0])


@st.cache_resource(show_spinner=False, max_entries=16)
def _findings(identity: str, _files: CheckpointFiles, celeba_root: str | None) -> list[Finding]:
    from models.onnx.doctor import examine  # late: it opens torch

    return examine(_files, _evidence(celeba_root))


def _cure(files: CheckpointFiles, changes: dict[str, object]) -> None:
    from models.onnx.import_pair import correct

    try:
        correct(files, changes)
        st.toast(_("Changed {changes}.").format(changes=_spelled(changes)))
    except CheckpointError as error:
        st.toast(plain_text(str(error)))


def _spelled(changes: dict[str, object]) -> str:
    def said(value: object) -> str:
        return _("nothing") if value is None else str(list(value) if isinstance(value, tuple) else value)

    return ", ".join(_("{key} to {value}").format(key=key, value=said(value)) for key, value in changes.items())


@st.fragment
def _map(record: Record) -> None:
    """Whether it has a map, and a run that makes one."""
    run = map_runs.state(record.files)
    if run is not None and run.running:
        _watch(record)
        return
    if run is not None and run.problem:
        st.error(plain_text(_(run.problem)), icon=":material/error:")
    has_map = record.files.atlas_path.is_file()
    if not has_map:
        st.markdown(_(NO_MAP) if has_held_out() else _(NO_MAP_NOR_PICTURES))
    faces = st.segmented_control(
        _("Faces on the map"),
        map_runs.FACES,
        default=map_runs.FACES[-1],
        format_func=lambda count: numeral(count, ","),
        key=f"map faces {record.key}",
        required=True,
        help=_("3,000 take about a minute, fewer less. The directions of the sliders are surer the more there are."),
    )
    label = _("Make its map anew") if has_map else _("Make its map")
    if st.button(
        label, icon=":material/scatter_plot:", key=f"map {record.key}", type="tertiary" if has_map else "primary"
    ):
        if problem := map_runs.start(record.files, faces or map_runs.FACES[-1]):
            st.error(plain_text(problem), icon=":material/error:")
            return
        st.rerun(scope="app")


@st.fragment(run_every=1)
def _watch(record: Record) -> None:
    run = map_runs.state(record.files)
    if run is None or not run.running:
        st.rerun(scope="app")
    st.progress(run.share, f"{told(run.step)} …")
    if st.button(_("Cancel"), key=f"cancel map {record.key}"):
        map_runs.cancel(record.files)
        st.rerun(scope="app")


def _remove(record: Record) -> None:
    with st.popover(_("Remove this checkpoint"), icon=":material/delete:"):
        words = _("This deletes the folder {folder} with its networks and its map.")
        st.markdown(words.format(folder=plain_text(str(record.files.folder))))
        if st.button(_("Delete it"), key=f"delete {record.key}"):
            map_runs.cancel(record.files)
            shutil.rmtree(record.files.folder, ignore_errors=True)
            st.rerun()

"""What the app relies on of Streamlit's inside: each test says in one sentence what a new Streamlit has broken."""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from streamlit.config import get_option
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import ScriptRunContext
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web import cli
from streamlit.web.server.starlette.starlette_routes import create_upload_routes
from uvicorn import Config
from uvicorn.protocols.http import h11_impl
from uvicorn.server import ServerState

from app.paths import ROOT
from app.streamlit_internals import command_line, element_code, long_requests, messages, page_html, quiet, uploads

APP = ROOT / "app"
BUNDLE = Path(streamlit.__file__).parent / "static" / "static" / "js"
NAMED = re.compile(r"""(?:\.|data-testid=["'\\]*)(st[A-Z][A-Za-z]+)""")


def test_a_runs_context_knows_its_session_and_the_runtime_whether_that_is_connected() -> None:
    assert {"session_id", "uploaded_file_mgr"} <= {field.name for field in fields(ScriptRunContext)}, (
        "A run's context no longer says whose it is, so the live queue and the photo tray cannot know their visitor."
    )
    assert callable(getattr(Runtime, "is_active_session", None)), (
        "The runtime no longer says who is connected, so the live queue keeps places of visitors who have gone."
    )


def test_a_runs_context_says_whether_back_or_forward_began_it() -> None:
    assert "is_history_navigation" in {field.name for field in fields(ScriptRunContext)}, (
        "A run no longer says whether Back began it, so Back is taken for an address that lags behind."
    )


def test_browsers_keep_large_messages_for_more_runs_than_a_hand_can_ask_for_at_once() -> None:
    assert get_option("global.maxCachedMessageAge") == 50, (
        "Browsers throw messages away that are on their way by name, so a page stands still after a few quick releases."
    )


def test_an_upload_that_is_forgotten_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/upload")
    manager.add_file("session", UploadedFileRec("file", "me.jpg", "image/jpeg", b"x"))
    context = SimpleNamespace(session_id="session", uploaded_file_mgr=manager)
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    uploads.forget(SimpleNamespace(file_id="file"))  # type: ignore[arg-type]
    assert not manager.get_files("session", ["file"]), "Streamlit keeps a photo that was taken out of its box."


def test_an_upload_is_known_by_its_path_and_counted_until_it_is_taken() -> None:
    routes = create_upload_routes(Runtime, MemoryUploadedFileManager("/upload"), "faces")  # type: ignore[arg-type]
    path = routes[0].path.format(session_id="ada", file_id="photo")  # type: ignore[attr-defined]
    assert uploads.session_of(path) == "ada", "Uploads come by another path, so they are no longer limited."
    manager = MemoryUploadedFileManager("/upload")
    manager.add_file("session", UploadedFileRec("file", "me.jpg", "image/jpeg", b"four"))
    assert vars(manager)["_total_bytes"] == 4, "Streamlit counts uploads otherwise, so their memory has no bound."


def test_every_message_that_a_page_needs_has_its_name_and_those_of_the_menu_are_kept_away() -> None:
    kinds = {field.name for field in BackMsg.DESCRIPTOR.fields}
    operations = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    assert set(messages.NEEDED) <= kinds, "A message that pages send has another name, so pages stand still."
    assert set(messages.ANSWERED) <= {field.name for field in operations.fields}, "Downloads have another name."
    for unwanted in (BackMsg(clear_cache=True), BackMsg(set_run_on_save=True), BackMsg(load_git_info=True)):
        assert messages.passed_on(unwanted.SerializeToString(), lambda: True) is None
    skills = BackMsg()
    skills.backend_operation_request.install_skills.SetInParent()
    assert messages.passed_on(skills.SerializeToString(), lambda: True) is None


def test_a_message_that_is_needed_is_passed_on_to_the_letter_and_a_download_while_it_is_allowed() -> None:
    rerun, download = BackMsg(), BackMsg()
    rerun.rerun_script.query_string = "model=vae"
    download.backend_operation_request.request_id = "7"
    download.backend_operation_request.deferred_file.file_id = "strip.png"
    for message in (rerun, download):
        assert messages.passed_on(message.SerializeToString(), lambda: True) == message.SerializeToString()
    assert messages.passed_on(b"\xff\xff", lambda: True) == b"\xff\xff"  # Streamlit closes such a connection
    refused = BackMsg.FromString(messages.passed_on(download.SerializeToString(), lambda: False) or b"")
    assert refused.backend_operation_request.request_id == "7"
    assert refused.backend_operation_request.WhichOneof("payload") is None  # an error that the page is told of


def test_the_scripts_in_streamlits_page_are_found() -> None:
    bare = page_html.PAGE.read_text(encoding="utf-8").count("<script>")
    assert len(page_html.inline_script_hashes()) == bare >= 1, "Streamlit's page has scripts that the policy refuses."


def test_the_code_of_common_elements_is_found_with_all_that_it_imports() -> None:
    found = {address.rsplit("/", 1)[1] for address in element_code.element_modules()}
    for kind in element_code.KINDS:
        assert any(name.startswith(f"{kind}.") for name in found), (
            f"The code of {kind} has another name, so pages jump when the first one arrives."
        )
    assert any(name.startswith("purify.") for name in found), "Imports are written otherwise, so they are not found."
    assert all((BUNDLE / name).is_file() for name in found)
    assert len(found) < 60, "The page no longer names what it loads at once, so all of it is asked for twice."


def test_the_command_line_is_a_function_and_options_know_whether_they_were_set() -> None:
    assert callable(cli.main), "Streamlit's command line has moved, so `make classroom` cannot start the server."
    assert not command_line.is_set("browser.serverAddress"), "A default counts as set, so a wrong address is announced."


def test_the_warning_of_a_call_outside_a_page_goes_to_a_logger_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    logger = vars(importlib.import_module(quiet.OUTSIDE_A_PAGE))["_LOGGER"]
    monkeypatch.setattr(logger, "level", logging.NOTSET)
    quiet.no_warning_outside_a_page()
    assert logger.level == logging.ERROR, "Streamlit warns by another logger, so the log fills as the server starts."


def test_the_server_under_streamlit_takes_its_limit_from_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = "DEFAULT_MAX_INCOMPLETE_EVENT_SIZE"
    assert hasattr(h11_impl, limit), "uvicorn's limit has another name, so a long link cuts the connection."
    monkeypatch.setattr(h11_impl, limit, getattr(h11_impl, limit))
    long_requests.hear_out()
    server = h11_impl.H11Protocol(Config(None), ServerState(), {}, _loop=asyncio.new_event_loop())  # type: ignore[arg-type]
    assert server.conn._max_incomplete_event_size == long_requests.MOST_BYTES


def styled() -> dict[str, str]:
    """Each of Streamlit's class names and test ids that a style sheet or script of ours names, and where."""
    sources = [path for path in APP.rglob("*") if path.suffix in {".py", ".mjs", ".css"}]
    return {
        name: str(path.relative_to(ROOT))
        for path in sources
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }


def test_every_element_of_streamlits_that_is_styled_is_still_drawn() -> None:
    bundle = "\n".join(path.read_text(encoding="utf-8") for path in BUNDLE.glob("*.js"))
    found = styled()
    assert {"stMainBlockContainer", "stLayoutWrapper", "stMain"} <= set(found)  # the search itself works
    gone = {name: where for name, where in found.items() if name not in bundle}
    assert not gone, f"Streamlit no longer draws elements of these names, which our pages style or look for: {gone}"

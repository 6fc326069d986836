"""What the app relies on of Streamlit's inside: each test says in one sentence what a new Streamlit has broken."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import logging
import re
import socket
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from streamlit import delta_generator
from streamlit.commands import execution_control
from streamlit.config import get_option
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import RerunException, ScriptRunContext
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.web import cli
from streamlit.web.server.starlette.starlette_routes import create_upload_routes
from uvicorn import Config
from uvicorn.protocols.http import h11_impl
from uvicorn.server import ServerState

from app.early_pad import page_head
from app.paths import ROOT
from app.streamlit_internals import (
    command_line,
    element_code,
    history,
    long_requests,
    messages,
    no_delay,
    page_html,
    pings,
    quiet,
    uploads,
)  # fmt: skip
from tests.app.static_site.test_folder import node
from tests.conftest import run_alone

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


def test_streamlit_looks_but_once_who_started_it() -> None:
    assert isinstance(vars(delta_generator).get("_use_warning_has_been_displayed"), bool), (
        "Streamlit keeps elsewhere whether it has looked for a prompt, so the first visitor waits until it has."
    )


def test_a_runs_context_says_whether_back_or_forward_began_it() -> None:
    assert "is_history_navigation" in {field.name for field in fields(ScriptRunContext)}, (
        "A run no longer says whether Back began it, so Back is taken for an address that lags behind."
    )


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> ScriptRequests:
    """Requests for runs, as the app has them; the page of the one before still runs."""
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", ScriptRequests._request_rerun_locked)
    history.hold_on_to_back()
    return ScriptRequests()


def ask(requests: ScriptRequests, query: str, *, back: bool = False) -> RerunData:
    """The run that waits after the browser has asked for one more."""
    requests.request_rerun(RerunData(query_string=query, widget_states=WidgetStates(), is_history_navigation=back))
    return requests._rerun_data


def test_back_is_not_forgotten_when_a_part_of_the_page_reports_before_its_run(requests: ScriptRequests) -> None:
    assert ask(requests, "filter=older", back=True).is_history_navigation
    assert ask(requests, "filter=older").is_history_navigation, "A report makes the browser's Back come to nothing."
    assert requests.on_scriptrunner_yield() is not None  # the run begins, and the next one cuts it short
    assert ask(requests, "filter=older").is_history_navigation, "A report makes the browser's Back come to nothing."
    assert not ask(requests, "filter=newer").is_history_navigation
    assert not ask(requests, "filter=older").is_history_navigation


@pytest.mark.parametrize(("seen", "still"), [("filter=older", False), ("filter=other", True)])
def test_back_is_over_once_a_page_has_followed_it(
    requests: ScriptRequests, monkeypatch: pytest.MonkeyPatch, seen: str, still: bool
) -> None:
    ask(requests, "filter=older", back=True)
    assert requests.on_scriptrunner_yield() is not None
    context = SimpleNamespace(script_requests=requests, query_string=seen)
    monkeypatch.setattr(history, "get_script_run_ctx", lambda: context)
    history.followed()
    assert ask(requests, "filter=older").is_history_navigation is still
    assert "script_requests" in {field.name for field in fields(ScriptRunContext)}, "Back is never over."


def test_a_run_that_the_browser_cuts_short_is_told_from_one_that_the_page_ends() -> None:
    by_browser = RerunData(widget_states=WidgetStates())
    assert history.is_cut_short(RerunException(by_browser)), "What a page had to take over by Back is lost."
    assert not history.is_cut_short(RerunException(RerunData()))
    source = inspect.getsource(execution_control.rerun) + inspect.getsource(execution_control.switch_page)
    assert "widget_states" not in source, "A page that runs again by itself counts as cut short."


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
    rest = [(BUNDLE / name).read_bytes()[element_code.BEGINNING - 100 :] for name in found]
    assert not any(map(element_code.IMPORTED.search, rest)), "Imports stand farther down, so some are not found."
    assert len(found) < 60, "The page no longer names what it loads at once, so all of it is asked for twice."


def test_further_elements_and_formulas_have_a_module_each() -> None:
    further = {
        kind for kinds in [*page_head.MORE_KINDS.values(), *page_head.OF_CHAPTERS.values()] for kind in kinds
    } | {element_code.CHART}
    for kind in further:
        assert len(element_code.first_modules((kind,))) == 1, f"{kind} is no module of its own any more."
    assert element_code.first_modules(("Slider",))[0].startswith(f"{element_code.FOLDER}Slider.")


def test_react_is_where_our_page_wraps_what_loads_elements() -> None:
    address, name = element_code.react().split("#")
    wrapped = ROOT / "app" / "components" / "page" / "elements_at_once.mjs"
    program = f"""
        const {{ keepLoaders }} = await import({json.dumps(wrapped.as_uri())});
        const react = (await import({json.dumps((page_html.PAGE.parent / address).as_uri())})).{name}();
        const known = [];
        keepLoaders(react, known);
        const element = react.lazy(() => Promise.resolve({{ default: "drawn" }}));
        await known[0].begin();
        console.log(element._init(element._payload)); // throws where React takes no answer that comes at once
    """
    assert node(program).strip() == "drawn", "React is not found, or asks for elements otherwise."
    script = next(BUNDLE.glob("index.*.js")).read_text(encoding="utf-8")
    assert re.search(r"lazy\)\(\(\)=>\w+\(\(\)=>import\(`\./Slider\.", script), (
        "What loads an element does not name it."
    )


def test_the_page_asks_two_addresses_before_it_connects_and_may_be_told_where_they_are() -> None:
    script = next(BUNDLE.glob("index.*.js")).read_text(encoding="utf-8")
    for address in pings.PINGS:
        assert f"`{address.removeprefix('./')}`" in script, f"Streamlit's page does not ask {address} any more."
    assert "window.__streamlit" in script, "Streamlit's page cannot be told where its server is."
    assert "BACKEND_BASE_URL" in script, "Streamlit's page cannot be told where its server is."


def test_the_command_line_is_a_function_and_options_know_whether_they_were_set() -> None:
    assert callable(cli.main), "Streamlit's command line has moved, so `make classroom` cannot start the server."
    assert not command_line.is_set("browser.serverAddress"), "A default counts as set, so a wrong address is announced."


@pytest.mark.parametrize("name", [quiet.OUTSIDE_A_PAGE, quiet.OUTSIDE_A_SERVER])
def test_the_warning_of_a_call_outside_a_page_goes_to_a_logger_of_that_name(name: str) -> None:
    logger = vars(importlib.import_module(name))["_LOGGER"]
    warning, error = (logger.makeRecord(name, level, "", 0, "", (), None) for level in (logging.WARNING, logging.ERROR))
    assert not logger.filter(warning), "Streamlit warns by another logger, so the log fills as the server starts."
    assert logger.filter(error)


def test_importing_a_page_outside_of_a_server_says_nothing() -> None:
    command = [sys.executable, "-c", "import app.beforehand"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr == ""


def test_the_server_under_streamlit_takes_its_limit_from_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = "DEFAULT_MAX_INCOMPLETE_EVENT_SIZE"
    assert hasattr(h11_impl, limit), "uvicorn's limit has another name, so a long link cuts the connection."
    monkeypatch.setattr(h11_impl, limit, getattr(h11_impl, limit))
    long_requests.hear_out()
    server = h11_impl.H11Protocol(Config(None), ServerState(), {}, _loop=asyncio.new_event_loop())  # type: ignore[arg-type]
    assert server.conn._max_incomplete_event_size == long_requests.MOST_BYTES


def test_the_server_under_streamlit_sends_the_parts_of_an_answer_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(h11_impl.H11Protocol, "connection_made", h11_impl.H11Protocol.connection_made)
    no_delay.send_at_once()

    async def answered() -> int:
        listening = socket.socket()  # as Streamlit makes it, so that asyncio does not know it for TCP
        listening.bind(("127.0.0.1", 0))
        protocols: list[h11_impl.H11Protocol] = []

        def protocol() -> h11_impl.H11Protocol:
            protocols.append(h11_impl.H11Protocol(Config(None), ServerState(), {}))  # type: ignore[arg-type]
            return protocols[-1]

        server = await asyncio.get_running_loop().create_server(protocol, sock=listening)
        async with server:
            _, writer = await asyncio.open_connection(*listening.getsockname())
            while not (protocols and protocols[0].transport):
                await asyncio.sleep(0)
            connected = protocols[0].transport.get_extra_info("socket")
            delay_off: int = connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            writer.close()
            protocols[0].transport.close()
        return delay_off

    assert run_alone(answered()), "uvicorn begins connections otherwise, so each file of a page waits for 40 ms."


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

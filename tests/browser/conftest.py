"""Two browsers and three servers for all browser tests of a pytest worker: each starts when a test first asks for it.

`page`           a new page of the one visitor; no page, route, cookie or stored choice of the test before is left. Most
                 tests want this one: its browser keeps on disk what it has downloaded and compiled, and opens the app
                 in 1.7 s instead of 2.9. Another size or theme is asked of the page itself.
                 A test of two servers opens a page for each: choices are cleared where a page stands at its end.
`visit(browser)` (in driving.py) a visitor of your own, for a touch screen or an empty cache.
`app_url`        the app as on a clean clone. Every page opened there is a Streamlit session of its own.
`checkpoints`    the folder that `app_url` takes further checkpoints from: empty when a test begins, so put into it what
                 the test needs. No test starts a server to bring or to damage a checkpoint.
`class_app`      the app in another process, as a class gets it, with a CelebA folder (the synthetic one).
`parts_url`      a small app with seeded networks: at its root the latent pad alone, at `/map` the map.

A test waits for what it expects (`expect`, `Pad.shows`, `Map.wait`, `eventually`), never for time and never by asking
once: what a browser shows comes later than the click that causes it. Before the hand goes to a place, before a count
that others may raise and before an address is kept, the page comes to rest (`at_rest`). That nothing happens cannot be
awaited; wait for something that comes after it instead, such as the answer to a later click.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright
from streamlit.config import get_option

from app.server.class_network import interfaces
from benchmarks.server import Server, running_app
from models.checkpoints import save_checkpoint
from models.onnx.export_decoder import ensure_decoder
from tests.browser.driving import patient
from tests.browser.find_chromium import launch, launch_with_profile
from tests.browser.parts_app.networks import pad_network

TEACHERS_CODE = "the code of the class"
PARTS_APP = Path(__file__).parent / "parts_app"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:  # one for all: a second one in the same thread is refused
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def visitor(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One visitor for most tests: who comes again has Streamlit's code and ours in the cache, which saves seconds."""
    context = launch_with_profile(playwright, tmp_path_factory.mktemp("profile"), "--process-per-site")
    yield patient(context)
    context.close()


def forget(page: Page) -> None:
    """Clear what a page has kept, such as a theme that was chosen; a page that is on its way elsewhere gets there."""
    try:
        page.evaluate("localStorage.clear()")
    except Error:
        page.wait_for_load_state()
        page.evaluate("localStorage.clear()")


def keep_process(page: Page) -> None:
    """Before a page is closed: let the first page stand at its site, so that the process of both goes on.

    With it stays what it has compiled, a quarter of what a page costs the browser.
    """
    first = page.context.pages[0]
    if first.url == "about:blank":
        with suppress(Error):  # the server of a test may have gone
            first.goto(urljoin(page.url, "/_stcore/health"))


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A page, and with it a Streamlit session, of its own."""
    page = visitor.new_page()
    page.emulate_media(reduced_motion="reduce")  # no face moves by itself while a test looks at it
    yield page
    visitor.unroute_all()
    visitor.clear_cookies()
    for one in visitor.pages[1:]:  # the first keeps the browser open; a test that failed may have left others
        one.unroute_all()
        if one.url.startswith("http"):
            forget(one)
            keep_process(one)
        one.close()


@pytest.fixture(scope="session")
def app_url(served: Server) -> str:
    """The app as on a clean clone."""
    return served.url


@pytest.fixture
def checkpoints(further_checkpoints: Path) -> Iterator[Path]:
    """The folder in which the app looks for checkpoints besides the shipped ones, empty before and after."""
    yield further_checkpoints
    shutil.rmtree(further_checkpoints, ignore_errors=True)
    further_checkpoints.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def class_app(celeba_folder: Path) -> Iterator[str]:
    """The same app in another process: open to a class where there is a network, with a CelebA folder."""
    with running_app(
        for_class=bool(interfaces()),
        FACESPACE_CELEBA=str(celeba_folder),
        FACESPACE_CHECKPOINTS="",
        FACESPACE_OWNER_CODE=TEACHERS_CODE,
    ) as server:
        yield server.url


@pytest.fixture(scope="session")
def parts_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Checkpoints "ae" and "vae" of the pad's page with their decoders, and in time the decoders of the map's page."""
    folder = tmp_path_factory.mktemp("parts")
    for kind in ("ae", "vae"):
        save_checkpoint(pad_network(kind), folder / kind, {})
        ensure_decoder(folder / kind)
    return folder


@pytest.fixture(scope="session")
def parts_url(parts_folder: Path) -> Iterator[str]:
    """The small app with the pad and the map alone, which keeps messages in the browser as long as Facespace does."""
    kept = str(get_option("global.maxCachedMessageAge"))
    variables = {"PARTS_SCRATCH": str(parts_folder), "STREAMLIT_GLOBAL_MAX_CACHED_MESSAGE_AGE": kept}
    with running_app(PARTS_APP, **variables) as server:
        yield server.url

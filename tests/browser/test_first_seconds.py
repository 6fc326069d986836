"""What a page's first seconds do not hold: a question in the wrong place, elements left out at first, charts unseen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.driving import at_rest

pytestmark = pytest.mark.browser
NOTE_SKELETONS = """{
  window.skeletons = 0;
  const mark = "[data-testid=stSkeleton]";
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node.matches?.(mark) || node.querySelector?.(mark)) window.skeletons++;
  }).observe(document, { childList: true, subtree: true });
}"""
CODE_IS_THERE = """() => {
  const { elements } = JSON.parse(document.getElementById("facespace-page-head").textContent);
  return Promise.all(elements.map((one) => import(new URL(one, document.baseURI).href))).then(() => elements.length);
}"""


def test_the_server_is_asked_where_it_is_and_nowhere_else(page: Page, app_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app_url}/your-face")
    at_rest(page)
    asked_for = [url for url in asked if "_stcore/h" in url]
    assert set(asked_for) == {f"{app_url}/_stcore/health", f"{app_url}/_stcore/host-config"}


def test_elements_whose_code_is_there_are_drawn_as_they_come(page: Page, app_url: str) -> None:
    sockets: list[tuple[WebSocketRoute, list[str | bytes]]] = []

    def keep(socket: WebSocketRoute) -> None:
        kept: list[str | bytes] = []
        socket.connect_to_server().on_message(lambda message: kept.append(message))  # noqa: PLW0108 -- Playwright marks it
        sockets.append((socket, kept))

    page.route_web_socket(re.compile("_stcore/stream"), keep)
    page.add_init_script(NOTE_SKELETONS)
    page.goto(f"{app_url}/your-face")
    assert page.evaluate(CODE_IS_THERE) > 5
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
    while True:
        for socket, kept in sockets:
            while kept:
                socket.send(kept.pop(0))
        if page.get_by_test_id("stFileUploader").count():
            break
        page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.evaluate("() => window.skeletons") == 0

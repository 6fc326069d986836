"""A server that is away: one quiet line, the pad goes on, and all is as before once it is back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.driving import Pad, at_rest

pytestmark = pytest.mark.browser
AWAY = "The server is away. Sliders go on; the rest comes back by itself."


def test_a_lost_connection_is_one_line_over_a_pad_that_goes_on(page: Page, app_url: str) -> None:
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket(re.compile("_stcore/stream"), pass_on)
    pad = Pad(page, app_url).ready()
    at_rest(page)
    tries = []
    page.route("**/_stcore/h*", lambda route: (tries.append(route.request.url), route.abort()))
    page.clock.install()  # Streamlit waits longer before each try, and says something at the sixth
    sockets[-1].close()
    expect(page.get_by_role("status").filter(has_text=AWAY)).to_be_visible()
    while len(tries) < 16:  # two addresses a try
        before = len(tries)
        page.clock.fast_forward(40_000)
        while len(tries) == before:
            page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(page.get_by_role("dialog")).to_have_count(0)
    picture = pad.pixels()
    slider = pad.first_slider()
    pad.drag(slider, 60)
    assert (pad.changed(picture) != picture).any()
    page.unroute("**/_stcore/h*")
    page.clock.fast_forward(60_000)
    expect(page.get_by_text(AWAY)).to_have_count(0)
    at_rest(page)
    assert pad.value(slider) != 0

"""Who may change what is on the computer that runs Facespace, such as add or delete a checkpoint: its owner.

A class in the network may look at everything and must not change files. An address alone does not tell the two apart:
behind a proxy or a tunnel on the same machine everybody comes from there, and in a container nobody does. So a visitor
is the owner who enters the code that the terminal shows; and, without any code, whoever comes straight from the same
computer to a server that listens for nobody else. Within a frame only the code counts: the page around it, anybody's,
could lay its own picture over our buttons.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from app.server.class_network import is_loopback
from app.server.rates import limiter, parse
from app.texts import N_, _

SETTING = "FACESPACE_OWNER_CODE"  # a code of the owner's choice; without it each start makes one
SHORTEST = 8
PROVED, FRAMED = "owner_proved", "shown_in_a_frame"
WRONG_CODES = parse("60/minute")  # of all visitors together: nobody finds a code of eight characters by trying
NOT_THE_CODE = N_("That is not the code.")
TOO_OFTEN = N_("Wrong codes came too often. Wait a minute, then enter the code again.")
PROXY_HEADERS = frozenset({
    "forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "client-ip", "true-client-ip",
    "cf-connecting-ip", "cf-ray", "fastly-client-ip", "fly-client-ip", "x-envoy-external-address", "x-original-host",
    "tailscale-user-login", "x-appengine-user-ip",
})  # fmt: skip


def is_owner() -> bool:
    """Whether the visitor may change files of the computer that runs Facespace."""
    if st.session_state.get(PROVED):
        return True
    if st.session_state.get(FRAMED) or st.context.is_embedded:
        st.session_state[FRAMED] = True  # for good, whatever the address says after a step to another page
        return False
    address = str(st.get_option("server.address") or "")
    return is_loopback(address) and came_straight(st.context.headers.to_dict(), st.context.ip_address)


def came_straight(headers: Mapping[str, str], ip_address: str | None) -> bool:
    """Whether a page of this very server opened a websocket, in a browser on this computer, with nothing between.

    Args:
        headers: of the request that opened it.
        ip_address: as `st.context.ip_address`: None for the computer itself, or where it is not known.
    """
    said = {name.lower(): value for name, value in headers.items()}
    if ip_address is not None or any(name in PROXY_HEADERS or name.startswith("x-forwarded") for name in said):
        return False
    host, origin = said.get("host", ""), urlsplit(said.get("origin", ""))
    # Another site's page may open a websocket to this computer, and a name of its own may lead here: both say so.
    return is_loopback(urlsplit(f"//{host}").hostname or "") and origin.netloc.lower() == host.lower()


@st.cache_resource(show_spinner=False)
def code() -> str:
    """The owner's code: the one that was set, else one made at this start."""
    return os.environ.get(SETTING) or secrets.token_urlsafe(9)


def prove(given: str) -> str | None:
    """Take a visitor for the owner from now on if the code is right; returns a sentence where it is not."""
    if not limiter.test(WRONG_CODES, "codes"):
        return _(TOO_OFTEN)
    if len(code()) >= SHORTEST and hmac.compare_digest(given.strip().encode(), code().encode()):
        st.session_state[PROVED] = True
        return None
    limiter.hit(WRONG_CODES, "codes")
    return _(NOT_THE_CODE)


def announcement() -> str:
    """What the terminal says of the code. One that was set is known to whoever set it, so it is not shown."""
    chosen = os.environ.get(SETTING)
    if not chosen:
        return f"Owner's code, to change checkpoints from another device: {code()}"
    if len(chosen) < SHORTEST:
        return f"{SETTING} has {len(chosen)} characters, so it opens nothing: choose a code of {SHORTEST} or more."
    return f"The owner's code is the one in {SETTING}."

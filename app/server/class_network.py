"""Door: `python -m app.server.class_network` serves the app to a class in the same network and prints how to join.

`streamlit run streamlit_app.py --server.address 0.0.0.0` does the same. No site is asked for this machine's address.
"""

from __future__ import annotations

import argparse
import io
import ipaddress
import re
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import psutil
import segno
import streamlit as st

from app.paths import ROOT
from app.server import class_store
from app.streamlit_internals.command_line import is_set, run
from app.texts import N_

EVERYWHERE = ("", "0.0.0.0", "::")
LONGEST_LINK = 180  # characters: a code of more has modules too fine for the last row
NOT_A_NETWORK = re.compile(r"docker|br-|veth|virbr|vmnet|vbox|vethernet|tun|tap|utun|wg|tailscale|zt|ppp|cni|lxc", re.I)
NO_NETWORK = N_(
    "This computer has no address that others could reach. Join a network or start a hotspot, then try again; or name "
    "the address yourself: python -m app.server.class_network --address ADDRESS."
)


@dataclass(frozen=True)
class Interface:
    """One IPv4 address of this machine: the network interface's name, and whether it leads out of the network."""

    name: str
    address: str
    default: bool = False


def interfaces() -> list[Interface]:
    """The IPv4 addresses at which others may reach this machine, the likeliest first. Asks no other machine."""
    out = _way_out()
    states = psutil.net_if_stats()
    found = [
        Interface(name, entry.address, entry.address == out)
        for name, entries in psutil.net_if_addrs().items()
        if name not in states or states[name].isup
        for entry in entries
        if entry.family == socket.AF_INET
    ]
    return ranked(found)


def ranked(found: Sequence[Interface]) -> list[Interface]:
    """Without loopback: real networks before virtual ones, the way out before others, private before public."""

    def rank(one: Interface) -> tuple[bool, bool, bool, bool]:
        address = ipaddress.ip_address(one.address)
        return bool(NOT_A_NETWORK.match(one.name)), address.is_link_local, not one.default, not address.is_private

    return sorted((one for one in found if not ipaddress.ip_address(one.address).is_loopback), key=rank)


def _way_out() -> str | None:
    """The address from which this machine would send to far ones. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("203.0.113.1", 9))  # an address for documentation, nobody's
            return str(probe.getsockname()[0])
        except OSError:
            return None


def is_open() -> bool:
    """Whether a class comes here: from other machines, or through a proxy before servers that share a store."""
    return class_store.is_shared() or listens()


def listens() -> bool:
    """Whether the server listens for other machines too."""
    address = str(st.get_option("server.address") or "")
    return not (is_loopback(address) or address.startswith("unix:"))


def is_loopback(host: str) -> bool:
    """Whether a host name or address means the machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def hosts() -> list[str]:
    """What students can type as the host, the likeliest first; empty without a network."""
    for option in ("browser.serverAddress", "server.address"):
        named = str(st.get_option(option) or "")
        if is_set(option) and named not in EVERYWHERE and not is_loopback(named):
            return [named]
    return [one.address for one in interfaces()]


def join_address(host: str, path: str = "", params: Mapping[str, str] | None = None) -> str:
    """The address that opens this server from another machine.

    Args:
        host: one of `hosts()`.
        path: of a page, such as "lesson".
        params: of the page. Left out if the address would get too long for a code that is seen from afar.
    """
    port = st.get_option("browser.serverPort" if is_set("browser.serverPort") else "server.port")
    scheme = "https" if st.get_option("server.sslCertFile") or port == 443 else "http"  # a proxy's, where it is 443
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    plain = "" if port == {"http": 80, "https": 443}[scheme] else f":{port}"
    parts = [part for part in (str(st.get_option("server.baseUrlPath") or "").strip("/"), path) if part]
    address = "/".join([f"{scheme}://{shown}{plain}", *parts])
    whole = f"{address}?{urlencode(params)}" if params else address
    if len(whole) > LONGEST_LINK and params and "chapter" in params:
        whole = f"{address}?{urlencode({'chapter': params['chapter']})}"
    return whole if len(whole) <= LONGEST_LINK else address


def trusted(url: str | None) -> bool:
    """Whether browsers allow the camera on a page of this address: https, or the machine itself. Unknown counts as so.

    Source: W3C, Secure Contexts, "Is origin potentially trustworthy?".
    """
    if not url:
        return True
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def code(address: str) -> str:
    """A QR code as the `src` of a picture: an SVG, black on white with its quiet zone."""
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_data_uri(border=4, light="#ffffff", dark="#000000", omitsize=True))


def announcement() -> str:
    """What the terminal says once the server is about to answer."""
    port = st.get_option("server.port")
    if not listens():
        return f"Facespace answers at http://localhost:{port} (this computer only; for a class: make classroom)."
    here = hosts()
    if not here:
        return f"Facespace answers at http://localhost:{port}. {NO_NETWORK}"
    address = join_address(here[0])
    picture = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(out=picture, border=2, compact=True)
    lines = [picture.getvalue().rstrip("\n"), f"Join Facespace at {address}"]
    if len(here) > 1:
        lines.append(f"Other addresses of this computer: {', '.join(here[1:])} (choose with --address).")
    lines.append("Everybody in this network can open it. Stop it with Ctrl-C.")
    if not trusted(address):
        lines.append("Over plain http, browsers switch off the camera; all else works.")
    return "\n".join(lines)


def announce() -> None:
    """Print the announcement; on a terminal without block characters, without the code."""
    said = announcement()
    try:
        print(f"\n{said}\n", flush=True)
    except UnicodeEncodeError:
        print("\n".join(line for line in said.splitlines() if line.isascii()), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the app to a class; exit code 2 with one sentence where there is no network to serve it to."""
    parser = argparse.ArgumentParser(
        prog="python -m app.server.class_network",
        description="Serve Facespace to a class in the same network. Further options go to streamlit run.",
    )
    parser.add_argument("--address", type=_host, help="what students type: an address or a name of this computer")
    parser.add_argument("--port", type=int, default=8501)
    options, more = parser.parse_known_args(arguments)
    if options.address is None and not interfaces():
        print(f"error: {NO_NETWORK}", file=sys.stderr)
        return 2
    flags = ["--server.address=0.0.0.0", f"--server.port={options.port}"]
    if options.address:
        flags.append(f"--browser.serverAddress={options.address}")
    return run([str(ROOT / "streamlit_app.py"), *flags, *more])


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.\-]*|\[?[0-9A-Fa-f:]+\]?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an address or a name of a computer, such as 192.168.1.20")
    return text


if __name__ == "__main__":
    sys.exit(main())

"""Let every part of an answer go out at once.

The system would keep the second part of each answer, its body, until the browser has confirmed the first, its head:
40 ms for each of nearly two hundred files. Asyncio switches that off for sockets that say TCP of themselves.

Relies on: Streamlit binds a socket that does not say so and serves it by uvicorn with h11, whose protocol is told of
each connection by `connection_made`.
"""

from __future__ import annotations

import asyncio
import socket


def send_at_once() -> None:
    """For every connection from now on."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    begin = H11Protocol.connection_made

    def connection_made(protocol: H11Protocol, transport: asyncio.Transport) -> None:
        begin(protocol, transport)
        connected = transport.get_extra_info("socket")
        if connected is not None and connected.family in (socket.AF_INET, socket.AF_INET6):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    H11Protocol.connection_made = connection_made  # type: ignore[method-assign,assignment]

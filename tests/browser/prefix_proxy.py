"""A proxy that strips a prefix, as JupyterHub's and code-server's do: the app behind it never hears of the prefix."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PREFIX = "/user/ada/proxy/8501"


@contextmanager
def behind_a_prefix(url: str) -> Iterator[str]:
    """The address under which an app is found through the proxy."""
    behind, loop = urlsplit(url), asyncio.new_event_loop()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, strip: bool) -> None:
        while data := await reader.read(65536):
            if strip and data.startswith((b"GET ", b"POST ", b"PUT ")):
                method, path, rest = data.split(b" ", 2)
                if not path.startswith(PREFIX.encode()):
                    break  # another address of this host is not ours
                data = b" ".join((method, path[len(PREFIX) :] or b"/", rest))
            writer.write(data)
            await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        app_reader, app_writer = await asyncio.open_connection(behind.hostname, behind.port)
        await asyncio.gather(
            relay(reader, app_writer, strip=True), relay(app_reader, writer, strip=False), return_exceptions=True
        )

    thread = threading.Thread(target=loop.run_forever, daemon=True)  # this thread has Playwright's loop already
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "localhost", 0), loop).result()
    yield f"http://localhost:{server.sockets[0].getsockname()[1]}{PREFIX}/"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()

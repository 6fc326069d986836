"""What a browser may ask of Streamlit itself, beside what our pages offer.

Relies on: each binary frame of the websocket is a `BackMsg`. Any visitor could send those of Streamlit's own menu,
which our pages do not show: one clears every cache of the server, with what the class has in common and the owner's
code in it, for all; others write files beside the app or switch on what developers use.
"""

from __future__ import annotations

from collections.abc import Callable

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

NEEDED = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
ANSWERED = frozenset({"deferred_file", "dataframe_chunk"})  # of the operations: a download, a table's next rows


def passed_on(data: bytes, may_export: Callable[[], bool]) -> bytes | None:
    """The frame that Streamlit may hear in place of this one; None where it may hear nothing.

    Args:
        data: a frame; one that is no message is left to Streamlit, which closes the connection.
        may_export: asked where a file is to be made. Where it may not, the browser is told that it could not be.
    """
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return data
    kind = message.WhichOneof("type")
    if kind not in NEEDED:
        return None
    operation = message.backend_operation_request
    if kind != "backend_operation_request" or operation.WhichOneof("payload") == "dataframe_chunk":
        return data
    if operation.WhichOneof("payload") not in ANSWERED:
        return None
    if may_export():
        return data
    operation.ClearField("deferred_file")
    return message.SerializeToString()

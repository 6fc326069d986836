"""Files that visitors upload: in memory alone, and gone as soon as the app has taken them.

Relies on: an upload comes by PUT to `_stcore/upload_file/SESSION/FILE`; its copy lies with the runtime's upload manager
under its session and file id until that is told to remove it, and the manager counts their bytes; and Starlette's form
parser spools what is larger than its `spool_max_size` to a temporary file.
"""

from __future__ import annotations

import re
from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime import exists, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

PATH = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")


def files_in(value: Any) -> list[UploadedFile]:
    """The files that a box has come by.

    A quick hand can make the browser name files again that are taken out already: those have no content.
    """
    return [file for file in (value if isinstance(value, list) else [value]) if isinstance(file, UploadedFile)]


def forget(file: UploadedFile) -> None:
    """Let Streamlit's own copy of a file go."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def keep_in_memory() -> None:
    """Starlette would spool an upload above 1 MB to a temporary file while it arrives; the largest allowed fits now."""
    MultiPartParser.spool_max_size = (int(st.get_option("server.maxUploadSize")) + 1) * 1024 * 1024


def session_of(path: str) -> str | None:
    """Whose file comes by a request to this path; None where it is no upload."""
    found = PATH.search(path)
    return found.group(1) if found else None


def this_session() -> str | None:
    """The visitor whose page runs now, as `session_of` names them."""
    context = get_script_run_ctx()
    return context.session_id if context is not None else None


def bytes_not_taken() -> int:
    """Bytes of all files that have come and that no page has taken yet, of all visitors."""
    manager = get_instance().uploaded_file_mgr if exists() else None
    return int(vars(manager)["_total_bytes"]) if isinstance(manager, MemoryUploadedFileManager) else 0

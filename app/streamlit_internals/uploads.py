"""Files that visitors upload: in memory alone, and gone as soon as the app has taken them.

Relies on: an upload's copy lies with the run's upload manager under its session and file id until that is told to
remove it; and Starlette's form parser spools what is larger than its `spool_max_size` to a temporary file.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


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

"""The button *Join* of a classroom's server: address and code, large enough for a projector."""

from __future__ import annotations

import html

import streamlit as st

from app.controls.owners_code import ask_for_code
from app.server import class_network
from app.server.owner import is_owner
from app.texts import _

HIDDEN_FROM_LINKS = ("present",)  # what concerns the teacher's screen alone
STYLE = """<style>
.fs-join { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; align-items: center; justify-content: center; }
.fs-join img { flex: none; width: min(62vh, 30rem, 100%); height: auto; border-radius: 0.5rem; }
.fs-join div { flex: 1 1 18rem; }
.fs-join strong { display: block; margin: 0.25rem 0 1rem; font-size: clamp(1.4rem, 3.2vw, 2.6rem); line-height: 1.15;
  overflow-wrap: anywhere; }
.fs-join p { margin: 0 0 0.75rem; font-size: 1.15rem; line-height: 1.4; }
.st-key-join button { min-height: 2.4rem; }
div[role=dialog]:has(.fs-join) { width: min(76rem, 96vw); max-width: none; }
</style>"""


def draw_join(path: str) -> None:
    """The button in the header, where the server is open to a class; nothing else where it is not.

    Args:
        path: of the open page, as in its address.
    """
    if not class_network.is_open():
        return
    with st.container(key="join", width="content"):
        if st.button(_("Join"), icon=":material/qr_code_2:", help=_("The address and the code that open this app")):
            st.dialog(_("Join this class"), width="large")(_dialog)(path)


def _dialog(path: str) -> None:
    here = class_network.hosts()
    if not here:
        st.warning(_(class_network.NO_NETWORK))
        return
    host = here[0]
    if len(here) > 1:
        host = st.selectbox(_("Address of this computer"), here, help=_("Try another one if the first does not open."))
    shared = {name: value for name, value in st.query_params.to_dict().items() if name not in HIDDEN_FROM_LINKS}
    plain, link = class_network.join_address(host), class_network.join_address(host, path, shared)
    st.html(f"{STYLE}{_poster(plain, link)}")
    if not class_network.trusted(plain):
        words = _(
            "This is plain http, where browsers switch off the camera inside a page. Everything else works; photos "
            "come from files, and on a phone the upload box offers to take one. Nothing is encrypted on its way, so "
            "others in this network could read along: keep to pictures that they may see."
        )
        st.caption(words)
    if not is_owner():
        with st.expander(_("For the teacher")):
            words = _("With the code that the terminal shows you bring all to your page, and show what they answered.")
            st.caption(words)
            ask_for_code("teachers_code")


def _poster(plain: str, link: str) -> str:
    words = _("Scan the code, or type:") if link == plain else _("Scan the code to see this page, or type:")
    network = _("Your device has to be in the same network as the computer that runs Facespace.")
    label = html.escape(_("Code for {address}").format(address=link), quote=True)
    drawn = f'<img src="{html.escape(class_network.code(link), quote=True)}" alt="{label}">'
    return (
        f'<div class="fs-join">{drawn}<div><p>{words}</p><strong>{html.escape(plain)}</strong>'
        f"<p>{network}</p></div></div>"
    )

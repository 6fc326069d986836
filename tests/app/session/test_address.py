from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.session import address


def counting() -> None:
    """A page that follows its address and writes how often it has run into it."""
    import streamlit as st

    from app.session.address import following, set_address
    from app.session.remembered import BY_ADDRESS

    with following(dict, lambda model: (), "colouring"):
        count = st.session_state.setdefault("count", 0)
        st.session_state["count"] += 1
        st.text(f"{st.query_params.to_dict()} {st.session_state[BY_ADDRESS]}")
        set_address({"count": str(count)})


def said(app: AppTest) -> str:
    return app.text[0].value


@pytest.fixture
def visit() -> AppTest:
    """A visitor who came by a link and has done one thing more."""
    app = AppTest.from_function(counting)
    app.query_params["face"] = "7"
    app.run()
    assert said(app) == "{'face': '7'} True"
    app.run()
    assert said(app) == "{'count': '0'} False"
    return app


def at(app: AppTest, params: dict[str, str]) -> AppTest:
    app.query_params.clear()
    app.query_params.update(params)
    return app.run()


@pytest.mark.parametrize("behind", [{"face": "7"}, {"count": "0"}])
def test_an_address_that_lags_behind_the_hand_undoes_nothing(visit: AppTest, behind: dict[str, str]) -> None:
    assert said(at(visit, behind)) == "{'count': '1'} False"
    assert dict(visit.query_params) == {"count": "2"}


def test_back_to_an_address_of_ones_own_counts(visit: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "by_history", lambda: True)
    assert said(at(visit, {"count": "0"})) == "{'count': '0'} True"


def test_a_link_counts_and_so_does_an_old_address_that_the_page_was_sent_to(visit: AppTest) -> None:
    assert said(at(visit, {"face": "9"})) == "{'face': '9'} True"
    del visit.session_state[address.WRITTEN]  # as `forget_address` does where the class looks at one page
    assert said(at(visit, {"count": "1"})) == "{'count': '1'} True"


def test_only_so_many_addresses_are_kept(visit: AppTest) -> None:
    for _ in range(2 * address.KEPT):
        visit.run()
    kept = visit.session_state[address.EARLIER]
    assert len(kept) == address.KEPT
    assert kept[-1] == {"count": str(2 * address.KEPT)}


def cut_short_once() -> None:
    """A page that follows its address; the browser's next run of the same address cuts its first one short."""
    import streamlit as st
    from streamlit.proto.WidgetStates_pb2 import WidgetStates
    from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

    from app.session.address import following
    from app.session.remembered import BY_ADDRESS

    with following(dict, lambda model: (), "colouring"):
        kind = st.session_state.pop("cut", None)
        if kind is not None:
            states = WidgetStates() if kind == "by the browser" else None
            context = get_script_run_ctx()
            assert context is not None
            raise RerunException(RerunData(query_string=context.query_string, widget_states=states))
        st.text(f"{st.query_params.to_dict()} {st.session_state[BY_ADDRESS]}")


@pytest.mark.parametrize(("cut", "again"), [("by the browser", True), ("by the page", False)])
def test_what_a_run_that_was_cut_short_had_to_follow_is_left_to_the_next_one(cut: str, again: bool) -> None:
    app = AppTest.from_function(cut_short_once)
    app.query_params["face"] = "7"
    app.session_state["cut"] = cut
    app.run()
    assert said(app) == f"{{'face': '7'}} {again}"
    app.run()
    assert said(app) == "{'face': '7'} False"


def in_hand() -> None:
    """A page with a widget and a state of its own, both by the address; an act of the hand cuts its run short."""
    import streamlit as st
    from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
    from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

    from app.session.address import following
    from app.session.remembered import follows, remember, took_over

    with following(dict, lambda model: (), "colouring"):
        if follows("own"):
            st.session_state["own"] = st.query_params["own"]
            took_over("own")
        remember("number", 0, int(st.query_params.get("number", 0)))
        st.number_input("Number", key="number")
        if (widget := st.session_state.pop("moved", None)) is not None:
            st.session_state["own"] = "hand"  # as a callback does before the next run
            context = get_script_run_ctx()
            assert context is not None
            states = WidgetStates(widgets=[WidgetState(id=widget, int_value=7)])
            raise RerunException(RerunData(query_string=context.query_string, widget_states=states))
        remember("below", 0, int(st.query_params.get("below", 0)))
        st.text(str([st.session_state.get(key) for key in ("own", "number", "below")]))


def test_what_the_hand_does_before_the_address_is_followed_to_the_end_counts() -> None:
    app = AppTest.from_function(in_hand).run()
    app.session_state["moved"] = app.number_input[0].id
    assert said(at(app, {"own": "link", "number": "3", "below": "4"})) == "['hand', 7, 4]"
    assert said(at(app, {"own": "next", "number": "5", "below": "6"})) == "['next', 5, 6]"

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

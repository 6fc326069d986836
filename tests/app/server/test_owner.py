"""Who may change files: whoever has the code, and who sits at a computer whose server listens for nobody else."""

from types import SimpleNamespace

import pytest
import streamlit as st

from app.server import owner

HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(owner, "code", lambda: "the right code")
    monkeypatch.delenv(owner.SETTING, raising=False)
    owner.limiter.storage.reset()


def visit(monkeypatch, address="localhost", ip_address=None, framed=False, **headers):
    """A visitor whose websocket came with these headers to a server that listens at `address`."""
    found = SimpleNamespace(to_dict=lambda: {**HERE, **{k.replace("_", "-"): v for k, v in headers.items()}})
    monkeypatch.setattr(st, "get_option", {"server.address": address}.get)
    monkeypatch.setattr(owner.st, "context", SimpleNamespace(headers=found, ip_address=ip_address, is_embedded=framed))


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
def test_who_sits_at_the_computer_of_a_server_for_nobody_else_is_the_owner(monkeypatch, address, host):
    visit(monkeypatch, address, Host=host, Origin=f"http://{host}")
    assert owner.is_owner()


@pytest.mark.parametrize("address", ["0.0.0.0", "", "192.168.1.20", "unix:/run/facespace.sock", None])
def test_a_server_that_others_can_reach_asks_everybody_for_the_code(monkeypatch, address):
    visit(monkeypatch, address)
    assert not owner.is_owner()


@pytest.mark.parametrize(
    "header",
    ["X_Forwarded_For", "x_forwarded_proto", "X_Forwarded_Host", "Forwarded", "X_Real_IP", "Via", "CF_Connecting_IP"],
)
def test_who_comes_through_a_proxy_or_a_tunnel_on_the_same_computer_is_not(monkeypatch, header):
    visit(monkeypatch, **{header: "127.0.0.1"})
    assert not owner.is_owner()


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("facespace.example:8501", "http://facespace.example:8501"),  # a name that was made to lead here
        ("localhost:8501", "https://elsewhere.example"),  # another site's page, or a proxy that names no client
        ("localhost:8501", "http://localhost:9000"),  # another server's page
        ("localhost:8501", "null"),
        ("localhost:8501", ""),
        ("", ""),
    ],
)
def test_a_page_of_another_place_is_not(monkeypatch, host, origin):
    visit(monkeypatch, Host=host, Origin=origin)
    assert not owner.is_owner()


def test_another_address_than_the_computers_own_is_not(monkeypatch):
    visit(monkeypatch, ip_address="172.17.0.1")
    assert not owner.is_owner()


def test_the_code_makes_an_owner_of_anybody_and_another_one_does_not(monkeypatch):
    visit(monkeypatch, "0.0.0.0", ip_address="192.168.1.7")
    for wrong in ("", "the wrong code", "der falsche Schl\u00fcssel"):
        assert owner.prove(wrong) == owner.NOT_THE_CODE
        assert not owner.is_owner()
    assert owner.prove(" the right code\n") is None
    assert owner.is_owner()


def test_a_page_in_somebodys_frame_is_not_and_stays_so_after_a_step_to_another_page(monkeypatch):
    visit(monkeypatch, framed=True)
    assert not owner.is_owner()
    visit(monkeypatch)
    assert not owner.is_owner()
    assert owner.prove("the right code") is None
    assert owner.is_owner()


def test_codes_cannot_be_tried_without_end(monkeypatch):
    visit(monkeypatch, "0.0.0.0")
    assert [owner.prove(f"wrong {number}") for number in range(60)] == [owner.NOT_THE_CODE] * 60
    assert owner.prove("the right code") == owner.TOO_OFTEN
    assert not owner.is_owner()


def test_a_code_of_few_characters_opens_nothing(monkeypatch):
    monkeypatch.setattr(owner, "code", lambda: "short")
    monkeypatch.setenv(owner.SETTING, "short")
    assert owner.prove("short") == owner.NOT_THE_CODE
    assert "opens nothing" in owner.announcement()


def test_the_terminal_shows_a_code_that_was_made_and_keeps_one_that_was_chosen(monkeypatch):
    assert "the right code" in owner.announcement()
    monkeypatch.setenv(owner.SETTING, "the right code")
    assert "the right code" not in owner.announcement()

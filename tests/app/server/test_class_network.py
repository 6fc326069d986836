from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from app.server import class_network
from app.server.class_network import Interface
from tests.conftest import PATIENCE


@pytest.fixture
def options(monkeypatch):
    """Set options of the server for one test, as the command line would."""
    said: dict[str, object] = {"server.address": "0.0.0.0", "server.port": 8501}
    monkeypatch.setattr(st, "get_option", said.get)
    monkeypatch.setattr(config, "is_manually_set", lambda name: name in said)
    return said


@pytest.fixture
def wifi(monkeypatch):
    monkeypatch.setattr(class_network, "interfaces", lambda: [Interface("wlan0", "192.168.1.20", True)])


def test_a_real_network_comes_before_a_vpn_and_a_bridge_and_the_machine_itself_is_left_out():
    found = [
        Interface("lo", "127.0.0.1"),
        Interface("docker0", "172.17.0.1"),
        Interface("tun0", "10.8.0.2", default=True),
        Interface("eth1", "169.254.3.4"),
        Interface("eth0", "10.0.0.5"),
        Interface("wlan0", "192.168.1.20", default=True),
    ]
    names = [one.name for one in class_network.ranked(found)]
    assert names[:3] == ["wlan0", "eth0", "eth1"]
    assert "lo" not in names


@pytest.mark.parametrize(
    ("address", "answer"), [("0.0.0.0", True), ("", True), ("192.168.1.20", True), ("localhost", False), ("::1", False)]
)
def test_whether_others_can_reach_the_server(options, address, answer):
    options["server.address"] = address
    assert class_network.is_open() is answer


def test_the_address_to_type_is_the_one_named_else_this_machines_own(options, wifi):
    assert class_network.hosts() == ["192.168.1.20"]
    options["browser.serverAddress"] = "teacher.local"
    assert class_network.hosts() == ["teacher.local"]
    assert class_network.join_address("teacher.local") == "http://teacher.local:8501"
    options |= {"server.sslCertFile": "cert.pem", "server.port": 443, "server.baseUrlPath": "/faces/"}
    assert class_network.join_address("teacher.local", "lesson", {"chapter": "prior"}) == (
        "https://teacher.local/faces/lesson?chapter=prior"
    )
    options |= {"server.sslCertFile": None, "server.port": 8501, "browser.serverPort": 443}  # behind a proxy with https
    assert class_network.join_address("teacher.local") == "https://teacher.local/faces"


def test_a_long_address_keeps_the_chapter_and_gives_up_the_rest(options):
    params = {"chapter": "prior", "z": "A" * 700}
    assert class_network.join_address("10.0.0.5", "lesson", params) == "http://10.0.0.5:8501/lesson?chapter=prior"
    assert class_network.join_address("10.0.0.5", "", {"z": "A" * 700}) == "http://10.0.0.5:8501"


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("http://192.168.1.20:8501/your-face", False),
        ("http://localhost:8501", True),
        ("http://127.0.0.1:8501", True),
        ("http://[::1]:8501", True),
        ("https://192.168.1.20", True),
        (None, True),
    ],
)
def test_where_browsers_allow_the_camera(url, answer):
    assert class_network.trusted(url) is answer


def test_the_code_is_a_square_svg_with_a_quiet_zone():
    svg = unquote(class_network.code("http://192.168.1.20:8501"))
    assert svg.startswith("data:image/svg+xml")
    side = re.search(r"viewBox='0 0 (\d+) (\d+)'|viewBox=\"0 0 (\d+) (\d+)\"", svg)
    assert side is not None
    sizes = {int(number) for number in side.groups() if number}
    assert len(sizes) == 1
    assert (sizes.pop() - 8 - 17) % 4 == 0  # four modules of quiet on each side of a version's 17 + 4 v


def test_the_terminal_says_how_to_join_and_what_is_off(options, wifi):
    said = class_network.announcement()
    assert "http://192.168.1.20:8501" in said
    assert "camera" in said
    options["server.address"] = "localhost"
    assert "make classroom" in class_network.announcement()
    assert "192.168" not in class_network.announcement()


def test_without_a_network_there_is_a_sentence(options, monkeypatch, capsys):
    monkeypatch.setattr(class_network, "interfaces", list)
    assert class_network.main([]) == 2
    assert "Join a network" in capsys.readouterr().err
    assert "Join a network" in class_network.announcement()


def test_a_name_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        class_network.main(["--address", "http://x y"])
    assert "is not an address or a name" in capsys.readouterr().err


def test_the_dialog_shows_the_address_only_where_the_server_is_open(options, wifi):
    page = AppTest.from_string(
        "from app.controls.join_class import draw_join\ndraw_join('lesson')\n", default_timeout=PATIENCE
    )
    page.run().button[0].click().run()
    assert not page.exception
    assert "http://192.168.1.20:8501" in page.get("html")[0].proto.body
    assert "plain http" in page.caption[0].value
    options["server.address"] = "localhost"
    assert not page.run().button

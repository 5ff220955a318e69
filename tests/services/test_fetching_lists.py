"""Fetching a list of activities: from the hosts that were named, over a connection that is checked, and not for ever."""

import json
import socket
import zlib

import pytest

from app.errors import Invalid
from app.services import offer_lists
from app.services.offer_lists import fetching
from app.services.offer_lists.reading import Unreadable
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from tests.activity_lists import event

UIT = OfferListKind.UITDATABANK


class Near(socket.socket):
    """Our end of a connection, of which the handshake is over at once."""

    def do_handshake(self):
        pass


@pytest.fixture
def server(monkeypatch):
    """Makes the next connection give an answer; returns what was asked of it."""
    told, (near, far) = {}, socket.socketpair()
    near_and_far = Near(fileno=near.detach()), far

    def wrap(_context, plain, server_hostname, do_handshake_on_connect):
        told["named"], told["at_once"] = server_hostname, do_handshake_on_connect
        return plain

    def connect(address, _wait):
        told["connected"] = address
        return near_and_far[0]

    def give(answer):
        near_and_far[1].sendall(answer)
        near_and_far[1].shutdown(socket.SHUT_WR)
        return told

    monkeypatch.setattr(fetching.socket, "create_connection", connect)
    monkeypatch.setattr(fetching.ssl.SSLContext, "wrap_socket", wrap)
    yield give
    for end in near_and_far:
        end.close()


class TestFetching:
    @pytest.mark.parametrize(
        "address",
        ["", "http://feed.example/x", "https://other.example/x", "https://feed.example:8443/x", "https://me@feed.example/x", "https://feed.example@other.example/", "https://feed.example.other.example/", "https://feed.example\\@other.example/", "https://feed.example/ x", "ftp://feed.example/", "//feed.example/", "https://[::1]/", "https://feed.example:x/", "https://feed.éxample/", "https://feed.example/" + "x" * 1000, "file:///etc/passwd", "https://127.0.0.1/"],
    )  # fmt: skip
    def test_nothing_else_is_fetched(self, desk, address):
        asked = []
        with pytest.raises(Unreadable, match="not_allowed"):
            fetching.fetch(
                address,
                {"feed.example"},
                resolve=lambda host: asked.append(host) or ["93.184.216.34"],
                going_on=list,
            )
        assert asked == []
        with pytest.raises(Invalid):
            offer_lists.keep_list(
                desk.actor,
                organisation_id=desk.house.id,
                kind=UIT,
                data=None,
                address=address,
                hosts={"feed.example"},
            )

    @pytest.mark.parametrize(
        "found",
        [
            ["127.0.0.1"],
            ["10.0.0.1"],
            ["169.254.169.254"],
            ["::1"],
            ["fe80::1%eth0"],
            ["93.184.216.34", "192.168.1.1"],
            ["::ffff:127.0.0.1"],
            [],
        ],
    )
    def test_no_machine_of_our_own_network(self, monkeypatch, found):
        monkeypatch.setattr(fetching.socket, "create_connection", lambda *_a: pytest.fail("connected"))
        with pytest.raises(Unreadable, match="not_allowed"):
            fetching.fetch(
                "https://feed.example/x", {"feed.example"}, resolve=lambda _host: found, going_on=list
            )

    def test_a_name_that_is_not_there(self):
        def resolve(_host):
            raise OSError

        with pytest.raises(Unreadable, match="unreachable"):
            fetching.fetch("https://feed.example/x", {"feed.example"}, resolve=resolve, going_on=list)

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", b"[]"), (b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n", "moved"),
            (b"HTTP/1.1 500 X\r\n\r\n", "unreachable"), (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx", "unreachable"), (b"nonsense", "unreachable"), (b"", "unreachable"),
            (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200, "too_large"), (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nx", "unreachable"),
        ],
    )  # fmt: skip
    def test_what_may_come_back(self, monkeypatch, server, answer, outcome):
        monkeypatch.setattr(fetching, "LARGEST", 100)
        sent = server(answer)
        try:
            found = fetching.fetch(
                "https://feed.example/list?key=secret",
                {"feed.example"},
                resolve=lambda _host: ["93.184.216.34"],
                going_on=list,
            )
        except Unreadable as refusal:
            found = refusal.code
        assert found == outcome
        assert sent["connected"] == ("93.184.216.34", 443)
        assert sent["named"] == "feed.example"

    def test_not_for_ever(self, monkeypatch, server):
        monkeypatch.setattr(fetching, "SECONDS", -1.0)
        server(b"HTTP/1.1 200 OK\r\n\r\nxx")
        with pytest.raises(Unreadable, match="unreachable"):
            fetching.fetch(
                "https://feed.example/",
                {"feed.example"},
                resolve=lambda _host: ["93.184.216.34"],
                going_on=list,
            )

    def test_an_address_is_kept_without_its_key(self, desk, monkeypatch):
        asked = []
        monkeypatch.setattr(
            offer_lists,
            "fetch",
            lambda address, hosts, going_on: (
                asked.append((address, going_on())) or json.dumps([event(1)]).encode()
            ),
        )
        key = offer_lists.keep_list(
            desk.actor,
            organisation_id=desk.house.id,
            kind=UIT,
            data=None,
            address="https://feed.example/e?key=secret",
            hosts={"feed.example"},
        )
        kept = desk.kept(key)
        assert (kept.state, kept.address, asked[0][0]) == (
            OfferListState.READY,
            "https://feed.example/e",
            "https://feed.example/e?key=secret",
        )
        assert b"secret" not in zlib.decompress(kept.content)

    def test_the_setting_is_a_list_of_hosts(self):
        assert fetching.hosts_of("") == frozenset()
        assert fetching.hosts_of(" A.example, b.example ") == {"a.example", "b.example"}

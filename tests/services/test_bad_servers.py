"""Servers of lists of activities that hold on for ever, break off or talk nonsense, and machines that are never asked."""

import socket
import threading
from contextlib import suppress
from time import monotonic

import pytest

from app.services import offer_lists
from app.services.offer_lists import fetching
from app.services.offer_lists.reading import Unreadable
from app.vocabulary.offer_lists import OfferListKind, OfferListState

UIT = OfferListKind.UITDATABANK


class Far:
    """A server at the other end of a socket that does what a test says, in a thread of its own."""

    def __init__(self, monkeypatch, act):
        near, self.far = socket.socketpair()

        class Near(socket.socket):
            def do_handshake(self):
                pass

        self.near = Near(fileno=near.detach())
        self.near.settimeout(5)
        monkeypatch.setattr(fetching.socket, "create_connection", lambda *_a: self.near)
        monkeypatch.setattr(fetching.ssl.SSLContext, "wrap_socket", lambda _c, plain, **_more: plain)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(act,))
        self.thread.start()

    def _run(self, act):
        with suppress(OSError):
            act(self.far, self.over)

    def close(self):
        self.over.set()
        self.far.close()
        self.thread.join()
        self.near.close()


def drip(letters):
    """Sends a letter at a time, for ever."""

    def act(far, over):
        far.sendall(letters[:1])
        while not over.wait(0.02):
            far.sendall(letters[1:2])

    return act


def say(answer):
    def act(far, over):
        far.sendall(answer)
        far.shutdown(socket.SHUT_WR)

    return act


HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


class TestFetching:
    def fetch(self):
        return fetching.fetch(
            "https://feed.example/x", {"feed.example"}, resolve=lambda _host: ["93.184.216.34"], going_on=list
        )

    @pytest.mark.parametrize("letters", [b"HX", b"\r\n"], ids=["in the headers", "before them"])
    def test_a_letter_at_a_time_comes_to_an_end(self, monkeypatch, letters):
        monkeypatch.setattr(fetching, "SECONDS", 0.2)
        far = Far(monkeypatch, drip(letters))
        began = monotonic()
        with pytest.raises(Unreadable, match="unreachable"):
            self.fetch()
        assert monotonic() - began < 4
        far.close()

    def test_a_body_without_end_comes_to_an_end(self, monkeypatch):
        monkeypatch.setattr(fetching, "LARGEST", 10_000)

        def act(far, over):
            far.sendall(HEADERS + b"\r\n")
            while not over.is_set():
                far.sendall(b"x" * 4096)

        far = Far(monkeypatch, act)
        with pytest.raises(Unreadable, match="too_large"):
            self.fetch()
        far.close()

    @pytest.mark.parametrize(
        "answer",
        [
            HEADERS + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nab",
            HEADERS + b"Content-Length: 5000\r\n\r\n[{}",
            HEADERS + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000,
            b"HTTP/1.1 204 Nothing\r\n\r\n",
            b"HTTP/1.1 307 X\r\nLocation: https://feed.example/y\r\n\r\n"[:40],
        ],
    )
    def test_what_is_cut_off_or_nonsense_is_no_list(self, monkeypatch, answer):
        far = Far(monkeypatch, say(answer))
        with pytest.raises(Unreadable):
            self.fetch()
        far.close()

    def test_a_page_instead_of_a_list_is_refused_by_what_is_in_it(self, monkeypatch, desk):
        far = Far(monkeypatch, say(HEADERS + b"\r\n<html>Log in</html>"))
        whole = fetching.fetch

        def fetch(address, hosts, going_on):
            return whole(address, hosts, resolve=lambda _host: ["93.184.216.34"], going_on=going_on)

        monkeypatch.setattr(offer_lists, "fetch", fetch)
        monkeypatch.setattr("app.jobs.hosts_of", lambda _setting: {"feed.example"})
        key = offer_lists.keep_list(
            desk.actor, organisation_id=desk.house.id, kind=UIT, data=None, address="https://feed.example/x",
            hosts={"feed.example"},
        )  # fmt: skip
        far.close()
        assert (desk.kept(key).state, desk.kept(key).failure) == (OfferListState.FAILED, "no_json")

    @pytest.mark.parametrize(
        ("address", "public"),
        [
            ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
            ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False), ("::1", False),
            ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False),
            ("64:ff9b::5db8:d822", True), ("2002:7f00:1::", False), ("ff02::1", False),
        ],
    )  # fmt: skip
    def test_only_machines_with_a_public_address(self, address, public):
        assert fetching.is_public(address) is public

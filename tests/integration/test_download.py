"""A large message leaves piece by piece, and only as long as its reader may
read it: with a real server, a real socket and a reader who takes their time.
"""

import http.client
import secrets
import socket
import time

import pytest

import test_intake as intake_tests
import test_write as desk
from harness import wait_until
from scene import with_file

mediator = intake_tests.mediator
MIB = 1 << 20
SIZE = 12 * MIB


@pytest.fixture(scope="module")
def office(template):
    yield from intake_tests.begun(template)


@pytest.fixture(scope="module")
def second(office):
    return desk.login(office, "mediator2")


class Large(intake_tests.Case):
    """A case with an attachment of many pieces."""

    def __init__(self, office, browser):
        self.office, self.browser, self.company = office, browser, None
        self.data = secrets.token_bytes(SIZE)
        self.addr = f"{desk.mark()}@consumidora.example"
        self.raw = with_file(self.addr, self.data, "scan.pdf")
        told, self.item, self.id = desk.take(office, self.raw)
        assert told["outcome"] == "created", told
        self.path = f"/cases/{told['protocol']}"
        self.file = f"{self.path}/items/{desk.hexes(self.item)}"
        self.does("open")


@pytest.fixture(scope="module")
def large(office, mediator):
    return Large(office, mediator)


class Reader:
    """Takes as much as it is told to; straight from the server's socket, so
    that nothing lies in between."""

    def __init__(self, office, browser, path):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(20)
        self.line.connect(office.server.socket)
        cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
        self.line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {office.server.host}\r\n"
            f"Cookie: {cookies}\r\n\r\n".encode())
        self.answer = http.client.HTTPResponse(self.line)
        self.answer.begin()

    def take(self, size):
        got = b""
        while len(got) < size:
            piece = self.answer.read(min(65536, size - len(got)))
            if not piece:
                break
            got += piece
        return got

    def rest(self):
        """(octets, did it end as it should?)"""
        got = b""
        try:
            while piece := self.answer.read(65536):
                got += piece
            return got, True
        except http.client.IncompleteRead as cut:
            return got + cut.partial, False
        except (ConnectionError, ValueError):
            return got, False

    def close(self):
        self.line.close()


def test_it_arrives_octet_for_octet(mediator, large):
    page = mediator.get(f"{large.file}/raw")
    assert page.status == 200 and page.body == large.raw
    page = mediator.get(f"{large.file}/parts/0")
    assert page.status == 200 and page.body == large.data
    assert "scan.pdf" in page.headers["Content-Disposition"]
    assert page.headers["Cache-Control"] == "no-store"
    assert mediator.get(f"{large.file}/parts/1").status == 404


def test_a_small_one_says_how_long_it_is(office, mediator):
    case = intake_tests.Case(office, mediator)
    page = mediator.get(f"{case.path}/items/{desk.hexes(case.item)}/raw")
    assert int(page.headers["Content-Length"]) == len(page.body) > 100


def memory_of(office):
    with open(f"/proc/{office.server.process.pid}/status",
              encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["VmRSS"].split()[0]) * 1024


def test_many_at_once_take_little_memory(office, mediator, large):
    readers = [Reader(office, mediator, f"{large.file}/raw")
               for _ in range(6)]
    before = memory_of(office)
    try:
        for reader in readers:
            assert len(reader.take(3 * MIB)) == 3 * MIB
        assert memory_of(office) - before < 6 * SIZE / 2
    finally:
        for reader in readers:
            reader.close()


def lose_by_recusal(office, browser, case):
    assert desk.act(browser, case.path, "conflict").status == 303


def lose_by_logout(office, browser, case):
    page = browser.get("/")
    browser.post("/logout", **page.form("/logout"))
    browser.cookies.clear()


@pytest.mark.parametrize("what", ["raw", "parts/0"])
@pytest.mark.parametrize("lose", [lose_by_recusal, lose_by_logout])
def test_whoever_may_no_longer_read_gets_no_more_of_it(office, mediator, lose,
                                                       what):
    case = Large(office, mediator)
    second = desk.login(office, "mediator2")
    reader = Reader(office, second, f"{case.file}/{what}")
    whole = case.raw if what == "raw" else case.data
    try:
        got = reader.take(2 * MIB)
        assert got == whole[:2 * MIB]
        lose(office, second, case)
        lost_at = time.monotonic()
        # Its reader takes all that comes, but not before the second is over.
        wait_until("the second is over",
                   lambda: time.monotonic() - lost_at > 1.1, 5, 0.05)
        more, ended = reader.rest()
        assert not ended
        assert len(got) + len(more) < 2 * MIB + 2 * MIB < SIZE
        assert whole.startswith(got + more)
    finally:
        reader.close()
    # Whoever may goes on.
    if what == "raw":
        assert mediator.get(f"{case.file}/{what}").body == whole


def test_a_new_key_does_not_disturb_whoever_holds_it(office, mediator, large):
    """The bulk is not sealed anew, and the holder keeps a grant."""
    reader = Reader(office, mediator, f"{large.file}/raw")
    try:
        got = reader.take(2 * MIB)
        office.query("UPDATE case_file SET rekey_due = true WHERE id = %s",
                     large.id)
        assert mediator.get(large.path).status == 200
        assert large.column("rekey_due") is False
        began = time.monotonic()
        wait_until("it is asked again",
                   lambda: time.monotonic() - began > 1.1, 5, 0.05)
        more, ended = reader.rest()
        assert ended and got + more == large.raw
    finally:
        reader.close()


def test_a_piece_that_is_missing_cuts_it(office, mediator):
    case = Large(office, mediator)
    office.query("DELETE FROM chunk WHERE item = %s AND n = 9", case.item)
    reader = Reader(office, mediator, f"{case.file}/raw")
    try:
        got, ended = reader.rest()
        assert not ended and case.raw.startswith(got)
    finally:
        reader.close()

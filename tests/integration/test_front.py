"""nginx as we ship it: what reaches the server, and what is written down."""

import os
import socket
import socketserver
import subprocess
import threading
import time

import pytest

import harness
from harness import raw_http, read_to_end
from ouvoffice import nginx, process


class FakeServer(socketserver.ThreadingUnixStreamServer):
    """Notes each request's head and length of body, and says ok."""

    daemon_threads = True

    def __init__(self, path):
        self.requests = []
        super().__init__(path, FakeServerSession)
        os.chmod(path, 0o666)
        threading.Thread(target=self.serve_forever, args=(0.02,),
                         daemon=True).start()


class FakeServerSession(socketserver.StreamRequestHandler):
    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        fields = dict(
            line.split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        length = int(fields.get(b"Content-Length", 0))
        body = self.rfile.read(length)
        self.server.requests.append((head, fields, len(body)))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                         b"Content-Security-Policy: ours\r\n\r\nok")


@pytest.fixture
def upstream(folder):
    server = FakeServer(folder / "up.sock")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def front(folder, upstream):
    server = harness.Nginx(folder, f"unix:{folder / 'up.sock'}")
    try:
        server.begin()
        yield server
    finally:
        server.stop()


def ask(front, first, *fields, body=b""):
    """One request with our Host and the fields given; (status, all)."""
    lines = [first, f"Host: 127.0.0.1:{front.port}", "Connection: close",
             *fields, "", ""]
    answer = raw_http(front.port, "\r\n".join(lines).encode("latin-1") + body)
    return int(answer.split(b" ", 2)[1]), answer


def test_the_server_sees_our_host_and_our_forwarded_for(front, upstream):
    status, _ = ask(front, "GET /cases HTTP/1.1", "X-Forwarded-For: 9.9.9.9",
                    "X-Real-IP: 9.9.9.9", "Forwarded: for=9.9.9.9",
                    "X-Forwarded-Host: evil.example")
    assert status == 200
    head, fields, _ = upstream.requests[0]
    assert fields[b"Host"] == f"127.0.0.1:{front.port}".encode()
    assert fields[b"X-Forwarded-For"] == b"127.0.0.1"
    assert b"9.9.9.9" not in head and b"evil" not in head


def test_another_host_never_reaches_the_server_under_its_name(
        front, upstream):
    raw_http(front.port, b"GET / HTTP/1.1\r\nHost: evil.example\r\n"
             b"Connection: close\r\n\r\n")
    assert all(fields[b"Host"] == f"127.0.0.1:{front.port}".encode()
               for _, fields, _ in upstream.requests)


def test_figures_are_asked_for_in_nobody_elses_name(front, upstream):
    assert ask(front, "GET /metrics HTTP/1.1",
               "X-Forwarded-For: 9.9.9.9")[0] == 200
    _, fields, _ = upstream.requests[0]
    assert b"X-Forwarded-For" not in fields
    assert fields[b"Host"] == f"127.0.0.1:{front.port}".encode()


def test_localhost_is_sent_to_the_name_that_sessions_know(front):
    answer = raw_http(
        front.port, f"GET /cases?q=1 HTTP/1.1\r\nHost: localhost:{front.port}"
        "\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 308")
    assert f"Location: http://127.0.0.1:{front.port}/cases?q=1".encode() \
        in answer


def ask_view(front, path, method="GET", *fields):
    """Of the second name; (status, all)."""
    answer = raw_http(front.port, "\r\n".join([
        f"{method} {path} HTTP/1.1", f"Host: view.localhost:{front.port}",
        "Connection: close", *fields, "", ""]).encode())
    return int(answer.split(b" ", 2)[1]), answer


VIEW = "/view/" + 26 * "a"


def test_the_second_name_hands_on_one_sort_of_address(front, upstream):
    assert ask_view(front, VIEW)[0] == 200
    for path in ("/", "/login", "/cases", "/static/style.css", "/healthz",
                 "/metrics", "/view/", VIEW + "a", VIEW[:-1], VIEW + "/a",
                 VIEW.upper(), VIEW[:-1] + "1"):
        status, answer = ask_view(front, path)
        assert status == 404, path
        assert b"Content-Security-Policy: sandbox" in answer
    for method in ("HEAD", "POST", "PUT"):
        assert ask_view(front, VIEW, method,
                        "Content-Length: 0")[0] == 405
    assert len(upstream.requests) == 1


def test_the_second_name_hands_on_no_cookie(front, upstream):
    ask_view(front, VIEW, "GET", "Cookie: ouv=SECRET", "Referer: http://x/",
             "X-Forwarded-For: 9.9.9.9")
    head, fields, _ = upstream.requests[0]
    assert fields[b"Host"] == f"view.localhost:{front.port}".encode()
    assert fields[b"X-Forwarded-For"] == b"127.0.0.1"
    assert b"SECRET" not in head and b"Referer" not in head


HOSTILE = {
    "TRACE / HTTP/1.1": [],
    "PUT / HTTP/1.1": [],
    "get / HTTP/1.1": [],
    "GET /%00 HTTP/1.1": [],
    "GET / HTTP/1.1": ["X-A: 1", " folded"],
    "GET /a HTTP/1.1": ["Name : space before colon"],
    "POST /a HTTP/1.1": ["Content-Length: 1", "Content-Length: 2"],
    "POST /b HTTP/1.1": ["Content-Length: 5", "Transfer-Encoding: chunked"],
    "POST /c HTTP/1.1": ["Transfer-Encoding: xchunked"],
    "GET /b HTTP/1.1": ["Host: second.example"],
    "GET /" + "a" * 40000 + " HTTP/1.1": [],
    "GET /c HTTP/1.1": ["X-Big: " + "a" * 40000],
    "NONSENSE": [],
}


@pytest.mark.parametrize("first", HOSTILE, ids=lambda line: line[:18])
def test_hostile_requests_stop_at_the_proxy(front, upstream, first):
    status, answer = ask(front, first, *HOSTILE[first], body=b"abcde")
    assert 400 <= status < 600 and status != 503
    assert upstream.requests == []
    assert b"Content-Security-Policy: default-src 'none'" in answer
    assert b"X-Content-Type-Options: nosniff" in answer


def test_a_body_is_bounded_and_a_letter_may_be_larger(front, upstream):
    def post(path, size):
        return ask(front, f"POST {path} HTTP/1.1", f"Content-Length: {size}",
                   body=b"x" * size)[0]

    assert post("/cases/1/note", 1 << 20) == 200
    assert post("/cases/1/note", (1 << 20) + 1) == 413
    assert post("/letters/new", 30 << 20) == 200
    assert post("/letters/new", (30 << 20) + 1) == 413
    assert [size for _, _, size in upstream.requests] == [1 << 20, 30 << 20]


def test_bodies_lie_on_no_disk(front, upstream, folder):
    """A body twice the size of nginx's usual buffer, watched on its way."""
    size = 20 << 20
    with socket.create_connection(("127.0.0.1", front.port), 20) as line:
        line.sendall(f"POST /letters/new HTTP/1.1\r\nHost: 127.0.0.1:"
                     f"{front.port}\r\nConnection: close\r\n"
                     f"Content-Length: {size}\r\n\r\n".encode())
        line.sendall(b"x" * (size - 1))
        workers = [pid for pid in os.listdir("/proc") if pid.isdigit()
                   and process.command_line(pid).startswith("nginx: worker")
                   and parent(pid) == front.process.pid]
        assert workers
        for pid in workers:
            for handle in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{handle}")
                assert "/body/" not in target and "/proxy/" not in target
        line.sendall(b"x")
        assert read_to_end(line).startswith(b"HTTP/1.1 200")


def parent(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def test_no_link_and_no_code_reaches_a_log(front, upstream, folder):
    for path in ("/p/SECRET1", "/t?code=SECRET2", "/t/SECRET3", "//p/SECRET4",
                 "/%70/SECRET5", "/P/SECRET6", "/view/SECRET7",
                 "/cases?q=SECRET8", "/./p/SECRET9"):
        ask(front, f"GET {path} HTTP/1.1", "Referer: http://x/p/SECRET0",
            "User-Agent: SECRETA", "Cookie: SECRETB")
    upstream.shutdown()
    upstream.server_close()
    os.unlink(folder / "up.sock")
    assert ask(front, "GET /p/SECRETC HTTP/1.1")[0] == 503
    assert ask(front, "GET /p/SECRETD%00 HTTP/1.1")[0] == 400
    ask(front, "GET /cases/7 HTTP/1.1")
    front.stop()
    with open(front.access_log) as source:
        access = source.read()
    with open(folder / "nginx.log") as source:
        errors = source.read()
    assert "GET /cases/7 503" in access and "GET /p/- 200" in access
    assert "SECRET" not in access + errors
    assert not any("127.0.0.1" in line for line in access.splitlines()
                   if " /p/-" in line or " /t/-" in line)


def test_an_absent_server_is_a_503_that_says_when_to_try_again(
        front, upstream, folder):
    upstream.shutdown()
    upstream.server_close()
    os.unlink(folder / "up.sock")
    status, answer = ask(front, "GET / HTTP/1.1")
    assert status == 503 and b"Retry-After: 10" in answer
    assert "Temporarily unavailable" in answer.decode()


def test_a_header_that_drips_is_cut_off(front):
    begin = time.monotonic()
    with socket.create_connection(("127.0.0.1", front.port), 20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        line.settimeout(1.5)
        while time.monotonic() - begin < 30:
            try:
                line.sendall(b"x")
                if line.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert time.monotonic() - begin < 20


def test_too_many_requests_are_refused(folder, upstream):
    server = harness.Nginx(folder, f"unix:{folder / 'up.sock'}", rate=1,
                           burst=3)
    server.begin()
    try:
        codes = [ask(server, "GET / HTTP/1.1")[0] for _ in range(8)]
    finally:
        server.stop()
    assert codes.count(200) in (4, 5) and codes[-1] == 429


def test_the_shipped_configuration_is_accepted_as_it_is(folder):
    """With certificates made for it, and nothing else changed but the folders
    that need rights."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-subj",
         "/CN=ouvidoria.example", "-keyout", key, "-out", certificate],
        check=True, stderr=subprocess.DEVNULL)
    with open(nginx.SAMPLE) as source:
        text = source.read()
    for old, new in (("/etc/ssl/private/ouvidoria.key", key),
                     ("/etc/ssl/certs/ouvidoria.pem", certificate),
                     ("/etc/ssl/private/view.ouvidoria.key", key),
                     ("/etc/ssl/certs/view.ouvidoria.pem", certificate),
                     ("/var/log/nginx/ouvidoria-view.log", folder / "v.log"),
                     ("/var/log/nginx/ouvidoria.log", folder / "a.log")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    with open(folder / "site", "w") as out:
        out.write(text)
    with open(folder / "nginx.conf", "w") as out:
        out.write(f"pid {folder / 'pid'};\nerror_log stderr;\nevents {{}}\n"
                  f"http {{ access_log off; include {folder / 'site'}; }}\n")
    done = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", folder.path, "-c",
         folder / "nginx.conf"], stderr=subprocess.PIPE)
    assert b"syntax is ok" in done.stderr, done.stderr.decode()

"""A TCP proxy that damages a connection at an exact octet.

"up" is from client to server, "down" the way back.  Octets are never changed
nor put into another order: a line can only end, stop, or be refused.
"""

import dataclasses
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends RST


@dataclasses.dataclass
class Rule:
    """One thing to do to a connection.

    way       "up" or "down"
    after     this many octets have been passed on that way, or
    pattern   these octets have (passed=False: they are held back as well)
    then      "cut": both sides end; the server still gets what was passed
              "stall": nothing passes any more, either way, until resume()
              "mute": from here on the other way is swallowed, and when the
                      server has answered, the client's side is cut
    times     for so many connections; None: all
    """

    way: str
    then: str = "cut"
    after: int = None
    pattern: bytes = None
    passed: bool = True
    times: int = 1
    hits: int = 0

    def cut_point(self, seen, tail, data):
        """How many octets of data still pass before the rule applies, or
        None.  seen octets went this way before, ending in tail."""
        if self.after is not None:
            left = self.after - seen
            return max(0, left) if left <= len(data) else None
        at = (tail + data).find(self.pattern)
        if at < 0:
            return None
        end = at + (len(self.pattern) if self.passed else 0) - len(tail)
        return max(0, end)


class _Line:
    """One client's connection and ours to the server."""

    def __init__(self, proxy, client):
        self.proxy = proxy
        self.client = client
        self.server = socket.socket(
            socket.AF_UNIX if isinstance(proxy.target, str)
            else socket.AF_INET)
        self.server.connect(proxy.target)
        self.sent = {"up": bytearray(), "down": bytearray()}
        self.rules = proxy._rules_for_a_line()
        self.muted = False
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self._pump, daemon=True, args=args)
            for args in (("up", self.client, self.server),
                         ("down", self.server, self.client))]

    def start(self):
        for thread in self.threads:
            thread.start()

    def _pump(self, way, source, target):
        try:
            while data := source.recv(65536):
                self._pass(way, target, data)
                if self.over.is_set():
                    return
            target.shutdown(socket.SHUT_WR)
        except OSError:
            self.end()

    def _pass(self, way, target, data):
        self.proxy._going.wait()
        if way == "down" and self.muted:
            self.end()
            return
        rule, keep = self._first_rule(way, data)
        passing = data if rule is None else data[:keep]
        if rule is not None and rule.then == "mute":
            # Before the answer can overtake us, and in one piece, for the
            # answer ends the line.
            self.muted = True
            passing = data
        self.sent[way] += passing
        target.sendall(passing)
        if rule is None:
            return
        self.rules.remove(rule)
        rule.hits += 1
        if rule.then == "cut":
            self.end()
            return
        if rule.then == "mute":
            return
        if rule.then == "stall":
            self.proxy.stall()
        self._pass(way, target, data[keep:])

    def _first_rule(self, way, data):
        found = (None, len(data) + 1)
        for rule in self.rules:
            if rule.way != way:
                continue
            tail = b""
            if rule.pattern is not None and len(rule.pattern) > 1:
                tail = bytes(self.sent[way][-(len(rule.pattern) - 1):])
            point = rule.cut_point(len(self.sent[way]), tail, data)
            if point is not None and point < found[1]:
                found = (rule, point)
        return found

    def end(self):
        """The client sees a reset, the server an orderly end: what was passed
        on to it is not lost in its buffers."""
        if self.over.is_set():
            return
        self.over.set()
        try:
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        except OSError:
            pass
        for line, how in ((self.server, socket.SHUT_WR),
                          (self.client, socket.SHUT_RD)):
            try:
                line.shutdown(how)
            except OSError:
                pass
        self.client.close()


class TcpProxy:
    """Listens from construction on; target is a port or a socket's path."""

    def __init__(self, target, port=0):
        self.target = ("127.0.0.1", target) if isinstance(target, int) \
            else target
        self.lines = []
        self.refusing = False
        self._rules = []
        self._lock = threading.Lock()
        self._going = threading.Event()
        self._going.set()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            if self.refusing:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                client.close()
                continue
            try:
                line = _Line(self, client)
            except OSError:
                client.close()
                continue
            # Known before it passes anything.
            self.lines.append(line)
            line.start()

    def _rules_for_a_line(self):
        with self._lock:
            ready = [r for r in self._rules if r.times is None or r.times > 0]
            for rule in ready:
                if rule.times is not None:
                    rule.times -= 1
            return ready

    # -- for tests ----------------------------------------------------------

    def rule(self, way, **what):
        """Arranges damage for the next connections; returns the Rule."""
        assert way in ("up", "down"), way
        rule = Rule(way, **what)
        assert (rule.after is None) != (rule.pattern is None)
        with self._lock:
            self._rules.append(rule)
        return rule

    def heal(self):
        """No damage for connections made from now on."""
        with self._lock:
            self._rules.clear()
        self.refusing = False
        self.resume()

    def stall(self):
        """Nothing passes, on any line; no end is signalled either."""
        self._going.clear()

    def resume(self):
        self._going.set()

    def cut_all(self):
        for line in self.lines:
            line.end()

    def sent(self, way):
        """Everything that ever passed one way, of all lines."""
        return b"".join(bytes(line.sent[way]) for line in self.lines)

    def stop(self):
        self.resume()
        # close() alone would leave accept() waiting in its thread.
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
        self.cut_all()
        self._thread.join(5)
        for line in self.lines:
            line.server.close()

"""An SMTP server that takes every mail and misbehaves when told to.

It runs in a thread of the test's own process, so that a test can look at what
arrived and arrange the next fault without any protocol between them.
"""

import asyncio
import dataclasses
import email
import email.policy
import socket
import threading
import time

from aiosmtpd.smtp import MISSING, AuthResult, LoginPassword, syntax

from smtpd import Listener

STAGES = ("connect", "ehlo", "mail", "rcpt", "data", "dot", "quit")


@dataclasses.dataclass
class Arrived:
    """A mail as it came: envelope, octets, and the moment."""

    sender: str
    recipients: list
    content: bytes
    at: float
    tls: bool

    @property
    def parsed(self):
        return email.message_from_bytes(self.content,
                                        policy=email.policy.default)

    @property
    def message_id(self):
        return str(self.parsed["Message-ID"])


@dataclasses.dataclass
class Fault:
    """What goes wrong, where, and how often (times None: always).

    reply     this line instead of the usual one ("450 4.2.1 later")
    hang      no answer until release(), then the usual one
    drop      the connection is cut without an answer
    recorded  a fault at "dot": the mail counts as arrived nevertheless
    match     only for an envelope address that contains this
    """

    stage: str
    reply: str = None
    hang: bool = False
    drop: bool = False
    times: int = 1
    match: str = ""
    recorded: bool = False
    hits: int = 0
    released: threading.Event = dataclasses.field(
        default_factory=threading.Event)

    def release(self):
        self.released.set()

    def applies(self, stage, address):
        return (stage == self.stage and self.match in address
                and (self.times is None or self.hits < self.times))


class Dropped(Exception):
    """Ends a session whose connection a fault has cut."""


class _Session(Listener):
    """One connection; every stage asks the sink first."""

    sink = None

    async def _handle_client(self):
        try:
            reply = await self._ask("connect")
        except Dropped:
            return
        if reply:
            await self.push(reply)
            self.transport.close()
            return
        self.sink.connections += 1
        try:
            await super()._handle_client()
        except Dropped:
            pass

    async def _ask(self, stage, address=""):
        """None to go on as usual, or the line to answer with."""
        fault = self.sink._fault_for(stage, address)
        if fault is None:
            return None
        if fault.hang:
            while not fault.released.is_set():
                self._reset_timeout()
                await asyncio.sleep(0.02)
        if fault.drop:
            self.transport.abort()
            raise Dropped
        return fault.reply

    async def handle_exception(self, error):
        if isinstance(error, Dropped):
            raise asyncio.CancelledError
        return f"451 4.3.0 {type(error).__name__}"

    async def smtp_EHLO(self, hostname):
        reply = await self._ask("ehlo")
        if reply:
            await self.push(reply)
        else:
            await super().smtp_EHLO(hostname)

    @syntax("DATA")
    async def smtp_DATA(self, arg):
        reply = await self._ask("data")
        if reply:
            await self.push(reply)
        else:
            await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg):
        reply = await self._ask("quit")
        if reply:
            await self.push(reply)
        else:
            await super().smtp_QUIT(arg)


class _Handler:
    def __init__(self, sink):
        self.sink = sink

    async def handle_MAIL(self, server, session, envelope, address, options):
        return await server._ask("mail", address) or MISSING

    async def handle_RCPT(self, server, session, envelope, address, options):
        return await server._ask("rcpt", address) or MISSING

    async def handle_DATA(self, server, session, envelope):
        mail = Arrived(
            "" if envelope.mail_from == "<>" else envelope.mail_from,
            list(envelope.rcpt_tos), envelope.content, time.monotonic(),
            session.ssl is not None)
        fault = self.sink._peek("dot", mail.recipients[0])
        if fault is not None and fault.recorded:
            self.sink._arrived(mail)
        reply = await server._ask("dot", mail.recipients[0])
        if fault is None or (reply is None and not fault.recorded):
            self.sink._arrived(mail)
        return reply or "250 2.0.0 taken"


class SmtpSink:
    """Listens from construction on; stop() ends it.

    tls is an ssl.SSLContext: with implicit=True from the first octet on,
    otherwise offered as STARTTLS.  login is (user, password), then required.
    """

    def __init__(self, port=0, tls=None, implicit=False, login=None,
                 timeout=600):
        self.mails = []
        self.logins = []
        self.connections = 0
        self._faults = []
        self._lock = threading.Lock()
        self._tls, self._implicit, self._login = tls, implicit, login
        self._timeout = timeout
        self._socket = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._sessions = []
        self._server = self._loop.run_until_complete(self._listen())
        self._thread = threading.Thread(target=self._loop.run_forever,
                                        daemon=True)
        self._thread.start()

    async def _listen(self):
        return await asyncio.get_running_loop().create_server(
            self._session, sock=self._socket,
            ssl=self._tls if self._implicit else None)

    def _session(self):
        options = {}
        if self._login:
            options = {"auth_required": True, "authenticator": self._check,
                       "auth_require_tls": False}
        session = _Session(
            _Handler(self), data_size_limit=64 << 20, enable_SMTPUTF8=True,
            hostname="sink.example", ident="ESMTP sink",
            timeout=self._timeout, loop=self._loop,
            tls_context=None if self._implicit else self._tls, **options)
        session.sink = self
        self._sessions.append(session)
        return session

    def _check(self, server, session, envelope, mechanism, data):
        ok = isinstance(data, LoginPassword) and self._login == (
            data.login.decode(), data.password.decode())
        self.logins.append((mechanism, ok))
        return AuthResult(success=ok)

    # -- for tests ------------------------------------------------------------

    def fault(self, stage, **what):
        """Arranges a fault; see Fault.  Returns it, with its count of hits."""
        assert stage in STAGES, stage
        fault = Fault(stage, **what)
        with self._lock:
            self._faults.append(fault)
        return fault

    def heal(self):
        """No fault from now on; what hangs goes on."""
        with self._lock:
            faults, self._faults = self._faults, []
        for fault in faults:
            fault.release()

    def to(self, address):
        """The mails that arrived for an address."""
        with self._lock:
            return [m for m in self.mails if address in m.recipients]

    def stop(self):
        if self._loop.is_closed():
            return
        self.heal()
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(10)
        self._loop.close()

    def _end(self):
        self._server.close()
        for session in self._sessions:
            if session.transport is not None:
                session.transport.abort()
        # One more round, so that the sessions hear of their end.
        self._loop.call_later(0.02, self._cancel)

    def _cancel(self):
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.call_later(0.02, self._loop.stop)

    # -- for the sessions --------------------------------------------------

    def _peek(self, stage, address):
        with self._lock:
            return next((f for f in self._faults
                         if f.applies(stage, address)), None)

    def _fault_for(self, stage, address):
        with self._lock:
            for fault in self._faults:
                if fault.applies(stage, address):
                    fault.hits += 1
                    return fault
        return None

    def _arrived(self, mail):
        with self._lock:
            self.mails.append(mail)

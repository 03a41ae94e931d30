#!/usr/bin/python3
"""The demonstration office's SMTP listener: every mail ends in a local mailbox.

usage: smtpd.py CONFIG.json

A mail is answered with 250 only after Dovecot has answered 250 for every
recipient over LMTP; whatever goes wrong before that is a 451, and the sender
still has the mail.  Nothing leaves this machine.

The configuration is one JSON object:
  host, port        where to listen (loopback)
  lmtp              path of Dovecot's LMTP socket
  name              how we call ourselves
  domains           {"domain": "mailbox"}: any address there, +detail or not
  catchall          the mailbox of everybody else
  size_limit        octets
  timeout           seconds for a command, for a piece of data, for LMTP
"""

import asyncio
import collections
import email.utils
import json
import logging
import re
import signal
import sys
import urllib.parse

from aiosmtpd.smtp import MISSING, SMTP, syntax

PATH = re.compile(r'<((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(.*)', re.DOTALL)
UNSAFE = re.compile("[\x00-\x1f\x7f]")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
PLAIN_SENDER = re.compile(
    rf"(?:{ATOM}(?:\.{ATOM})*)@(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)")
END = b"\r\n.\r\n"
READ_LIMIT = 1 << 20
IDLE_CONNECTIONS = 8


class Refused(Exception):
    """LMTP said no, or nothing: the sender is told to come back."""


class LmtpLine:
    """One connection to Dovecot, kept for the next mail."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.used = False

    @classmethod
    async def open(cls, path, name):
        line = cls(*await asyncio.open_unix_connection(path))
        try:
            await line.expect(b"2")
            await line.say(f"LHLO {name}\r\n".encode(), b"2")
        except BaseException:
            line.close()
            raise
        return line

    async def reply(self):
        lines = []
        while True:
            line = await self.reader.readuntil(b"\n")
            lines.append(line.rstrip())
            if line[3:4] != b"-":
                return lines

    async def expect(self, code):
        lines = await self.reply()
        if not lines[-1].startswith(code):
            raise Refused(lines[-1].decode(errors="replace"))

    async def say(self, command, code):
        self.writer.write(command)
        await self.expect(code)

    async def deliver(self, sender, mailbox, content):
        envelope = (b"MAIL FROM:<%s> BODY=8BITMIME\r\nRCPT TO:<%s>\r\n"
                    % (sender, mailbox.encode()))
        self.writer.write(envelope)
        await self.expect(b"250")
        self.used = True
        await self.expect(b"250")
        # BDAT carries the octets as they are: nothing to stuff or to mend.
        self.writer.write(b"BDAT %d LAST\r\n" % len(content))
        self.writer.write(content)
        await self.writer.drain()
        await self.expect(b"250")
        self.used = False

    def close(self):
        self.writer.close()


class Deliverer:
    """Hands mails to Dovecot over a few kept connections."""

    def __init__(self, path, name, timeout):
        self.path = path
        self.name = name
        self.timeout = timeout
        self.idle = []

    async def deliver(self, sender, mailbox, content):
        """Returns once the mail is safe; raises Refused otherwise."""
        try:
            await asyncio.wait_for(
                self._deliver(sender, mailbox, content), self.timeout)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError,
                asyncio.LimitOverrunError) as trouble:
            raise Refused(type(trouble).__name__) from trouble

    async def _deliver(self, sender, mailbox, content):
        while self.idle:
            line = self.idle.pop()
            try:
                return await self._on(line, sender, mailbox, content)
            except (ConnectionError, asyncio.IncompleteReadError, Refused):
                # A kept line that Dovecot had closed took nothing over; one
                # that broke later may have.
                if line.used:
                    raise
        line = await LmtpLine.open(self.path, self.name)
        return await self._on(line, sender, mailbox, content)

    async def _on(self, line, sender, mailbox, content):
        done = False
        try:
            await line.deliver(sender, mailbox, content)
            done = True
        finally:
            if done and len(self.idle) < IDLE_CONNECTIONS:
                self.idle.append(line)
            else:
                line.close()


def octets(text):
    """What came over the wire, whatever character set it was in."""
    return text.encode("utf-8", "surrogateescape")


def lmtp_sender(address):
    """What Dovecot will put into Return-Path, and a header line if that is
    not the whole truth.

    Dovecot silently takes a sender it cannot parse (UTF-8, two dots in a row)
    for the null sender, which would make a person's mail look automatic.  Such
    a one is written with percent signs, and in full in X-Envelope-From.
    """
    if address == "<>":
        return b"", ""
    if PLAIN_SENDER.fullmatch(address):
        return octets(address), ""
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode() or "invalid"
    except UnicodeError:
        domain = "invalid"
    local = urllib.parse.quote(octets(local), safe="").replace(".", "%2E")
    plain = f"{local}@{domain}"
    if not PLAIN_SENDER.fullmatch(plain):
        plain = "unwritable@invalid"
    return octets(plain), f"X-Envelope-From: <{address}>\r\n"


class Office:
    """aiosmtpd's handler: which mailbox a recipient is, and the delivery."""

    def __init__(self, config, deliverer):
        self.config = config
        self.deliverer = deliverer
        self.domains = {name.lower(): box
                        for name, box in config["domains"].items()}

    def mailbox(self, address):
        domain = address.rpartition("@")[2].lower().rstrip(".")
        return self.domains.get(domain, self.config["catchall"])

    async def handle_MAIL(self, server, session, envelope, address, options):
        if UNSAFE.search(address):
            return "553 5.1.7 control character in address"
        return MISSING

    async def handle_RCPT(self, server, session, envelope, address, options):
        if UNSAFE.search(address) or address == "<>":
            return "553 5.1.3 no such form of address"
        if len(envelope.rcpt_tos) >= 100:
            return "452 4.5.3 100 recipients are enough for one mail"
        return MISSING

    async def handle_DATA(self, server, session, envelope):
        sender, remark = lmtp_sender(envelope.mail_from)
        try:
            for address in dict.fromkeys(envelope.rcpt_tos):
                trace = octets(remark) + self.trace(session, address)
                await self.deliverer.deliver(
                    sender, self.mailbox(address), trace + envelope.content)
        except Refused as no:
            print(f"mail put off: LMTP: {no}", file=sys.stderr, flush=True)
            return "451 4.3.0 the mailbox did not take it; try again"
        return "250 2.0.0 delivered"

    def trace(self, session, address):
        """The header lines a relay adds, with the address the sender used."""
        hello = UNSAFE.sub("?", session.host_name or "unknown")[:255]
        how = "ESMTP" if session.extended_smtp else "SMTP"
        when = email.utils.formatdate(localtime=False)
        return octets(
            f"X-Original-To: {address}\r\nDelivered-To: {address}\r\n"
            f"Received: from {hello} ([{session.peer[0]}])\r\n"
            f"\tby {self.config['name']} with {how}\r\n"
            f"\tfor <{address}>; {when}\r\n")

    async def handle_exception(self, error):
        print(f"mail put off: {type(error).__name__}", file=sys.stderr,
              flush=True)
        return "451 4.3.0 internal trouble; try again"


class Listener(SMTP):
    """aiosmtpd, taught to take what real senders send: lines of any length,
    lone CR and LF, eight bits, addresses exactly as written."""

    line_length_limit = READ_LIMIT

    def __init__(self, *args, **keywords):
        # Upstream shares one table among all sessions and clears it for each.
        self.command_size_limits = collections.defaultdict(lambda: 2048)
        super().__init__(*args, **keywords)

    def _getaddr(self, arg):
        hit = PATH.match(arg.lstrip()) if arg else None
        if not hit:
            return None, None
        address = hit.group(1)
        if address.startswith("@"):  # a source route, RFC 5321 appendix C
            address = address.partition(":")[2]
        return address or "<>", hit.group(2).strip()

    @syntax("DATA")
    async def smtp_DATA(self, arg):
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 need RCPT first")
            return
        if arg:
            await self.push("501 5.5.4 DATA takes no argument")
            return
        await self.push("354 end with a dot on a line of its own")
        content = await self._message()
        if content is None:
            self._set_post_data_state()
            await self.push("552 5.3.4 the mail is too large")
            return
        self.envelope.content = self.envelope.original_content = content
        self._timeout_handle.cancel()  # LMTP has a deadline of its own
        status = await self._call_handler_hook("DATA")
        self._reset_timeout()
        self._set_post_data_state()
        await self.push(status)

    async def _message(self):
        """The octets up to the lone dot, dots unstuffed; None if too many."""
        pieces, size, last = [], 0, b"\r\n"
        while last != END:
            try:
                piece = await self._reader.readuntil(b".\r\n")
            except asyncio.LimitOverrunError as longer:
                piece = await self._reader.read(longer.consumed)
            self._reset_timeout()
            last = (last + piece[-5:])[-5:]
            size += len(piece)
            if size - 3 > self.data_size_limit:
                pieces.clear()
            else:
                pieces.append(piece)
        if size - 3 > self.data_size_limit:
            return None
        text = b"".join(pieces)[:-3]
        if text.startswith(b"."):
            text = text[1:]
        return text.replace(b"\r\n.", b"\r\n")


async def serve(config):
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    timeout = config.get("timeout", 60)
    office = Office(config, Deliverer(config["lmtp"], config["name"], timeout))
    loop = asyncio.get_running_loop()

    def session():
        return Listener(
            office, data_size_limit=config.get("size_limit", 40 << 20),
            enable_SMTPUTF8=True, hostname=config["name"],
            ident="ESMTP", timeout=timeout, loop=loop)

    server = await loop.create_server(session, config["host"], config["port"],
                                      backlog=512)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


def main():
    if len(sys.argv) != 2:
        print("usage: smtpd.py CONFIG.json", file=sys.stderr)
        return 2
    with open(sys.argv[1]) as source:
        config = json.load(source)
    asyncio.run(serve(config))
    return 0


if __name__ == "__main__":
    sys.exit(main())

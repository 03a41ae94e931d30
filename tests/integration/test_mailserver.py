"""The mail server of `make run`: what it takes arrives; the rest is put off."""

import email.utils
import os
import smtplib
import socket
import socketserver
import subprocess
import threading
import time

import pytest

import harness
from harness import OFFICE_ADDRESS, smtp_dialogue, smtp_send as send

MAIL = b"Subject: hello\r\n\r\nline\r\n"
PLUS = "ouvidoria+caso9@ouvidoria.example"


def test_a_mail_to_the_office_arrives_with_its_whole_address(smtp, dovecot):
    reply = send(smtp.port, "ana@consumidora.example", PLUS, MAIL)
    assert reply[:3] == b"250"
    mail, = dovecot.wait_mails(1)
    assert mail.header("Delivered-To") == PLUS
    assert mail.header("X-Original-To") == PLUS
    assert mail.header("Return-Path") == "<ana@consumidora.example>"
    assert mail.raw.endswith(b"Subject: hello\r\n\r\nline\r\n")


def test_a_mail_to_anybody_else_arrives_in_catchall(smtp, dovecot):
    reply = send(smtp.port, "", "someone@elsewhere.example", MAIL)
    assert reply[:3] == b"250"
    mail, = dovecot.wait_mails(1, "catchall")
    assert mail.header("Return-Path") == "<>"
    assert mail.header("Delivered-To") == "someone@elsewhere.example"
    assert dovecot.mails() == []


def test_a_mail_to_a_company_arrives_in_its_own_mailbox(smtp, dovecot):
    send(smtp.port, "", "Anyone+x@AURORA.example", MAIL)
    assert len(dovecot.wait_mails(1, "aurora")) == 1
    assert dovecot.mails("catchall") == []


def test_each_recipient_gets_a_copy_with_its_own_address(smtp, dovecot):
    line = smtplib.SMTP("127.0.0.1", smtp.port)
    line.sendmail("a@x.example", [OFFICE_ADDRESS, PLUS, "b@y.example"], MAIL)
    line.quit()
    mails = dovecot.wait_mails(2)
    assert {m.header("Delivered-To") for m in mails} == {OFFICE_ADDRESS, PLUS}
    assert len(dovecot.wait_mails(1, "catchall")) == 1


@pytest.mark.parametrize("body", [
    b"\xff\xfe eight bits \x80\r\n",
    b"x" * 200_000 + b"\r\n",
    b"lone\rreturn and lone\nfeed\r\n",
    b".\r\n..\r\n.dots first\r\n",
    b"NUL \x00 inside\r\n",
    b"",
], ids=["eight-bit", "long-line", "lone-cr-lf", "dots", "nul", "empty"])
def test_a_body_arrives_octet_for_octet(smtp, dovecot, body):
    mail = b"Subject: octets\r\n\r\n" + body
    assert send(smtp.port, "a@x.example", PLUS, mail)[:3] == b"250"
    arrived, = dovecot.wait_mails(1)
    # A maildir keeps lines with LF and IMAP shows them with CRLF: a lone LF
    # is the one thing that the mailbox itself does not keep apart, and NUL
    # is what IMAP cannot show.
    expected = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    expected = expected.replace(b"\0", b"\x80")
    assert arrived.raw.partition(b"\r\n\r\n")[2] == expected


def test_a_dot_between_lone_feeds_does_not_end_a_mail(smtp, dovecot):
    trick = (b"Subject: one\r\n\r\nbody\n.\n"
             b"MAIL FROM:<evil@x.example>\nRCPT TO:<a@b.example>\nDATA\n")
    assert send(smtp.port, "a@x.example", PLUS, trick + b"\r\n")[:3] == b"250"
    assert len(dovecot.wait_mails(1)) == 1
    assert dovecot.mails("catchall") == []


@pytest.mark.parametrize("sender, path", [
    ("josé@exämple.example", "<jos%C3%A9@xn--exmple-cua.example>"),
    ("two..dots@docomo.example", "<two%2E%2Edots@docomo.example>"),
    ("plain+x@a-b.example", "<plain+x@a-b.example>"),
])
def test_no_sender_is_mistaken_for_the_null_sender(smtp, dovecot, sender,
                                                   path):
    line = smtplib.SMTP("127.0.0.1", smtp.port)
    line.command_encoding = "utf-8"
    line.ehlo()
    assert line.docmd("MAIL", f"FROM:<{sender}> SMTPUTF8")[0] == 250
    assert line.rcpt(PLUS)[0] == 250
    assert line.data(MAIL)[0] == 250
    line.quit()
    mail, = dovecot.wait_mails(1)
    assert mail.header("Return-Path") == path
    if "%" in path:
        assert mail.raw.partition(b"X-Envelope-From: ")[2].startswith(
            f"<{sender}>\r\n".encode())


def test_the_listener_announces_what_it_takes(smtp):
    line = smtplib.SMTP("127.0.0.1", smtp.port)
    line.ehlo()
    assert {"8bitmime", "smtputf8"} <= set(line.esmtp_features)
    assert line.esmtp_features["size"] == str(40 << 20)
    assert line.docmd("MAIL", f"FROM:<a@b.example> SIZE={41 << 20}")[0] == 552
    line.quit()


def test_a_mail_above_the_limit_is_refused_and_the_next_taken(
        folder, dovecot):
    small = harness.SmtpListener(folder, dovecot, size_limit=3_000_000)
    small.begin()
    try:
        line = smtplib.SMTP("127.0.0.1", small.port)
        line.helo()
        for content, code in ((b"x" * 2_999_990, 250), (b"x" * 3_000_001, 552),
                              (b"y\r\n" * 2_000_000, 552), (MAIL, 250)):
            line.mail("a@x.example")
            line.rcpt(PLUS)
            assert line.data(content)[0] == code
        line.quit()
    finally:
        small.stop()
    assert len(dovecot.mails()) == 2


def test_control_characters_in_addresses_are_refused(smtp, dovecot):
    replies = smtp_dialogue(
        smtp.port, b"EHLO x\r\n", b"MAIL FROM:<a\rb@x.example>\r\n",
        b"MAIL FROM:<a@x.example>\r\n", b"RCPT TO:<a\x00b@x.example>\r\n",
        b"RCPT TO:<>\r\n", b"RCPT TO:no-brackets\r\n", b"DATA\r\n",
        b"\xff\xfe\x00\r\n", b"NOOP\r\n")
    codes = [reply[:3] for reply in replies]
    assert codes == [b"220", b"250", b"553", b"250", b"553", b"553", b"553",
                     b"503", b"500", b"250"]


def test_when_lmtp_is_away_the_sender_is_told_to_come_back(smtp, dovecot):
    dovecot.kill()
    assert send(smtp.port, "a@x.example", PLUS, MAIL)[:3] == b"451"
    dovecot.restart()
    assert send(smtp.port, "a@x.example", PLUS, MAIL)[:3] == b"250"
    assert len(dovecot.wait_mails(1)) == 1


def test_a_kept_lmtp_connection_that_died_is_replaced(smtp, dovecot):
    assert send(smtp.port, "a@x.example", PLUS, MAIL)[:3] == b"250"
    dovecot.kill()
    dovecot.restart()
    assert send(smtp.port, "a@x.example", PLUS, MAIL)[:3] == b"250"
    assert len(dovecot.wait_mails(2)) == 2


class FakeLmtp(socketserver.ThreadingUnixStreamServer):
    """Answers like an LMTP server up to the stage where it refuses."""

    daemon_threads = True

    def __init__(self, path, stage, reply):
        self.stage, self.reply = stage, reply
        super().__init__(path, FakeLmtpSession)
        os.chmod(path, 0o666)
        threading.Thread(target=self.serve_forever, args=(0.02,),
                         daemon=True).start()


class FakeLmtpSession(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 fake\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"BDAT":
                self.rfile.read(int(line.split()[1]))
            if verb == self.server.stage:
                if self.server.reply is None:
                    return
                self.wfile.write(self.server.reply + b"\r\n")
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.mark.parametrize("stage", [b"LHLO", b"MAIL", b"RCPT", b"BDAT"])
@pytest.mark.parametrize("reply", [b"452 4.2.2 full", b"550 5.1.1 unknown",
                                   None], ids=["4xx", "5xx", "cut"])
def test_whatever_lmtp_refuses_is_put_off(folder, dovecot, stage, reply):
    path = folder / "fake.sock"
    fake = FakeLmtp(path, stage, reply)
    listener = harness.SmtpListener(folder, dovecot, lmtp=path)
    listener.begin()
    try:
        assert send(listener.port, "a@x.example", PLUS, MAIL)[:3] == b"451"
        fake.stage = None
        assert send(listener.port, "a@x.example", PLUS, MAIL)[:3] == b"250"
    finally:
        listener.stop()
        fake.shutdown()
        fake.server_close()


def test_a_silent_lmtp_server_is_given_up(folder, dovecot):
    path = folder / "silent.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(path)
        os.chmod(path, 0o666)
        silent.listen(5)
        listener = harness.SmtpListener(folder, dovecot, lmtp=path, timeout=2)
        listener.begin()
        try:
            assert send(listener.port, "a@x.example", PLUS, MAIL)[:3] == b"451"
        finally:
            listener.stop()


def test_a_silent_client_is_hung_up_on(folder, dovecot):
    listener = harness.SmtpListener(folder, dovecot, timeout=1)
    listener.begin()
    try:
        with socket.create_connection(("127.0.0.1", listener.port),
                                      10) as line:
            assert line.recv(100).startswith(b"220")
            assert line.recv(100) == b""
    finally:
        listener.stop()


def test_idle_hears_of_a_new_mail_at_once(smtp, dovecot):
    line = dovecot.imap()
    line.select()
    line.send(b"x1 IDLE\r\n")
    assert line.readline().startswith(b"+")
    begin = time.monotonic()
    send(smtp.port, "a@x.example", PLUS, MAIL)
    assert b"EXISTS" in line.readline()
    assert time.monotonic() - begin < 10  # it looks by itself after thirty
    line.send(b"DONE\r\n")
    line.readline()
    line.shutdown()


def test_the_office_mailbox_has_a_folder_for_processed_mail(dovecot):
    line = dovecot.imap()
    names = b" ".join(line.list()[1])
    line.logout()
    assert b"Processed" in names


def test_a_killed_dovecot_comes_back_on_its_port(dovecot):
    dovecot.deliver(MAIL)
    line = dovecot.imap()
    line.select()
    dovecot.kill()
    dovecot.restart()
    assert len(dovecot.mails()) == 1


def test_a_recreated_mailbox_has_another_uidvalidity(dovecot):
    def validity():
        line = dovecot.imap()
        line.select(readonly=True)
        value = line.response("UIDVALIDITY")[1][0]
        line.logout()
        return value

    dovecot.deliver(MAIL, recipient=PLUS)
    before, mails = validity(), dovecot.mails()
    dovecot.recreate()
    assert validity() != before
    assert [m.raw for m in dovecot.mails()] == [m.raw for m in mails]


def test_swaks_and_a_date_header_arrive_as_told_to_newcomers(smtp, dovecot):
    done = subprocess.run(
        ["swaks", "--server", f"127.0.0.1:{smtp.port}", "--to",
         OFFICE_ADDRESS, "--from", "maria@consumidora.example", "--header",
         "Subject: Entrega atrasada", "--body", "Nada chegou."],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    assert done.returncode == 0, done.stdout.decode()
    mail, = dovecot.wait_mails(1)
    assert mail.header("Subject") == "Entrega atrasada"
    assert email.utils.parsedate_to_datetime(mail.header("Date"))

"""Files that come with a form: what is taken and what is not, what stays and
what does not, and that nobody but the form opens them."""

import base64
import hashlib
import os
import re
import socket
import threading
import uuid

import html5lib
import nacl.bindings as na
import pytest

import accountant
import scans
import test_write as desk
from accountant import blake
from harness import wait_until
from scans import bring
from scene import Scene, mark, words_of

FORM, PUT = "/letters/new", "/letters/new/put"
MIB = 1 << 20


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, imap_poll_secs=1)
    try:
        yield made.begin(gateway=False)
    finally:
        made.stop()


@pytest.fixture(scope="module")
def intake(office):
    return desk.login(office, "intake")


def today():
    import datetime
    return str(datetime.datetime.now(desk.ZONE).date())


def typed(**other):
    return {"channel": "letter", "arrived": today(), "arrived_time": "",
            "protocol": "", "as": "", "name": "Beatriz Moura",
            "person": "natural", "addr": "", "postal": "Rua das Flores, 1",
            "phone": "", "lang": "pt-BR", "representative": "", "mandate": "",
            "subject": "A geladeira", "text": "Veio quebrada.", "rings": "",
            "wait": "", **other}


def form_of(browser):
    return browser.get(FORM).form(PUT)


def send(browser, *files, form=None, **other):
    form = form_of(browser) if form is None else form
    return bring(browser, PUT, {**form, **typed(**other)}, files)


def staged(office):
    return office.query("SELECT n, bytes, head IS NOT NULL FROM upload"
                        " ORDER BY at, n")


def nothing_lies_there(office):
    return office.query("SELECT 1 FROM upload") == [] and office.query(
        "SELECT 1 FROM upload_chunk") == []


def cases(office):
    return office.database.value("SELECT count(*) FROM case_file")


def case_of(office, page):
    assert page.status == 303, page.words
    path = page.location.partition("?")[0]
    (case, state, channel), = office.query(
        "SELECT id, state::text, channel FROM case_file WHERE protocol = %s",
        path.rpartition("/")[2])
    return path, case, state, channel


def part(browser, path, k):
    """The k-th attachment of the first message, as it is downloaded."""
    link, = browser.get(path).links(
        rf"{re.escape(path)}/items/[0-9a-f]+/parts/{k}")
    return browser.get(link)


@pytest.fixture(autouse=True)
def clean(office):
    yield
    office.query("DELETE FROM upload")


# ---- what is taken ---------------------------------------------------------------


def test_files_become_attachments_of_one_message_in_their_order(
        office, intake):
    files = [("uma.png", "image/png", scans.png()),
             ("dois “2”.pdf", "application/pdf", scans.pdf(3)),
             ("três.JPG", "image/jpeg", scans.jpeg(mark().encode()))]
    page = send(intake, *files)
    path, case, state, channel = case_of(office, page)
    assert (state, channel) == ("received", "letter")
    shown = intake.get(path)
    places = [shown.text.index(name) for name in
              ("uma.png", "dois “2”.pdf", "três.JPG")]
    assert places == sorted(places)
    for k, (name, kind, data) in enumerate(files):
        got = part(intake, path, k)
        assert got.status == 200 and got.body == data, name
    assert nothing_lies_there(office)


def test_a_whole_message_can_be_taken_out(office, intake):
    """As a mail that came in: another program reads it."""
    import email
    import email.policy
    data = scans.pdf(2)
    path, *_ = case_of(office, send(
        intake, ("carta.pdf", "application/pdf", data), channel="fax",
        subject="Assunto é"))
    raw = intake.get(intake.get(path).links(
        rf"{re.escape(path)}/items/[0-9a-f]+/raw")[0]).body
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["Subject"] == "Assunto é"
    assert mail["X-Ouvidoria-Channel"] == "fax"
    assert mail["From"].addresses[0].display_name == "Beatriz Moura"
    assert not mail.defects
    (only,) = mail.iter_attachments()
    assert only.get_filename() == "carta.pdf"
    assert only.get_content() == data


@pytest.mark.parametrize("name,kind,make,word", (
    ("a.pdf", "application/pdf", lambda: scans.pdf(password="x"),
     "mark_file_locked"),
    ("a.jpg", "image/jpeg", lambda: scans.jpeg()[:-2], "mark_file_damaged"),
    ("a.pdf", "application/pdf", lambda: scans.pdf()[:-40],
     "mark_file_damaged"),
    ("a.pdf", "application/pdf", lambda: scans.pdf(2000), "mark_file_long"),
))
def test_what_is_whole_but_not_as_one_wants_it_is_kept_and_said(
        office, intake, name, kind, make, word):
    data = make()
    path, *_ = case_of(office, send(intake, (name, kind, data)))
    assert part(intake, path, 0).body == data
    assert words_of("pt-BR")[word] in intake.get(path).words


@pytest.mark.parametrize("name,kind,make,why", (
    ("a.pdf", "application/pdf", scans.jpeg, "lies"),
    ("a.jpg", "application/pdf", scans.jpeg, "lies"),
    ("carta.pdf.exe", "application/pdf", scans.pdf, "lies"),
    ("a.txt", "text/plain", lambda: b"words", "kind"),
    ("a.exe", "application/octet-stream", lambda: b"MZ\x90\0" * 9, "kind"),
    ("a.gif", "image/gif", lambda: b"GIF89a" + b"\0" * 9, "kind"),
    ("a.pdf", "application/pdf", lambda: b"", "empty"),
    ("a.png", "image/png", lambda: scans.png(50000, 50000, 10 * MIB), "bomb"),
))
def test_what_is_not_taken_is_told_and_nothing_of_it_stays(
        office, intake, name, kind, make, why):
    before = cases(office)
    page = send(intake, (name, kind, make()))
    assert page.status == 422
    html5lib.HTMLParser(strict=True).parse(page.text)
    assert words_of("pt-BR")["upload_" + why] in page.words
    assert words_of("pt-BR")["uploads_refused"] in page.words
    assert nothing_lies_there(office) and cases(office) == before


def test_a_wrong_file_loses_nothing_else(office, intake):
    """What was typed stands there, the good file lies there; the form without
    the bad one is done."""
    good, text = scans.png(), f"linha\n{mark()}"
    page = send(intake, ("1.png", "image/png", good),
                ("2.pdf", "application/pdf", b"no"), text=text)
    assert page.status == 422 and page.field("letter-text") == text
    assert [(n, whole) for n, _, whole in staged(office)] == [(0, True)]
    assert 'name="file-0"' in page.text and "1.png" in page.words
    form = {**page.form(PUT), "file-0": "1"}
    path, *_ = case_of(office, send(intake, form=form, text=text))
    assert part(intake, path, 0).body == good


def test_an_error_elsewhere_keeps_the_files_and_their_order_can_be_changed(
        office, intake):
    data = [scans.png(grey=bytes([i])) for i in range(3)]
    page = send(intake, *[(f"{i}.png", "image/png", d)
                          for i, d in enumerate(data)], subject=" ")
    assert page.status == 422
    assert words_of("pt-BR")["field_empty"] in page.words
    assert len(staged(office)) == 3
    form = {**page.form(PUT), "file-0": "3", "file-1": "1", "file-2": "2",
            "drop-1": "1"}
    path, *_ = case_of(office, send(
        intake, ("3.png", "image/png", scans.png(grey=b"\x33")), form=form))
    assert [part(intake, path, k).body for k in range(3)] == [
        data[2], data[0], scans.png(grey=b"\x33")]
    assert nothing_lies_there(office)


def test_files_can_be_sent_ahead_of_the_rest(office, intake):
    page = send(intake, ("1.png", "image/png", scans.png()), more="1", name="")
    assert page.status == 200 and len(staged(office)) == 1
    assert words_of("pt-BR")["field_empty"] not in page.words
    again = send(intake, ("2.png", "image/png", scans.png()),
                 form={**page.form(PUT), "file-0": "1"}, more="1")
    assert "1.png" in again.words and "2.png" in again.words


# ---- how much ---------------------------------------------------------------------


def test_a_file_above_the_limit_is_told_by_name(office, intake):
    page = send(intake, ("ok.png", "image/png", scans.png()),
                ("big.pdf", "application/pdf", scans.noise(25 * MIB + 9)))
    assert page.status == 413
    words = words_of("pt-BR")
    assert f"big.pdf : {words['upload_too_large']}" in page.words
    assert "25 MB" in page.words
    assert [whole for _, _, whole in staged(office)] == [True]


def test_files_together_above_the_limit_are_told(office, intake):
    page = send(intake, ("1.pdf", "application/pdf", scans.noise(14 * MIB)),
                ("2.pdf", "application/pdf", scans.noise(13 * MIB)))
    assert page.status == 413
    assert f"2.pdf : {words_of('pt-BR')['upload_too_much']}" in page.words
    assert [n for n, _, _ in staged(office)] == [0]


def test_more_files_than_may_be_are_told(office, intake):
    page = send(intake, *[(f"{i}.png", "image/png", scans.png())
                          for i in range(32)])
    assert page.status == 422
    assert page.words.count(words_of("pt-BR")["upload_too_many"]) == 2
    assert len(staged(office)) == 30


def test_what_is_far_beyond_all_limits_is_not_even_read(office, intake):
    """Past nginx, which takes 30 MB: by the server itself."""
    line = past_nginx(office)
    line.sendall(head_of(office, intake, 300 * MIB))
    answer = line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 "), answer[:200]
    line.close()


# ---- before a byte is stored --------------------------------------------------------


def past_nginx(office):
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(20)
    line.connect(office.server.socket)
    return line


def head_of(office, browser, length, boundary="b", path=PUT):
    host = browser.origin.partition("//")[2]
    cookies = "; ".join(f"{k}={v}" for k, v in browser.cookies.items())
    return (f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n"
            f"Origin: {browser.origin}\r\nContent-Type: multipart/form-data;"
            f" boundary={boundary}\r\nContent-Length: {length}\r\n\r\n"
            ).encode()


@pytest.mark.parametrize("spoil", ("csrf", "origin", "cookie", "path"))
def test_a_forged_form_stores_nothing_not_even_for_a_moment(
        office, intake, spoil):
    """A trigger remembers every row there ever was."""
    office.query("CREATE TABLE seen AS SELECT id FROM upload LIMIT 0")
    office.query("GRANT INSERT ON seen TO ouv_srv")
    office.query("CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS"
                 " 'BEGIN INSERT INTO seen VALUES (NEW.id); RETURN NULL; END'")
    office.query("CREATE TRIGGER see AFTER INSERT ON upload FOR EACH ROW"
                 " EXECUTE FUNCTION see()")
    file = ("1.png", "image/png", scans.png())
    try:
        form, headers = form_of(intake), {}
        if spoil == "csrf":
            form["csrf"] = form["csrf"][:-2] + "AA"
        if spoil == "origin":
            headers = {"Origin": "https://elsewhere.example"}
        if spoil == "cookie":
            headers = {"Cookie": ""}
        page = bring(intake, "/requests/new/put" if spoil == "path" else PUT,
                     {**form, **typed()}, [file], headers=headers)
        assert page.status == {"cookie": 403, "path": 415}.get(spoil, 400)
        assert office.query("SELECT 1 FROM seen") == []
        assert send(intake, file).status == 303
        assert len(office.query("SELECT 1 FROM seen")) == 1
    finally:
        office.query("DROP TRIGGER see ON upload")
        office.query("DROP FUNCTION see")
        office.query("DROP TABLE seen")


def test_whoever_may_not_register_stores_nothing(office):
    reader = desk.login(office, "reader")
    assert reader.get(FORM).status == 403
    own = desk.login(office, "intake")
    form = form_of(own)
    office.query("UPDATE person SET role = 'reader' WHERE login = 'intake'")
    try:
        assert send(own, ("1.png", "image/png", scans.png()),
                    form=form).status == 403
        assert nothing_lies_there(office)
    finally:
        office.query(
            "UPDATE person SET role = 'intake' WHERE login = 'intake'")


def test_files_before_the_hidden_fields_are_refused(office, intake):
    form = {**form_of(intake), **typed()}
    body = scans.body_of([], [("files", "1.png", "image/png", scans.png())],
                         "b").removesuffix(b"--b--\r\n") \
        + scans.body_of(list(form.items()), [], "b")
    page = bring(intake, PUT, {}, [], body=body, boundary="b")
    assert page.status == 400 and nothing_lies_there(office)


# ---- it does not become whole --------------------------------------------------------


def test_half_a_body_leaves_nothing(office, intake):
    """Whole files of it go as well: nobody was told that they came."""
    form = {**form_of(intake), **typed()}
    body = scans.body_of(list(form.items()), [
        ("files", "1.png", "image/png", scans.png()),
        ("files", "2.pdf", "application/pdf", scans.noise(3 * MIB))], "b")
    line = past_nginx(office)
    line.sendall(head_of(office, intake, len(body)) + body[:-MIB])
    wait_until("one is whole and one on its way", lambda: [
        whole for _, _, whole in staged(office)] == [True, False], 20, 0.05)
    line.close()
    wait_until("nothing is left", lambda: nothing_lies_there(office), 20, 0.05)


@pytest.mark.parametrize("spoil", (
    lambda body: body.replace(b"--b--\r\n", b"--b\r\n"),
    lambda body: body + b"x",
    lambda body: body.replace(b'name="subject"', b'name="channel"'),
    lambda body: body.replace(b'name="subject"', b'name="files"'),
    lambda body: body.replace(b'filename="1', b'filename*="1'),
    lambda body: b"x" + body,
))
def test_a_form_that_no_browser_writes_is_refused_whole(
        office, intake, spoil):
    form, before = {**form_of(intake), **typed()}, cases(office)
    body = spoil(scans.body_of(list(form.items()), [
        ("files", "1.png", "image/png", scans.png())], "b"))
    page = bring(intake, PUT, {}, [], body=body, boundary="b")
    assert page.status == 400
    assert nothing_lies_there(office) and cases(office) == before


def test_what_nobody_finished_is_swept(office, intake):
    send(intake, ("1.png", "image/png", scans.png()), more="1")
    send(intake, ("2.png", "image/png", scans.png()), more="1")
    assert len(staged(office)) == 2
    office.query("UPDATE upload SET at = now() - interval '25 hours'"
                 " WHERE ctid = (SELECT min(ctid) FROM upload)")
    desk.login(office, "mediator")
    assert len(staged(office)) == 1
    office.query("UPDATE upload SET head = NULL, at = now() -"
                 " interval '16 minutes'")
    desk.login(office, "mediator")
    assert nothing_lies_there(office)


def test_a_file_that_is_gone_is_told(office, intake):
    page = send(intake, ("1.png", "image/png", scans.png()), more="1")
    form = {**page.form(PUT), "file-0": "1"}
    office.query("DELETE FROM upload")
    before = cases(office)
    again = send(intake, form=form)
    assert again.status == 422 and cases(office) == before
    assert words_of("pt-BR")["field_files_gone"] in again.words


# ---- the same form again --------------------------------------------------------------


def test_the_same_form_twice_is_done_once_and_leaves_nothing(office, intake):
    form, before = form_of(intake), cases(office)
    file = ("1.png", "image/png", scans.png())
    assert send(intake, file, form=form).status == 303
    assert send(intake, file, form=form).status == 303
    assert cases(office) == before + 1
    assert nothing_lies_there(office)


def test_two_that_press_at_once_make_one_case(office, intake):
    form, before, answers = form_of(intake), cases(office), []
    file = ("1.pdf", "application/pdf", scans.noise(2 * MIB))

    def press():
        answers.append(send(intake, file, form=form).status)
    both = [threading.Thread(target=press) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert cases(office) == before + 1 and 303 in answers, answers
    (case,), = office.query("SELECT id FROM case_file ORDER BY moved DESC"
                            " LIMIT 1")
    assert office.database.value(
        f"SELECT count(*) FROM item WHERE case_id = '{case}'"
        " AND kind = 'mail_in'") == 1


def test_sent_again_with_its_files_they_count_once(office, intake):
    """The answer was lost, the reader went back: what came first goes."""
    form = form_of(intake)
    file = ("1.pdf", "application/pdf", scans.noise(14 * MIB))
    assert send(intake, file, form=form, more="1").status == 200
    page = send(intake, file, form=form, more="1")
    assert page.status == 200, page.words
    assert len(staged(office)) == 1


# ---- who can open what lies there -------------------------------------------------------


def test_nothing_of_a_file_lies_in_the_database_in_clear(office, intake):
    secret = mark()
    send(intake, (f"{secret}.jpg", "image/jpeg",
                  scans.jpeg(secret.encode() * 40)), more="1")
    assert len(staged(office)) == 1
    for table in ("upload", "upload_chunk"):
        for value in (secret, secret.encode().hex()):
            assert office.query(
                f"SELECT 1 FROM {table} t WHERE position(%s IN t::text) > 0",
                value) == [], table


def open_staged(office, secret, pepper):
    """By another program: what the form's secret and PEPPER open together."""
    values = accountant.read_config(office.office.config)
    tenant = bytes.fromhex(values["office", "tenant"])
    (file, head), = office.query("SELECT id, head FROM upload WHERE form = %s",
                                 blake(b"ouv-upid" + secret))
    dek = blake(b"ouv-upld" + secret + uuid.UUID(str(file)).bytes, pepper)
    context = accountant.context(tenant, 20, 0,
                                 row=uuid.UUID(str(file)).bytes, version=1)
    head = bytes(head)
    assert head[0] == 1
    plain = na.crypto_aead_xchacha20poly1305_ietf_decrypt(
        head[29:], context, head[5:29], blake(b"ouv-blob" + context, dek))
    chunks = [bytes(ct) for ct, in office.query(
        "SELECT ct FROM upload_chunk WHERE upload = %s ORDER BY n",
        str(file))]
    state = na.crypto_secretstream_xchacha20poly1305_state()
    na.crypto_secretstream_xchacha20poly1305_init_pull(
        state, chunks[0][5:29], blake(b"ouv-strm" + context, dek))
    out = b""
    for n, ct in enumerate(chunks):
        text, tag = na.crypto_secretstream_xchacha20poly1305_pull(
            state, ct[29:] if n == 0 else ct,
            context + n.to_bytes(4, "big"))
        out += text
    return plain, out.rstrip(b"\0")[:-1]


def test_only_the_forms_secret_and_the_pepper_together_open_it(
        office, intake):
    data = scans.noise(MIB)
    page = send(intake, ("1.pdf", "application/pdf", data), more="1")
    text = page.form(PUT)["upload"]
    secret = base64.urlsafe_b64decode(text + "=")
    head, plain = open_staged(office, secret, intake.pepper)
    assert plain == data
    assert hashlib.sha256(data).hexdigest().encode() in head
    for wrong in ((secret, os.urandom(32)), (secret, b"")):
        with pytest.raises(Exception):
            open_staged(office, *wrong)
    assert text not in str(office.query("SELECT u::text FROM upload u"))


def test_another_form_does_not_get_it(office, intake):
    page = send(intake, ("1.png", "image/png", scans.png()), more="1")
    other = {**form_of(intake), "file-0": "1"}
    assert page.form(PUT)["upload"] != other["upload"]
    again = send(intake, form=other)
    assert again.status == 422
    assert words_of("pt-BR")["field_files_gone"] in again.words


def test_a_row_that_was_altered_is_not_taken(office, intake):
    page = send(intake, ("1.png", "image/png", scans.png()), more="1")
    office.query("UPDATE upload_chunk SET ct = overlay(ct placing '\\x00'::"
                 "bytea FROM 60 FOR 1)")
    before = cases(office)
    again = send(intake, form={**page.form(PUT), "file-0": "1"})
    assert again.status != 303 and cases(office) == before

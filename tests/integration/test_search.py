"""Cases are found by what stands in them, by whoever may open them and by
nobody else.

Real mails come in, a colleague looks for their words by the form of the page.
"""

import base64
import html
import io
import os
import re
import secrets
import signal
import time
import zipfile

import pytest

import scene as stage
import test_write as desk
from harness import wait_until
from scene import letter


def word():
    """A word that stands nowhere else."""
    return "q" + "".join(secrets.choice("abcdefghijkmnopqrstuvwxyz")
                         for _ in range(11))


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template, to_sink=True, imap_poll_secs=1,
                       mailgw_acks_domain_hour=100000)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return desk.login(office, "mediator")


@pytest.fixture(scope="module")
def second(office):
    return desk.login(office, "mediator2")


class Case:
    def __init__(self, office, raw, told=None):
        if told is None:
            status, (told,) = office.gateway.ingest(raw)
            assert status == 0
        assert told["outcome"] in ("created", "appended"), told
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        self.office = office
        self.id, = office.query("SELECT id FROM case_file WHERE protocol = %s",
                                self.protocol)[0]

    def tokens(self):
        return [bytes(row[0]) for row in self.office.query(
            "SELECT token FROM word_token WHERE case_id = %s", self.id)]

    def indexed(self):
        return self.office.query(
            "SELECT indexed, items, key_version FROM case_file WHERE id = %s",
            self.id)[0]


def sender():
    return f"ana.{secrets.token_hex(6)}@consumidora.example"


def new_case(office, *, text=stage.WORDS["pt-BR"], **more):
    return Case(office, letter(sender(), text=text, **more))


def ask(browser, query, after=None):
    """The page of what was found."""
    fields = {} if after is None else {"after": after}
    return browser.post("/search", q=query,
                        csrf=desk.token_for(browser, "/search"), **fields)


def found(browser, query):
    """The cases found, however often it must be asked until all are taken
    in."""
    for _ in range(40):
        page = ask(browser, query)
        if page.status == 303:  # a number alone: to its case
            return [page.location]
        assert page.status == 200, page.words
        if 'class="notice more"' not in page.text:
            return page.cases()
    raise AssertionError("it never ends")


def pdf(text):
    """A page of text, as a program that writes PDFs makes it."""
    shown = f"BT /F 12 Tf 50 700 Td ({text}) Tj ET".encode("cp1252")
    return (b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Count 1/Kids[4 0 R]>>endobj\n"
            b"3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
            b"/Encoding/WinAnsiEncoding>>endobj\n"
            b"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
            b"/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R>>endobj\n"
            b"5 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
            b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(shown), shown))


def docx(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml",
                      f"<w:document><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
                      "</w:document>")
    return out.getvalue()


# ---- what is found ------------------------------------------------------------


def test_a_mail_is_found_by_its_words_however_they_are_typed(office, mediator):
    one, other, name, subject = word(), word(), word(), word()
    case = new_case(
        office, name=f"Zoë {name}", subject=f"Fogão {subject} 4711",
        text=f"Comprei um fogão {one} e um {other}açã.\nMeu CPF é "
             "529.982.247-25, telefone (11) 98765-4321.")
    for query in (one, one.upper(), f"  {one}  fogao ", f"FOGÃO {one}",
                  f"{other}aca", name, f"zoe {name}", subject,
                  f"4711 {subject}", f"{one} 52998224725",
                  f"{one} 11987654321", f"{one} +55 11 98765-4321",
                  f"o {one} de {other}açã"):
        assert found(mediator, query) == [case.path], query
    for query in (word(), f"{one} {word()}", one[:-1], one + "s",
                  f"{one} 52998224724"):
        assert found(mediator, query) == [], query


@pytest.mark.parametrize("local", ["ana.", "ana.11987654321."])
def test_a_number_and_an_address_lead_to_their_cases(office, mediator, local):
    addr = sender().replace("ana.", local)
    first = Case(office, letter(addr))
    again = Case(office, letter(addr, subject="Outra coisa"))
    for typed in (first.protocol, first.protocol.replace("-", ""),
                  f" {first.protocol} "):
        assert first.path in found(mediator, typed), typed
    # By the index of addresses alone: no word was taken in.
    office.query("DELETE FROM word_token WHERE case_id IN (%s, %s)",
                 first.id, again.id)
    office.query("UPDATE case_file SET indexed = items WHERE id IN (%s, %s)",
                 first.id, again.id)
    for typed in (addr, addr.upper(), f"<{addr}>"):
        assert set(found(mediator, typed)) == {first.path, again.path}
    assert found(mediator, addr.replace("ana", "ane")) == []


def test_a_number_alone_goes_to_its_case(office, mediator, second):
    one = word()
    case = new_case(office, text=f"Comprei {one} e quebrou.")
    for typed in (case.protocol, case.protocol.replace("-", ""),
                  f" {case.protocol} "):
        page = ask(mediator, typed)
        assert (page.status, page.location) == (303, case.path), typed
    # With other words it is a search; and where others name it, all are shown.
    page = ask(mediator, f"{case.protocol} {one}")
    assert page.status == 200
    other = new_case(office, text=f"O mesmo que no caso {case.protocol}.")
    assert set(found(mediator, case.protocol)) == {case.path, other.path}
    # Nobody without its key is led there, or told that it exists.
    office.query("DELETE FROM case_grant g USING person p WHERE g.person ="
                 " p.id AND p.login = 'mediator2' AND g.case_id = %s", case.id)
    page = ask(second, case.protocol)
    assert page.status == 200 and case.path not in page.cases()


def test_a_word_of_an_attachment_is_found(office, mediator):
    one, other, third, name = word(), word(), word(), word()
    for data, file, text in (
            (pdf(f"Recibo {one}"), f"{name}.pdf", one),
            (docx(f"Contrato {other}"), "contrato.docx", other),
            (f"valor;{third}\n".encode(), "extrato.csv", third)):
        case = Case(office, stage.with_file(sender(), data, file))
        assert found(mediator, text) == [case.path], file
    assert len(found(mediator, name)) == 1


@pytest.mark.parametrize("data", [
    b"%PDF-1.7\n" + b"\xff" * 4096,
    b"%PDF-1.4\n2 0 obj<</Type/Pages/Count 9/Kids[2 0 R]>>endobj\n"
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>",
    b"PK\3\4" + b"\0" * 200,
], ids=["rubbish", "pages of themselves", "an archive's beginning"])
def test_what_cannot_be_read_hides_nothing_else(office, mediator, data):
    one = word()
    case = Case(office, stage.with_file(sender(), data, "laudo.pdf",
                                        text=f"Segue o laudo {one}."))
    assert found(mediator, one) == [case.path]
    assert found(mediator, f"{one} laudo pdf") == [case.path]
    indexed, items, _ = case.indexed()
    assert indexed == items


def test_a_note_and_a_later_mail_are_taken_in_too(office, mediator):
    one, other, quoted = word(), word(), word()
    addr = sender()
    case = Case(office, letter(addr))
    assert case.path in found(mediator, "geladeira")
    before = len(case.tokens())
    page = desk.act(mediator, case.path, "reply", subject="Sua geladeira",
                    text=f"Recebemos a nota {one} da geladeira. Obrigado.")
    assert page.status == 303, page.words
    assert found(mediator, one) == [case.path]
    # An answer that quotes: what is quoted was found where it was written.
    sent = wait_until("the letter is out", lambda: len(
        office.sink.to(addr)) == 2 and office.sink.to(addr)[-1], 20, 0.05)
    status, (told,) = office.gateway.ingest(stage.answer_to(
        sent, addr, text=f"Segue o número {other}.\n\n> o pedido {quoted}"))
    assert status == 0 and told["outcome"] == "appended", told
    assert found(mediator, other) == [case.path]
    assert found(mediator, quoted) == []
    assert len(case.tokens()) > before
    assert len(case.tokens()) % 16 == 0


# ---- what takes long, or cannot be now ------------------------------------------

PROMPT = 5.0  # seconds in which a page comes, whatever an attachment does


def endless_pdf():
    """A few kilobytes whose one page would be drawn for days: each form draws
    the next one ten times."""
    forms = b"".join(
        b"%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources"
        b"<</XObject<</X %d 0 R>>>>/Length 60>>stream\n%s\nendstream endobj\n"
        % (n, n + 1, (b"/X Do " * 10).ljust(60)) for n in range(10, 30))
    return (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources"
            b"<</XObject<</X 10 0 R>>>>/Contents 4 0 R>>endobj\n"
            b"4 0 obj<</Length 5>>stream\n/X Do\nendstream endobj\n" + forms +
            b"30 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 3>>"
            b"stream\nq Q\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")


def with_files(text, files):
    """A mail with these attachments: name, bytes."""
    edge = "=-" + secrets.token_hex(8)
    parts = [f"--{edge}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"]
    parts += [f"--{edge}\nContent-Type: application/octet-stream\n"
              f'Content-Disposition: attachment; filename="{name}"\n'
              "Content-Transfer-Encoding: base64\n\n"
              f"{base64.encodebytes(data).decode()}" for name, data in files]
    return letter(sender(), body="".join(parts + [f"--{edge}--\n"]).encode(),
                  content_type=f'multipart/mixed; boundary="{edge}"')


def prompt(page):
    """What that answers, if it does so in time."""
    begun = time.monotonic()
    answer = page()
    assert time.monotonic() - begun < PROMPT
    assert answer.status == 200, answer.words
    return answer


def test_slow_attachments_keep_nobody_waiting(office, mediator):
    one, last, second = word(), word(), word()
    other = new_case(office, text=f"Comprei {second} na loja, veio quebrado.")
    case = Case(office, with_files(f"Segue tudo, {one}.", [
        *((f"laudo{n}.pdf", endless_pdf()) for n in range(20)),
        ("extrato.csv", f"valor;{last}\n".encode())]))

    def progress():
        return office.query("SELECT seq, part FROM word_part WHERE case_id ="
                            " %s", case.id)

    page = prompt(lambda: mediator.get(case.path))
    assert "laudo19.pdf" in page.text
    seq, parts = progress()[0]
    assert (seq, case.indexed()[0]) == (1, 0) and 1 <= parts <= 2
    # Other cases are taken in first, older ones too; then one attachment.
    assert prompt(lambda: ask(mediator, second)).cases() == [other.path]
    assert parts < progress()[0][1] <= parts + 2
    # The message itself is found already; none is tried again.
    parts = progress()[0][1]
    page = prompt(lambda: ask(mediator, f"{one} laudo7"))
    assert page.cases() == [case.path] and 'class="notice more"' in page.text
    assert parts < progress()[0][1] <= parts + 2
    # So it would go on for a minute: all of them but the last.
    office.query("UPDATE word_part SET part = 21 WHERE case_id = %s", case.id)
    assert found(mediator, last) == [case.path]
    assert case.indexed()[0] == case.indexed()[1]


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def test_what_cannot_be_read_now_is_read_later(office, mediator, words):
    one, other = word(), word()
    for keeper in children(office.server.process.pid):
        os.kill(keeper, signal.SIGKILL)
    try:
        cases = [Case(office, with_files(f"Segue o extrato {one}.", [
            ("extrato.csv", f"valor;{other}\n".encode())]))
                 for _ in range(2)]
        for count, failed in ((1, "search_failed_one"),
                              (2, "search_failed_other")):
            page = prompt(lambda: mediator.get(cases[count - 1].path))
            if count == 1:
                office.query("UPDATE case_file SET indexed = items"
                             " WHERE id = %s", cases[1].id)
            else:
                office.query("UPDATE case_file SET indexed = 0"
                             " WHERE id = %s", cases[1].id)
            page = prompt(lambda: ask(mediator, one))
            assert cases[0].path in page.cases()
            assert f"{count} {words[failed]}" in page.words
            assert 'class="notice more"' in page.text
        assert ask(mediator, other).cases() == []
        assert [case.indexed()[0] for case in cases] == [0, 0]
    finally:
        office.server.kill()
        office.server.process.bury()
        office.server.begin()
        wait_until("nginx finds the server again",
                   lambda: mediator.get("/").status == 200)
    assert set(found(mediator, other)) == {case.path for case in cases}
    assert "notice more" not in ask(mediator, one).text


# ---- what a search keeps for the next ---------------------------------------------


def kept(case, login):
    return [bytes(row[0]) for row in case.office.query(
        "SELECT k.box FROM word_key k JOIN person p ON p.id = k.person"
        " WHERE p.login = %s AND k.case_id = %s", login, case.id)]


def test_a_grant_is_opened_once(office, mediator, second):
    one, other = word(), word()
    case = new_case(office, text=f"Comprei {one} na loja e veio quebrado.")
    again = new_case(office, text=f"Comprei {other} na loja.")
    assert found(mediator, one) == found(second, one) == [case.path]
    box, = kept(case, "mediator")
    assert [box] != kept(case, "mediator2") != []
    # Nothing of it is the key itself: no token of the case follows from it.
    assert len(box) == 76
    # With the grant spoiled it is still found: the grant was not opened.
    grant = ("UPDATE case_grant g SET box = %s FROM person p WHERE p.id ="
             " g.person AND p.login = 'mediator' AND g.case_id = %s")
    sealed = office.query("SELECT g.box FROM case_grant g JOIN person p ON p.id"
                          " = g.person WHERE p.login = 'mediator'"
                          " AND g.case_id = %s", case.id)[0][0]
    office.query(grant, bytes(112), case.id)
    assert found(mediator, one) == [case.path]
    office.query(grant, sealed, case.id)
    # Spoiled, or another case's: the grant is opened, and it is kept anew.
    for wrong in (bytes(76), kept(again, "mediator")[0]):
        office.query("UPDATE word_key k SET box = %s FROM person p WHERE p.id"
                     " = k.person AND p.login = 'mediator' AND k.case_id = %s",
                     wrong, case.id)
        assert found(mediator, one) == [case.path]
        assert kept(case, "mediator") != [wrong]


def test_what_is_kept_goes_with_the_grant(office, mediator, second):
    one = word()
    case = new_case(office, text=f"Comprei {one} na loja e veio quebrado.")
    assert found(mediator, one) == found(second, one) == [case.path]
    assert kept(case, "mediator") and kept(case, "mediator2")
    office.query("DELETE FROM case_grant g USING person p WHERE p.id ="
                 " g.person AND p.login = 'mediator2' AND g.case_id = %s",
                 case.id)
    assert kept(case, "mediator2") == [] and kept(case, "mediator")
    assert found(second, one) == []
    # A new key for the case: nothing of the old one is left to anybody.
    other = new_case(office, text=f"Comprei {one} na loja e veio quebrado.")
    assert found(second, one) == [other.path]
    assert len(found(mediator, one)) == 2
    assert desk.act(second, other.path, "conflict").status == 303
    assert kept(other, "mediator") == kept(other, "mediator2") == []
    assert found(second, one) == [] == kept(other, "mediator2")
    assert len(found(mediator, one)) == 2 and kept(other, "mediator")


# ---- by whom ------------------------------------------------------------------


def test_without_a_key_there_is_nothing(office, mediator, second):
    one, addr = word(), sender()
    case = Case(office, letter(addr, text=f"Comprei {one} na loja. Meu CPF é "
                               "168.995.350-09, telefone (11) 95555-4466."))
    queries = one, case.protocol, addr, "16899535009", "11955554466"
    for query in queries:
        assert found(second, query) == [case.path], query
    page = desk.act(second, case.path, "conflict")
    assert page.status == 303, page.words
    for query in queries:
        shut, nothing = ask(second, query), ask(second, word())
        assert shut.status == 200 and shut.cases() == []
        # Not even that there is one.
        assert re.sub(r'value="[^"]*"', "", shut.text) == \
            re.sub(r'value="[^"]*"', "", nothing.text)
    assert found(mediator, one) == [case.path]


def test_with_a_grant_row_gone_there_is_nothing(office, mediator, second):
    one = word()
    case = new_case(office, text=f"Comprei {one} na loja e veio quebrado.")
    assert found(mediator, one) == found(second, one) == [case.path]
    office.query("DELETE FROM case_grant g USING person p WHERE p.id ="
                 " g.person AND p.login = 'mediator2' AND g.case_id = %s",
                 case.id)
    assert found(second, one) == [] == found(second, case.protocol)
    assert found(mediator, one) == [case.path]


def test_after_a_new_key_it_is_found_again(office, mediator, second):
    one = word()
    case = new_case(office, text=f"Comprei {one} na loja e veio quebrado.")
    assert found(mediator, one) == [case.path]
    old = set(case.tokens())
    assert desk.act(second, case.path, "conflict").status == 303
    indexed, _, version = case.indexed()
    assert version == 2 and indexed == 0 and case.tokens() == []
    assert found(mediator, one) == [case.path]
    assert case.tokens() and not old & set(case.tokens())


def test_nobody_is_asked_without_a_session(office):
    stranger = office.browser()
    assert stranger.get("/search").status == 303
    page = stranger.post("/search", q="geladeira", csrf="x")
    assert page.status in (400, 403) or page.location == "/login", page.words


# ---- what it leaves behind --------------------------------------------------------


def test_two_cases_of_the_same_words_have_no_token_in_common(office, mediator):
    text = f"Comprei {word()} na loja e veio quebrado, a caixa {word()} vazia."
    one, other = new_case(office, text=text), new_case(office, text=text)
    for case in (one, other):
        assert mediator.get(case.path).status == 200  # reading takes it in
        assert case.indexed()[0] == case.indexed()[1]
        assert len(case.tokens()) > 0 and len(case.tokens()) % 16 == 0
        assert {len(token) for token in case.tokens()} == {8}
    assert not set(one.tokens()) & set(other.tokens())


def test_the_words_asked_for_are_nowhere(office, mediator):
    one = word()
    new_case(office)
    assert found(mediator, one) == []
    folder = office.folder.path
    logs = [os.path.join(top, name) for top, _, names in os.walk(folder)
            for name in names if name.endswith(".log")]
    assert {"server.log", "nginx.log"} <= {os.path.basename(p) for p in logs}
    said = []
    for path in logs:
        with open(path, "rb") as file:
            if one.encode() in file.read():
                said.append(os.path.basename(path))
    assert said == []
    rows = office.query("SELECT action, object FROM audit_event e"
                        " JOIN person p ON p.id = e.actor"
                        " WHERE p.login = 'mediator' AND action = 'search'"
                        " ORDER BY at_us DESC LIMIT 1")
    assert [row[0] for row in rows] == ["search"]
    assert int(str(rows[0][1]).replace("-", ""), 16) == 0
    case = new_case(office, text=f"Comprei {one} na loja e veio quebrado.")
    assert found(mediator, one) == [case.path]
    row, = office.query("SELECT object FROM audit_event WHERE action ="
                        " 'search' ORDER BY at_us DESC LIMIT 1")
    assert int(str(row[0]).replace("-", ""), 16) == 1


# ---- the page -----------------------------------------------------------------


def test_the_form_says_what_is_wrong_with_it(office, mediator, words):
    assert words["search_title"] in mediator.get("/search").words
    page = ask(mediator, "   ")
    assert page.status == 422 and words["search_empty"] in page.words
    page = ask(mediator, "a" * 201)
    assert page.status == 422 and words["search_too_long"] in page.words
    page = ask(mediator, "de e para")
    assert page.status == 200 and words["search_common"] in page.words
    page = ask(mediator, word())
    assert words["search_nothing"] in page.words
    page = ask(mediator, '"><b>x')
    assert 'value="&quot;&gt;&lt;b&gt;x"' in page.text
    assert ask(mediator, "x1", "nothing-ours").status == 400
    case = new_case(office)
    for path in ("/", "/held", "/reports"):
        fields = mediator.get(path).form("/search")
        page = mediator.post("/search", q=case.protocol, **fields)
        assert (page.status, page.location) == (303, case.path), path


def test_many_are_taken_in_by_portions_and_shown_by_pages(office, mediator,
                                                          words):
    one, count = word(), 60
    folder, files = office.folder.make("many"), []
    for number in range(count):
        files.append(os.path.join(folder, f"{number}.eml"))
        with open(files[-1], "wb") as file:
            file.write(letter(sender(), text=f"Comprei {one} e quebrou."))
    status, told = office.gateway.ingest(
        letter(sender(), text="Outra coisa, que nada tem com isso."), *files)
    assert status == 0
    cases = {f"/cases/{t['protocol']}" for t in told[1:]} \
        if told[0].get("file") is None else None
    page = ask(mediator, one)
    # At most fifty are taken in by one asking, and it says so.
    assert 'class="notice more"' in page.text
    assert html.unescape(words["search_again"]) in page.text
    assert len(found(mediator, one)) == 50
    page = ask(mediator, one)
    assert f"{count} {words['search_found_other']}" in page.words
    first = page.cases()
    after = re.search(r'name="after" value="([^"]+)"', page.text)[1]
    rest = ask(mediator, one, after).cases()
    assert len(first) == 50 and len(rest) == count - 50
    assert not set(first) & set(rest)
    assert cases is None or len(cases & set(first + rest)) >= count - 1

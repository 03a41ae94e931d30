"""Cases are found by what stands in them, by whoever may open them and by
nobody else.

Real mails come in, a colleague looks for their words by the form of the page.
"""

import html
import io
import os
import re
import secrets
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


# ---- by whom ------------------------------------------------------------------


def test_without_a_key_there_is_nothing(office, mediator, second):
    one = word()
    case = new_case(office, text=f"Comprei {one} na loja e veio quebrado.")
    assert found(second, one) == [case.path]
    page = desk.act(second, case.path, "conflict")
    assert page.status == 303, page.words
    for query in (one, case.protocol):
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


def test_the_form_says_what_is_wrong_with_it(mediator, words):
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
    for path in ("/", "/held", "/reports"):
        assert 'action="/search"' in mediator.get(path).text


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

"""Pictures of pages are read by machine: page by page in the background, for
those who may read their case, and nothing of it lies anywhere in clear.
"""

import io
import os
import re
import secrets
import signal
import time

import pikepdf
import pytest

import drawn
import pdfa
import scene as stage
import test_casefile as casefile
import test_search as search
import test_write as desk
from harness import wait_until
from test_search import Case, sender, with_files

READ = 240.0  # seconds a machine with much else to do may need for some pages

SYLLABLES = "ba be bo da de do ga go ma me mo na ne no pa pe po sa se so ta te to"


def word():
    """A word that stands nowhere else, of letters that no machine mistakes."""
    return "".join(secrets.choice(SYLLABLES.split()) for _ in range(6))


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


def lines(*words):
    return ("Prezados senhores,\n\nvenho por meio desta carta pedir que a loja\n"
            f"entregue a geladeira que comprei: {' '.join(words)}.\n\n"
            "Aguardo resposta no prazo de dez dias.\n\nMaria Souza")


class Scan(Case):
    """A case with pictures."""

    def __init__(self, office, files, text="Segue a carta digitalizada."):
        super().__init__(office, with_files(text, files))
        self.item, = office.query(
            "SELECT id FROM item WHERE case_id = %s AND kind = 'mail_in'",
            self.id)[0]

    def rows(self, part=0):
        """Pages that are done, without page 0."""
        return [row[0] for row in self.office.query(
            "SELECT page FROM item_page WHERE item = %s AND part = %s"
            " AND page > 0 ORDER BY page", self.item, part)]

    def looked(self, part=0):
        return self.office.query(
            "SELECT 1 FROM item_page WHERE item = %s AND part = %s"
            " AND page = 0", self.item, part) != []

    def read(self, count, part=0):
        wait_until(f"{count} pages are read",
                   lambda: len(self.rows(part)) >= count, READ, 0.1)

    def pages(self, part=0):
        return f"{self.path}/items/{self.item.replace('-', '')}/parts/{part}/pages"


def files(browser, case):
    """What the page of the case says of each attachment."""
    page = browser.get(case.path)
    assert page.status == 200, page.words
    block = re.search(r'(?s)<ul class="files">(.*?)</ul>', page.text).group(1)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split())
            for one in block.split("<li>")[1:]]


# ---- read, seen, found ----------------------------------------------------------


def test_a_scanned_letter_is_read_seen_and_found(office, mediator, words):
    one, two, three = word(), word(), word()
    case = Scan(office, [("carta.pdf", drawn.scanned_pdf(
        [lines(one), lines(two), lines(three)]))])
    assert words["scan_waiting"] in files(mediator, case)[0]
    case.read(3)
    said = files(mediator, case)[0]
    assert words["scan_link"] in said and words["scan_read"] in said
    # Each page beside its picture.
    for number, typed in enumerate((one, two, three), 1):
        page = mediator.get(f"{case.pages()}/{number}")
        assert page.status == 200, page.words
        assert typed in page.words and "Prezados senhores" in page.words
        assert words["scan_machine"] in page.words
        assert len(page.body) < 60000
    assert mediator.get(case.pages()).words == \
        mediator.get(f"{case.pages()}/1").words
    page = mediator.get(f"{case.pages()}/2")
    assert page.links(rf'{case.pages()}/1"') or f"{case.pages()}/1" in page.text
    assert f"{case.pages()}/3" in page.text
    answer = mediator.get(f"{case.pages()}?page=3")
    assert (answer.status, answer.location) == (303, f"{case.pages()}/3")
    # Found by a word of it, and it is said where that stands.
    assert search.found(mediator, two) == [case.path]
    page = search.ask(mediator, two)
    assert words["search_in_scan"] in page.words
    other = search.new_case(office, text=f"Comprei {word()} hoje.")
    typed = search.word()
    third = search.new_case(office, text=f"Comprei {typed} hoje.")
    page = search.ask(mediator, typed)
    assert page.cases() == [third.path] != [other.path]
    assert words["search_in_scan"] not in page.words


def test_the_picture_is_drawn_anew(office, mediator):
    case = Scan(office, [("carta.png", drawn.picture(lines(word()), kind="png")),
                         ("foto.jpg", drawn.picture(lines(word())))])
    mediator.get(case.path)
    case.read(1)
    case.read(1, part=1)
    for part in (0, 1):
        answer = mediator.get(f"{case.pages(part)}/1/picture")
        assert answer.status == 200
        headers = {key.lower(): value for key, value in answer.headers.items()}
        assert headers["content-type"] == "image/jpeg"
        assert headers["content-security-policy"] == \
            "sandbox; default-src 'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert answer.body.startswith(b"\xff\xd8\xff")
        assert max(drawn.jpeg_size(answer.body)) == 1400
        assert len(answer.body) < 400000


def test_words_can_be_quoted(office, mediator, words):
    one = word()
    case = Scan(office, [("carta.pdf", drawn.scanned_pdf([lines(one)]))])
    mediator.get(case.path)
    case.read(1)
    page = mediator.get(f"{case.pages()}/1")
    link = re.search(r'href="([^"]*\?quote=[^"]*)"', page.text).group(1)
    assert one not in link
    form = mediator.get(link.partition("#")[0].replace("&amp;", "&"))
    area = re.search(r'(?s)<textarea id="reply-text"[^>]*>(.*?)</textarea>',
                     form.text).group(1)
    assert "&gt; Prezados senhores," in area and one in area
    # What is no page of it is no quotation, and no error.
    item = case.item.replace("-", "")
    for wrong in ("x.0.1", f"{'0' * 32}.0.1", "", f"{item}.0.2", f"{item}.1.1",
                  f"{item}.0.1.1", f"{item}.0"):
        form = mediator.get(f"{case.path}?quote={wrong}")
        assert form.status == 200 and "&gt; Prezados" not in form.text
    # The index of evidence, once there can be one: its form knows which
    # attachment.
    assert "/do/evidence" not in page.text
    assert desk.act(mediator, case.path, "open").status == 303
    page = mediator.get(f"{case.pages()}/1")
    assert words["scan_evidence"] in page.words
    link = re.search(r'href="([^"]*/do/evidence[^"]*)"', page.text).group(1)
    form = mediator.get(link.replace("&amp;", "&"))
    assert form.status == 200, form.words
    assert '<option value="1" selected>1:' in form.text
    assert re.search(r'<input id="move-part"[^>]* value="1"', form.text)


def test_what_is_no_scan_is_left_alone(office, mediator, words):
    typed = drawn.text_pdf(lines(word()) + "\n" + "texto comum " * 20)
    logo = drawn.picture("logo", dots=15, kind="png")
    case = Scan(office, [("carta.pdf", typed), ("logo.png", logo),
                         ("nota.txt", b"nota\n")])
    mediator.get(case.path)
    for part in (0, 1):
        wait_until("it was looked at", lambda p=part: case.looked(p), READ, 0.1)
    for said in files(mediator, case):
        assert words["scan_link"] not in said
        assert words["scan_waiting"] not in said
    assert case.rows(0) == case.rows(1) == []
    assert not case.looked(2)
    for path in (case.pages(), f"{case.pages(1)}/1", f"{case.pages(2)}/1",
                 f"{case.pages(9)}/1", f"{case.pages()}/1/picture"):
        assert mediator.get(path).status == 404, path


# ---- hostile -----------------------------------------------------------------


def test_hostile_pictures_stop_nothing(office, mediator, words):
    one = word()
    tiff = drawn.picture(lines(word()), kind="tiff")
    good = drawn.picture(lines(one), kind="png")
    case = Scan(office, [
        ("bomba.png", drawn.huge_png(50000, 50000)),
        ("cortada.tif", tiff[:len(tiff) // 3]),
        ("falsa.jpg", b"\xff\xd8\xff" + os.urandom(4000)),
        ("cortada.png", good[:len(good) // 2]),
        ("boa.png", good)])
    mediator.get(case.path)
    case.read(1, part=4)
    for part in range(4):
        wait_until("it was looked at", lambda p=part: case.looked(p), READ, 0.1)
    assert one in mediator.get(f"{case.pages(4)}/1").words
    assert case.rows(0) == []
    assert office.server.process.running
    # One that was looked at and cannot be read says so.
    wait_until("no part waits", lambda: words["scan_waiting"] not in
               " ".join(files(mediator, case)), READ, 0.2)


# ---- the thread --------------------------------------------------------------


def kill(office, how):
    begun = time.monotonic()
    if how == signal.SIGKILL:
        office.server.kill()
        office.server.process.bury()
    else:
        office.server.process.stop()
    return time.monotonic() - begun


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_restart_in_the_middle_goes_on(office, mediator, how):
    typed = [word() for _ in range(5)]
    case = Scan(office, [("carta.pdf",
                          drawn.scanned_pdf([lines(one) for one in typed]))])
    mediator.get(case.path)
    case.read(2)
    try:
        took = kill(office, how)
        done = office.query("SELECT page, at, ct FROM item_page WHERE item = %s"
                            " ORDER BY page", case.item)
    finally:
        office.server.begin()
        wait_until("nginx finds the server again",
                   lambda: mediator.get("/").status == 200)
    assert took < 15
    assert 3 <= len(done) < 6
    # Nobody has the key of what is left until somebody opens the case.
    mediator.get(case.path)
    case.read(5)
    now = office.query("SELECT page, at, ct FROM item_page WHERE item = %s"
                       " ORDER BY page", case.item)
    assert now[:len(done)] == done
    for number, one in enumerate(typed, 1):
        assert one in mediator.get(f"{case.pages()}/{number}").words


def test_each_gets_a_page_in_its_turn(office, mediator):
    case = Scan(office, [
        ("longa.pdf", drawn.scanned_pdf([lines(word())] * 5)),
        ("curta.pdf", drawn.scanned_pdf([lines(word())]))])
    mediator.get(case.path)
    case.read(5)
    case.read(1, part=1)
    order = office.query("SELECT part, page FROM item_page WHERE item = %s"
                         " ORDER BY at", case.item)
    assert order.index((1, 1)) < order.index((0, 3)), order


def test_who_may_not_read_the_case_has_nothing_read(office, mediator, second):
    typed = [word() for _ in range(4)]
    case = Scan(office, [("carta.pdf",
                          drawn.scanned_pdf([lines(one) for one in typed]))])
    assert second.get(case.path).status == 200
    case.read(1)
    page = desk.act(second, case.path, "conflict")
    assert page.status == 303, page.words
    wait_until("the job has ended", lambda: jobs(office) == 0, READ, 0.1)
    done = case.rows()
    assert len(done) < 4
    for path in (case.pages(), f"{case.pages()}/1", f"{case.pages()}/1/picture"):
        assert second.get(path).status in (403, 404)
        assert typed[0] not in second.get(path).words
    # A colleague goes on, under the new key of the case.
    mediator.get(case.path)
    case.read(4)
    version, = office.query("SELECT key_version FROM case_file WHERE id = %s",
                            case.id)[0]
    assert version > 1
    for number, one in enumerate(typed, 1):
        assert one in mediator.get(f"{case.pages()}/{number}").words
        assert search.found(mediator, one) == [case.path]
        assert search.found(second, one) == []


def jobs(office):
    text = office.server.request("GET", "/metrics")[2].decode()
    return int(re.search(r"(?m)^ouvidoria_scans_waiting (\d+)$", text).group(1))


def test_a_job_ends_with_its_session(office, mediator):
    browser = desk.login(office, "intake")
    case = Scan(office, [("carta.pdf", drawn.scanned_pdf([lines(word())] * 4))])
    assert browser.get(case.path).status == 200
    case.read(1)
    page = browser.post("/logout", csrf=desk.token_for(browser, "/logout"))
    assert page.status == 303
    wait_until("the job has ended", lambda: jobs(office) == 0, READ, 0.1)
    assert len(case.rows()) < 4
    mediator.get(case.path)
    case.read(4)


# ---- the rows ----------------------------------------------------------------


def test_rows_follow_their_item_and_its_case(office, mediator, words):
    one, two = word(), word()
    case = Scan(office, [("carta.pdf",
                          drawn.scanned_pdf([lines(one), lines(two)]))])
    mediator.get(case.path)
    case.read(2)
    assert search.found(mediator, one) == [case.path]

    def taken():
        return office.query("SELECT taken FROM item_page WHERE item = %s"
                            " AND page = 1", case.item) == [(True,)]

    assert taken()
    # Altered, or another page's: nothing is shown, and the page says so.
    head, sealed, other = (row[0] for row in office.query(
        "SELECT ct FROM item_page WHERE item = %s ORDER BY page", case.item))
    for wrong in (head, other, bytes(sealed)[:-1] + b"\0"):
        office.query("UPDATE item_page SET ct = %s WHERE item = %s AND page ="
                     " 1", wrong, case.item)
        page = mediator.get(f"{case.pages()}/1")
        assert page.status == 200
        assert one not in page.words and two not in page.words
        assert words["scan_given_up"] in page.words
    office.query("UPDATE item_page SET ct = %s WHERE item = %s AND page = 1",
                 sealed, case.item)
    assert one in mediator.get(f"{case.pages()}/1").words
    # A new key for the case: readable as before, its words are taken in anew.
    office.query("UPDATE case_file SET rekey_due = true WHERE id = %s", case.id)
    mediator.get(case.path)
    version, = office.query("SELECT key_version FROM case_file WHERE id = %s",
                            case.id)[0]
    assert version == 2
    assert one in mediator.get(f"{case.pages()}/1").words
    assert search.found(mediator, one) == [case.path] and taken()
    # In another case its words are that one's.
    other = search.new_case(office)
    office.query("UPDATE item SET case_id = %s, seq = 99 WHERE id = %s",
                 other.id, case.item)
    assert not taken()
    office.query("UPDATE item SET case_id = %s, seq = 1 WHERE id = %s",
                 case.id, case.item)
    # Erased with its case, and nothing is written after that.
    office.query("SELECT file_wipe(%s)", case.id)
    assert case.rows() == [] and not case.looked()


def test_without_language_data_nothing_is_read(template):
    scene = stage.Scene(template, to_sink=True, imap_poll_secs=1)
    scene.server.process.env = {**(scene.server.process.env or {}),
                                "TESSDATA_PREFIX": "/nonexistent"}
    try:
        scene.begin()
        browser = desk.login(scene, "mediator")
        case = Scan(scene, [("carta.pdf", drawn.scanned_pdf([lines(word())]))])
        assert browser.get(case.path).status == 200
        with open(scene.server.process.log, encoding="utf-8") as log:
            assert "scans are not read by machine" in log.read()
        assert not case.looked() and case.rows() == []
    finally:
        scene.stop()


# ---- in the case file ----------------------------------------------------------


def pictures_in(octets):
    """Of each page of the document: the sizes of its pictures."""
    with pikepdf.open(io.BytesIO(octets)) as document:
        return [[(int(image.Width), int(image.Height))
                 for image in page.images.values()] for page in document.pages]


def test_pictures_stand_in_the_case_file_where_they_were_sent(office, mediator):
    case = Scan(office, [
        ("carta.pdf", drawn.scanned_pdf([lines(word()), lines(word())])),
        ("foto.jpg", drawn.picture(lines(word()))),
        ("contrato.pdf", drawn.text_pdf("palavras do contrato " * 40)),
        ("quebrada.jpg", b"\xff\xd8\xff\xe0 nada")])
    mediator.post(f"{case.path}/open",
                  **mediator.get(case.path).form(f"{case.path}/open"))
    mediator.get(case.path)
    wait_until("it is read", lambda: len(case.rows(0)) == 2, READ)
    wait_until("our letters are out", office.outbox_is_quiet)
    octets = casefile.file_for(mediator, case.path, "internal",
                               **casefile.ALL).files["case.pdf"]
    shown = [size for page in pictures_in(octets) for size in page]
    assert len(shown) == 3 and all(max(size) == 1400 for size in shown), shown
    text = casefile.pdf_text(octets)
    for told in ("carta.pdf - página 1 de 2", "carta.pdf - página 2 de 2",
                 "Anexo 2: foto.jpg", "contrato.pdf", "quebrada.jpg"):
        assert told in text, told
    assert pdfa.faults(octets) == {}
    # Nobody else's: what is masked is not shown, and the company has none.
    masked = casefile.file_for(mediator, case.path, "authority", whom="Procon",
                               **casefile.ALL).files["case.pdf"]
    theirs = casefile.file_for(mediator, case.path, "consumer")
    assert not any(pictures_in(masked))
    assert sum(len(page) for page in pictures_in(theirs.files["case.pdf"])) == 3

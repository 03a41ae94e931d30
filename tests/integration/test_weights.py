"""No page of the console is above 60 kB, however much there is of what it
shows: it goes on on the next one.

One office has more of everything than a page has room for.
"""

import os
import secrets
import sys

import pytest

import harness
import scene as stage
from harness import wait_until
from scene import Scene, answer_to, letter

sys.path.insert(0, os.path.join(harness.ROOT, "tests/bench"))
import office_of  # noqa: E402
from pages import MOST_BYTES  # noqa: E402

CASES, COMPANIES, HELD, EVENTS, VIEWS = 240, 300, 60, 500, 60
LARGE = "2020-000021-"  # of two hundred messages
NAME = "Companhia Brasileira de Distribuição e Varejo"
MEMBERS = """INSERT INTO company (id, name, sector, lang, member_from)
 SELECT gen_random_uuid(), %s || ' ' || n, 'retail', 'pt-BR', '2015-01-01'
 FROM generate_series(1, %s) n RETURNING id"""
# Copies of the newest entry, far behind it: what comes next has its number.
LONGER = """INSERT INTO audit_event (chain, seq, at_us, signer, signer_seq,
  actor, action, object, details, prev, hash, mac)
 SELECT chain, seq + 100000 + n, at_us + n, signer,
  signer_seq + %s + n, actor, 'note', object, details, prev, hash, mac
 FROM (SELECT * FROM audit_event WHERE {} ORDER BY seq DESC LIMIT 1) e,
  generate_series(1, %s) n RETURNING seq"""
SAVED = """INSERT INTO saved_view (id, person, name, query, shared)
 SELECT gen_random_uuid(), p.id, 'Reclamações graves de lojas em atraso ' || n,
  'queue=open&q=&state=company&company=Loja+3&severity=high&sort=due',
  n > 30 FROM person p, generate_series(1, %s) n
 WHERE p.login = 'mediator' RETURNING id"""


class Full:
    """What an office was given, by its path."""

    def __init__(self, office):
        self.office = office
        sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
        self.hold(office.acknowledged(letter(sender), sender, stage.PATIENT))
        office.query(MEMBERS, NAME, COMPANIES)
        office.query(SAVED, VIEWS)
        hexa = office.query("SELECT replace(id::text, '-', '') FROM case_file"
                            " WHERE protocol LIKE %s", LARGE + "%")[0][0]
        self.large = f"/cases/{hexa}"
        office.office.admin.do("code", "import", "--shipped")
        self.mediator = office.logged_in("mediator")
        self.ombudsman = office.logged_in("ombudsman")
        self.intake = office.logged_in("intake")
        self.mediator.get(self.large)  # has an entry, then
        line = office.database.connect()
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(LONGER.format(
                "chain = (SELECT id FROM case_file WHERE protocol LIKE %s)"),
                (1000000, LARGE + "%", EVENTS))
            cursor.execute(LONGER.format(
                "chain = signer AND action = 'login'"), (2000000, EVENTS))
        line.close()

    def hold(self, ack):
        """Strangers who answer what was not sent to them."""
        known = {row[0] for row in self.office.query("SELECT id FROM inbound")}
        mails = []
        for number in range(HELD):
            who = f"eva.{secrets.token_hex(5)}@estranha.example"
            mails.append(answer_to(
                ack, who, name=f"Eva Maria de Lima e Silva {number}",
                text="Também comprei nesta loja e não recebi. " * 10))
        self.office.dovecot.deliver_many(
            mails, recipient=stage.address_of(ack.parsed["Reply-To"]))
        self.office.new_rows(known, HELD)
        wait_until("all are held", lambda: self.office.database.value(
            "SELECT count(*) FROM case_file WHERE state = 'held'") >= HELD, 90)


@pytest.fixture(scope="module")
def full(template):
    made = Scene(template, mailgw_acks_domain_hour=100000,
                 mailgw_acks_hour=100000)
    try:
        office_of.fill(harness.programs.build_folder(), made.office.config,
                       made.database, CASES)
        made.begin()
        yield Full(made)
    finally:
        made.stop()


def light(browser, path):
    """The page, which is there and not too heavy."""
    page = browser.get(path)
    assert page.status == 200, (path, page.status, page.words[:200])
    assert len(page.body) <= MOST_BYTES, (path, len(page.body))
    return page


def pages(browser, path, onward):
    """All pages of a list, by the links that lead on."""
    found, seen = [], set()
    while path is not None and path not in seen:
        seen.add(path)
        found.append(light(browser, path))
        links = found[-1].links(onward)
        path = next((link for link in links if link not in seen), None)
    return found


def linked(found, pattern):
    return {link for page in found for link in page.links(pattern)}


def test_a_register_of_many_companies_goes_on(full):
    found = pages(full.ombudsman, "/companies",
                  r'/companies\?[^"]*after=[^"]*')
    assert len(found) > 1
    assert len(linked(found, r"/companies/[0-9a-f]{32}")) >= COMPANIES


def test_a_long_log_goes_on(full):
    found = pages(full.mediator, f"{full.large}/log",
                  r'/cases/[^"]*log\?[^"]*before=[^"]*')
    assert len(found) > EVENTS / 100


def test_the_log_of_the_office_goes_on(full):
    found = pages(full.ombudsman, "/log", r'/log\?[^"]*before=[^"]*')
    assert len(found) > EVENTS / 100


def test_each_codebook_has_its_page(full):
    first = light(full.ombudsman, "/admin/codes")
    books = linked([first], r"/admin/codes\?[^\"]*")
    assert len(books) > 3
    for book in books:
        light(full.ombudsman, book)


@pytest.mark.parametrize("path", [
    "/conflicts", "/requests/new", "/people", "/calendar",
    "/calendar/due", "/calendar/absences", "/retention", "/reports",
    "/templates", "/search", "/admin", "/admin/roles"])
def test_whatever_else_shows_what_there_is_much_of(full, path):
    light(full.ombudsman if path in ("/conflicts", "/admin", "/admin/roles",
                                     "/people", "/reports", "/retention")
          else full.intake if path == "/requests/new" else full.mediator, path)


@pytest.mark.parametrize("verb", ["classify", "serve", "ask", "disclose"])
def test_the_steps_of_a_case_of_many_messages(full, verb):
    steps = linked([full.mediator.get(full.large)],
                   rf'/cases/[^"?]*/do/{verb}(?:\?[^"]*)?')
    assert steps
    for step in steps:
        light(full.mediator, step)


def test_much_held_mail_goes_on(full):
    found = pages(full.mediator, "/held", r'/held\?[^"]*after=[^"]*')
    assert len(found) > 1
    held = linked(found, r"/cases/[0-9a-f]{32}")
    assert len(held) >= HELD
    light(full.mediator, min(held))


@pytest.mark.parametrize("path", ["/", "/cases"])
def test_a_list_with_many_saved_views(full, path):
    assert light(full.mediator, path).text.count("em atraso") >= VIEWS

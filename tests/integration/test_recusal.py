"""A new key for a case, once somebody has lost the old one.

With a live cookie and a password nothing of the case is left to see; with
every secret of that person nothing of the whole database opens that was not
theirs to read before.  Everybody else, and the gateway, go on as if nothing
had happened.
"""

import contextlib
import re
import threading

import nacl.bindings as na
import pytest

import harness
import scene as stage
import test_intake as intake_tests
import test_write as desk
import unseal
from accountant import blake
from harness import wait_until
from scene import with_file
from test_impartial import declare, holders, move
from test_intake import SHOP, about

mediator = intake_tests.mediator


@pytest.fixture(scope="module")
def office(template):
    yield from intake_tests.begun(template)


@pytest.fixture(scope="module")
def second(office):
    return desk.login(office, "mediator2")


@pytest.fixture(scope="module")
def ombudsman(office):
    return desk.login(office, "ombudsman")


class Case(intake_tests.Case):
    """With words in it that stand nowhere else."""

    def __init__(self, office, browser):
        self.office, self.browser, self.company = office, browser, None
        self.words = {name: desk.mark() for name in (
            "subject", "text", "name", "file", "data")}
        w = self.words
        self.addr = f"{desk.mark()}@consumidora.example"
        told, self.item, self.id = desk.take(office, with_file(
            self.addr, w["data"].encode() * 3, f"{w['file']}.pdf",
            text=f"{stage.WORDS['pt-BR']}\n{w['text']}",
            subject=f"Geladeira {w['subject']}", name=f"Ana {w['name']}"))
        assert told["outcome"] == "created"
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        self.ack = self.got(self.addr, 1)[-1]
        self.does("open")

    def key(self):
        """(version, does it wait for a new one)"""
        return self.column("key_version", "rekey_due")

    def due(self):
        self.office.query("UPDATE case_file SET rekey_due = true WHERE id = %s",
                          self.id)

    def file(self):
        return f"{self.path}/items/{desk.hexes(self.item)}"

    def shows(self, browser):
        """Which of its words that colleague's page shows."""
        page = browser.get(self.path)
        assert page.status == 200, page.words
        return {name for name, word in self.words.items() if word in page.text}

    def writes(self, text):
        """The consumer answers; the item it becomes."""
        raw = stage.answer_to(self.ack, self.addr, text=text)
        told, item, case = desk.take(self.office, raw)
        assert case == self.id, told
        return item


ON_PAGE = {"subject", "text", "name", "file"}


@pytest.fixture
def case(office, mediator):
    return Case(office, mediator)


def grants(office, case):
    """{(login or escrow, version, by whom)}"""
    return set(office.query(
        "SELECT coalesce(p.login, 'escrow'), g.version, b.login"
        "  FROM case_grant g LEFT JOIN person p ON p.id = g.person"
        "  LEFT JOIN person b ON b.id = g.granted_by WHERE g.case_id = %s",
        case.id))


def recuse(mediator, ombudsman, case, login="mediator2"):
    assert move(mediator, case, "team", person="ombudsman").status == 303
    page = move(ombudsman, case, "recuse", person=login,
                reason="O pai dela trabalha na empresa.")
    assert page.status == 303, page.words


# ---- at once, or at the next opening ------------------------------------------


def test_an_order_makes_a_new_key_at_once(office, mediator, second, ombudsman,
                                          case):
    assert case.key() == (1, False)
    before = {login for login, _, _ in grants(office, case)}
    recuse(mediator, ombudsman, case)
    assert case.key() == (2, False)
    assert second.get(case.path).status == 403
    # By whoever gave the order, for everybody else.
    assert grants(office, case) == {
        (login, 2, "ombudsman") for login in before | {"ombudsman"}
        - {"mediator2"}} - {("mediator2", 2, "ombudsman")}
    assert office.query(
        "SELECT version, retired IS NULL, old_box IS NULL FROM case_key WHERE"
        " case_id = %s ORDER BY 1", case.id) == [(1, False, True),
                                                 (2, True, False)]
    assert case.shows(mediator) == case.shows(ombudsman) == ON_PAGE
    assert case.words["data"] in mediator.get(
        f"{case.file()}/parts/0").text
    assert case.events().count("rekey") == 1


def test_whoever_says_so_leaves_with_the_last_old_key(mediator, second, case):
    assert desk.act(second, case.path, "conflict").status == 303
    assert case.key() == (2, False)
    assert second.get(case.path).status == 403
    assert case.shows(mediator) == ON_PAGE


def test_by_the_register_it_waits_for_the_next_opening(office, mediator,
                                                       second, case):
    case.classified()
    company, = office.query("SELECT id FROM company WHERE name = %s", SHOP)
    assert case.key() == (1, False)
    assert declare(second, company=desk.hexes(company[0])).status == 303
    try:
        assert case.key() == (1, True)
        assert second.get(case.path).status == 403
        assert case.key() == (1, True)  # who lost it makes none
        assert case.shows(mediator) == ON_PAGE
        assert case.key() == (2, False)
    finally:
        office.query("UPDATE conflict_register SET ended = now()")


def test_who_enters_the_tie_of_another_makes_them_at_once(
        office, mediator, second, ombudsman, case):
    assert move(mediator, case, "team", person="ombudsman").status == 303
    try:
        page = declare(ombudsman, case=case.protocol, who="mediator2")
        assert page.status == 303, page.words
        assert case.key() == (2, False)
        assert second.get(case.path).status == 403
        assert case.shows(mediator) == case.shows(ombudsman) == ON_PAGE
    finally:
        office.query("UPDATE conflict_register SET ended = now()")


def test_a_company_that_becomes_known_shuts_out_in_the_same_act(
        office, mediator, second, case):
    company, = office.query("SELECT id FROM company WHERE name = %s", SHOP)
    assert declare(second, company=desk.hexes(company[0])).status == 303
    try:
        assert case.shows(second) == ON_PAGE
        case.classified()
        assert case.key() == (2, False)
        assert second.get(case.path).status == 403
        assert case.shows(mediator) == ON_PAGE
    finally:
        office.query("UPDATE conflict_register SET ended = now()")


@pytest.mark.parametrize("what", ["page", "download", "act"])
def test_what_is_due_is_done_by_whoever_comes_first(mediator, case, what):
    case.due()
    if what == "page":
        assert mediator.get(case.path).status == 200
    elif what == "download":
        assert mediator.get(f"{case.file()}/raw").status == 200
    else:
        case.does("reply", subject="Nota", text=desk.GOOD)
    assert case.key() == (2, False)
    assert case.shows(mediator) == ON_PAGE


def test_it_is_no_change_that_others_must_look_at(mediator, case):
    """A form that was made before is carried out after it."""
    form = mediator.get(f"{case.path}/do/team").form(f"{case.path}/team")
    assert "rev" in form
    case.due()
    assert case.shows(mediator) == ON_PAGE
    assert case.key() == (2, False)
    sent = mediator.ask("POST", f"{case.path}/team",
                        {**form, "person": "mediator2"})
    assert sent.status == 303, sent.words


def test_a_held_case_gets_one_too(office, mediator, second, case):
    word = desk.mark()
    told, _, held = desk.take(office, stage.letter(
        f"{word}@loja.example", text=f"{stage.WORDS['pt-BR']} {word}",
        to=stage.address_of(case.ack.parsed["Reply-To"])))
    assert told["outcome"] == "held" and held != case.id
    office.query("UPDATE case_file SET rekey_due = true WHERE id = %s", held)
    path = f"/cases/{desk.hexes(held)}"
    assert word in mediator.get(path).text
    assert office.query("SELECT key_version FROM case_file WHERE id = %s",
                        held) == [(2,)]
    # From there it goes to another case: sealed to that one's key.
    case.due()
    assert case.shows(mediator) == ON_PAGE
    case.due()
    assert case.shows(mediator) == ON_PAGE
    page = desk.act(second, path, "attribute", to=case.protocol, **{
        "as": "company", "remember": "1"})
    assert page.status == 303, page.words
    assert word in second.get(case.path).text
    assert office.query(
        "SELECT DISTINCT key_version, body_version FROM item WHERE case_id ="
        " %s AND party IN (SELECT id FROM party WHERE side = 'company')",
        case.id) == [(3, 3)]


# ---- everybody else goes on ----------------------------------------------------


def test_both_parties_are_written_to_and_write_as_before(office, mediator,
                                                         second, case):
    case.served()
    assert desk.act(second, case.path, "conflict").status == 303
    word = desk.mark()
    item = case.writes(word)
    assert word in mediator.get(case.path).text
    assert office.query("SELECT key_version, body_version FROM item WHERE"
                        " id = %s", item) == [(2, 2)]
    # The oldest: sealed anew, but for its bulk.
    assert office.query("SELECT key_version, body_version FROM item WHERE"
                        " id = %s", case.item) == [(2, 1)]
    count = len(case.got(case.addr, 1))
    page = mediator.get(f"{case.path}/do/note")
    assert page.status == 200
    case.does("reply", subject="Nota", text=desk.GOOD)
    assert desk.GOOD.split()[0] in desk.words_of(
        case.got(case.addr, count + 1)[-1])
    assert not [one for one in office.findings() if one.kind == "unopened"]


# ---- nothing is left to see ----------------------------------------------------


def addresses(browser, case):
    """Every address of the case that its own pages lead to."""
    found, left = set(), {case.path}
    while left:
        path = left.pop()
        found.add(path)
        page = browser.get(path)
        if "text/html" not in (page.headers["Content-Type"] or ""):
            continue
        for link in re.findall(r'(?:href|src|action)="([^"#]+)', page.text):
            link = link.replace("&amp;", "&")
            if link.startswith(case.path) and link not in found:
                left.add(link)
    return found


def test_with_a_live_cookie_no_byte_of_the_case_is_left(office, mediator,
                                                        second, ombudsman,
                                                        case):
    case.served()
    everything = addresses(second, case)
    assert len(everything) > 15, everything
    lists = ["/", "/cases?queue=open", "/cases?queue=mine", "/held",
             f"/search?q={case.words['subject']}", f"/search?q={case.protocol}"]
    secret = [*case.words.values(), case.addr]
    assert any(case.words["subject"] in second.get(path).text
               for path in lists[:2])
    recuse(mediator, ombudsman, case)
    again = office.browser()  # with the password
    person = office.office.person("mediator2")
    assert again.try_login("mediator2", person["password"],
                           office.code(person)).status == 303
    for browser in (second, again):
        for path in sorted(everything | {f"{case.file()}/raw",
                                         f"{case.file()}/parts/0"}):
            page = browser.get(path)
            assert page.status in (403, 404, 405), (path, page.status)
            assert not [word for word in secret if word in page.text], path
        for path in lists:
            page = browser.get(path)
            assert page.status in (200, 404), (path, page.status)
            assert not [word for word in secret if word in page.text], path
            assert case.path not in page.cases()
    for verb in sorted({path.rsplit("/", 1)[1].split("?")[0]
                        for path in everything}
                       | {"reply", "assign", "note", "check", "conflict"}):
        page = desk.act(second, case.path, verb, text="x", subject="x")
        assert page.status in (403, 404, 405, 422), (verb, page.status)
        assert not [word for word in secret if word in page.text], verb
    assert case.key() == (2, False)


def test_their_secrets_open_nothing_of_the_whole_database(
        office, mediator, second, ombudsman, case):
    secret, other = unseal.secret_of(office, "mediator2"), Case(
        office, mediator)
    with contextlib.closing(office.database.connect()) as connection, \
            connection.cursor() as cursor:
        def query(sql, *values):
            cursor.execute(sql, values)
            return cursor.fetchall()

        before = list(unseal.boxes_of(query))
        had = unseal.of_case(unseal.unseal(before, secret), case.id)
        # The tool finds what there is to find.
        assert had["case_grant", "box"] == 1
        assert had["item", "dek_box"] == len(case.items())
        assert had["capsule", "box_case"] == 1
        connection.rollback()
        recuse(mediator, ombudsman, case)
        case.writes(desk.mark())
        after = list(unseal.boxes_of(query))
    found = unseal.unseal(after, secret)
    assert unseal.of_case(found, case.id) == {}
    assert unseal.of_case(found, other.id)["item", "dek_box"] \
        == len(other.items())
    # With an old copy besides: the old secret itself, kept from then.
    keep = [one.key for one in unseal.unseal(before, secret)
            if one.table == "case_grant" and one.row["case_id"] == case.id]
    assert len(keep) == 1
    left = unseal.of_case(unseal.unseal(after, secret, *keep), case.id)
    assert set(left) <= {("audit_event", "details")}, left
    # Whoever goes on reads all of it.
    new = unseal.of_case(unseal.unseal(
        after, unseal.secret_of(office, "mediator")), case.id)
    assert new["item", "dek_box"] == len(case.items())
    assert new["case_key", "old_box"] == 1


# ---- rows that were put elsewhere, or back ----------------------------------------


@contextlib.contextmanager
def kept(office, table, where, *values):
    """Rows that are as they were afterwards."""
    row, = office.query(f"SELECT {table}::text FROM {table} WHERE {where}",
                        *values)
    try:
        yield row[0]
    finally:
        office.query(f"DELETE FROM {table} WHERE {where}", *values)
        office.query(f"INSERT INTO {table} SELECT (%s::{table}).*", row[0])


def closed(browser, case, bulk=True):
    """Does that item stay shut (bulk: its bytes as well), the rest of the
    file being readable?"""
    page = browser.get(case.path)
    return (page.status == 200 and case.words["text"] not in page.text
            and not (bulk and 200 in (
                browser.get(f"{case.file()}/text").status,
                browser.get(f"{case.file()}/raw").status)))


def test_an_item_of_before_is_not_put_back(office, mediator, second, case):
    columns = "key_version, dek_box, body_version, body"
    old, = office.query(f"SELECT {columns} FROM item WHERE id = %s", case.item)
    assert desk.act(second, case.path, "conflict").status == 303
    assert case.shows(mediator) == ON_PAGE
    for values in (old, (2, *old[1:]), (2, old[1], 2, old[3])):
        with kept(office, "item", "id = %s", case.item):
            office.query(f"UPDATE item SET ({columns}) = (%s, %s, %s, %s)"
                         " WHERE id = %s", *values, case.item)
            assert closed(mediator, case), values[0]
    assert case.shows(mediator) == ON_PAGE


@pytest.mark.parametrize("change", [
    "case_id = %(other)s, seq = 99", "dek_box = %(dek)s", "body = %(body)s",
    "dek_box = %(dek)s, body = %(body)s", "key_version = 2",
    "body_version = 2", "body = substr(body, 1, length(body) - 1)",
    "dek_box = set_byte(dek_box, 50, get_byte(dek_box, 50) # 1)"])
def test_a_row_that_stands_elsewhere_does_not_open(office, mediator, change):
    case, other = shared_pair(office, mediator)
    dek, body = office.query("SELECT dek_box, body FROM item WHERE id = %s",
                             other.item)[0]
    with kept(office, "item", "id = %s", case.item):
        with contextlib.closing(office.database.connect()) as connection, \
                connection, connection.cursor() as cursor:
            cursor.execute(f"UPDATE item SET {change} WHERE id = %(item)s", {
                "other": other.id, "dek": dek, "body": body,
                "item": case.item})
        if "case_id" in change:
            assert case.words["text"] not in mediator.get(other.path).text
            path = f"{other.path}/items/{desk.hexes(case.item)}"
            assert mediator.get(f"{path}/raw").status != 200
        else:
            assert closed(mediator, case, bulk=re.search("dek|key", change))
    assert case.shows(mediator) == ON_PAGE


_pairs = {}


def shared_pair(office, mediator):
    """Two cases that are as they were after each use."""
    if office not in _pairs:
        _pairs[office] = Case(office, mediator), Case(office, mediator)
    return _pairs[office]


def test_a_capsule_of_before_is_not_put_back(office, mediator, second, case):
    columns = "key_version, ct, box_case"
    old, = office.query(f"SELECT {columns} FROM capsule WHERE case_id = %s",
                        case.id)
    assert desk.act(second, case.path, "conflict").status == 303
    assert case.addr in mediator.get(case.path).text
    with kept(office, "capsule", "case_id = %s", case.id):
        office.query(f"UPDATE capsule SET ({columns}) = (%s, %s, %s)"
                     " WHERE case_id = %s", *old, case.id)
        assert case.act("reply", subject="x", text=desk.GOOD).status != 303


# ---- keys that were replaced ------------------------------------------------------


def forged(person_key, case_id, version=1):
    """A pair of the attacker's own, as a grant to that person."""
    public, secret = na.crypto_box_keypair()
    return public, na.crypto_box_seal(blake(b"x" * 75) + secret, person_key)


@pytest.mark.parametrize("change", [
    "granted_by = gen_random_uuid()",
    "granted_by = (SELECT id FROM person WHERE login = 'intake')",
    "sig = set_byte(sig, 7, get_byte(sig, 7) # 1)",
    "sig = (SELECT o.sig FROM case_grant o WHERE o.case_id = g.case_id AND"
    " o.person <> g.person LIMIT 1)",
    "box = (SELECT o.box FROM case_grant o WHERE o.case_id <> g.case_id AND"
    " o.person = g.person LIMIT 1)"])
def test_a_grant_that_nobody_gave_opens_nothing(office, mediator, change):
    case, _ = shared_pair(office, mediator)
    where = ("case_id = %s AND person ="
             " (SELECT id FROM person WHERE login = 'mediator')")
    with kept(office, "case_grant", where, case.id):
        office.query(f"UPDATE case_grant g SET {change} WHERE {where}", case.id)
        with telling(office, "a key in it was given by nobody we trust"):
            assert mediator.get(case.path).status == 403
            assert mediator.get(f"{case.file()}/raw").status == 403
            assert case.act("reply", subject="x",
                            text=desk.GOOD).status == 403
    assert case.shows(mediator) == ON_PAGE


@contextlib.contextmanager
def telling(office, words, log="server.log"):
    path = office.folder / log

    def lines():
        with open(path, encoding="utf-8") as source:
            return source.read().count(words)

    before = lines()
    yield
    assert lines() > before


def test_nothing_is_sealed_to_a_case_key_nobody_certified(office, mediator):
    case, _ = shared_pair(office, mediator)
    public, _ = na.crypto_box_keypair()
    count = len(case.items())
    with kept(office, "case_key", "case_id = %s AND version = %s", case.id,
              case.key()[0]):
        office.query("UPDATE case_key SET cpk = %s WHERE case_id = %s",
                     public, case.id)
        with telling(office, "its public key has no certificate"):
            assert case.act("reply", subject="x",
                            text=desk.GOOD).status == 403
        with telling(office, "its public key has no certificate",
                     "mailgw.log"):
            office.gateway.ingest(stage.answer_to(
                case.ack, case.addr, text="x"))
        assert len(case.items()) == count
    # It is not lost: filed once the key is the case's again, or held.
    def kept_somewhere():
        office.query("UPDATE inbound SET not_before = now() WHERE state ="
                     " 'received' AND not_before > now()")
        return not office.query("SELECT 1 FROM inbound WHERE state ="
                                " 'received'")

    wait_until("the mail is filed", kept_somewhere, 30, 0.1)
    state, where = office.query("SELECT state::text, case_id FROM inbound"
                                " ORDER BY id DESC LIMIT 1")[0]
    assert (state, where) == ("filed", case.id) or state == "quarantine"


def test_no_new_key_for_a_person_whose_own_was_replaced(office, mediator,
                                                        second, case):
    public, _ = na.crypto_box_keypair()
    with kept_columns(office, "mediator2", "pk"):
        office.query("UPDATE person SET pk = %s WHERE login = 'mediator2'",
                     public)
        case.due()
        with telling(office, "no new key of a case is given to them"):
            assert case.shows(mediator) == ON_PAGE
    assert case.key() == (2, False)
    assert "mediator2" not in holders(office, case)
    assert second.get(case.path).status == 403


@contextlib.contextmanager
def kept_columns(office, login, column):
    was, = office.query(f"SELECT {column} FROM person WHERE login = %s", login)
    try:
        yield
    finally:
        office.query(f"UPDATE person SET {column} = %s WHERE login = %s",
                     was[0], login)


def test_a_grant_nobody_gave_gets_no_new_key(office, mediator, case):
    """A row written into the database by hand makes no reader of anybody."""
    reader, = office.query("SELECT id, pk FROM person WHERE login = 'reader'")
    _, box = forged(bytes(reader[1]), case.id)
    office.query("DELETE FROM case_grant WHERE case_id = %s AND person = %s",
                 case.id, reader[0])
    office.query("INSERT INTO case_grant (case_id, version, person, box, pk,"
                 " granted_by, sig) SELECT case_id, version, %s, %s, %s,"
                 " granted_by, sig FROM case_grant WHERE case_id = %s LIMIT 1",
                 reader[0], box, reader[1], case.id)
    assert "reader" in holders(office, case)
    case.due()
    assert case.shows(mediator) == ON_PAGE
    assert "reader" not in holders(office, case)


# ---- what the schema does not do ---------------------------------------------------


SERVER = "ouv_srv"
STEP = ("SELECT case_rekey(%(case)s, %(person)s, %(from)s, %(cpk)s, %(sig)s,"
        " %(old)s, ''::bytea, %(to)s::uuid[], %(keys)s::bytea[],"
        " %(boxes)s::bytea[], %(sigs)s::bytea[], %(items)s::uuid[], %(deks)s::bytea[],"
        " '{}'::uuid[], '{}'::bytea[], '{}'::bytea[], '{}'::bytea[])")
NOBODY = "00000000-0000-0000-0000-000000000000"


def step(office, case, other=()):
    """A step as the server's role would ask for it; undone in any case."""
    me, = office.query("SELECT id, pk FROM person WHERE login = 'mediator'")
    values = {"case": case.id, "person": me[0], "from": case.key()[0],
              "cpk": bytes(32), "sig": bytes(64), "old": bytes(112),
              "to": [NOBODY, me[0]], "keys": [bytes(32), bytes(me[1])],
              "boxes": [bytes(112)] * 2,
              "sigs": [bytes(64)] * 2, "items": [], "deks": [], **dict(other)}
    with contextlib.closing(office.database.connect(SERVER)) as connection, \
            connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute("BEGIN")
        try:
            cursor.execute(STEP, values)
            return cursor.fetchone()[0]
        finally:
            connection.rollback()


def test_the_schema_takes_only_the_next_step_of_a_holder(office, mediator,
                                                         second):
    case, other = shared_pair(office, mediator)
    ids = dict(office.query("SELECT login, id FROM person"))
    assert step(office, case) is True  # or the rest would say nothing
    version = case.key()[0]
    cpk, = office.query("SELECT cpk FROM case_key WHERE case_id = %s AND"
                        " version = %s", case.id, version)
    admin = next(login for login in ids if login not in holders(office, case))
    for wrong in ({"from": version + 1}, {"from": version - 1},
                  {"person": NOBODY}, {"person": ids[admin]},
                  {"cpk": bytes(31)}, {"sig": bytes(63)}, {"old": b""},
                  {"cpk": bytes(cpk[0])},
                  {"to": [NOBODY]}, {"to": [ids["mediator"]] * 2},
                  {"case": NOBODY}):
        assert step(office, case, wrong) is False, wrong
    for items in ([other.item], [NOBODY]):
        with pytest.raises(Exception, match="not of this case and key"):
            step(office, case, {"items": items, "deks": [bytes(112)]})
    for keys in ([bytes(32), bytes(32)], [bytes(32)]):
        with pytest.raises(Exception, match="has other keys now"):
            step(office, case, {"keys": keys})


# ---- many of them (the last: it leaves many keys behind) -------------------------


def test_mails_come_in_during_fifty_new_keys(office, mediator, case):
    """The gateway seals to the key that counts when it has the case's lock."""
    words = [desk.mark() for _ in range(40)]
    trouble = []

    def consumer():
        try:
            for word in words:
                office.post_mail(stage.answer_to(
                    case.ack, case.addr, text=word), case.addr,
                    stage.address_of(case.ack.parsed["Reply-To"]))
        except Exception as no:  # told by the test
            trouble.append(no)

    writer = threading.Thread(target=consumer)
    writer.start()
    version = 1
    while version <= 50:
        case.due()
        assert mediator.get(f"{case.file()}/text").status == 200
        version += 1
        assert case.key() == (version, False)
    writer.join()
    assert not trouble

    def all_there():
        return office.query(
            "SELECT count(*) FROM item WHERE case_id = %s AND kind ="
            " 'mail_in'", case.id) == [(1 + len(words),)]

    wait_until("all mails are filed", all_there, 30, 0.1)
    pages = "".join(mediator.get(f"{case.path}?before={number}").text
                    for number in range(20, 100, 19))
    assert [word for word in words if word not in pages] == []
    assert len(office.query("SELECT DISTINCT body_version FROM item WHERE"
                            " case_id = %s", case.id)) > 3
    assert not office.query("SELECT 1 FROM item WHERE case_id = %s AND"
                            " key_version <> 51", case.id)
    assert [one for one in office.findings(settled=False)
            if one.kind == "unopened"] == []

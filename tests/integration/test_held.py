"""Mail that belongs to no case: why it is held, where it may belong, what a
person does with it, and that nobody sees what is not theirs by it."""

import hashlib
import secrets
import threading
import uuid

import pytest

import scene as stage
from harness import OFFICE_ADDRESS, OFFICE_DOMAIN, wait_until
from scene import Scene, answer_to, letter, mark
from test_main_job import Stalker

HERE = "mx.ouvidoria.example"
COMPANY = "sac@loja.example"


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, imap_poll_secs=1, mailgw_authserv_id=HERE,
                 mailgw_acks_domain_hour=100000)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


@pytest.fixture(scope="module")
def intake(office):
    return office.logged_in("intake")


@pytest.fixture
def sender():
    return f"ana.{secrets.token_hex(6)}@consumidora.example"


def path_of(case_id):
    return "/cases/" + str(case_id).replace("-", "")


def take(office, raw, *arguments):
    """Hands a mail in: what `ingest` says, its item, its case."""
    status, (told,) = office.gateway.ingest(raw, *arguments)
    assert status == 0
    row, = office.query("SELECT id, case_id FROM inbound"
                        " WHERE state <> 'duplicate' ORDER BY id DESC LIMIT 1")
    return told, *row


class Dispute:
    """A case with a consumer and, if asked for, a company."""

    def __init__(self, office, sender, *, company=None, **more):
        self.office, self.sender = office, sender
        self.own_id = stage.new_id()
        told, self.item, self.id = take(office, letter(
            sender, message_id=self.own_id, **more))
        assert told["outcome"] == "created"
        self.protocol = told["protocol"]
        self.ack = office.arrived(sender)[-1]
        self.address = stage.address_of(self.ack.parsed["Reply-To"])
        self.path = f"/cases/{self.protocol}"
        self.company = company and self.add_company(company)

    def add_company(self, address):
        """As a notice to it would: a party, and its address in the blind
        index.  (The index is the office's: it is learnt by a mail.)"""
        office, party = self.office, str(uuid.uuid4())
        known = office.query(
            "SELECT token FROM ident_token WHERE case_id = %s AND kind = 1",
            take(office, letter(address, name="SAC"))[2])
        office.query("INSERT INTO party VALUES (%s, %s, 'company')", party,
                     self.id)
        office.query("INSERT INTO ident_token VALUES (%s, 1, %s, %s)",
                     known[0][0], self.id, party)
        return party

    @property
    def consumer(self):
        return self.office.query("SELECT id FROM party WHERE case_id = %s"
                                 " AND side = 'consumer'", self.id)[0][0]

    def items(self):
        return self.office.query(
            "SELECT id, kind::text, lane::text, party, why FROM item"
            " WHERE case_id = %s ORDER BY seq", self.id)


def guesses(office, item):
    return office.query(
        "SELECT lead, case_id, party FROM item_guess WHERE item = %s"
        " ORDER BY n", item)


def act(browser, path, verb, **fields):
    """Posts a verb's form as the page shows it, with these fields."""
    form = {**browser.get(path).form(f"{path}/{verb}"), **fields}
    return browser.ask("POST", f"{path}/{verb}", form)


def raw_of(browser, path, item):
    page = browser.get(f"{path}/items/{str(item).replace('-', '')}/raw")
    assert page.status == 200
    return page.body


def state_of(office, case_id):
    return office.query("SELECT state::text, protocol, items, aside"
                        " FROM case_file WHERE id = %s", case_id)[0]


def everything(office):
    """A picture of all that a verb could change, but for readings and
    refusals."""
    return [office.query(sql) for sql in (
        "SELECT id, case_id, seq, lane, party, md5(dek_box), md5(body)"
        " FROM item ORDER BY id",
        "SELECT id, state, protocol, items, owner, aside FROM case_file"
        " ORDER BY id",
        "SELECT * FROM task ORDER BY id", "SELECT * FROM item_guess"
        " ORDER BY item, n", "SELECT id, state FROM inbound ORDER BY id",
        "SELECT * FROM ident_token ORDER BY 1, 2, 3, 4",
        "SELECT count(*) FROM outbox",
        "SELECT count(*) FROM audit_event"
        " WHERE action NOT IN ('read', 'sent', 'denied')")]


# ---- why, and where it may belong -------------------------------------------


def test_the_right_address_from_a_stranger(office, sender):
    case = Dispute(office, sender)
    told, item, held = take(office, answer_to(case.ack, "eve@x.example"))
    assert (told["outcome"], told["reason"]) == ("held", "address-of-another")
    assert guesses(office, item) == [("address", case.id, case.consumer)]
    assert state_of(office, held)[0] == "held"


@pytest.mark.parametrize("lead", ["letter", "message"])
def test_a_stranger_in_the_thread(office, sender, lead):
    case = Dispute(office, sender)
    parent = (case.ack.parsed["Message-ID"].strip() if lead == "letter"
              else case.own_id)
    told, item, _ = take(office, letter("eve@x.example", fields=[
        ("In-Reply-To", parent)]))
    assert told["reason"] == "thread-of-another"
    assert guesses(office, item) == [(lead, case.id, case.consumer)]


def test_the_other_party_with_this_partys_address(office, sender):
    case = Dispute(office, sender, company="sac1@loja.example")
    told, item, _ = take(office, answer_to(case.ack, "sac1@loja.example"))
    assert told["reason"] == "other-party"
    assert guesses(office, item) == [("address", case.id, case.company)]
    # Nor does a company's own message in the thread make it hers.
    take(office, letter("sac1@loja.example", message_id="<c1@loja.example>",
                        fields=[("In-Reply-To", case.own_id)]))
    told, _, _ = take(office, answer_to(
        case.ack, "sac1@loja.example",
        fields=[("X-Thread", "x"), ("References", "<c1@loja.example>")]))
    assert told["reason"] == "other-party"


@pytest.mark.parametrize("thread", [False, True])
def test_a_copy_of_the_companys_direct_answer(office, sender, thread):
    company = f"sac.{secrets.token_hex(3)}@loja.example"
    case = Dispute(office, sender, company=company)
    told, item, held = take(office, letter(
        company, to=f"Ana Souza <{sender}>",
        fields=[("Cc", OFFICE_ADDRESS)]
        + ([("In-Reply-To", case.own_id)] if thread else [])))
    assert (told["outcome"], told["reason"]) == (
        "held", "copy-of-direct-answer")
    assert guesses(office, item)[0][1:] == (case.id, case.company)
    assert len(case.items()) == 2
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s",
                        held) == [(0,)]


def test_somebody_who_was_in_copy_answers(office, sender):
    helper = f"neto.{secrets.token_hex(4)}@x.example"
    case = Dispute(office, sender, fields=[("Cc", f"Neto <{helper}>")])
    told, item, _ = take(office, letter(helper, fields=[
        ("In-Reply-To", case.own_id)]))
    assert told["reason"] == "third-person"
    assert guesses(office, item) == [("message", case.id, case.consumer)]
    assert len(case.items()) == 2


def test_several_cases_in_one_mail(office, sender):
    one, two = Dispute(office, sender), None
    other = "b" + sender
    two = Dispute(office, other)
    told, item, _ = take(office, letter(
        sender, to=f"{one.address}, {two.address}"))
    assert told["reason"] == "several-cases"
    assert {row[:2] for row in guesses(office, item)} == {
        ("address", one.id), ("address", two.id)}


def test_a_code_that_cannot_be_read(office, sender):
    told, item, _ = take(office, letter(
        sender, to=f"caso+{'z' * 26}@{OFFICE_DOMAIN}"))
    assert told["reason"] == "address-unknown"
    assert guesses(office, item) == []


# A title alone can be a person's: nothing is answered, nothing refused.

def test_an_answer_automatic_by_its_title_alone_is_held(office, sender):
    told, item, case = take(office, letter(
        sender, subject="Resposta automática: férias"))
    assert (told["outcome"], told["reason"]) == ("held", "not-a-manifestation")
    assert told["auto"] == "auto_reply"
    assert state_of(office, case)[0] == "held"
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s",
                        case)[0][0] == 0


def test_an_answer_automatic_by_its_title_is_seen_on_the_case_it_answers(
        office, sender):
    case = Dispute(office, sender)
    told, item, _ = take(office, letter(
        sender, to=case.address, subject="Resposta automática: férias"))
    assert told["outcome"] == "recorded"
    assert case.items()[-1][:2] == (item, "auto_in")
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s",
                        case.id)[0][0] == 1


def test_the_right_address_with_failed_authentication(office, sender):
    case = Dispute(office, sender)
    raw = (f"Authentication-Results: {HERE}; dmarc=fail\r\n".encode()
           + answer_to(case.ack, sender))
    told, item, _ = take(office, raw)
    assert told["reason"] == "authentication-failed"
    assert guesses(office, item) == [("address", case.id, case.consumer)]
    assert len(case.items()) == 2


def test_a_forward_by_a_party_joins_its_case(office, sender):
    case = Dispute(office, sender)
    told, item, _ = take(office, letter(
        sender, to=case.address, subject="Enc: Sua fatura",
        text="Vejam o que a loja mandou.\n\n"
             "---------- Forwarded message ---------\n"
             "From: Loja <sac@loja.example>\nSubject: Sua fatura\n"
             "Date: Mon, 2 Feb 2026 10:00:00 -0300\nTo: Ana\n\nPague já."))
    assert told["outcome"] == "appended"
    assert case.items()[-1][:3] == (item, "mail_in", "consumer")


def test_an_address_with_an_open_case_still_opens_a_new_one(office, sender):
    case = Dispute(office, sender)
    told, item, other = take(office, letter(sender, subject="Outra coisa"))
    assert told["outcome"] == "created" and other != case.id
    assert guesses(office, item) == [("sender", case.id, case.consumer)]


def test_a_number_in_the_subject_attaches_nothing(office, sender):
    case = Dispute(office, sender)
    for who in (sender, "eve@x.example"):
        told, _, new = take(office, letter(
            who, subject=f"[Ouvidoria {case.protocol}] mais uma coisa"))
        assert told["outcome"] == "created" and new != case.id
    assert len(case.items()) == 2


def test_a_number_in_the_subject_only_puts_that_case_first(office, sender):
    old = Dispute(office, sender)
    for _ in range(2):
        take(office, letter(sender))
    _, item, _ = take(office, letter(
        sender, subject=f"Re: [Ouvidoria {old.protocol}]"))
    found = guesses(office, item)
    assert [row[0] for row in found] == ["sender"] * 3
    assert found[0][1] == old.id


def test_at_most_eight_guesses_are_kept(office):
    office.set(mailgw_mails_sender_hour=100)
    sender = f"muito.{secrets.token_hex(4)}@x.example"
    for _ in range(10):
        _, item, _ = take(office, letter(sender))
    assert len(guesses(office, item)) == 8


# ---- accept -----------------------------------------------------------------


def held_by_a_stranger(office, case, text="Segue a nota."):
    stranger = f"eve.{secrets.token_hex(4)}@x.example"
    raw = answer_to(case.ack, stranger, text=text)
    _, item, held = take(office, raw)
    return stranger, raw, item, path_of(held)


@pytest.mark.parametrize("side, lane", [
    ("consumer", "consumer"), ("company", "company"), ("third", "internal")])
def test_an_accepted_message_is_in_its_case_as_it_came(
        office, mediator, sender, side, lane):
    case = Dispute(office, sender, company=f"s{sender[4:16]}@loja.example")
    note = mark()
    _, raw, item, held = held_by_a_stranger(office, case, note)
    shown = case.protocol.replace("-", ".")
    page = act(mediator, held, "attribute", to=shown, **{"as": side})
    assert page.status == 303 and case.path in page.location, page.words
    party = {"consumer": case.consumer, "company": case.company,
             "third": None}[side]
    assert case.items()[-1][:4] == (item, "mail_in", lane, party)
    assert note in mediator.get(case.path).text
    got = raw_of(mediator, case.path, item)
    assert hashlib.sha256(got).digest() == hashlib.sha256(raw).digest()
    assert office.case(case.protocol)["items"] == 3
    # The held case is empty, closed, and in no list.
    held_id = held.rpartition("/")[2]
    assert state_of(office, held_id) == ("closed", None, 0, None)
    for listed in ("/held", "/held?aside=1", "/?queue=closed"):
        assert held not in mediator.get(listed).text
    actions = dict(office.query(
        "SELECT chain, string_agg(action, ' ' ORDER BY seq) FROM audit_event"
        " WHERE object = %s AND action IN ('hold', 'attribute') GROUP BY chain",
        item))
    assert actions == {str(uuid.UUID(held_id)): "hold attribute",
                       case.id: "attribute"}


def test_a_guess_is_accepted_by_its_place(office, mediator, sender):
    case = Dispute(office, sender)
    _, _, item, held = held_by_a_stranger(office, case)
    page = act(mediator, held, "attribute", to="", guess="0",
               **{"as": "consumer"})
    assert page.status == 303, page.words
    assert case.items()[-1][0] == item


@pytest.mark.parametrize("remember", [False, True])
def test_a_remembered_sender_is_that_party_from_now_on(
        office, mediator, sender, remember):
    case = Dispute(office, sender)
    stranger, _, _, held = held_by_a_stranger(office, case)
    more = {"remember": "1"} if remember else {}
    assert act(mediator, held, "attribute", to=case.protocol,
               **{"as": "consumer"}, **more).status == 303
    told, _, _ = take(office, answer_to(case.ack, stranger, text="De novo."))
    assert told["outcome"] == ("appended" if remember else "held")


def test_the_other_partys_address_is_never_remembered_as_this_ones(
        office, mediator, sender):
    company = f"sac.{secrets.token_hex(4)}@loja.example"
    case = Dispute(office, sender, company=company)
    _, _, held = take(office, answer_to(case.ack, company))
    held = path_of(held)
    before = everything(office)
    page = act(mediator, held, "attribute", to=case.protocol, remember="1",
               **{"as": "consumer"})
    assert page.status == 422
    assert everything(office) == before


WRONG = {
    "no number": {"to": "", "as": "consumer"},
    "no such shape": {"to": "12", "as": "consumer"},
    "a wrong check digit": {"to": "2026-000001-0", "as": "consumer"},
    "no such case": {"to": "2026-999999-5", "as": "consumer"},
    "no side": {"as": ""},
    "another side": {"as": "judge"},
    "a party that is not there": {"as": "company"},
    "another message": {"as": "consumer", "item": "0" * 32},
    "no id": {"as": "consumer", "item": "x"},
    "no such guess": {"to": "", "guess": "7", "as": "consumer"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_field_changes_nothing(office, mediator, sender, wrong):
    case = Dispute(office, sender)
    _, _, _, held = held_by_a_stranger(office, case)
    before = everything(office)
    page = act(mediator, held, "attribute", **{"to": case.protocol,
                                            **WRONG[wrong]})
    assert page.status == 422, page.words
    assert everything(office) == before


def take_key(office, login, case_id):
    office.query("DELETE FROM case_grant g USING person p"
                 " WHERE p.login = %s AND g.person = p.id AND g.case_id = %s",
                 login, case_id)


def test_accepting_needs_a_key_to_both_cases(office, mediator, sender):
    case = Dispute(office, sender)
    # (The message itself does not name the case.)
    _, _, held = take(office, letter("eve@x.example", to=case.address))
    held = path_of(held)
    second = office.logged_in("mediator2")
    take_key(office, "mediator2", case.id)
    # The guess is there, but not which case it is.
    page = second.get(held)
    assert page.status == 200 and case.protocol not in page.text
    assert case.protocol in mediator.get(held).text
    assert case.protocol not in second.get("/held").text
    before = everything(office)
    for fields in ({"to": case.protocol}, {"to": "", "guess": "0"}):
        page = act(second, held, "attribute", **{"as": "consumer"}, **fields)
        assert page.status == 403, page.words
        assert case.protocol not in page.text.replace(
            f'value="{case.protocol}"', "")
    assert everything(office) == before
    # With a form that was loaded while the key was still there.
    form = {**mediator.get(held).form(f"{held}/attribute"),
            "to": case.protocol, "as": "consumer"}
    take_key(office, "mediator", held.rpartition("/")[2])
    assert mediator.get(held).status == 403
    assert mediator.ask("POST", f"{held}/attribute", form).status == 403
    assert everything(office) == before


def test_a_held_message_is_in_nobodys_case_until_it_is_accepted(
        office, mediator, sender):
    case = Dispute(office, sender)
    note = mark()
    _, _, item, held = held_by_a_stranger(office, case, note)
    page = mediator.get(case.path)
    assert note not in page.text
    hexa = str(item).replace("-", "")
    assert mediator.get(f"{case.path}/items/{hexa}/raw").status == 404
    listed = mediator.get("/held")
    assert held in listed.text and case.protocol in listed.text


def test_two_at_once_is_one_acceptance(office, mediator, intake, sender):
    case = Dispute(office, sender)
    other = Dispute(office, "c" + sender)
    _, _, item, held = held_by_a_stranger(office, case)
    forms = [(b, {**b.get(held).form(f"{held}/attribute"), "as": "consumer",
                  "to": to})
             for b, to in ((mediator, case.protocol),
                           (intake, other.protocol))]
    answers = []
    threads = [threading.Thread(target=lambda b=b, f=f: answers.append(
        b.ask("POST", f"{held}/attribute", f).status)) for b, f in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[0] == 303 and sorted(answers)[1] in (409, 422)
    owners = [c for c in (case, other) if item in [i[0] for i in c.items()]]
    assert len(owners) == 1
    assert len(case.items()) + len(other.items()) == 5


def test_a_form_posted_twice_is_one_acceptance(office, mediator, sender):
    case = Dispute(office, sender)
    _, _, _, held = held_by_a_stranger(office, case)
    form = {**mediator.get(held).form(f"{held}/attribute"),
            "to": case.protocol, "as": "consumer"}
    for _ in range(2):
        assert mediator.ask("POST", f"{held}/attribute", form).status == 303
    assert len(case.items()) == 3


# ---- register ---------------------------------------------------------------


def test_a_registered_message_is_a_case_like_any_other(
        office, mediator, sender):
    case = Dispute(office, sender)
    stranger, raw, item, held = held_by_a_stranger(office, case)
    held_id = str(uuid.UUID(held.rpartition("/")[2]))
    last = office.database.value(
        "SELECT last FROM protocol_counter ORDER BY year DESC LIMIT 1")
    page = act(mediator, held, "register")
    assert page.status == 303, page.words
    state, protocol, items, _ = state_of(office, held_id)
    assert state == "received" and stage.protocol_is_good(protocol)
    assert int(protocol.split("-")[1]) == last + 1
    assert protocol in page.location
    answer, = office.arrived(stranger)
    assert protocol in str(answer.parsed["Subject"])
    assert answer.parsed["Auto-Submitted"] == "auto-replied"
    assert raw_of(mediator, f"/cases/{protocol}", item) == raw
    assert office.query("SELECT due > now(), owner FROM case_file"
                        " WHERE id = %s", held_id) == [(True, None)]
    assert office.query("SELECT lane::text FROM item WHERE id = %s",
                        item) == [("consumer",)]
    assert len(case.items()) == 2
    # It answers: it is found by its new address, and by its own Message-ID.
    told, _, where = take(office, answer_to(answer, stranger, text="Obrigado"))
    assert (told["outcome"], where) == ("appended", held_id)
    assert f"/cases/{protocol}" in mediator.get("/cases?sort=last").cases()
    assert held not in mediator.get("/held").text


def test_what_may_be_forged_is_registered_without_an_answer(
        office, mediator, sender):
    raw = (f"Authentication-Results: {HERE}; dmarc=fail\r\n".encode()
           + letter(sender))
    told, _, held = take(office, raw)
    assert told["reason"] == "authentication-failed"
    assert act(mediator, path_of(held), "register").status == 303
    assert state_of(office, held)[0] == "received"
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s",
                        held) == [(0,)]


def unread(office, raw):
    """A mail whose parser dies of it, three times."""
    stalker = Stalker(depth=3)
    stalker.start()
    try:
        told, item, held = take(office, raw)
    finally:
        stalker.over.set()
        stalker.join()
    assert stalker.killed and told["outcome"] == "held"
    return item, held


def test_each_unread_mail_is_its_own_held_case_and_filed_by_hand(
        office, mediator, sender):
    raws = [stage.with_file("x@x.example", secrets.token_bytes(4 << 20),
                            "a.bin") for _ in range(2)]
    (item, held), (_, other) = (unread(office, raw) for raw in raws)
    assert held != other
    assert office.query("SELECT kind::text FROM item WHERE id = %s",
                        item) == [("unparsed",)]
    path = path_of(held)
    assert path in mediator.get("/held").text
    before = everything(office)
    for wrong in ({}, {"from_addr": "no address", "subject": "x"},
                  {"from_addr": sender, "subject": ""},
                  {"from_addr": sender, "subject": "x" * 201},
                  {"from_addr": f"{sender}\r\nBcc: x@x.example",
                   "subject": "x"}):
        page = act(mediator, path, "register", **{
            "from_addr": "", "from_name": "", "subject": "", **wrong})
        assert page.status in (400, 422), (wrong, page.words)
        assert everything(office) == before
    page = act(mediator, path, "register", from_addr=sender,
               from_name="Ana à Mão", subject="Geladeira à mão")
    assert page.status == 303, page.words
    state, protocol, _, _ = state_of(office, held)
    assert state == "received"
    page = mediator.get(f"/cases/{protocol}")
    assert "Geladeira à mão" in page.words and sender in page.words
    assert raw_of(mediator, f"/cases/{protocol}", item) == raws[0]
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s",
                        held) == [(0,)]
    # A letter by a person reaches them.
    done, _ = mediator.reply(f"/cases/{protocol}", "Olá", "Recebemos.")
    assert done.status == 303
    office.arrived(sender)


# ---- discard and restore ----------------------------------------------------


def test_what_is_set_aside_is_kept_and_can_be_taken_back(
        office, mediator, sender):
    case = Dispute(office, sender)
    _, raw, item, held = held_by_a_stranger(office, case)
    held_id = held.rpartition("/")[2]
    note = mark()
    before = everything(office)
    for wrong in ({"reason": ""}, {"reason": "boring"},
                  {"reason": "other", "note": " "}):
        page = act(mediator, held, "discard", **wrong)
        assert page.status == 422, page.words
        assert everything(office) == before
    assert act(mediator, held, "discard", reason="spam",
               note=note).status == 303
    assert state_of(office, held_id) == ("closed", None, 2, "spam")
    assert held in mediator.get("/held?aside=1").text
    assert held not in mediator.get("/held").text
    assert held not in mediator.get("/?queue=closed").text
    assert raw_of(mediator, held, item) == raw
    page = mediator.get(held)
    assert note in page.words
    assert office.query("SELECT kind::text, lane::text FROM item"
                        " WHERE case_id = %s AND seq = 2", held_id) == [
        ("note", "internal")]
    for body, in office.query("SELECT body FROM item WHERE case_id = %s",
                              held_id):
        assert note.encode() not in bytes(body)

    assert act(mediator, held, "restore").status == 303
    assert state_of(office, held_id) == ("held", None, 2, None)
    assert held in mediator.get("/held").text
    assert act(mediator, held, "attribute", to=case.protocol,
               **{"as": "consumer"}).status == 303
    assert raw_of(mediator, case.path, item) == raw
    assert note not in mediator.get(case.path).text
    assert state_of(office, held_id) == ("closed", None, 1, None)


def test_a_case_that_was_closed_is_not_taken_back(office, mediator, sender):
    case = Dispute(office, sender)
    _, _, _, held = held_by_a_stranger(office, case)
    assert act(mediator, held, "discard", reason="spam").status == 303
    form = {**mediator.get(held).form(f"{held}/restore")}
    assert mediator.ask("POST", f"{held}/restore", form).status == 303
    assert act(mediator, held, "register").status == 303
    office.query("UPDATE case_file SET state = 'closed' WHERE id = %s",
                 held.rpartition("/")[2])
    before = everything(office)
    form["form_key"] = secrets.token_hex(16)
    assert mediator.ask("POST", f"{held}/restore", form).status == 409
    assert everything(office) == before
    office.query("UPDATE case_file SET state = 'received' WHERE id = %s",
                 held.rpartition("/")[2])


# ---- try again --------------------------------------------------------------


def test_an_unread_mail_tried_again_is_a_case(office, mediator, sender):
    raw = stage.with_file(sender, secrets.token_bytes(4 << 20), "nota.pdf",
                          subject="De novo")
    item, held = unread(office, raw)
    path = path_of(held)
    page = act(mediator, path, "retry")
    assert page.status == 303, page.words
    assert state_of(office, held)[:3] == ("closed", None, 0)

    def filed():
        return office.query(
            "SELECT case_id, outcome, state::text, attempts FROM inbound"
            " WHERE id = %s AND state <> 'received'", item)

    (case_id, outcome, state, attempts), = wait_until(
        "the gateway filed it anew", filed, 30)
    assert (outcome, state, attempts) == ("created", "filed", 1)
    answer, = office.arrived(sender)
    protocol = office.case_of(answer)["protocol"]
    assert office.case(protocol)["id"] == case_id
    assert raw_of(mediator, f"/cases/{protocol}", item) == raw
    assert office.query("SELECT dek_box_svc IS NULL FROM inbound"
                        " WHERE id = %s", item) == [(True,)]


def test_bytes_that_are_not_the_same_are_not_filed_as_if_they_were(
        office, mediator, sender):
    item, held = unread(office, stage.with_file(
        sender, secrets.token_bytes(4 << 20), "nota.pdf"))
    office.query("UPDATE inbound SET raw_mac = %s WHERE id = %s", bytes(32),
                 item)
    assert act(mediator, path_of(held), "retry").status == 303

    def filed():
        return office.query("SELECT case_id FROM inbound WHERE id = %s"
                            " AND state = 'quarantine'", item)

    (again,), = wait_until("it is held again", filed, 30)
    assert office.query("SELECT why FROM item WHERE id = %s", item) == [
        ("sealed-bytes-altered",)]
    assert state_of(office, again)[0] == "held"
    assert office.now_arrived(sender) == []
    # What was altered on purpose is put right for the accountant.
    raw = raw_of(mediator, path_of(again), item)
    office.query("UPDATE inbound SET raw_mac = %s WHERE id = %s",
                 stage.accountant.blake(b"raw" + raw, office.secrets().k_id),
                 item)


# ---- a flood ----------------------------------------------------------------


@pytest.fixture
def flood(office):
    office.set(mailgw_mails_sender_hour=3)
    sender = f"muito.{secrets.token_hex(4)}@x.example"
    seen = [take(office, letter(sender, subject=f"Caso {n}"))
            for n in range(7)]
    office.set(mailgw_mails_sender_hour=100)
    assert [told["reason"] for told, _, _ in seen] == [""] * 3 + ["burst"] * 4
    return sender, [item for _, item, _ in seen[3:]], seen[3][2]


def test_a_flood_is_registered_as_one_case(office, mediator, flood):
    sender, items, held = flood
    assert act(mediator, path_of(held), "register").status == 303
    state, protocol, count, _ = state_of(office, held)
    assert (state, count) == ("received", 4)
    assert office.query("SELECT count(*) FROM outbox WHERE case_id = %s",
                        held) == [(0,)]
    # More of it, the same hour, is held anew: a case of a person's stays.
    office.set(mailgw_mails_sender_hour=3)
    told, _, more = take(office, letter(sender))
    office.set(mailgw_mails_sender_hour=100)
    assert told["reason"] == "burst" and more != held
    assert state_of(office, held)[2] == 4


def test_messages_of_a_flood_go_one_by_one(office, mediator, sender, flood):
    _, items, held = flood
    case = Dispute(office, sender)
    hexa = str(items[1]).replace("-", "")
    assert act(mediator, path_of(held), "attribute", item=hexa,
               to=case.protocol, **{"as": "third"}).status == 303
    assert state_of(office, held)[:3] == ("held", None, 3)
    assert office.query("SELECT id, seq FROM item WHERE case_id = %s"
                        " ORDER BY seq", held) == [
        (items[0], 1), (items[2], 2), (items[3], 3)]
    assert act(mediator, path_of(held), "attribute", item="",
               to=case.protocol, **{"as": "third"}).status == 303
    assert state_of(office, held)[:3] == ("closed", None, 0)
    assert [row[0] for row in case.items()[2:]] == [
        items[1], items[0], items[2], items[3]]


def look_at(browser, held):
    return browser.get(f"/held?at={str(held).replace('-', '')}")


@pytest.mark.parametrize("show", [look_at, lambda browser, held:
                                  browser.get(path_of(held))])
def test_what_came_after_the_look_is_not_set_aside_with_it(
        office, mediator, flood, show):
    sender, _, held = flood
    path = path_of(held) + "/discard"
    form = show(mediator, held).form(path)
    office.set(mailgw_mails_sender_hour=3)
    told, item, same = take(office, letter(sender, text="Isto é diferente."))
    office.set(mailgw_mails_sender_hour=100)
    assert told["reason"] == "burst" and same == held
    again = mediator.ask("POST", path, {**form, "reason": "spam"})
    assert again.status == 409 and "Isto é diferente." in again.words
    assert state_of(office, held) == ("held", None, 5, None)
    # Whoever saw it, may.
    assert mediator.ask("POST", path, {**again.form(path), "reason": "spam"}
                        ).status == 303
    assert state_of(office, held) == ("closed", None, 5, "spam")


def test_a_flood_of_which_not_all_is_shown_is_not_set_aside_in_one_click(
        office, mediator, flood):
    sender, _, held = flood
    shown = look_at(mediator, held)
    assert f'action="{path_of(held)}/discard"' in shown.text
    office.set(mailgw_mails_sender_hour=3)
    for n in range(17):
        assert take(office, letter(sender, text=f"Mais {n}."))[2] == held
    office.set(mailgw_mails_sender_hour=100)
    assert state_of(office, held)[2] == 21
    shown = look_at(mediator, held)
    assert shown.status == 200 and "Mais 16." in shown.words
    assert f'action="{path_of(held)}/discard"' not in shown.text
    earlier, = shown.links(path_of(held) + r"\?before=\d+#timeline")
    assert f'action="{path_of(held)}/register"' in shown.text
    before = mediator.get(earlier.partition("#")[0])
    assert f'action="{path_of(held)}/discard"' in before.text


# ---- tasks ------------------------------------------------------------------


def tasks(office, case_id):
    return office.query("SELECT kind, done IS NULL FROM task"
                        " WHERE case_id = %s ORDER BY opened, id", case_id)


def written(office, mediator, case):
    """A letter by a person, sent."""
    page, _ = mediator.reply(case.path, "Sua geladeira", "Recebemos.")
    assert page.status == 303
    sent = office.arrived(case.sender, 2)[-1]
    return sent, str(sent.parsed["Return-Path"]).strip("<>")


def report(case, sent, envelope, **more):
    return stage.bounce(case.sender, envelope,
                        sent.parsed["Message-ID"].strip(), **more)


def test_a_hard_bounce_opens_one_task(office, mediator, sender):
    case = Dispute(office, sender)
    sent, envelope = written(office, mediator, case)
    for n in range(3):  # by either name, and more than once
        told, _, where = take(office, report(
            case, sent, envelope if n else OFFICE_ADDRESS), "--rcpt",
            envelope if n else OFFICE_ADDRESS)
        assert told["outcome"] == "recorded"
    assert tasks(office, case.id) == [("other-channel", True)]
    assert office.query(
        "SELECT due > opened AND due <= opened + interval '4 days'"
        " FROM task WHERE case_id = %s", case.id) == [(True,)]
    assert office.query("SELECT count(*) FROM audit_event WHERE chain = %s"
                        " AND action = 'task-open'", case.id) == [(1,)]
    states = dict(office.query("SELECT kind, state::text FROM outbox"
                               " WHERE case_id = %s", case.id))
    assert states == {"acknowledgement": "sent", "reply": "bounced"}


def test_what_passes_by_itself_opens_another_task(office, mediator, sender):
    case = Dispute(office, sender)
    sent, envelope = written(office, mediator, case)
    take(office, report(case, sent, envelope, status="4.4.7"), "--rcpt",
         envelope)
    assert tasks(office, case.id) == [("send-again", True)]


@pytest.mark.parametrize("what", ["delayed", "delivered"])
def test_a_report_of_no_failure_opens_none(office, mediator, sender, what):
    case = Dispute(office, sender)
    sent, envelope = written(office, mediator, case)
    raw = report(case, sent, envelope, status={
        "delayed": "4.4.1", "delivered": "2.0.0"}[what]).replace(
            b"Action: failed", b"Action: " + what.encode())
    told, _, _ = take(office, raw, "--rcpt", envelope)
    assert told["outcome"] == "recorded"
    assert tasks(office, case.id) == []
    assert office.query("SELECT DISTINCT state::text FROM outbox"
                        " WHERE case_id = %s", case.id) == [("sent",)]


def test_a_forged_bounce_opens_none(office, mediator, sender):
    case = Dispute(office, sender)
    sent, envelope = written(office, mediator, case)
    name = envelope.partition("@")[0]
    wrong = name[:-1] + ("0" if name[-1] != "0" else "1")
    own = sent.parsed["Message-ID"].strip()
    for envelope, named in (
            (f"{wrong}@{OFFICE_DOMAIN}", own.replace("@", "0@")),
            (OFFICE_ADDRESS, "<x@elsewhere.example>"),
            (OFFICE_ADDRESS, case.own_id)):
        take(office, stage.bounce(case.sender, envelope, named), "--rcpt",
             envelope)
    assert tasks(office, case.id) == []
    assert office.query("SELECT DISTINCT state::text FROM outbox"
                        " WHERE case_id = %s", case.id) == [("sent",)]


def test_a_task_is_done_once_with_its_outcome(
        office, mediator, intake, sender):
    case = Dispute(office, sender)
    sent, envelope = written(office, mediator, case)
    take(office, report(case, sent, envelope), "--rcpt", envelope)
    (task,), = office.query("SELECT id FROM task WHERE case_id = %s", case.id)
    hexa = str(task).replace("-", "")
    note = mark()
    path = f"{case.path}/task-done"
    form = {**mediator.get(case.path).form(path), "task": hexa, "note": note}
    later = {**intake.get(case.path).form(path), "task": hexa,
             "outcome": "letter"}
    before = everything(office)
    for wrong in ({"outcome": ""}, {"outcome": "prayer"},
                  {"outcome": "phone", "task": "0" * 32}):
        page = mediator.ask("POST", path, {**form, **wrong})
        assert page.status == 422, page.words
        assert everything(office) == before
    assert mediator.ask("POST", path, {**form,
                                       "outcome": "phone"}).status == 303
    done = office.query("SELECT outcome, done_by, note IS NOT NULL FROM task"
                        " WHERE id = %s", task)
    (who,), = office.query("SELECT id FROM person WHERE login = 'mediator'")
    assert done == [("phone", who, True)]
    assert note in mediator.get(case.path).words
    before = everything(office)
    assert intake.ask("POST", path, later).status in (409, 422)
    assert everything(office) == before
    assert office.case(case.protocol)["state"] == "triage"


def test_a_final_refusal_opens_the_task(template):
    made = Scene(template, to_sink=True)
    try:
        made.begin(web=False)
        gone = f"gone.{secrets.token_hex(4)}@x.example"
        made.sink.fault("rcpt", match=gone, times=None,
                        reply="550 5.1.1 unknown")
        _, _, case_id = take(made, letter(gone))
        wait_until("it is refused", lambda: made.query(
            "SELECT 1 FROM outbox WHERE state = 'failed'"), 20)
        assert tasks(made, case_id) == [("other-channel", True)]
        assert made.findings() == []
    finally:
        made.stop()


# ---- what a role may not, and the books ---------------------------------------


def test_a_desk_file_is_nobodys_to_act_on(office, mediator, sender):
    _, _, desk_file = take(office, letter(
        sender, fields=[("Auto-Submitted", "auto-generated")]))
    path = path_of(desk_file)
    page = mediator.get(path)
    for verb in ("attribute", "register", "discard", "retry"):
        assert f'action="{path}/{verb}"' not in page.text


def test_after_all_this_everything_is_accounted_for(office):
    wait_until("the outbox is empty", office.outbox_is_quiet)
    wait_until("nothing waits to be filed", lambda: not office.query(
        "SELECT 1 FROM inbound WHERE state = 'received'"))
    assert office.findings() == []
    status, out, _ = office.office.admin.run("audit", "verify")
    assert status == 0, out

"""The held mail by raw HTTP: what each decision changes, and what no request
may change or show."""

import datetime
import hashlib
import re
import secrets

import html5lib
import pytest

import harness
import scene as stage
from scene import answer_to, letter, mark

# Every verb of a held case, with fields that would be right.
VERBS = {
    "attribute": {"as": "consumer", "remember": "1"},
    "register": {},
    "discard": {"reason": "spam"},
    "retry": {},
}
# What a verb could change; letters and mails change by themselves, too.
ROWS = {"case_file": "t::text", "item": "t::text", "ident_token": "t::text",
        "case_grant": "t::text", "task": "t::text", "capsule": "t::text",
        "item_guess": "t::text", "outbox": "id", "inbound": "id, case_id"}
NO_MAIL = bytes(range(1, 9)) * 32
TAKE_KEY = ("DELETE FROM case_grant g USING person p WHERE g.case_id = %s AND"
            " g.person = p.id AND p.login = 'mediator' RETURNING g.person")


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


@pytest.fixture(scope="module")
def colleague(office):
    return office.logged_in("mediator2")


def hexes(value):
    return str(value).replace("-", "")


class Held:
    """A stranger's mail to a case's reply address, and that case."""

    def __init__(self, office, **more):
        self.sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
        answer = office.acknowledged(letter(self.sender), self.sender)
        self.case = office.case_of(answer)
        self.case_path = f"/cases/{self.case['protocol']}"
        self.token = mark()
        self.stranger = f"eva.{secrets.token_hex(5)}@estranha.example"
        more.setdefault("text", self.token)
        more.setdefault("name", "Eva Lima")
        self.raw = answer_to(answer, self.stranger, **more)
        row = office.filed(self.raw, self.stranger,
                           stage.address_of(answer.parsed["Reply-To"]))
        assert row["outcome"] == "held"
        self.id = row["case_id"]
        self.path = f"/cases/{hexes(self.id)}"
        self.item = hexes(office.items(self.id)[0][0])

    def accept(self, browser, side="consumer", **more):
        fields = {**browser.get(self.path).form(f"{self.path}/attribute"),
                  "to": self.case["protocol"], "as": side, **more}
        return browser.ask("POST", f"{self.path}/attribute",
                           {k: v for k, v in fields.items() if v is not None})


@pytest.fixture
def held(office):
    return Held(office)


def good(page, status=200):
    assert page.status == status, page.words
    assert page.headers["Content-Security-Policy"] \
        == stage.policy_of(page.text)
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def everything(office):
    """All rows that a verb could change."""
    return {table: office.query(f"SELECT {what} FROM {table} t ORDER BY 1")
            for table, what in ROWS.items()}


# ---- two at once ------------------------------------------------------------


def decided(browser, held, verb, **more):
    """As the page had it: what is sent, and not yet sent."""
    form = browser.get(held.path).form(f"{held.path}/{verb}")
    fields = {**VERBS[verb], **form, **more}
    if verb == "attribute":
        fields = {**fields, "to": held.case["protocol"], "item": held.item}
    return f"{held.path}/{verb}", fields


def fate_of(page):
    return stage.Page(200, None, page.text.partition('id="fate"')[2].partition(
        "</section>")[0].encode())


@pytest.mark.parametrize("mine", ["attribute", "register", "discard"])
@pytest.mark.parametrize("theirs", ["attribute", "register", "discard"])
def test_who_decides_second_is_told_who_was_first_and_where_it_is(
        office, mediator, colleague, held, words, theirs, mine):
    path, late = decided(mediator, held, mine)
    assert colleague.ask("POST", *decided(colleague, held, theirs)).status \
        == 303
    before = everything(office)
    page = good(mediator.ask("POST", path, late), 409)
    assert everything(office) == before
    told = fate_of(page)
    number = {"attribute": held.case["protocol"],
              "register": office.query("SELECT protocol FROM case_file WHERE"
                                       " id = %s", held.id)[0][0],
              "discard": None}[theirs]
    assert words["errors_heading"] in page.words
    assert words["fate_late"] in page.words
    assert words[f"fate_{theirs}"] in told.words
    assert "Danilo Peixoto" in told.words
    assert re.search(r'<time datetime="\d{4}-', told.text)
    way = f"/cases/{number}" if number else held.path
    assert f'href="{way}"' in told.text
    assert mediator.get(way).status == 200
    # Nothing that looks like a message nobody sent.
    for key in ("no_items", "no_sender", "files_none"):
        assert words[key] not in page.words


def test_old_links_of_a_decided_message_lead_to_where_it_is(
        office, mediator, colleague, words):
    gone, opened, aside = (Held(office) for _ in range(3))
    for held, verb in ((gone, "attribute"), (opened, "register"),
                       (aside, "discard")):
        assert colleague.ask("POST",
                             *decided(colleague, held, verb)).status == 303
    for address in (gone.path, f"/held?at={hexes(gone.id)}"):
        page = good(mediator.get(address))
        told = fate_of(page)
        assert words["fate_attribute"] in told.words, address
        assert "Danilo Peixoto" in told.words
        assert f'href="{gone.case_path}"' in told.text
        for key in ("no_items", "no_sender", "decide_heading"):
            assert words[key] not in page.words, address
    number, = office.query("SELECT protocol FROM case_file WHERE id = %s",
                           opened.id)[0]
    assert mediator.get(opened.path).location == f"/cases/{number}"
    page = good(mediator.get(f"/held?at={hexes(opened.id)}"))
    assert f'href="/cases/{number}"' in fate_of(page).text
    # What was set aside is still there to be read and taken back.
    page = good(mediator.get(aside.path))
    assert aside.token in page.text and 'id="fate"' not in page.text


def test_whose_key_the_other_case_is_not_learns_no_number_of_it(
        office, mediator, colleague, held, words):
    path, late = decided(mediator, held, "register")
    assert colleague.ask("POST",
                         *decided(colleague, held, "attribute")).status == 303
    office.query(TAKE_KEY, str(held.case["id"]))
    for page in (good(mediator.ask("POST", path, late), 409),
                 good(mediator.get(held.path))):
        assert words["fate_closed"] in fate_of(page).words
        assert held.case["protocol"] not in page.text
    # And whoever holds no key to the message itself learns nothing.
    office.query(TAKE_KEY, str(held.id))
    page = mediator.get(held.path)
    assert page.status == 403 and 'id="fate"' not in page.text
    assert 'id="fate"' not in mediator.get(f"/held?at={hexes(held.id)}").text


# ---- the list and the page --------------------------------------------------


def test_the_list_tells_who_wrote_why_it_waits_and_where_it_may_belong(
        office, mediator, held, words):
    page = good(mediator.get("/held"))
    row, = [part for part in page.text.split("<tr ") if held.path in part]
    seen = stage.Page(200, None, row.encode()).words
    for text in ("Eva Lima", f"<{held.stranger}>",
                 words["why_address_of_another"], words["lead_address"],
                 held.case["protocol"], held.token):
        assert text in seen, text


LONG = "Boa tarde, escrevo de novo sobre a geladeira. " * 4


def test_the_list_shows_how_a_message_begins_on_one_line(office, mediator):
    held = Held(office, text=f"  {LONG[:10]}\n\n {LONG[11:]}\r\nFim da carta.")
    waiting = good(mediator.get("/held")).text
    row, = [part for part in waiting.split("<tr ") if held.path in part]
    begins, = re.findall(r'first-words"><bdi>([^<]*)</bdi>', row)
    assert "\n" not in begins and "Fim da carta" not in begins
    assert begins.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert LONG.startswith(begins[:-1] + " ") and 100 < len(begins) <= 121
    # Nothing is cut where nothing is left.
    short = Held(office, text="Só isto.")
    row, = [part for part in mediator.get("/held").text.split("<tr ")
            if short.path in part]
    assert 'first-words"><bdi>Só isto.</bdi>' in row


def test_whoever_has_no_key_sees_no_word_of_it_in_the_list(
        office, mediator, held):
    assert held.token in mediator.get("/held").text
    assert len(office.query(TAKE_KEY, str(held.id))) == 1
    assert held.token not in good(mediator.get("/held")).text


def test_a_message_too_long_for_a_list_is_not_opened_there(office, mediator):
    held = Held(office, text="Não cabe. " + "palavra " * 20000)
    row, = [part for part in good(mediator.get("/held")).text.split("<tr ")
            if held.path in part]
    assert "first-words" not in row and "Eva Lima" in row


def test_the_page_says_what_it_means_what_may_come_of_it_and_what_to_do(
        mediator, held, words):
    page = good(mediator.get(held.path))
    for key in ("why_address_of_another", "danger_stranger", "todo_stranger",
                "seen_consumer", "seen_company", "seen_third"):
        assert words[key] in page.words, key
    # A stranger's words are no party's until somebody says so.
    assert re.findall(r'value="(\w+)"[^>]* checked', page.text) \
        == ["third", "third"]
    # It was understood: there is nothing to try again, nothing to type in.
    assert "/retry" not in page.text and "from_addr" not in page.text


def unreadable(office):
    """The held case of octets that are no mail."""
    status, (told,) = office.gateway.ingest(NO_MAIL + secrets.token_bytes(64))
    assert (status, told["outcome"]) == (0, "held")
    return office.query("SELECT case_id FROM inbound"
                        " ORDER BY id DESC LIMIT 1")[0][0]


# ---- each decision ------------------------------------------------------------


def test_a_held_message_is_on_no_side_and_its_own_case_is_a_new_one(
        mediator, held, words):
    """It is of nobody's correspondence yet; and its button is no "open"."""
    for path in (held.path, f"/held?at={hexes(held.id)}"):
        page = mediator.get(path)
        assert page.status == 200 and 'class="what"' in page.text
        assert 'class="lane"' not in page.text, path
    assert 'class="lane"' in mediator.get(held.case_path).text
    button = re.search(
        rf'(?s)<form[^>]*action="{held.path}/register".*?<button[^>]*>(.*?)<',
        mediator.get(held.path).text)[1]
    assert button == words["register_button"]
    assert button not in (words["open_button"], words["to_the_case"])


def test_accepted_as_the_consumers_it_is_in_the_case_and_nowhere_else(
        office, mediator, held, words):
    page = held.accept(mediator)
    assert page.status == 303
    assert page.location == f"{held.case_path}?done=attribute"
    case = good(mediator.get(page.location))
    assert held.token in case.text and words["done_attribute"] in case.words
    assert case.links("/held") and case.links(r"#item-\d+")
    assert held.path not in mediator.get("/held").text
    rows = office.query("SELECT case_id, lane::text FROM item WHERE id = %s",
                        held.item)
    assert rows == [(held.case["id"], "consumer")]
    # Not remembered: the next one of this address is held again.
    assert office.now_arrived(held.stranger) == []


def test_accepted_as_a_third_persons_it_is_internal(office, mediator, held):
    assert held.accept(mediator, "third").status == 303
    assert office.query("SELECT lane::text FROM item WHERE id = %s",
                        held.item) == [("internal",)]


def test_set_aside_it_leaves_the_list_and_comes_back_when_restored(
        office, mediator, held, words):
    form = mediator.get(held.path).form(f"{held.path}/discard")
    page = mediator.post(f"{held.path}/discard", reason="duplicate", **form)
    assert page.status == 303
    assert page.location == f"/held?done=discard&of={hexes(held.id)}"
    waiting = good(mediator.get(page.location))
    assert words["done_discard"] in waiting.words
    assert held.path not in waiting.cases() and held.path in waiting.links(
        "/cases/[0-9a-f]+")
    aside = good(mediator.get("/held?aside=1"))
    assert held.path in aside.cases()
    assert words["discard_duplicate"] in aside.words
    kept = good(mediator.get(held.path))
    assert words["aside_help"] in kept.words and held.token in kept.text
    form = kept.form(f"{held.path}/restore")
    assert mediator.post(f"{held.path}/restore", **form).status == 303
    assert held.path in mediator.get("/held").cases()


def test_a_new_case_of_its_own_is_acknowledged(office, mediator, held, words):
    form = mediator.get(held.path).form(f"{held.path}/register")
    page = mediator.post(f"{held.path}/register", **form)
    assert page.status == 303
    protocol = re.fullmatch(r"/cases/([\d-]+)\?done=register", page.location)
    assert stage.protocol_is_good(protocol[1])
    case = good(mediator.get(page.location))
    assert held.token in case.text and words["done_register"] in case.words
    answer = office.arrived(held.stranger)[0]
    assert protocol[1] in str(answer.parsed["Subject"])


def test_what_nobody_could_read_is_filed_by_hand(office, mediator, words):
    path = f"/cases/{hexes(unreadable(office))}"
    page = good(mediator.get(path))
    assert words["why_unparsed"] in page.words
    assert f'action="{path}/retry"' in page.text
    form = page.form(f"{path}/register")
    wrong = good(mediator.post(
        f"{path}/register", from_name="Rui & Braga", from_addr="no address",
        subject="Por telefone", **form), 422)
    assert words["field_not_an_address"] in wrong.words
    assert 'value="Rui &amp; Braga"' in wrong.text
    assert 'value="no address"' in wrong.text
    assert 'id="by_hand-from_addr" name="from_addr"' in wrong.text
    assert 'href="#by_hand-from_addr"' in wrong.text
    done = mediator.post(
        f"{path}/register", from_name="Rui Braga",
        from_addr="rui@consumidora.example", subject="Por telefone",
        **wrong.form(f"{path}/register"))
    assert done.status == 303, done.words
    assert "Por telefone" in good(mediator.get(done.location)).words


# ---- fields that are wrong ------------------------------------------------------


@pytest.mark.parametrize("fields,field,code", [
    ({"reason": ""}, "reason", "empty"),
    ({"reason": "because"}, "reason", "unknown"),
    ({"reason": "other"}, "note", "empty"),
    ({"reason": "spam", "note": "x" * 30000}, "note", "too_long"),
])
def test_a_reason_that_is_none_is_told_beside_its_field(
        office, mediator, held, words, fields, field, code):
    form = mediator.get(held.path).form(f"{held.path}/discard")
    before = everything(office)
    page = good(mediator.post(f"{held.path}/discard", **form, **fields), 422)
    told = re.search(rf'id="discard-{field}-e">([^<]+)<', page.text)
    assert told[1] == words[f"field_{code}"]
    assert f'href="#discard-{field}"' in page.text
    if fields["reason"] in ("spam", "other"):
        assert f'value="{fields["reason"]}" selected' in page.text
    assert "x" * 30000 in page.text or "note" not in fields
    assert everything(office) == before


@pytest.mark.parametrize("number,code", [
    ("", "empty"), ("2026", "not_a_number"), ("2026-000001-4", "not_a_number"),
    ("1999-000001-3", None)])
def test_a_number_that_leads_nowhere_is_told_beside_its_field(
        office, mediator, held, words, number, code):
    if code is None:  # a good number of no case
        digit = next(d for d in range(10)
                     if stage.protocol_is_good(f"1999-000001-{d}"))
        number, code = f"1999-000001-{digit}", "no_such_case"
    before = everything(office)
    page = good(held.accept(mediator, "company", to=number), 422)
    seq = re.search(r'id="attribute-(\d+)-0"', page.text)[1]
    told = re.search(rf'id="attribute-{seq}-0-to-e">([^<]+)<', page.text)
    assert told[1] == words[f"field_{code}"]
    assert f'href="#attribute-{seq}-0-to"' in page.text
    assert f'name="to" type="text" value="{number}"' in page.text
    # The choice that was made stays, in this form and in no other.
    assert re.findall(r'value="(\w+)"[^>]* checked', page.text) \
        == ["third", "company"]
    assert everything(office) == before


def test_a_side_that_is_none_is_told_in_the_form_that_was_sent(
        office, mediator, held, words):
    before = everything(office)
    for side in (None, "everybody"):
        page = good(held.accept(mediator, side), 422)
        told = re.search(r'id="(attribute-\d+-1)-as-e">([^<]+)<', page.text)
        assert told[2] in (words["field_empty"], words["field_unknown"])
        assert f'href="#{told[1]}-as"' in page.text
    assert everything(office) == before


# ---- what no request may do ---------------------------------------------------


def fields_of(held, verb):
    return {"to": held.case["protocol"], "item": held.item, **VERBS[verb]} \
        if verb == "attribute" else VERBS[verb]


@pytest.mark.parametrize("verb", VERBS)
def test_a_form_that_is_not_ours_changes_nothing(office, mediator, held, verb):
    path = f"{held.path}/{verb}"
    page = mediator.get(held.path)
    other = page.form(f"{held.path}/discard")["csrf"]
    key = secrets.token_hex(16)
    fields = fields_of(held, verb)
    before = everything(office)
    for form in ({"form_key": key}, {"form_key": key, "csrf": "x"},
                 {"form_key": key, "csrf": other if verb != "discard" else
                  page.form(f"{held.path}/attribute")["csrf"]},
                 {"form_key": "short", "csrf": other}, {}):
        assert mediator.post(path, **form, **fields).status == 400
    good_form = {"csrf": other if verb == "discard" else
                 page.form(f"{held.path}/attribute")["csrf"], "form_key": key}
    # From another site.
    mediator.origin, mine = "https://evil.example", mediator.origin
    try:
        assert mediator.post(path, **good_form, **fields).status == 400
    finally:
        mediator.origin = mine
    # By nobody.
    stranger = office.browser()
    assert stranger.post(path, **good_form, **fields).status in (303, 400, 401,
                                                                 403)
    # By reading.
    assert mediator.get(path).status == 405
    assert everything(office) == before


@pytest.mark.parametrize("verb", ["attribute", "register", "discard"])
def test_who_holds_no_key_changes_nothing(office, mediator, held, verb):
    # The form is from a time when there was a key.
    token = mediator.get(held.path).form(f"{held.path}/{verb}")
    assert len(office.query(TAKE_KEY, str(held.id))) == 1
    before = everything(office)
    answer = mediator.post(f"{held.path}/{verb}",
                           **{**token, **fields_of(held, verb)})
    assert answer.status == 403
    for secret in (held.token, held.stranger):
        assert secret not in answer.text
    assert everything(office) == before


def test_a_look_without_a_key_is_written_down(office, mediator, held):
    assert len(office.query(TAKE_KEY, str(held.id))) == 1
    page = good(mediator.get(f"/held?at={hexes(held.id)}"))
    for secret in (held.token, held.stranger):
        assert secret not in page.text
    assert office.query("SELECT count(*) FROM audit_event WHERE chain = %s"
                        " AND action = 'denied'", str(held.id)) == [(1,)]


def test_without_a_key_to_the_other_case_nothing_is_moved(
        office, mediator, held, words):
    assert len(office.query(TAKE_KEY, str(held.case["id"]))) == 1
    page = good(mediator.get(held.path))
    # That there is a guess may be known; which case it is may not.
    assert held.case_path not in page.text
    assert f'value="{held.case["protocol"]}"' not in page.text
    assert words["closed_to_you"] in page.words
    assert words["closed_to_you"] in mediator.get("/held").words
    before = everything(office)
    refused = good(held.accept(mediator), 403)
    assert words["attribute_refused"] in refused.words
    assert everything(office) == before


def test_an_item_of_another_case_is_not_moved(office, mediator, held):
    other = hexes(office.items(held.case["id"])[0][0])
    before = everything(office)
    for item in (other, "0" * 32, "x", held.item[:-1]):
        page = held.accept(mediator, item=item)
        assert page.status == 422, item
    assert everything(office) == before


# ---- what a message wants its readers to know -------------------------------

PGP = """--e
Content-Type: application/pgp-encrypted

Version: 1
--e
Content-Type: application/octet-stream

-----BEGIN PGP MESSAGE-----

hQEMA9
-----END PGP MESSAGE-----
--e--
"""
INVITATION = """--e
Content-Type: text/plain; charset=utf-8

Reunião na sexta-feira?
--e
Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
METHOD:REQUEST
END:VCALENDAR
--e--
"""
PICTURE = """<html><body><p>Bom dia, a geladeira parou.</p>
<img src="https://rastreio.example/p.gif?ana"></body></html>
"""
WARNINGS = {
    "pgp_encrypted": ("multipart/encrypted; boundary=e; "
                      "protocol=\"application/pgp-encrypted\"", PGP),
    "calendar": ("multipart/mixed; boundary=e", INVITATION),
    "remote_content": ("text/html; charset=utf-8", PICTURE),
}


@pytest.mark.parametrize("mark_name", WARNINGS)
def test_a_warning_says_what_to_do(office, mediator, words, mark_name):
    content_type, body = WARNINGS[mark_name]
    held = Held(office, content_type=content_type, body=body.encode())
    page = good(mediator.get(held.path))
    assert words[f"mark_{mark_name}"] in page.words
    others = [name for name in WARNINGS if name != mark_name]
    assert not any(words[f"mark_{name}"] in page.words for name in others)
    assert page.links(r"https?://[^\"]*") == []


def test_a_name_that_shows_anothers_address_is_told(office, mediator, words):
    false = Held(office, name="ana@consumidora.example (Ana)")
    page = good(mediator.get(false.path))
    assert words["shown_1"] + " ana@consumidora.example" in page.words
    assert f"{words['shown_2']} {false.stranger}" in page.words
    plain = good(mediator.get(Held(office).path))
    assert words["shown_1"] not in plain.words


def test_an_absence_says_from_when_to_when_and_whom_to_ask(
        office, mediator, words):
    held = Held(office)
    answer = office.now_arrived(held.sender)[0]
    first, last = (f"{stage.today() + datetime.timedelta(n):%d/%m/%Y}"
                   for n in (-3, 9))
    text = (f"Estou ausente de {first} a {last}.\n"
            "Em casos urgentes, escreva para rita@consumidora.example.\n")
    row = office.filed(answer_to(
        answer, held.sender, text=text,
        fields=[("Auto-Submitted", "auto-replied")]), held.sender,
        stage.address_of(answer.parsed["Reply-To"]))
    assert row["outcome"] == "recorded"
    page = good(mediator.get(held.case_path))
    assert (f"{words['absence']} {words['away_from']} {first} "
            f"{words['away_until']} {last}") in page.words
    assert f"{words['away_instead']} " in page.words


def test_other_cases_of_the_same_address_are_named(office, mediator, words):
    sender = f"bis.{secrets.token_hex(5)}@consumidora.example"
    first = office.case_of(office.acknowledged(letter(sender), sender))
    second = office.case_of(office.acknowledged(
        letter(sender, subject="Outra coisa"), sender))
    page = good(mediator.get(f"/cases/{second['protocol']}"))
    assert words["others"] in page.words
    assert f"/cases/{first['protocol']}" in page.links(r"/cases/[\d-]+")
    # The same matter twice: one link leads to the act, with the number in it.
    join, = page.links(r"/cases/[\d-]+/do/merge\?[^\"]*")
    assert words["others_join"] in page.words
    form = mediator.get(join)
    assert form.status == 200, form.words
    assert re.search(rf'name="to"[^>]* value="{first["protocol"]}"', form.text)
    # Of a case that one may not read, only that it is there.
    assert len(office.query(TAKE_KEY, str(first["id"]))) == 1
    page = good(mediator.get(f"/cases/{second['protocol']}"))
    assert first["protocol"] not in page.text
    assert f"{words['others']} {words['closed_to_you']}" in page.words


def test_a_held_message_of_a_known_address_leads_to_the_form_that_adds_it(
        office, mediator, held, words):
    """Its sender has a case: the page says which, opens it, and adds to it."""
    office.query("UPDATE item_guess SET lead = 'sender' WHERE item = %s",
                 held.item)
    for path in (held.path, f"/held?at={hexes(held.id)}"):
        page = good(mediator.get(path))
        assert words["others"] in page.words
        assert held.case_path in page.links(r"/cases/[\d-]+")
        add, = page.links(r"#attribute-[\d-]+")
        form = re.search(rf'(?s)<form[^>]* id="{add[1:]}".*?</form>',
                         page.text)[0]
        assert f'action="{held.path}/attribute"' in form
        assert f'name="to" value="{held.case["protocol"]}"' in form
        assert "/do/merge" not in page.text  # it is no case


# ---- the message as text --------------------------------------------------------

HOSTILE = (b"<script>alert(1)</script> </div> {{w.skip}} &amp; \"' "
           b"javascript:x https://evil.example/ \xff\xfe\x80 \x1b[31m \x07 "
           b"\xe2\x80\xaeexe.fdp \xc3\xa9 \xed\xa0\x80 [1B]\x7f\n"
           b"<a href=\"https://evil.example/\">x</a>\n")


def octets(page):
    """(what was shown as text, what was written out), in order."""
    shown = re.search(r'(?s)<div class="octets"[^>]*>(.*?)</div>', page.text)[1]
    for part in re.split(r'(<span class="octet">[^<]*</span>)', shown):
        code = re.fullmatch(r'<span class="octet">([^<]*)</span>', part)
        yield (None, code[1]) if code else (part, None)


def test_hostile_octets_are_text_and_nothing_else(office, mediator):
    held = Held(office, body=HOSTILE)
    text = f"{held.path}/items/{held.item}/text"
    assert text in mediator.get(held.path).links(r"/cases/\S+/text")
    page = good(mediator.get(text))
    scripts = re.findall(r"<script[^>]*>", page.text)
    assert all('src="/static/' in tag for tag in scripts), scripts
    assert "evil.example/\"" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;/div&gt;" in page.text
    codes = [code for _, code in octets(page) if code is not None]
    assert codes == ["FF FE 80", "1B", "07", "U+202E", "ED A0 80", "7F"]
    assert page.links(r"https?://[^\"]*") == []
    raw = mediator.get(f"{held.path}/items/{held.item}/raw").body
    assert HOSTILE.strip() in raw.replace(b"\r\n", b"\n")
    assert hashlib.sha256(raw).hexdigest() in page.text
    assert str(len(raw)) in page.words


def test_the_pages_of_a_long_message_are_the_message(office, mediator):
    body = b"".join(b"%d \xc3\xa9 <&> %s\n" % (n, b"x" * (n % 70))
                    for n in range(5000))
    held = Held(office, body=body)
    path = f"{held.path}/items/{held.item}/text"
    raw = mediator.get(f"{held.path}/items/{held.item}/raw").body
    whole, pages = "", 0
    at = path
    while at:
        page = good(mediator.get(at))
        assert len(page.body) < 400000
        for text, code in octets(page):
            assert code is None
            whole += text
        after = re.search(r'rel="next" href="([^"]+)"', page.text)
        at, pages = after and after[1], pages + 1
    whole = whole.replace("&lt;", "<").replace("&gt;", ">").replace(
        "&#39;", "'").replace("&quot;", '"').replace("&amp;", "&")
    assert pages == len(raw) // 65536 + 1
    assert whole == raw.decode().replace("\r\n", "\n")


def test_a_place_that_is_none_has_no_page(mediator, held):
    path = f"{held.path}/items/{held.item}/text"
    for start, status in (("0", 200), ("5", 200), ("999999", 404),
                          ("9999999999", 404), ("99999999999", 400),
                          ("-1", 400), ("x", 400), ("", 400)):
        assert mediator.get(f"{path}?from={start}").status == status, start
    for item in ("0" * 32, "x", held.item[:-1]):
        assert mediator.get(f"{held.path}/items/{item}/text").status == 404


def test_the_text_of_anothers_case_is_not_shown(office, mediator, held):
    path = f"{held.path}/items/{held.item}/text"
    assert held.token in mediator.get(path).text
    foreign = f"{held.case_path}/items/{held.item}/text"
    assert mediator.get(foreign).status == 404  # an item of another case
    assert len(office.query(TAKE_KEY, str(held.id))) == 1
    page = good(mediator.get(path), 403)
    for secret in (held.token, held.stranger, "Eva Lima", "octets"):
        assert secret not in page.text
    nobody = office.browser().get(path)
    assert nobody.status == 303 and nobody.body == b""


def test_a_message_without_a_name_is_its_addresss(office, mediator):
    sender = f"sem.nome.{secrets.token_hex(4)}@consumidora.example"
    known = {row[0] for row in office.query("SELECT id FROM inbound")}
    office.post_mail(letter(sender, name="",
                            to=f"caso+{'1' * 26}@{harness.OFFICE_DOMAIN}"),
                     sender, f"caso+{'1' * 26}@{harness.OFFICE_DOMAIN}")
    office.new_rows(known, 1)
    (case,), = office.query("SELECT case_id FROM inbound ORDER BY id DESC"
                            " LIMIT 1")
    page = good(mediator.get(f"/cases/{hexes(case)}"))
    assert f'<bdi class="by">{sender}</bdi>' in page.text


def test_the_file_of_automatic_mail_is_called_what_it_is(
        office, mediator, words):
    sender = f"robot.{secrets.token_hex(5)}@estranha.example"
    row = office.filed(letter(sender, subject="Ausente", fields=[
        ("Auto-Submitted", "auto-replied")]), sender)
    path = f"/cases/{hexes(row['case_id'])}"
    page = good(mediator.get("/held?automatic=1"))
    line, = [part for part in page.text.split("<tr ") if path in part]
    assert page.cases() == [path] and "first-words" not in page.text
    seen = stage.Page(200, None, line.encode()).words
    assert words["desk_file"] in seen and words["why_automatic"] in seen
    for wrong in ("no_subject", "no_sender"):
        assert words[wrong] not in seen, wrong
    assert f"<h1><bdi>{words['desk_file']}</bdi></h1>" \
        in good(mediator.get(path)).text


def held_count(browser):
    """As the list of cases says it; none: it says nothing."""
    said = re.search(r'href="/held">[^<]*<span class="count">(\d+)<',
                     browser.get("/cases").text)
    return int(said[1]) if said else 0


def test_automatic_mail_waits_for_nobody_and_is_not_counted(
        office, mediator, held):
    waiting = mediator.get("/held").cases()
    assert held.path in waiting and held_count(mediator) == len(waiting)
    sender = f"robot.{secrets.token_hex(5)}@estranha.example"
    row = office.filed(letter(sender, fields=[
        ("Auto-Submitted", "auto-replied")]), sender)
    assert f"/cases/{hexes(row['case_id'])}" not in waiting
    assert mediator.get("/held").cases() == waiting
    assert held_count(mediator) == len(waiting)


# ---- last, for it fills the first page -----------------------------------------


def test_the_list_goes_on_page_by_page_the_oldest_first(office, mediator):
    known = {row[0] for row in office.query("SELECT id FROM inbound")}
    nobody = f"caso+{'0' * 26}@{harness.OFFICE_DOMAIN}"
    for number in range(55):
        sender = f"p{number}.{secrets.token_hex(4)}@consumidora.example"
        office.post_mail(letter(sender, to=nobody), sender, nobody)
    office.new_rows(known, 55)
    waiting = [f"/cases/{hexes(row[0])}" for row in office.query(
        "SELECT c.id FROM case_file c JOIN case_grant g ON g.case_id = c.id"
        "  JOIN person p ON p.id = g.person WHERE p.login = 'mediator'"
        "   AND c.state = 'held' AND c.desk_month IS NULL")]
    seen, at, pages = [], "/held", 0
    while at:
        page = good(mediator.get(at))
        seen += page.cases()
        after = re.search(r'rel="next" href="([^"]+)"', page.text)
        at, pages = after and after[1], pages + 1
    assert pages == len(waiting) // 40 + 1 and len(seen) == len(set(seen))
    assert set(seen) == set(waiting)
    # Whoever waits longest since the last word comes first.
    begun = [office.query("SELECT last FROM case_file WHERE id = %s",
                          path[7:])[0][0] for path in seen]
    assert begun == sorted(begun)
    assert mediator.get("/held?after=x").status == 400
    assert mediator.get("/held?aside=1&after=x").status == 400

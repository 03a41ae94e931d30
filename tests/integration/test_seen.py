"""Who has a case open, and what came since one looked: who is told, who is not,
and what a long case costs."""

import re
import secrets

import pytest

from harness import wait_until
from scene import Scene, answer_to, letter

ANA = "ana@consumidora.example"
MAILS = 45
# What a visit is, and for how long a look counts (sql_seen.h).
LATER = "UPDATE case_seen SET at = at - interval '11 minutes'"


@pytest.fixture(scope="module")
def scene(template):
    made = Scene(template, imap_poll_secs=1)
    try:
        yield made.begin()
    finally:
        made.stop()


class Case:
    def __init__(self, scene, sender, mails=1):
        self.scene, self.sender = scene, sender
        self.mail = scene.acknowledged(letter(sender), sender)
        self.row = scene.case_of(self.mail)
        self.path = f"/cases/{self.row['protocol']}"
        for n in range(mails):
            self.answer(f"Carta {n}.", wait=False)
        self.wait(mails + 2)

    def wait(self, items):
        wait_until("all are filed", lambda: self.scene.case(
            self.row["protocol"])["items"] >= items, 60, 0.1)

    def answer(self, text, wait=True):
        items = self.scene.case(self.row["protocol"])["items"]
        self.scene.post_mail(answer_to(self.mail, self.sender, text=text),
                             self.sender)
        if wait:
            self.wait(items + 1)

    def seen(self):
        return {login: rest for login, *rest in self.scene.query(
            "SELECT p.login, s.base, s.seq FROM case_seen s JOIN person p"
            " ON p.id = s.person WHERE s.case_id = %s", str(self.row["id"]))}


@pytest.fixture(scope="module")
def case(scene):
    return Case(scene, f"ana.{secrets.token_hex(4)}@consumidora.example")


@pytest.fixture(scope="module")
def long_case(scene):
    return Case(scene, f"rui.{secrets.token_hex(4)}@consumidora.example",
                MAILS)


@pytest.fixture(scope="module")
def people(scene):
    return {login: scene.logged_in(login)
            for login in ("mediator", "mediator2", "intake")}


def news(page):
    """Numbers of the messages that the page calls new."""
    return [int(n) for n in re.findall(
        r'<li class="item[^"]* new" data-lane="\w+" id="item-(\d+)"',
        page.text)]


def rows(page):
    return [int(n) for n in re.findall(r'id="item-(\d+)"', page.text)]


def opened(page):
    return [int(n) for n in re.findall(
        r'id="item-(\d+)">\s*<details class="msg[^"]*" open>', page.text)]


# ---- new since the last visit -------------------------------------------------


def test_what_came_since_the_last_visit_is_new_until_the_next_one(
        scene, case, people, words):
    me = people["mediator"]
    assert news(me.get(case.path)) == []  # never seen: nothing is news
    case.answer("Mais uma coisa.")
    last = scene.case(case.row["protocol"])["items"]
    page = me.get(case.path)
    assert news(page) == [last]
    assert words["news_one"] in page.words
    # It stays so while the visit lasts, and is over with the next.
    assert news(me.get(case.path)) == [last]
    scene.query(LATER)
    assert news(me.get(case.path)) == []
    assert case.seen()[scene.office.person("mediator")["login"]] \
        == [last, last]


def test_ones_own_letter_is_no_news_and_a_colleagues_is(scene, case, people):
    for login in ("mediator", "mediator2"):
        people[login].get(case.path)
    form = people["mediator"].get(case.path).form(f"{case.path}/open")
    people["mediator"].ask("POST", f"{case.path}/open", form)
    assert people["mediator"].reply(
        case.path, "Documentos", "Recebemos os documentos.")[0].status == 303
    last = scene.case(case.row["protocol"])["items"]
    assert last not in news(people["mediator"].get(case.path))
    assert last in news(people["mediator2"].get(case.path))


# ---- presence ------------------------------------------------------------------


def test_a_colleague_is_told_who_has_the_case_open_for_ten_minutes(
        scene, case, people, words):
    people["mediator"].get(case.path)
    told = f"Marta Queiroz {words['looker_open']}"
    assert told in people["mediator2"].get(case.path).words
    assert told not in people["mediator"].get(case.path).words
    scene.query("UPDATE case_seen SET at = at - interval '9 minutes'")
    page = people["mediator2"].get(case.path)
    assert f"{told} {words['looker_ago_1']} 9 " in page.words
    scene.query("UPDATE case_seen SET at = at - interval '2 minutes'")
    assert told not in people["mediator2"].get(case.path).words


def test_a_form_of_the_case_counts_as_a_look(scene, case, people, words):
    scene.query(LATER)
    assert people["mediator"].get(f"{case.path}/do/note").status == 200
    assert f"Marta Queiroz {words['looker_open']}" \
        in people["mediator2"].get(case.path).words


def test_a_form_of_the_case_says_who_else_is_there(case, people, words):
    assert people["mediator"].get(case.path).status == 200
    form = people["mediator2"].get(f"{case.path}/do/note")
    assert f"Marta Queiroz {words['looker_open']}" in form.words


@pytest.mark.parametrize("where", ["/", "/cases?queue=mine", "/search",
                                   "another case", "logout"])
def test_whoever_went_on_was_there_and_is_not_any_more(
        scene, case, long_case, people, words, where):
    here = f"Marta Queiroz {words['looker_open']}"
    gone = f"Marta Queiroz {words['looker_left']}"
    me = people["mediator"]
    me.get(case.path)
    # What belongs to the case is no other place.
    me.get(f"{case.path}/log")
    page = people["mediator2"].get(case.path)
    assert here in page.words and gone not in page.words
    if where == "logout":
        me.post("/logout", **me.get(case.path).form("/logout"))
        people["mediator"] = scene.logged_in("mediator")
    else:
        assert me.get(long_case.path if where == "another case"
                      else where).status == 200
    page = people["mediator2"].get(case.path)
    assert gone in page.words and here not in page.words
    if where != "logout":
        me.get(case.path)
        assert here in people["mediator2"].get(case.path).words


@pytest.mark.parametrize("verb", ["reply", "note"])
def test_whoever_writes_is_there_however_long_ago_the_page_came(
        scene, case, people, words, verb):
    """By what the script asks while one types: of a letter what is found, of
    another form that one is there."""
    here = f"Marta Queiroz {words['looker_open']}"
    me = people["mediator"]
    page = me.get(case.path if verb == "reply"
                  else f"{case.path}/do/{verb}")
    form = page.form(f"{case.path}/{verb}")
    case.answer("Ainda uma coisa.")
    before = case.seen()
    scene.query(LATER)
    assert here not in people["mediator2"].get(case.path).words
    done = me.ask("POST", f"{case.path}/check?part="
                  + ("findings" if verb == "reply" else "here"),
                  {**form, "verb": verb, "text": "Boa"})
    assert done.status == 200, done.words
    assert f"{here} {words['looker_now']}" \
        in people["mediator2"].get(case.path).words
    # It is no reading: what came meanwhile is still new.
    login = scene.office.person("mediator")["login"]
    assert case.seen()[login] == before[login]


def test_saying_that_one_is_there_takes_the_forms_own_token(case, people):
    form = people["mediator"].get(f"{case.path}/do/note").form(
        f"{case.path}/note")
    for verb, status in (("note", 200), ("reply", 400)):
        assert people["mediator"].ask(
            "POST", f"{case.path}/check?part=here",
            {"csrf": form["csrf"], "verb": verb}).status == status


def test_without_the_key_one_is_told_nothing_and_is_named_nowhere(
        scene, people, words):
    case = Case(scene, f"eva.{secrets.token_hex(4)}@consumidora.example")
    for login in ("mediator", "mediator2"):
        assert people[login].get(case.path).status == 200
    login = scene.office.person("mediator2")["login"]
    assert login in case.seen()
    # The row goes with the key; put back by hand it is not shown.
    kept = scene.query(
        "SELECT s.case_id, s.person FROM case_seen s JOIN person p ON"
        " p.id = s.person WHERE p.login = %s AND s.case_id = %s",
        login, str(case.row["id"]))
    scene.query("DELETE FROM case_grant g USING person p WHERE g.person = p.id"
                " AND p.login = %s AND g.case_id = %s RETURNING 1", login,
                str(case.row["id"]))
    assert login not in case.seen()
    scene.query("INSERT INTO case_seen (case_id, person, base, seq, at) VALUES"
                " (%s, %s, 0, 0, now()) RETURNING 1",
                *[str(one) for one in kept[0]])
    refused = people["mediator2"].get(case.path)
    assert refused.status in (403, 404)
    assert words["looker_open"] not in refused.words
    page = people["mediator"].get(case.path)
    assert page.status == 200 and words["looker_open"] not in page.words


# ---- in the list ------------------------------------------------------------------


def unread(browser):
    """Of the queue: its count, and the tag of each of its cases."""
    page = browser.get("/cases?queue=unread")
    count = re.search(r'queue=unread"[^>]*>[^<]*<span class="count[^>]*>(\d+)<',
                      page.text)[1]
    tags = {}
    for row in re.findall(r'(?s)<tr role="row">\n<td.*?</tr>', page.text):
        number = re.search(r'name="case-([^"]+)"', row)[1]
        tags[number] = re.search(r'<span class="flag new">([^<]+)<', row)[1]
    assert len(tags) == int(count)
    return tags


def test_a_letter_stands_in_the_list_of_each_until_they_read_it(
        scene, case, people, words):
    number = case.row["protocol"]
    for login in ("mediator", "mediator2"):
        people[login].get(case.path)
        assert number not in unread(people[login])
    case.answer("Por favor, com urgência.")
    assert unread(people["mediator"])[number] == f"1 {words['fresh_one']}"
    case.answer("Ainda estou à espera.")
    assert unread(people["mediator"])[number] == f"2 {words['fresh_other']}"
    # Also in the other lists.
    assert f"2 {words['fresh_other']}" in people["mediator"].get("/").words
    people["mediator"].get(case.path)
    assert number not in unread(people["mediator"])
    assert unread(people["mediator2"])[number] == f"2 {words['fresh_other']}"
    people["mediator2"].get(f"{case.path}/do/note")
    assert number not in unread(people["mediator2"])


def test_what_the_office_writes_is_no_letter_to_be_read(scene, people):
    case = Case(scene, f"leo.{secrets.token_hex(4)}@consumidora.example")
    form = people["mediator"].get(case.path).form(f"{case.path}/open")
    people["mediator"].ask("POST", f"{case.path}/open", form)
    for login in ("mediator", "mediator2"):
        people[login].get(case.path)
    items = scene.case(case.row["protocol"])["items"]
    assert people["mediator2"].reply(
        case.path, "Documentos", "Recebemos tudo.")[0].status == 303
    form = people["mediator2"].get(f"{case.path}/do/note").form(
        f"{case.path}/note")
    assert people["mediator2"].ask("POST", f"{case.path}/note",
                                   {**form, "text": "Ligou."}).status == 303
    assert scene.case(case.row["protocol"])["items"] >= items + 2
    assert case.row["protocol"] not in unread(people["mediator"])


def test_a_case_never_opened_is_unread_for_whoever_looks_after_it(
        scene, people):
    case = Case(scene, f"lia.{secrets.token_hex(4)}@consumidora.example")
    number = case.row["protocol"]
    assert number not in unread(people["mediator"])
    scene.query("UPDATE case_file SET owner = (SELECT id FROM person WHERE"
                " login = %s) WHERE id = %s RETURNING 1",
                scene.office.person("mediator")["login"], str(case.row["id"]))
    assert unread(people["mediator"])[number].startswith("2 ")
    assert number not in unread(people["mediator2"])
    people["mediator"].get(case.path)
    assert number not in unread(people["mediator"])


def test_what_is_unread_follows_a_letter_that_goes_to_another_case(
        scene, case, people):
    """As the rows are, so are they counted anew."""
    people["mediator"].get(case.path)
    other = Case(scene, f"ida.{secrets.token_hex(4)}@consumidora.example")
    people["mediator"].get(other.path)
    other.answer("Isto é do outro caso.")
    assert other.row["protocol"] in unread(people["mediator"])
    scene.query(
        "UPDATE item SET case_id = %s, seq = 1000 WHERE case_id = %s AND"
        " seq = (SELECT max(seq) FROM item WHERE case_id = %s) RETURNING 1",
        str(case.row["id"]), str(other.row["id"]), str(other.row["id"]))
    there = unread(people["mediator"])
    assert other.row["protocol"] not in there
    assert there[case.row["protocol"]].startswith("1 ")
    scene.query("UPDATE item SET case_id = %s, seq = 1000 WHERE case_id = %s"
                " AND seq = 1000 RETURNING 1", str(other.row["id"]),
                str(case.row["id"]))


# ---- a long case ---------------------------------------------------------------


def test_a_long_case_comes_in_light_pages_that_hold_all_of_it(
        long_case, people):
    me, found = people["mediator"], []
    path = long_case.path
    while path:
        page = me.get(path)
        assert page.status == 200 and len(page.body) < 60_000, len(page.body)
        assert rows(page) == sorted(rows(page))
        found = rows(page) + found
        link = re.search(r'<p class="pager"><a class="button" href="'
                         r'(/cases/[\d-]+\?before=\d+)#timeline">', page.text)
        path = link and link[1]
    assert found == list(range(1, MAILS + 3))


def test_everything_is_open_on_pages_as_light(long_case, people):
    me, found, path = people["mediator"], [], f"{long_case.path}?open=all"
    for _ in range(12):
        page = me.get(path)
        assert len(page.body) < 60_000
        shown = rows(page)
        assert set(opened(page)) >= set(shown) - {2}  # but for automatic mail
        found = shown + found
        if min(shown) == 1:
            break
        path = f"{long_case.path}?open=all&before={min(shown)}"
    assert found == list(range(1, MAILS + 3))


def test_a_message_far_away_is_one_link_away(long_case, people):
    page = people["mediator"].get(f"{long_case.path}?open=3")
    assert 3 in opened(page) and "Carta 0." in page.text


def test_every_link_to_a_message_leads_to_it(scene, long_case, people):
    """Of the file, of what was released and of what is to be done: the first
    message is on no page of the last ones."""
    me, path = people["mediator"], long_case.path

    def act(verb, **fields):
        form = me.get(f"{path}/do/{verb}").form(f"{path}/{verb}")
        done = me.ask("POST", f"{path}/{verb}", {**form, **fields})
        assert done.status == 303, done.words

    me.ask("POST", f"{path}/open", me.get(path).form(f"{path}/open"))
    act("evidence", what="add", item="1", title="Fatura", side="consumer")
    act("disclose", to="consumer", mode="link", piece="1", days="5",
        words="Segue a carta.")
    scene.query(
        "INSERT INTO task (id, case_id, kind, item, opened, due, done, outcome)"
        " SELECT gen_random_uuid(), case_id, t.kind, id, now(), now(), t.done,"
        " t.outcome FROM item, (VALUES ('check', NULL, NULL), ('send-again',"
        " now(), 'done')) t(kind, done, outcome) WHERE case_id = %s AND seq = 1"
        " RETURNING 1", str(long_case.row["id"]))
    for query in ("", "?before=12", "?lane=internal"):
        page = me.get(path + query)
        here = set(re.findall(r'href="#item-(\d+)"', page.text))
        assert here <= {str(n) for n in rows(page)}
        there = re.findall(rf'href="{path}\?open=1#item-1"', page.text)
        own = re.findall(r'href="#item-1"', page.text)
        # The index, the release and both tasks.
        assert len(there if query != "?before=12" else own) >= 4, query
    assert 1 in opened(me.get(f"{path}?open=1"))


def test_a_text_without_end_does_not_make_the_page_heavy(
        scene, case, people, words):
    case.answer("&<" * 60_000)
    last = scene.case(case.row["protocol"])["items"]
    for query in ("", "?open=all", f"?open={last}"):
        page = people["mediator"].get(case.path + query)
        assert page.status == 200 and len(page.body) < 60_000, len(page.body)
        assert last in rows(page)
    assert words["cut_alone"] in page.words


def test_a_lane_alone(scene, case, people):
    me = people["mediator"]
    form = me.get(f"{case.path}/do/note").form(f"{case.path}/note")
    assert me.ask("POST", f"{case.path}/note",
                  {**form, "text": "Ligou hoje."}).status == 303
    last = scene.case(case.row["protocol"])["items"]
    assert rows(me.get(f"{case.path}?lane=internal")) == [last]
    assert last not in rows(me.get(f"{case.path}?lane=consumer"))
    assert last in rows(me.get(f"{case.path}?lane=nobody"))


# ---- what was typed --------------------------------------------------------------


@pytest.mark.parametrize("how", ["restart", "idle"])
def test_what_was_typed_survives_a_lost_session(scene, case, how, words):
    me = scene.logged_in("mediator2")
    typed = f"Um texto longo. {secrets.token_hex(4)}"
    forms = [(f"{case.path}/note", me.get(f"{case.path}/do/note").form(
        f"{case.path}/note"))]
    page = me.get(case.path)
    forms.append((f"{case.path}/reply", page.form(f"{case.path}/reply")))
    if how == "restart":
        # The sessions are in the database: nothing is lost at all.
        scene.server.stop()
        scene.server.begin()
    else:
        scene.query("UPDATE session SET seen = seen - interval '16 minutes'")
    for path, form in forms:
        done = me.ask("POST", path, {**form, "text": typed, "subject": "x"})
        if how == "idle":
            # Sealed: the next person at the machine reads nothing.
            assert done.status == 403 and words["login_lost"] in done.words
            assert words["login_draft"] in done.words
            assert typed not in done.text
        else:
            assert done.status == 303, done.words

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

"""Mediation in the console by raw HTTP: where a case stands, what can happen
next and what not yet, forms made of what verbs declare, letters looked at
before they go, and nothing lost when somebody was faster."""

import datetime
import html
import re
import secrets

import html5lib
import pytest

import scene as stage
from moved import SAO_PAULO
from scene import letter, words_of

QUESTIONS = "Qual é o número do contrato? Em que dia a senhora cancelou?"
BLANK = "Qual é o número do contrato de (nome)?"
STRANGE = "A senhora escreveu a balcao@outra-loja.example?"
REASONS = "A compra foi feita por uma empresa, para revender."
HOSTILE = ("</textarea><script>alert(1)</script> \"'&amp; {{nome}} {{{x}}} "
           "\u202eevil\u202c")
CASES = 29
# What an act changes when it is done, and must not when it is not.
ROWS = ("SELECT state, due, owner, items, owes, kind, severity FROM case_file"
        " WHERE id = %s",
        "SELECT id FROM outbox WHERE case_id = %s ORDER BY id",
        "SELECT id FROM task WHERE case_id = %s ORDER BY id",
        "SELECT id, decided FROM act_pending WHERE case_id = %s ORDER BY id",
        "SELECT kind, state, due FROM clock WHERE case_id = %s ORDER BY kind")


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template)
    try:
        made.begin()
        # All at once: each case alone would wait for its acknowledgement.
        made.senders = [f"ana.{secrets.token_hex(5)}@consumidora.example"
                        for _ in range(CASES)]
        for sender in made.senders:
            made.post_mail(letter(sender), sender)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


@pytest.fixture(scope="module")
def second(office):
    return office.logged_in("mediator2")


class Case:
    """A case in triage, in the mediator's care."""

    def __init__(self, office, browser):
        self.office, self.browser = office, browser
        self.sender = office.senders.pop()
        answer = office.arrived(self.sender, 1, stage.PATIENT)[0]
        self.row = office.case_of(answer)
        self.path = f"/cases/{self.row['protocol']}"
        done = browser.post(f"{self.path}/open",
                            **self.page().form(f"{self.path}/open"))
        assert done.status == 303, done.words

    def page(self, query="", browser=None):
        return (browser or self.browser).get(self.path + query)

    def sheet(self, verb, query="", browser=None):
        return (browser or self.browser).get(f"{self.path}/do/{verb}{query}")

    def hidden(self, verb, query="", browser=None):
        return self.sheet(verb, query, browser).form(f"{self.path}/{verb}")

    def do(self, verb, hidden=None, browser=None, **fields):
        form = {**(hidden or self.hidden(verb, browser=browser)), **fields}
        return (browser or self.browser).ask(
            "POST", f"{self.path}/{verb}", form)

    def look(self, verb, hidden=None, part="", **fields):
        form = {**(hidden or self.hidden(verb)), **fields}
        return self.browser.ask("POST", f"{self.path}/do/{verb}/preview"
                                + (part and f"?part={part}"), form)

    def rows(self):
        return [self.office.query(sql, str(self.row["id"])) for sql in ROWS]

    def state(self):
        return self.office.case(self.row["protocol"])["state"]


@pytest.fixture(scope="module")
def case(office, mediator):
    """One in which no test does anything."""
    return Case(office, mediator)


@pytest.fixture
def fresh(office, mediator):
    return Case(office, mediator)


def good(page, status=200):
    assert page.status == status, page.words
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def area(page, name):
    found = re.search(
        rf'(?s)<textarea id="move-{name}"[^>]*>\n(.*?)</textarea>', page.text)
    return html.unescape(found[1])


def choices(page, name):
    """The values of a select, without the empty one."""
    found = re.search(rf'(?s)<select id="move-{name}".*?</select>', page.text)
    return re.findall(r'<option value="([^"]+)"', found[0])


def part(page, start, end="</section>"):
    """What a person reads of this part of the page."""
    found = re.search(rf"(?s){start}.*?{end}", page.text)
    return stage.Page(200, None, found[0].encode()).words if found else ""


# ---- where it stands --------------------------------------------------------------


def test_the_page_says_which_step_it_is_who_owes_the_next_and_why_then(
        case, words):
    page = good(case.page())
    steps = part(page, '<ol class="steps"', "</ol>")
    assert steps.split() == " ".join(words[f"step_{name}"] for name in (
        "received", "triage", "company", "consumer", "mediation", "opinion",
        "plan", "closed")).split()
    here = re.findall(r'<li aria-current="step"[^>]*>([^<]*)<', page.text)
    assert here == [words["step_triage"]]
    owes = part(page, '<div class="owes"', "</div>")
    assert owes.startswith(words["owes_office"])
    assert words["owes_what_triage"] in owes
    due = case.office.case(case.row["protocol"])["due"].astimezone(SAO_PAULO)
    assert (f'{words["owes_until"]} <time datetime="{due:%Y-%m-%d}'
            in page.text)
    for key in ("why_this_date", "clock_day_zero"):
        assert words[key] in owes, key


def test_once_the_first_answer_is_given_the_date_says_what_it_is_of(
        office, fresh, words):
    assert fresh.browser.reply(fresh.path, "Sua geladeira",
                               "Recebemos a sua mensagem.")[0].status == 303
    page = good(fresh.page())
    owes = part(page, '<div class="owes"', "</div>")
    assert words["owes_what_triage_answered"] in owes
    assert words["owes_what_triage"] not in owes
    (kind, due), = office.query(
        "SELECT k.kind, c.due FROM clock k JOIN case_file c ON c.id = k.case_id"
        " WHERE c.id = %s AND k.state = 'running' AND k.due = c.due",
        str(fresh.row["id"]))
    day = due.astimezone(SAO_PAULO)
    assert kind != "response"
    assert f'{words["clock_" + kind]}: <time datetime="{day:%Y-%m-%d}' \
        in page.text
    for key in ("why_this_date", "clock_day_zero"):
        assert words[key] in owes, key
    facts = part(page, '<aside class="facts"', "</aside>")
    assert words["other_terms"] in facts
    assert words["clock_" + kind] not in facts


def test_what_runs_besides_is_listed_with_its_reasons(case, words):
    facts = part(case.page(), '<aside class="facts"', "</aside>")
    assert words["other_terms"] in facts
    assert words["clock_total"] in facts and words["clock_refusal"] in facts


# ---- what can happen ----------------------------------------------------------------


def test_what_is_possible_is_offered_and_what_is_not_says_why(case, words):
    page = case.page()
    now = part(page, '<section class="next"', "<details")
    later = part(page, rf'{words["next_later"]} \(', "</details>")
    assert words["action_ask"] in now
    assert words["action_serve"] not in now
    assert words["action_serve"] in later
    for guard in ("classified", "chain", "identity"):
        assert words[f"guard_{guard}"] in later, guard
        assert words[f"guardhelp_{guard}"] in later, guard
    # What needs a second person is told before one begins.
    refuse = re.search(r'(?s)do/refuse".*?</li>', page.text)[0]
    assert words["needs_second"] in refuse


def what_can_be_done(page):
    """The verbs of the list that is not folded, in its order."""
    text = re.search(r'(?s)<section class="next".*?<details', page.text)[0]
    return re.findall(r'data-verb="(\w+)"', text)


def test_a_new_case_offers_to_be_opened_and_does_not_deny_it(
        office, mediator, words):
    answer = office.arrived(office.senders.pop(), 1, stage.PATIENT)[0]
    page = mediator.get(f"/cases/{office.case_of(answer)['protocol']}")
    assert words["open_button"] in page.words
    assert words["next_none"] not in page.words


def test_classifying_is_the_first_step_until_it_is_done(fresh):
    first = {"kind": "complaint", "severity": "low", "difficulty": "simple"}
    assert what_can_be_done(fresh.page())[0] == "classify"
    assert fresh.do("classify", **first).status == 303
    assert what_can_be_done(fresh.page())[0] == "classify"
    # What is no dispute goes another way, and is sorted by its kind alone.
    assert fresh.do("classify", kind="praise").status == 303
    assert "classify" not in what_can_be_done(fresh.page())
    assert "forward" in what_can_be_done(fresh.page())


def test_acts_of_a_party_stand_apart(case, words):
    page = case.page()
    behalf = part(page, words["next_consumer"], "</details>")
    assert words["action_withdraw"] in behalf
    assert f'{case.path}/do/withdraw?behalf=consumer' in page.text
    now = part(page, '<section class="next"', "<details")
    assert words["action_withdraw"] not in now


def test_a_held_message_has_no_way_and_no_moves(office, mediator):
    sender = f"eva.{secrets.token_hex(5)}@estranha.example"
    row = office.filed(bytes(range(1, 9)) * 32, sender)
    page = good(mediator.get("/cases/" + str(row["case_id"]).replace("-", "")))
    assert 'class="steps"' not in page.text
    assert 'class="next"' not in page.text


# ---- the form ------------------------------------------------------------------------


def test_a_form_is_made_of_what_the_verb_declares(case, words):
    page = good(case.sheet("classify"))
    for name in ("kind", "severity", "service", "remedy", "identity",
                 "allegation", "allegation-2", "article-2", "law-4"):
        assert f'<label for="move-{name}">' in page.text, name
    assert words["label_service"] in page.words
    assert re.search(r'(?s)<label for="move-kind">[^<]*<span class="need">',
                     page.text)
    assert "complaint" in choices(page, "kind")
    assert words["word_kind_complaint"] in page.words
    assert "<optgroup" in re.search(
        r'(?s)<select id="move-service".*?</select>', page.text)[0]
    assert re.search(r'<input id="move-first_instance"[^>]* type="date"',
                     page.text)
    # Every field has a label of its own.
    fields = re.findall(r'<(?:input|select|textarea) id="([^"]+)"', page.text)
    labels = re.findall(r'<label[^>]* for="([^"]+)"', page.text)
    flags = re.findall(r'<label class="pick"><input id="([^"]+)"', page.text)
    assert sorted(fields) == sorted(labels + flags)


def test_a_row_that_is_filled_stays_whatever_is_empty_before_it(case):
    """The form comes back, for its kind is missing, with all that was typed."""
    hidden = case.hidden("classify")
    for last in ("5", "6"):
        page = good(case.do("classify", hidden, kind="", **{
            "allegation": "wrong-charge", "allegation-2": "",
            "allegation-3": "", f"allegation-{last}": "hidden-fee",
            f"article-{last}": "ce-6"}), 422)
        for name, code in ((f"allegation-{last}", "hidden-fee"),
                           (f"article-{last}", "ce-6")):
            field = re.search(
                rf'(?s)<select id="move-{name}".*?</select>', page.text)
            assert field, name
            assert re.findall(r'<option value="([^"]*)" selected',
                              field[0]) == [code]


def test_no_label_and_no_act_lacks_its_words(case, mediator):
    page = case.page()
    paths = set(page.links(rf"{case.path}/do/[^\"]+"))
    assert len(paths) >= 8
    for path in sorted(paths):
        form = good(mediator.get(html.unescape(path)))
        for label in re.findall(r'(?s)<label[^>]*>(.*?)</label>', form.text):
            told = stage.Page(200, None, label.encode()).words
            assert told and not re.fullmatch(r"[a-z_]+", told.split()[0]) \
                or told.split()[0] in ("urgente",), (path, told)


def speak(browser, lang):
    form = browser.get("/calendar").form("/language")
    assert browser.post("/language", **{**form, "lang": lang}).status == 303


@pytest.mark.parametrize("lang", ("en", "it"))
def test_page_and_form_speak_the_readers_language(case, second, lang):
    words = words_of(lang)
    speak(second, lang)
    try:
        page = good(case.page(browser=second))
        for key in ("next_heading", "action_ask", "owes_office",
                    "guard_chain", "clock_total"):
            assert words[key] in page.words, key
        form = good(case.sheet("ask", browser=second))
        assert words["label_questions"] in form.words
        assert words["see_letters"] in form.words
        for verb, key in (("serve", "arrival"), ("refuse", "later_begins"),
                          ("refuse", "later_ends")):
            assert words[f"effect_{key}"] in case.sheet(
                verb, browser=second).words, key
    finally:
        speak(second, "pt-BR")


def test_an_act_that_does_not_exist_here_is_said_in_words(case, words):
    assert case.sheet("fly").status == 404
    page = good(case.sheet("decide"), 403)
    assert words["move_not_now"] in page.words
    assert case.path in page.links(r"/cases/[^\"]*")


def test_what_the_address_says_stands_in_the_field(case):
    page = case.sheet("note", "?text=Telefonema+de+ontem")
    assert area(page, "text") == "Telefonema de ontem"


# ---- looking -----------------------------------------------------------------------------


def test_looking_changes_nothing_and_shows_what_will_arrive(
        office, fresh, words):
    before, hidden = fresh.rows(), fresh.hidden("ask")
    for _ in range(2):
        page = good(fresh.look("ask", hidden, questions=QUESTIONS))
        again = page.form(f"{fresh.path}/ask")
        assert again["form_key"] == hidden["form_key"]
    assert fresh.rows() == before
    assert area(page, "questions") == QUESTIONS
    assert words["letters_would_be"] in page.words
    assert words["state_info"] in page.words
    shown = html.unescape(re.search(
        r'(?s)<pre class="octets" id="letter-consumer"[^>]*>\n(.*?)</pre>',
        page.text)[1])
    assert 'id="letter-company"' not in page.text
    formatted = fresh.look("ask", hidden, "consumer", questions=QUESTIONS)
    assert formatted.headers["Content-Security-Policy"].startswith("sandbox")
    done = fresh.do("ask", hidden, questions=QUESTIONS)
    assert done.status == 303 and done.location.endswith("?done=ask")
    assert words["done_ask"] in fresh.browser.get(done.location).words
    mail = office.arrived(fresh.sender, 2)[1]
    octets = mail.parsed.get_body(("plain",)).get_payload(decode=True)
    # But for the consumer's own page: its token is theirs.
    assert shown == re.sub(r"(?<=/t/)[\w.-]+", "…",
                           octets.decode().replace("\r\n", "\n"))
    subject = re.search(r'<dd lang="pt-BR">([^<]*)</dd>', page.text)[1]
    assert html.unescape(subject) == str(mail.parsed["Subject"])
    assert fresh.state() == "info"


def foretold(page):
    """What the page says of each term: {clock: (word, minute it ends)}."""
    found = re.search(r'(?s)<section class="effects".*?</section>', page.text)
    return {name: (says, until and datetime.datetime.strptime(
        until, "%Y-%m-%dT%H:%M%z")) for name, says, until in re.findall(
        r'<li><strong>([^<]*)</strong>: ([^<]*?)(?: <time datetime="([^"]*)">'
        r'.*)?</li>', found[0])}


def clocks(office, case):
    """The same from the rows: {clock: (state, minute it ends)}."""
    return {kind: (state, due) for kind, state, due in office.query(
        "SELECT kind::text, state::text, date_trunc('minute', due) FROM clock"
        " WHERE case_id = %s AND n = 0", str(case.row["id"]))}


def test_what_a_step_does_to_the_terms_is_told_before_and_then_so(
        office, fresh, words):
    was = clocks(office, fresh)
    told = foretold(good(fresh.sheet("ask")))
    looked = foretold(fresh.look("ask", questions=QUESTIONS))
    assert clocks(office, fresh) == was
    assert fresh.do("ask", questions=QUESTIONS).status == 303
    now = clocks(office, fresh)
    begins, ends = words["effect_begins"], words["effect_ends"]
    assert now["info"][0] == "running" and "info" not in was
    for page in (told, looked):
        assert page[words["clock_info"]] == (begins, now["info"][1])
        for kind, (state, _) in was.items():
            name = words.get(f"effect_clock_{kind}", words[f"clock_{kind}"])
            if state == "running" and now[kind][0] == "stopped":
                assert page[name] == (ends, ""), kind
            elif now[kind] == was[kind]:
                assert name not in page, kind
            elif now[kind][0] == "running":
                assert page[name] == (words["effect_moves"], now[kind][1])


def test_the_companys_time_is_told_to_count_from_the_notices_arrival(
        case, words):
    serve, ask = (part(case.sheet(verb), '<section class="effects"')
                  for verb in ("serve", "ask"))
    assert words["clock_company"] in serve
    assert words["effect_arrival"] in serve
    assert words["effect_arrival"] not in ask


def test_an_opinion_that_waits_for_its_reader_has_no_dates(
        office, fresh, words):
    office.query("UPDATE case_file SET state = 'merit' WHERE id = %s"
                 " RETURNING id", str(fresh.row["id"]))
    told = foretold(good(fresh.sheet("draft-opinion")))
    says, until = told[words["clock_comment"]]
    assert says.startswith(words["effect_later_begins"]) and not until
    assert not [name for name, (_, until) in told.items() if until]


def test_who_weighs_has_both_sides_beside_each_other(office, fresh, words):
    item = choices(fresh.sheet("evidence"), "item")[0]
    assert fresh.do("evidence", what="add", item=item, title="Fatura de maio",
                    side="consumer").status == 303
    assert 'class="card sides"' not in fresh.sheet("note").text
    office.query("UPDATE case_file SET state = 'mediation' WHERE id = %s"
                 " RETURNING id", str(fresh.row["id"]))
    page = good(fresh.sheet("propose"))
    theirs = part(page, '<section aria-labelledby="side-consumer-h">')
    ours = part(page, '<section aria-labelledby="side-company-h">')
    said = stage.WORDS["pt-BR"].split("\n")[0].strip()
    assert said[:40] in theirs and "Fatura de maio" in theirs
    assert re.search(rf'href="{fresh.path}\?open=(\d+)#item-\1"', page.text)
    assert said[:40] not in ours and "Fatura" not in ours
    assert words["sides_silent"] in ours
    assert words["sides_no_evidence"] in ours
    told = part(page, '<section class="card sides"', '<form class="card')
    assert words["not_heard"] in told
    for lack in ("not_shown",):
        assert told.count(words[f"lack_{lack}"]) == 2


def test_a_form_that_only_notes_something_says_nothing_of_terms(case):
    assert 'class="effects"' not in case.sheet("note").text


def test_what_the_rules_find_stands_beside_the_letter(fresh, words):
    before = fresh.rows()
    page = good(fresh.look("ask", questions=BLANK))
    assert 'class="blocks"' in page.text and "(nome)" in page.words
    assert 'href="#move-questions"' in page.text
    page = good(fresh.do("ask", questions=BLANK), 422)
    assert words["check_blocked"] in page.words
    assert area(page, "questions") == BLANK
    assert 'href="#move-questions"' in page.text
    assert fresh.rows() == before


def test_a_warning_wants_a_reason(fresh, words):
    page = good(fresh.do("ask", questions=STRANGE), 422)
    assert fresh.state() == "triage"
    assert '<textarea id="move-overrule"' in page.text
    assert words["check_warned"] in page.words
    hidden = page.form(f"{fresh.path}/ask")
    done = fresh.do("ask", hidden, questions=STRANGE,
                    overrule="É o endereço que a senhora citou.")
    assert done.status == 303, done.words
    assert fresh.state() == "info"


# ---- when it is not done ------------------------------------------------------------------


def test_a_wrong_field_is_told_beside_it_and_on_top(fresh, words):
    before = fresh.rows()
    page = good(fresh.do("classify", severity="high"), 422)
    assert f'<a href="#move-kind">{words["label_kind"]}: ' \
           f'{words["field_empty"]}</a>' in page.text
    assert re.search(r'<select id="move-kind"[^>]* aria-invalid="true"',
                     page.text)
    assert '<option value="high" selected>' in page.text
    assert fresh.rows() == before


def test_guards_that_fail_are_named_and_nothing_changes(fresh, words):
    before = fresh.rows()
    page = good(fresh.do("serve", summary=REASONS), 403)
    told = part(page, '<section class="reason" id="guards"')
    for guard in ("classified", "chain", "identity"):
        assert words[f"guard_{guard}"] in told, guard
        assert words[f"guardhelp_{guard}"] in told, guard
    assert area(page, "summary") == REASONS
    assert fresh.rows() == before


def test_whoever_is_second_is_told_what_changed_and_goes_on(
        fresh, second, words):
    mine = fresh.hidden("classify")
    theirs = fresh.hidden("note", browser=second)
    note = f"Telefonema {secrets.token_hex(4)}"
    assert fresh.do("note", theirs, second, text=note).status == 303
    before = fresh.rows()
    page = good(fresh.do("classify", mine, kind="complaint"), 409)
    assert fresh.rows() == before
    told = part(page, '<section class="reason" id="changed"')
    assert words["event_note"] in told
    name = fresh.office.query(
        "SELECT name FROM person WHERE login = 'mediator2'")[0][0]
    assert name in told
    assert words["act_changed"] in page.words
    assert '<option value="complaint" selected>' in page.text
    again = page.form(f"{fresh.path}/classify")
    assert again["rev"] != mine["rev"]
    assert again["form_key"] == mine["form_key"]
    assert fresh.do("classify", again, kind="complaint").status == 303
    assert fresh.rows()[0][0][5] == "complaint"


def test_what_another_set_meanwhile_stands_beside_ones_own(
        fresh, second, words):
    mine = fresh.hidden("classify")
    codes = {"allegation": choices(fresh.sheet("classify"), "allegation")}
    theirs = {"kind": "question", "severity": "low", "urgent": "1",
              "first_instance": "2026-01-31",
              "allegation": codes["allegation"][0]}
    done = fresh.do("classify", browser=second, **theirs)
    assert done.status == 303, done.words
    page = good(fresh.do("classify", mine, kind="complaint", severity="low",
                         allegation=codes["allegation"][1]), 409)
    now = {name: stage.Page(200, None, text.encode()).words for name, text in
           re.findall(r'(?s)<p class="why" id="move-([\w-]+)-n">(.*?)</p>',
                      page.text)}
    said = f'{words["now_in_case"]} '
    assert now.pop("kind") == said + words["word_kind_question"]
    assert now.pop("urgent") == said + words["now_ticked"]
    assert now.pop("first_instance") == said + "31/01/2026"
    label = re.search(rf'<option value="{codes["allegation"][0]}">([^<\n]+)',
                      page.text)[1]
    assert now.pop("allegation") == said + html.unescape(label)
    assert set(now) == {"article"}  # what is set alike is not said
    assert re.search(r'id="move-kind"[^>]*describedby="[^"]*move-kind-n"',
                     page.text)
    # One's own is in the fields, and done by sending it again.
    assert '<option value="complaint" selected>' in page.text
    again = page.form(f"{fresh.path}/classify")
    assert fresh.do("classify", again, kind="complaint").status == 303
    assert fresh.rows()[0][0][5] == "complaint"


def test_what_a_request_is_about_stays_chosen(fresh):
    right = choices(fresh.sheet("classify"), "right")[0]
    done = fresh.do("classify", kind="data-request", right=right)
    assert done.status == 303, done.words
    shown = re.search(r'(?s)<select id="move-right".*?</select>',
                      fresh.sheet("classify").text)[0]
    assert f'<option value="{right}" selected>' in shown


def test_a_note_overtakes_no_field(fresh, second):
    mine = fresh.hidden("classify")
    assert fresh.do("note", browser=second, text="Ligou.").status == 303
    page = good(fresh.do("classify", mine, kind="complaint"), 409)
    assert not re.search(r'id="move-[\w-]+-n"', page.text)


def test_a_step_that_is_gone_keeps_what_was_written(fresh, second, words):
    mine = fresh.hidden("ask")
    assert fresh.do("ask", browser=second, questions=QUESTIONS).status == 303
    page = good(fresh.do("ask", mine, questions="Outra pergunta, a minha?"),
                409)
    assert words["changed_gone"] in page.words
    assert words["event_ask"] in page.words
    kept = re.search(r'(?s)<textarea id="kept"[^>]*>\n(.*?)</textarea>',
                     page.text)[1]
    assert html.unescape(kept) == "Outra pergunta, a minha?"


def test_one_form_sent_twice_is_done_once(fresh):
    hidden = fresh.hidden("note")
    for _ in range(2):
        assert fresh.do("note", hidden, text="Uma nota").status == 303
    assert fresh.office.query(
        "SELECT count(*) FROM item WHERE case_id = %s AND kind = 'note'",
        str(fresh.row["id"])) == [(1,)]


def test_a_form_without_its_token_is_refused(fresh):
    before, hidden = fresh.rows(), fresh.hidden("ask")
    for csrf in ("", "x" * len(hidden["csrf"]),
                 fresh.hidden("note")["csrf"]):
        form = {**hidden, "csrf": csrf, "questions": QUESTIONS}
        for path in (f"{fresh.path}/ask", f"{fresh.path}/do/ask/preview"):
            assert fresh.browser.ask("POST", path, form).status == 400
    assert fresh.rows() == before


def test_what_is_typed_is_only_text(fresh):
    page = good(fresh.look("ask", questions=HOSTILE))
    assert "<script>alert" not in page.text
    assert area(page, "questions") == HOSTILE.replace(
        "\u202e", "").replace("\u202c", "")


def test_a_session_that_ended_gives_the_words_back(office, fresh):
    hidden = fresh.hidden("ask")
    page = office.browser().ask("POST", f"{fresh.path}/ask",
                                {**hidden, "questions": QUESTIONS})
    assert QUESTIONS in page.words and 'id="kept"' in page.text


# ---- for a party ----------------------------------------------------------------------------


def test_what_a_party_said_is_entered_with_how_it_was_heard(fresh, words):
    page = good(fresh.sheet("withdraw", "?behalf=consumer"))
    assert words["source_help"] in page.words
    hidden = page.form(f"{fresh.path}/withdraw")
    assert hidden["behalf"] == "consumer"
    before = fresh.rows()
    page = good(fresh.do("withdraw", hidden, source=""),
                422)
    assert 'href="#move-source"' in page.text
    assert fresh.rows() == before
    assert fresh.do("withdraw", hidden, source="call").status == 303
    assert fresh.state() == "closed"


# ---- two people ------------------------------------------------------------------------------


def refuse(case):
    """The mediator prepares a refusal."""
    ground = choices(case.sheet("refuse"), "ground")[0]
    done = case.do("refuse", kind="complaint", ground=ground,
                   reasons=REASONS)
    assert done.status == 303, done.words
    assert done.location.endswith("?done=waiting")
    return case.browser.get(done.location)


def assert_told_without_dates(told, was, now, words):
    """Which term begins and which ends was known, the day was not."""
    becomes = {kind: "begins" if state == "running" else "ends"
               for kind, (state, _) in now.items()
               if (kind not in was or was[kind][0] != state)}
    assert set(becomes.values()) == {"begins", "ends"}
    for page in told:
        assert len(page) == len(becomes), page
        for kind, what in becomes.items():
            name = kind.replace("-", "_")
            says, until = page[words.get(f"effect_clock_{name}")
                               or words[f"clock_{name}"]]
            assert says.startswith(words[f"effect_later_{what}"]), kind
            assert until == "", kind


def test_an_act_waits_for_a_second_person_who_confirms_it(
        office, fresh, second, words):
    was = clocks(office, fresh)
    sheet = fresh.sheet("refuse")
    told = [foretold(sheet), foretold(fresh.look(
        "refuse", kind="complaint", ground=choices(sheet, "ground")[0],
        reasons=REASONS))]
    page = good(refuse(fresh))
    assert words["done_waiting"] in page.words
    assert clocks(office, fresh) == was
    assert fresh.state() == "triage"
    # Its author sees it, and cannot confirm.
    assert words["pending_mine"] in page.words
    assert REASONS in page.words
    assert f'action="{fresh.path}/second"' not in page.text
    mine = good(fresh.browser.get("/cases?queue=second"))
    assert fresh.path not in mine.cases()
    # The second person finds it by its queue.
    there = good(second.get("/"))
    assert "/cases?queue=second" in there.text
    assert words["queue_second"] in there.words
    queue = good(second.get("/cases?queue=second"))
    assert fresh.path in queue.cases()
    page = good(fresh.page(browser=second))
    pending = part(page, '<section class="tasks" aria-labelledby="pending-h"')
    assert words["action_refuse"] in pending and REASONS in pending
    form = page.form(f"{fresh.path}/second")
    done = second.ask("POST", f"{fresh.path}/second",
                      {**form, "decision": "confirm", "why": ""})
    assert done.status == 303, done.words
    assert fresh.state() == "closed"
    assert_told_without_dates(told, was, clocks(office, fresh), words)
    mails = office.arrived(fresh.sender, 2)
    assert REASONS in stage.plain_text(mails[1]).replace(" \n", " ")
    assert fresh.path not in second.get("/cases?queue=second").cases()


def test_giving_it_back_wants_a_word_and_changes_nothing_else(
        fresh, second, words):
    refuse(fresh)
    form = fresh.page(browser=second).form(f"{fresh.path}/second")
    page = good(second.ask("POST", f"{fresh.path}/second",
                           {**form, "decision": "return", "why": ""}), 422)
    assert words["field_empty"] in page.words
    why = f"Falta a prova {secrets.token_hex(4)}."
    done = second.ask("POST", f"{fresh.path}/second",
                      {**form, "decision": "return", "why": why})
    assert done.status == 303, done.words
    assert fresh.state() == "triage"
    page = good(fresh.page())
    assert 'id="pending"' not in page.text
    assert why in page.words


def test_a_role_that_confirms_nothing_has_no_such_queue(office, fresh):
    refuse(fresh)
    intake = office.logged_in("intake")
    assert fresh.path not in intake.get("/cases?queue=second").cases()
    assert "/cases?queue=second" not in intake.get("/").text


# ---- tasks -------------------------------------------------------------------------------------


def test_a_task_leads_to_the_act_that_settles_it(office, fresh, words):
    office.query(
        "INSERT INTO task (id, case_id, kind, item, opened, due)"
        " SELECT gen_random_uuid(), case_id, 'confirm-lapse', id, now(),"
        " now() FROM item WHERE case_id = %s LIMIT 1",
        str(fresh.row["id"]))
    page = good(fresh.page())
    tasks = part(page, '<section class="tasks" aria-labelledby="tasks-h"')
    assert words["task_confirm_lapse"] in tasks
    assert f'href="{fresh.path}/do/lapse"' in page.text
    form = page.form(f"{fresh.path}/task-done")
    done = fresh.browser.ask("POST", f"{fresh.path}/task-done",
                             {**form, "outcome": "done", "note": ""})
    assert done.status == 303, done.words


def test_a_task_about_a_message_leads_to_a_form_that_names_it(office, fresh,
                                                              words):
    office.query(
        "INSERT INTO task (id, case_id, kind, item, opened, due)"
        " SELECT gen_random_uuid(), case_id, 'read-answer', id, now(),"
        " now() FROM item WHERE case_id = %s AND seq = 1",
        str(fresh.row["id"]))
    office.query("UPDATE case_file SET state = 'company' WHERE id = %s",
                 str(fresh.row["id"]))
    page = fresh.page()
    assert f'href="{fresh.path}/do/answer?item=1"' in page.text
    # It is no more the company's turn.
    owes = part(page, '<div class="owes">')
    assert words["owes_what_reading"] in owes
    assert words["owes_what_company"] not in owes
    line = re.search(rf'(?s)<a class="subject" href="{fresh.path}".*?</tr>',
                     fresh.browser.get("/cases").text)[0]
    assert f"{words['turn_of']} {words['owes_office']}" in line
    # Only what the company wrote is offered, and a letter of ours is not.
    office.query("UPDATE item SET lane = 'company' WHERE case_id = %s"
                 " RETURNING id", str(fresh.row["id"]))
    asked = re.search(r'(?s)<select id="move-item".*?</select>',
                      fresh.sheet("answer", "?item=1").text)[0]
    assert '<option value="1" selected>' in asked
    assert '<option value="2"' not in asked

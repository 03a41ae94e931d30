"""The composer by raw HTTP: a letter is looked at as it will arrive, nothing is
sent by looking, and nothing that was typed is lost."""

import datetime
import html
import json
import os
import re
import secrets

import html5lib
import pytest

import harness
import scene as stage
from scene import letter, words_of

LETTER_POLICY = ("sandbox; default-src 'none'; style-src 'unsafe-inline'; "
                 "form-action 'none'; frame-ancestors 'self'; base-uri "
                 "'none'")
GOOD = "Recebemos os documentos. A empresa recebeu a cópia ontem."
BLANK = "Recebemos os documentos de (nome)."
STRANGE = "A loja atende em balcao@outra-loja.example."
PROMISE = "Recebemos tudo. Enviaremos a resposta da empresa. Até lá, guarde " \
          "os papéis."
# What a person could paste, and what a page could stumble on.
HOSTILE = ("</textarea><script>alert(1)</script> \"'&amp; \u200f\u05e9\u05dc "
           "😀👩‍🔧 \u202eevil\u202c {{nome}} {{{x}}}")
LANGUAGES = ("pt-BR", "en", "it")


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


class Case:
    """A case whose consumer can be written to."""

    def __init__(self, office, browser, text=stage.WORDS["pt-BR"]):
        self.office, self.browser = office, browser
        self.sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
        answer = office.acknowledged(letter(self.sender, text=text),
                                     self.sender)
        self.answer = answer
        self.row = office.case_of(answer)
        self.path = f"/cases/{self.row['protocol']}"

    def page(self, query=""):
        return self.browser.get(self.path + query)

    def hidden(self, verb="reply", query=""):
        return self.page(query).form(f"{self.path}/{verb}")

    def check(self, part="", hidden=None, verb="reply", **fields):
        form = {**(hidden or self.hidden(verb)), **fields}
        return self.browser.ask(
            "POST", f"{self.path}/check{part and '?part=' + part}", form)

    def send(self, hidden=None, verb="reply", **fields):
        form = {**(hidden or self.hidden(verb)), **fields}
        return self.browser.ask("POST", f"{self.path}/{verb}", form)

    def rows(self):
        """Whatever sending a letter changes."""
        return [self.office.query(sql, str(self.row["id"])) for sql in (
            "SELECT id, kind::text FROM item WHERE case_id = %s ORDER BY seq",
            "SELECT state, due, owner, items FROM case_file WHERE id = %s",
            "SELECT id FROM outbox WHERE case_id = %s",
            "SELECT id FROM task WHERE case_id = %s")]


@pytest.fixture(scope="module")
def case(office, mediator):
    """One that no test writes a letter in."""
    return Case(office, mediator)


@pytest.fixture
def fresh(office, mediator):
    return Case(office, mediator)


def good(page, status=200):
    assert page.status == status, page.words
    assert page.headers["Content-Security-Policy"] == stage.WRITE_POLICY
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def area(page, name):
    """What stands in a textarea, as a browser has it."""
    found = re.search(rf'(?s)<textarea id="{name}"[^>]*>\n?(.*?)</textarea>',
                      page.text)
    return html.unescape(found[1])


def plain(page, form="reply"):
    """The text part that the page shows."""
    found = re.search(rf'(?s)<pre [^>]*id="{form}-plain"[^>]*>\n(.*?)</pre>',
                      page.text)
    return html.unescape(found[1])


def field(page, name):
    found = re.search(rf'<input id="{name}"[^>]*? value="([^"]*)"', page.text)
    return html.unescape(found[1])


def rules(page):
    return re.findall(r'<li class="(blocks|warns)" data-rule="([\w-]+)"',
                      page.text)


def part_of(mail, kind):
    """A decoded part of a mail, with a page's line ends."""
    octets = mail.parsed.get_body((kind,)).get_payload(decode=True)
    return octets.decode().replace("\r\n", "\n")


# ---- the page -----------------------------------------------------------------


def test_a_letter_says_which_terms_it_ends(office, fresh, words):
    told = stage.Page(200, None, re.search(
        r'(?s)<section class="effects".*?</section>',
        fresh.page().text)[0].encode()).words
    assert f'{words["clock_response"]} : {words["effect_ends"]}' in told
    assert fresh.send(subject="Sobre o seu caso", text="Recebemos o seu relato."
                      ).status == 303
    assert office.query(
        "SELECT state::text FROM clock WHERE case_id = %s AND kind ="
        " 'response'", str(fresh.row["id"])) == [("stopped",)]
    again = fresh.page().words
    assert f'{words["clock_response"]} : ' not in again
    assert words["effects_heading"] in again


def test_the_page_says_to_whom_and_in_which_language_one_writes(case, words):
    page = good(case.page())
    for text in (case.sender, words["reply_to"], words["lang_pt_br"],
                 words["check_help"], words["check_button"]):
        assert text in page.words, text
    assert field(page, "reply-subject").startswith("Re: ")
    assert "/static/write.js?v=" in page.text
    # There is no company to write to.
    assert "to=company" not in page.text


def test_only_a_page_with_a_composer_may_run_the_script(case, mediator):
    for path in ("/", "/held", "/cases?queue=closed"):
        page = mediator.get(path)
        assert page.headers["Content-Security-Policy"] == stage.KEYS_POLICY
        assert "/static/write" not in page.text
    assert len(re.findall('<script src="/static/write', case.page().text)) == 1
    script = mediator.get(re.search(r'src="(/static/write[^"]+)"',
                                    case.page().text)[1])
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert len(script.body) < 4096


# ---- looking --------------------------------------------------------------------


def test_looking_changes_nothing_and_the_form_can_still_be_sent(fresh, words):
    before, hidden = fresh.rows(), fresh.hidden()
    for _ in range(3):
        page = good(fresh.check(hidden=hidden, subject="Documentos",
                                text=GOOD))
        assert page.form(f"{fresh.path}/reply")["form_key"] \
            == hidden["form_key"]
    assert fresh.rows() == before
    assert words["check_clean"] in page.words and rules(page) == []
    assert area(page, "reply-text") == GOOD
    assert field(page, "reply-subject") == "Documentos"
    assert fresh.send(hidden, subject="Documentos", text=GOOD).status == 303
    assert fresh.rows() != before


def test_the_mail_shown_is_the_mail_that_arrives(office, fresh):
    fields = {"subject": "Documentos: ação e £ 20", "text": GOOD + "\n\n"
              "- primeira linha\n- segunda, bem mais longa do que a outra "
              "para que precise ser quebrada no texto simples\n\nVeja "
              "https://ouvidoria.example/caminho?a=1&b=<2>\n\n-- \n 😀 ñ "
              "\u200f\u202eoãn\u202c <b>não</b>"}
    hidden = fresh.hidden()
    page = good(fresh.check(hidden=hidden, **fields))
    formatted = fresh.check("html", hidden, **fields)
    assert formatted.status == 200
    assert fresh.send(hidden, **fields).status == 303
    mail = office.arrived(fresh.sender, 2)[1]
    assert plain(page) == part_of(mail, "plain")
    assert formatted.text == part_of(mail, "html")
    shown = re.search(r'<dd lang="pt-BR">([^<]*)</dd>', page.text)[1]
    assert html.unescape(shown) == str(mail.parsed["Subject"])
    assert f"&lt;{fresh.sender}&gt;" in page.text
    assert stage.address_of(mail.parsed["From"]) in page.text


def test_the_formatted_part_can_do_nothing(case):
    page = case.check("html", subject="x", text="<script>alert(1)</script>")
    assert page.headers["Content-Security-Policy"] == LETTER_POLICY
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text.lower()


def test_the_formatted_part_of_a_wrong_form_is_no_frame(case):
    page = case.check("html", subject="x", text=" ")
    assert page.status == 422
    assert page.headers["X-Frame-Options"] == "DENY"


# ---- what the rules find ----------------------------------------------------------


def test_what_stops_a_letter_is_said_with_the_words_and_their_place(
        case, words):
    text = "Uma linha.\n\nOutra 😀 linha.\n" + BLANK
    page = good(case.check(subject="Documentos", text=text))
    assert ("blocks", "open-blank") in rules(page)
    assert words["check_blocked"] in page.words
    assert words["finding_blocks"] in page.words and "(nome)" in page.words
    link = re.search(r'<a href="#reply-text" data-at="(\d+)" '
                     r'data-length="(\d+)">([^<]*)</a>', page.text)
    at, length = int(link[1]), int(link[2])
    seen = text.encode("utf-16-le")[2 * at:2 * (at + length)]
    assert seen.decode("utf-16-le") == "(nome)"
    assert link[3] == f"{words['reply_text']}, {words['finding_line']} 4"
    assert area(page, "reply-text") == text


def test_a_plainer_word_is_offered(case, words):
    page = good(case.check(subject="x", text="Destarte, o caso segue."))
    assert ("warns", "jargon") in rules(page)
    assert f"{words['finding_instead']} assim" in page.words


def test_what_stops_a_letter_comes_before_what_only_warns(case):
    page = case.check(subject="x", text=f"{STRANGE}\n{BLANK}\n{STRANGE}")
    found = [severity for severity, _ in rules(page)]
    assert found == sorted(found) and set(found) == {"blocks", "warns"}
    assert 'id="reply-overrule"' not in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rules_speak_the_readers_language(office, case, lang):
    words = words_of(lang)
    with open(os.path.join(harness.ROOT, "lint/rules.json")) as source:
        rule, = [one for one in json.load(source)["rules"]
                 if one["rule"] == "open-blank"]
    token = case.page().form("/language")
    assert case.browser.post("/language", lang=lang, **token).status == 303
    try:
        page = good(case.check(subject="x", text=BLANK))
        assert rule["says"][lang] in page.words
        assert words["finding_blocks"] in page.words
    finally:
        token = case.page().form("/language")
        case.browser.post("/language", lang="pt-BR", **token)


def test_a_letter_that_may_not_leave_comes_back_whole(fresh, words):
    before = fresh.rows()
    page = good(fresh.send(subject="Documentos", text=BLANK), 422)
    assert fresh.rows() == before
    assert ("blocks", "open-blank") in rules(page)
    assert words["field_blocked"] in page.words
    assert area(page, "reply-text") == BLANK
    assert field(page, "reply-subject") == "Documentos"
    assert 'href="#reply-text"' in page.text.split('id="errors"')[1]
    assert 'id="errors" tabindex="-1" autofocus' in page.text


IN = {"pt-BR": "Escrevemos à empresa e pedimos a ela a nota de junho.",
      "en": "We wrote to the company and asked it for the invoice of June.",
      "it": "Abbiamo scritto all'azienda e le abbiamo chiesto la fattura."}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_language_than_the_readers_is_noticed_beside_the_text(
        office, mediator, lang):
    case = Case(office, mediator, text=stage.WORDS[lang])
    assert case.row["lang"] == lang
    for written, text in IN.items():
        page = good(case.check(subject="Sobre o seu caso", text=text))
        wrong = [("warns", "other-language")] if written != lang else []
        assert rules(page) == wrong, written
    # A name in it, or a title, is not another language.
    page = case.check(subject="x", text=f"{IN[lang]} (Terms of Use, 2026)")
    assert rules(page) == []


def test_a_warning_is_passed_over_with_a_reason_and_not_without(
        office, fresh, words):
    before = fresh.rows()
    page = good(fresh.check(subject="Balcão", text=STRANGE))
    assert rules(page) == [("warns", "email-address")]
    assert words["check_warned"] in page.words
    assert area(page, "reply-overrule") == ""
    page = good(fresh.send(subject="Balcão", text=STRANGE), 422)
    assert fresh.rows() == before
    assert words["field_warned"] in page.words
    assert 'href="#reply-overrule"' in page.text.split('id="errors"')[1]
    hidden = page.form(f"{fresh.path}/reply")
    assert fresh.send(hidden, subject="Balcão", text=STRANGE,
                      overrule="É o balcão da própria loja.").status == 303
    mail = office.arrived(fresh.sender, 2)[1]
    assert "balcao@outra-loja.example" in part_of(mail, "plain")
    assert "própria loja" not in part_of(mail, "plain")


def test_a_promise_is_offered_to_the_case_with_its_own_sentence(
        office, fresh, words):
    page = good(fresh.check(subject="x", text=PROMISE))
    assert rules(page) == [("warns", "promise-without-date")]
    assert words["promise_heading"] in page.words
    assert field(page, "reply-promise_text") \
        == "Enviaremos a resposta da empresa."
    # A day that is over is an error beside its own field, and stays.
    page = good(fresh.send(
        subject="x", text=PROMISE, promise_by="2020-01-02",
        promise_text="Enviar a resposta"), 422)
    assert field(page, "reply-promise_by") == "2020-01-02"
    assert field(page, "reply-promise_text") == "Enviar a resposta"
    assert 'id="reply-promise_by-e"' in page.text
    assert 'href="#reply-promise_by"' in page.text.split('id="errors"')[1]
    assert fresh.rows()[3] == []


def test_two_promises_are_two_offers(case):
    text = "Enviaremos a cópia. Está tudo aqui. Ligaremos para a empresa."
    page = good(case.check(subject="x", text=text))
    assert field(page, "reply-promise_text") == "Enviaremos a cópia."
    assert field(page, "reply-promise_text-2") \
        == "Ligaremos para a empresa."
    # What got a day keeps its place, whatever is written before it.
    page = good(case.check(subject="x", text="Avisaremos o banco. " + text,
                           **{"promise_text": "Enviaremos a cópia.",
                              "promise_by": "2099-01-05"}), 422)
    assert field(page, "reply-promise_text") == "Enviaremos a cópia."


# ---- while one types ----------------------------------------------------------------


def test_the_findings_alone_are_no_page_and_no_reading_of_the_case(
        office, case):
    hidden = case.hidden()
    reads = "SELECT count(*) FROM audit_event"
    before = office.database.value(reads)
    page = case.check("findings", hidden, subject="x", text=BLANK)
    assert page.status == 200 and rules(page) == [("blocks", "open-blank")]
    assert "<html" not in page.text and "<form" not in page.text
    assert page.headers["Content-Security-Policy"] == stage.POLICY
    assert office.database.value(reads) == before


def test_nothing_typed_yet_is_no_complaint(case, words):
    page = case.check("findings", subject="x", text="")
    assert page.status == 200
    assert page.words == words["check_help"]


def test_a_text_too_long_is_said_at_once(case, words):
    page = case.check("findings", subject="x", text="a" * 20001)
    assert page.status == 200 and words["field_too_long"] in page.words


# ---- drafts that could break something ------------------------------------------------


def test_a_hostile_draft_comes_back_as_it_was_and_acts_nowhere(case):
    page = good(case.check(subject=HOSTILE, text=HOSTILE))
    # Characters that turn the line around are never in a letter.
    kept = HOSTILE.replace("\u202e", "").replace("\u202c", "")
    assert area(page, "reply-text") == kept
    assert len(re.findall("<script", page.text)) == 2  # both ours
    assert ("blocks", "open-blank") in rules(page)


def test_twenty_thousand_letters_of_three_octets_are_not_lost(case, words):
    text = ("é" * 79 + "\n") * 249 + "漢" * 80
    assert len(text) == 20000
    page = good(case.check(subject="x", text=text))
    assert area(page, "reply-text") == text
    page = good(case.check(subject="x", text=text + "漢"), 422)
    assert area(page, "reply-text") == text + "漢"
    assert words["field_too_long"] in page.words


# ---- pieces ----------------------------------------------------------------------------


def a_piece(case, page):
    """The first one offered, and its words as the list of all has them."""
    name = re.search(r'<option value="(piece/[\w-]+)">', page.text)[1]
    key = "piece-" + name.partition("/")[2]
    text = re.search(rf'(?s)<dd class="text" id="{key}" dir="auto">(.*?)</dd>',
                     case.check("pieces").text)[1]
    return name, html.unescape(text)


def test_a_piece_is_put_in_behind_what_was_typed(case):
    before = case.rows()
    page = good(case.page())
    assert len(re.findall("<optgroup", page.text)) > 1
    name, text = a_piece(case, page)
    page = good(case.check(subject="Documentos", text="Olá.\n\n",
                           action="insert", piece=name))
    assert area(page, "reply-text") == f"Olá.\n\n{text}"
    assert field(page, "reply-subject") == "Documentos"
    assert rules(page) == [] and case.rows() == before
    page = good(case.check(subject="x", text="", action="insert", piece=name))
    assert area(page, "reply-text") == text


def titles(page):
    found = re.search(r'(?s)<datalist id="reply-titles">(.*?)</datalist>',
                      page.text)[1]
    return [html.unescape(t) for t in re.findall(r'value="([^"]*)"', found)]


def test_a_piece_is_found_by_a_few_letters_of_its_title(case, words):
    page = good(case.page())
    offered = titles(page)
    name, text = a_piece(case, page)
    title = html.unescape(re.search(
        rf'<option value="{name}">([^<]*)<', page.text)[1])
    letters = next(title[i:i + n] for n in range(3, len(title) + 1)
                   for i in range(len(title) - n + 1)
                   if title[i:i + n].strip() == title[i:i + n] and
                   sum(title[i:i + n].lower() in t.lower()
                       for t in offered) == 1)
    # Enter in that field looks at the letter: no other button is pressed.
    page = good(case.check(subject="x", text="Bom dia.",
                           piece_find=letters.upper() if letters.isascii()
                           else letters))
    assert area(page, "reply-text") == f"Bom dia.\n\n{text}"
    assert field(page, "reply-piece_find") == ""
    # Several: those are left to choose from, and nothing is put in.
    few = next(t[:2] for t in offered if 1 < sum(
        t[:2].lower() in o.lower() for o in offered) < len(offered))
    page = good(case.check(subject="x", text="Bom dia.", piece_find=few), 422)
    left = [html.unescape(t) for t in re.findall(
        r'<option value="piece/[^"]*">([^<]*)<', page.text)]
    assert sorted(left) == sorted(
        o for o in offered if few.lower() in o.lower())
    assert area(page, "reply-text") == "Bom dia."
    assert field(page, "reply-piece_find") == few
    assert words["field_several"] in page.words
    page = good(case.check(subject="x", text="Bom dia.",
                           piece_find="xyzzy"), 422)
    assert words["field_none_such"] in page.words
    assert area(page, "reply-text") == "Bom dia."


def test_the_script_gets_the_words_of_the_piece_chosen(case):
    name, text = a_piece(case, case.page())
    got = case.check("piece", text="Olá.", piece=name)
    assert got.status == 200 and got.text == text
    assert got.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert case.check("piece", piece="piece/none").status == 404


def test_a_piece_that_is_none_is_said_beside_its_field(case, words):
    page = good(case.check(subject="x", text="Olá.", action="insert",
                           piece="piece/none"), 422)
    assert words["field_unknown"] in page.words
    assert 'id="reply-piece-e"' in page.text
    assert area(page, "reply-text") == "Olá."


def test_no_piece_chosen_is_a_look(case):
    page = good(case.check(subject="x", text=BLANK, action="insert",
                           piece=""))
    assert ("blocks", "open-blank") in rules(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_are_the_readers_and_texts_the_partys(case, lang):
    token = case.page().form("/language")
    case.browser.post("/language", lang=lang, **token)
    try:
        page = good(case.page())
        name, text = a_piece(case, page)
        path = os.path.join(harness.ROOT, "templates", name)
        with open(path + ".json") as source:
            title = json.load(source)["title"][lang]
        assert f">{title}</option>" in html.unescape(page.text)
        with open(path + ".pt-BR.txt") as source:
            first = source.read().split("{{")[0].split("\n")[0].strip()
        assert first and first in text
    finally:
        token = case.page().form("/language")
        case.browser.post("/language", lang="pt-BR", **token)


# ---- the company ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sided(office, mediator):
    """A case with a company, whose mail was accepted as hers."""
    made = Case(office, mediator)
    made.company = f"sac.{secrets.token_hex(5)}@loja.example"
    to = stage.address_of(made.answer.parsed["Reply-To"])
    row = office.filed(letter(made.company, name="Loja Azul", to=to,
                              subject="Resposta da loja"), made.company, to)
    held = "/cases/" + str(row["case_id"]).replace("-", "")
    form = {**mediator.get(held).form(f"{held}/attribute"), "as": "company",
            "to": made.row["protocol"], "remember": "1"}
    assert mediator.ask("POST", f"{held}/attribute", form).status == 303
    return made


def test_a_letter_to_the_company_shows_nothing_of_the_consumer(
        office, sided, words):
    page = good(sided.page())
    assert f"{sided.path}?to=company#reply" in html.unescape(page.text)
    assert page.form(f"{sided.path}/reply")["to"] == "consumer"
    page = good(sided.page("?to=company"))
    hidden = page.form(f"{sided.path}/reply")
    assert hidden["to"] == "company"
    # The consumer's own words for it are not offered to the company.
    assert field(page, "reply-subject") == ""
    compose = page.text.split('id="reply-form"')[1].split("</form>")[0]
    assert sided.sender not in compose and "Ana Souza" not in compose
    page = good(sided.check(hidden=hidden, subject="Pedido", text=GOOD))
    assert page.form(f"{sided.path}/reply")["to"] == "company"
    assert f"&lt;{sided.company}&gt;" in page.text
    assert sided.sender not in plain(page)
    page = good(sided.check(hidden=hidden, subject="Pedido",
                            text=f"Escreve {sided.sender}."))
    assert ("blocks", "other-party") in rules(page)
    assert sided.send(hidden, subject="Pedido", text=GOOD).status == 303
    mail = office.arrived(sided.company)[0]
    assert stage.address_of(mail.parsed["To"]) == sided.company


def test_the_other_partys_data_stop_a_letter_to_the_consumer(sided):
    page = good(sided.check(subject="x", text=f"Veja {sided.company}."))
    assert ("blocks", "other-party") in rules(page)
    assert page.form(f"{sided.path}/reply")["to"] == "consumer"


# ---- the holding notice --------------------------------------------------------------------


def open_day(case):
    """A day, three weeks from now, on which the office is open."""
    hidden = case.hidden("holding")
    for days in range(20, 34):
        day = str(stage.today() + datetime.timedelta(days))
        if case.check(hidden=hidden, verb="holding", reason="Falta um papel.",
                      new_date=day, what_we_do="").status == 200:
            return day
    raise AssertionError("no day is open")


def test_a_holding_notice_is_looked_at_and_moves_the_date(office, fresh, words):
    page = good(fresh.page())
    assert words["holding_heading"] in page.words
    due = office.case(fresh.row["protocol"])["due"]
    fields = {"reason": "A empresa pediu mais documentos.",
              "new_date": open_day(fresh),
              "what_we_do": "Conferimos os recibos."}
    hidden = page.form(f"{fresh.path}/holding")
    before = fresh.rows()
    page = good(fresh.check(hidden=hidden, verb="holding", **fields))
    assert fresh.rows() == before
    assert area(page, "holding-reason") == fields["reason"]
    assert area(page, "holding-what_we_do") == fields["what_we_do"]
    assert field(page, "holding-new_date") == fields["new_date"]
    assert '<details class="holding" id="holding" open>' in page.text
    shown = plain(page, "holding")
    assert fields["reason"] in shown.replace(" \n", " ")
    assert fresh.send(hidden, verb="holding", **fields).status == 303
    mail = office.arrived(fresh.sender, 2)[1]
    assert part_of(mail, "plain") == shown
    moved = office.case(fresh.row["protocol"])["due"]
    assert due is None or moved > due


def test_a_wrong_date_is_said_beside_it_and_nothing_is_lost(case, words):
    page = good(case.check(verb="holding", reason="Falta um documento.",
                           new_date="2020-02-02", what_we_do=""), 422)
    assert 'id="holding-new_date-e"' in page.text
    assert words["field_past"] in page.words
    assert area(page, "holding-reason") == "Falta um documento."


def test_a_blank_in_a_holding_notice_points_to_its_own_field(case):
    page = good(case.check(
        verb="holding", reason="A empresa pediu prazo.",
        new_date=open_day(case), what_we_do="Falamos com (nome)."))
    assert ("blocks", "open-blank") in rules(page)
    assert 'href="#holding-what_we_do" data-at="12"' in page.text


# ---- who may not ---------------------------------------------------------------------------


def test_a_form_that_is_not_ours_is_not_looked_at(case):
    hidden = case.hidden()
    other = case.hidden("holding")
    assert case.check(hidden={**hidden, "csrf": other["csrf"]}, subject="x",
                      text=GOOD).status == 400
    assert case.check(hidden={**hidden, "verb": "open"}, subject="x",
                      text=GOOD).status == 400


def test_only_letters_are_looked_at(office, mediator):
    made = Case(office, mediator)
    hidden = made.page().form(f"{made.path}/open")
    page = made.check(hidden={**hidden, "verb": "open"}, subject="x")
    assert page.status == 404


def test_a_case_without_a_key_is_not_written_in(office, fresh):
    hidden = fresh.hidden()
    office.query("DELETE FROM case_grant g USING person p WHERE g.case_id ="
                 " %s AND g.person = p.id AND p.login = 'mediator'"
                 " RETURNING g.person", str(fresh.row["id"]))
    for part in ("", "findings", "html"):
        page = fresh.check(part, hidden, subject="x", text=GOOD)
        assert page.status == 403, part
        assert fresh.sender not in page.text


def test_what_was_written_comes_back_when_the_session_has_ended(
        office, case, words):
    browser = office.logged_in("mediator2")
    own = Case.__new__(Case)
    own.__dict__.update(case.__dict__, browser=browser)
    person = office.office.person("mediator2")

    def lost(send, *rest, **fields):
        """Sent after the session ended; the page behind the next login."""
        office.query("DELETE FROM session s USING person p"
                     " WHERE s.person = p.id AND p.login = 'mediator2'"
                     " RETURNING s.person")
        before = own.rows()
        page = send(*rest, **fields)
        assert page.status == 403 and words["login_draft"] in page.words
        page = browser.ask("POST", "/login", {
            **page.form("/login"), "login": "mediator2",
            "password": person["password"], "code": office.code(person)})
        assert page.status == 200 and words["done_draft"] in page.words
        assert own.rows() == before
        return page

    reply, holding = own.hidden(), own.hidden("holding")
    page = lost(own.check, hidden=reply, subject="x", text=GOOD)
    assert area(page, "reply-text") == GOOD
    page = lost(own.send, own.hidden(), subject="x", text=GOOD)
    assert area(page, "reply-text") == GOOD
    page = lost(own.check, hidden=holding, verb="holding",
                reason="Porque sim.", new_date="2030-01-02",
                what_we_do="Nada.")
    assert "Porque sim." in page.text and "Nada." in page.text
    assert "2030-01-02" in page.text

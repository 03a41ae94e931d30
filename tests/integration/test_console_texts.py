"""The office's texts by raw HTTP: what a new version changes and when, what is
refused and told, and that a preview is the letter."""

import html
import json
import os
import pathlib
import re
import secrets
import subprocess

import html5lib
import pytest

import harness
import scene as stage
from scene import KEYS_POLICY, letter, words_of

ROOT = pathlib.Path(harness.ROOT)
PROGRAM = pathlib.Path(os.environ.get("OUV_BUILD", ROOT / "build")) / "ouvidoria"
LANGUAGES = ("pt-BR", "en", "it")
ACK, LETTER = "/templates/mail/ack", "/templates/mail/letter"
# It warns in each language and blocks in none.
CAPITALS = {"pt-BR": "LEIA ISTO COM ATENÇÃO AGORA MESMO.",
            "en": "READ THIS WITH CARE RIGHT NOW PLEASE.",
            "it": "LEGGA QUESTO CON ATTENZIONE ADESSO SUBITO."}
PLAIN = {"pt-BR": "Guarde este número.", "en": "Keep this number.",
         "it": "Conservi questo numero."}


@pytest.fixture(scope="module")
def office(template):
    made = stage.Scene(template)
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def people(office):
    return {login: office.logged_in(login)
            for login in ("mediator", "mediator2", "ombudsman", "reader",
                          "intake")}


@pytest.fixture(autouse=True)
def product_again(office):
    """Each test begins with the product's own texts."""
    yield
    office.query("TRUNCATE text_version")


def good(page, status=200, policy=KEYS_POLICY):
    assert page.status == status, page.words[:400]
    assert page.headers["Content-Security-Policy"] == policy
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page


def shipped(name):
    return {lang: (ROOT / f"templates/{name}.{lang}.txt").read_text(
        encoding="utf-8") for lang in LANGUAGES}


def typed(page):
    """What stands in the fields of the edit page."""
    return {lang: page.field(f"edit-body-{lang}") for lang in LANGUAGES}


def with_line(bodies, lines):
    """A line of its own before the last paragraph of each."""
    changed = {}
    for lang, body in bodies.items():
        before, after = body.rstrip("\n").rsplit("\n\n", 1)
        changed[lang] = f"{before}\n\n{lines[lang]}\n\n{after}\n"
    return changed


def send(browser, path, bodies, todo="save", form=None, **fields):
    """Posts the edit form as a browser does; the page and the form sent."""
    form = form or {**browser.get(f"{path}/edit").form(f"{path}/edit"),
                    **{f"body-{lang}": body.replace("\n", "\r\n")
                       for lang, body in bodies.items()},
                    "reason": "Mais claro", "do": todo, **fields}
    return browser.ask("POST", f"{path}/edit", form), form


def decide(browser, path, n, decision, why="", form=None):
    form = form or browser.get("/templates/waiting").form(f"{path}/decide")
    return browser.post(f"{path}/decide", **{**form, "n": n,
                                             "decision": decision, "why": why})


def versions(office, name):
    return office.query(
        "SELECT n, published IS NOT NULL, refused IS NOT NULL, reason"
        " FROM text_version WHERE name = %s ORDER BY n", name)


def found(page, lang):
    """(what, line, words) of the findings under that language's field."""
    part = re.search(rf'(?s)<div id="edit-body-{lang}-f">(.*?)</div>',
                     page.text)[1]
    return [(kind, int(line or 0), html.unescape(text)) for kind, line, text in
            re.findall(r'<li class="finding( bad)?">.*?<a href="#[^"]*">[^<]*?'
                       r'(\d*)</a>(?: <q><bdi>(.*?)</bdi></q>)?', part)]


# ---- the list ---------------------------------------------------------------


def test_the_list_says_what_goes_out_by_itself_and_what_counts(people, words):
    page = good(people["mediator"].get("/templates"))
    parts = dict(re.findall(
        r'(?s)<section class="texts-group" aria-labelledby="([a-z-]+)-h">'
        r"(.*?)</section>", page.text))
    assert ACK in parts["automatic"] and LETTER in parts["by-hand"]
    assert ACK not in parts["by-hand"] and LETTER not in parts["automatic"]
    assert words["texts_product"] in page.words
    assert page.cases().count(ACK) == 1


def test_words_find_a_text_by_title_or_content_without_accents(people):
    def found_by(text):
        page = good(people["mediator"].get(
            "/templates?find=" + text.replace(" ", "+")))
        return page.cases()

    assert ACK in found_by("confirmacao recebimento")
    assert ACK in found_by("we+never+ask+for+passwords")
    assert LETTER not in found_by("we never ask for passwords")
    assert found_by("xyzzy") == []


def test_every_colleague_reads_and_some_may_write(people, words):
    page = good(people["intake"].get(ACK))
    assert words["texts_may_not_change"] in page.words
    assert f"{ACK}/edit" not in page.text
    assert people["intake"].get(f"{ACK}/edit").location \
        == f"{ACK}?done=text-not-yours"
    assert people["mediator"].get(ACK).links(rf"{ACK}/edit\?n=0")


# ---- one text ---------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_stands_in_three_languages_line_by_line(people, lang):
    page = good(people["mediator"].get(ACK))
    part = re.search(rf'(?s)<ol class="numbered" lang="{lang}">(.*?)</ol>',
                     page.text)[1]
    lines = [html.unescape(text) for text in
             re.findall(r"(?s)<li id=[^>]*>(.*?)</li>", part)]
    assert "\n".join(lines) + "\n" == shipped("mail/ack")[lang]


def test_variables_have_a_mark_a_kind_an_example_and_a_meaning(people, words):
    page = good(people["mediator"].get(LETTER))
    declared = json.loads((ROOT / "templates/mail/letter.json").read_text())
    for name, var in declared["variables"].items():
        if var["type"] == "flag":
            assert "{{#" + name + "}} … {{/" + name + "}}" in page.words
        else:
            assert "{{" + name + "}}" in page.words
        assert " ".join(var["says"]["pt-BR"].split()) in page.words
    assert words["texts_type_protocol"] in page.words
    assert declared["variables"]["protocol"]["example"] in page.words
    # A date is written as a letter would write it.
    assert re.search(r"\d+ de \w+ de 2025", good(
        people["mediator"].get(ACK)).words)


@pytest.mark.parametrize("path", (
    "/templates/mail/none", f"{ACK}/edit?n=7", f"{ACK}/compare?a=0&b=9",
    f"{ACK}/compare?a=x", f"{ACK}/preview?lang=xx", f"{ACK}/preview?n=-1",
    f"{ACK}/back", f"{ACK}/back?n=1", f"{ACK}/html?n=3"))
def test_what_is_not_there_is_not_found(people, path):
    good(people["mediator"].get(path), 404)


# ---- writing a new version --------------------------------------------------


def test_a_check_finds_the_blank_in_its_line_and_keeps_nothing(
        office, people, words):
    bodies = shipped("mail/letter")
    bodies = with_line(bodies, PLAIN)
    bodies["it"] = bodies["it"].replace(PLAIN["it"], "Rispondiamo (giorno/mese).")
    page, _ = send(people["mediator"], LETTER, bodies, "check")
    good(page)
    line = bodies["it"].split("\n").index("Rispondiamo (giorno/mese).") + 1
    assert (" bad", line, "(giorno/mese)") in found(page, "it")
    assert found(page, "pt-BR") == []
    assert 'href="#edit-body-it"' in page.text
    assert words["texts_check_blocks"] in page.words
    assert typed(page) == bodies
    assert versions(office, "mail/letter") == []


def test_a_good_draft_is_shown_with_the_examples(people, words):
    page, _ = send(people["mediator"], LETTER,
                   with_line(shipped("mail/letter"), PLAIN), "check")
    assert words["texts_check_good"] in good(page).words
    samples = re.findall(r'(?s)<details class="sample">(.*?)</details>',
                         page.text)
    assert len(samples) == 3
    assert PLAIN["en"] in samples[1] and "{{" not in samples[1]
    assert "2025-000123-3" in samples[1]


def test_what_blocks_is_never_kept(office, people, words):
    bodies = shipped("mail/letter")
    bodies["en"] = bodies["en"].replace("{{protocol}}", "{{protocal}}")
    page, _ = send(people["mediator"], LETTER, bodies,
                   overrule="I know better")
    good(page, 422)
    assert words["texts_errors_heading"] in page.words
    assert any("protocal" in text for kind, _, text in found(page, "en")
               if kind)
    assert typed(page) == bodies and "I know better" in page.text
    assert versions(office, "mail/letter") == []


def test_a_warning_wants_a_reason_that_is_kept(office, people, words):
    bodies = with_line(shipped("mail/letter"), CAPITALS)
    page, _ = send(people["mediator"], LETTER, bodies)
    good(page, 422)
    assert words["field_warned"] in page.words
    assert 'id="edit-overrule"' in page.text and typed(page) == bodies
    assert versions(office, "mail/letter") == []
    page, _ = send(people["mediator"], LETTER, bodies,
                   overrule="Pedido da diretoria")
    assert page.location == f"{LETTER}?done=text-live"
    page = good(people["mediator"].get(page.location))
    assert words["done_text_live"] in page.words
    assert f"{words['texts_overruled']} Pedido da diretoria" in page.words
    # The finding stands beside the line it is about.
    line = bodies["en"].split("\n").index(CAPITALS["en"]) + 1
    assert f'href="#line-en-{line}"' in page.text
    assert f'<li id="line-en-{line}" class="found">' in page.text


@pytest.mark.parametrize("field,code", (
    ({"reason": " "}, "field_empty"), ({"body-en": ""}, "field_empty"),
    ({}, "field_same")))
def test_a_wrong_field_is_told_beside_it(office, people, words, field, code):
    bodies = shipped("mail/letter")
    if code != "field_same":
        bodies = with_line(bodies, PLAIN)
    page, _ = send(people["mediator"], LETTER, bodies, **field)
    good(page, 422)
    assert re.search(rf'id="edit-[\w-]+-e">{re.escape(words[code])}',
                     page.text)
    assert versions(office, "mail/letter") == []


def test_a_letter_written_by_hand_counts_at_once(people, words):
    page, _ = send(people["mediator"], LETTER,
                   with_line(shipped("mail/letter"), PLAIN))
    assert page.location == f"{LETTER}?done=text-live"
    row, = [part for part in people["intake"].get("/templates").text.split(
        "<tr ") if f'href="{LETTER}"' in part]
    seen = stage.Page(200, None, row.encode()).words
    assert f"{words['texts_version']} 1" in seen and "Marta Queiroz" in seen
    assert words["texts_is_waiting"] not in seen


def test_a_form_sent_twice_is_done_once(office, people):
    page, form = send(people["mediator"], LETTER,
                      with_line(shipped("mail/letter"), PLAIN))
    assert page.status == 303
    assert send(people["mediator"], LETTER, {}, form=form)[0].status == 303
    assert len(versions(office, "mail/letter")) == 1


def test_the_form_of_another_session_is_refused(office, people):
    form = people["mediator"].get(f"{LETTER}/edit").form(f"{LETTER}/edit")
    bodies = with_line(shipped("mail/letter"), PLAIN)
    page, _ = send(people["mediator2"], LETTER, {}, form={
        **form, "reason": "x", "do": "save",
        **{f"body-{lang}": body for lang, body in bodies.items()}})
    good(page, 400)
    assert versions(office, "mail/letter") == []


def test_somebody_faster_is_told_with_what_changed(office, people, words):
    theirs = with_line(shipped("mail/letter"), PLAIN)
    mine = with_line(shipped("mail/letter"), {
        lang: text.replace(".", "!") for lang, text in PLAIN.items()})
    form = {**people["mediator2"].get(f"{LETTER}/edit").form(
        f"{LETTER}/edit"), "reason": "Meu motivo", "do": "save",
        **{f"body-{lang}": body for lang, body in mine.items()}}
    assert send(people["mediator"], LETTER, theirs)[0].status == 303
    page = good(people["mediator2"].ask("POST", f"{LETTER}/edit", form), 409)
    assert words["texts_conflict"] in page.words
    assert words["texts_changed_heading"] in page.words
    assert "Marta Queiroz" in page.words
    assert re.search(rf'<ins lang="it">{re.escape(PLAIN["it"])}</ins>',
                     page.text)
    assert typed(page) == mine and "Meu motivo" in page.text
    assert len(versions(office, "mail/letter")) == 1
    # Seen, and kept all the same.
    again = {**form, **page.form(f"{LETTER}/edit")}
    page = people["mediator2"].ask("POST", f"{LETTER}/edit", again)
    assert page.status == 303
    assert len(versions(office, "mail/letter")) == 2


def test_what_was_typed_is_not_lost_with_the_session(office):
    browser = office.logged_in("mediator")
    bodies = with_line(shipped("mail/letter"), PLAIN)
    form = browser.get(f"{LETTER}/edit").form(f"{LETTER}/edit")
    browser.cookies.clear()
    page, _ = send(browser, LETTER, bodies, form={
        **form, "reason": "x", **{f"body-{lang}": body
                                  for lang, body in bodies.items()}})
    kept = html.unescape(page.text)
    for lang in LANGUAGES:
        assert bodies[lang].strip() in kept
    assert versions(office, "mail/letter") == []


# ---- the second person ------------------------------------------------------


def acknowledgement(office):
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    mail = office.acknowledged(letter(sender), sender)
    return stage.plain_text(mail).replace(" \n", " ")


def test_what_goes_out_by_itself_waits_for_a_second_person(
        office, people, words):
    page, _ = send(people["mediator"], ACK,
                   with_line(shipped("mail/ack"), PLAIN))
    assert page.location == f"{ACK}?done=text-waits"
    page = good(people["mediator"].get(page.location))
    assert words["done_text_waits"] in page.words
    assert words["texts_is_waiting"] in people["reader"].get(
        "/templates").words
    assert PLAIN["pt-BR"] not in acknowledgement(office)

    # Whoever wrote it is told why he may not.
    page = good(people["mediator"].get("/templates/waiting"))
    assert words["texts_mine"] in page.words
    assert f"{ACK}/decide" not in page.text
    page = good(people["intake"].get("/templates/waiting"))
    assert words["texts_may_not_decide"] in page.words
    assert f"{ACK}/decide" not in page.text

    page = good(people["reader"].get("/templates/waiting"))
    assert "Mais claro" in page.words and "Marta Queiroz" in page.words
    assert f'<ins lang="pt-BR">{PLAIN["pt-BR"]}</ins>' in page.text
    page = decide(people["reader"], ACK, 1, "publish")
    assert page.location == "/templates/waiting?done=text-published"
    page = good(people["reader"].get(page.location))
    assert words["done_text_published"] in page.words
    assert words["texts_waiting_none"] in page.words
    assert PLAIN["pt-BR"] in acknowledgement(office)
    page = good(people["mediator"].get(ACK))
    assert f"{words['texts_published_by']} Ivo Tavares" in page.words


def test_the_author_cannot_decide_even_with_a_form_of_his_own(
        office, people, words):
    ombudsman = people["ombudsman"]
    # Two wait: his own, and one for which he gets a form.
    assert send(people["mediator"], ACK, with_line(
        shipped("mail/ack"), PLAIN))[0].status == 303
    form = ombudsman.get("/templates/waiting").form(f"{ACK}/decide")
    assert send(ombudsman, ACK, with_line(shipped("mail/ack"), {
        lang: text.replace(".", "!") for lang, text in PLAIN.items()
    }))[0].status == 303
    page = good(decide(ombudsman, ACK, 2, "publish", form=form), 403)
    assert words["texts_decide_refused"] in page.words
    assert versions(office, "mail/ack")[1][1:3] == (False, False)


def test_to_refuse_a_reason_is_needed_and_shown(office, people, words):
    send(people["mediator"], ACK, with_line(shipped("mail/ack"), PLAIN))
    page = good(decide(people["reader"], ACK, 1, "refuse"), 422)
    assert words["field_empty"] in page.words
    assert 'id="decide-mail-ack-1-why-e"' in page.text
    page = decide(people["reader"], ACK, 1, "refuse", "Diz pouco")
    assert page.location == "/templates/waiting?done=text-refused"
    page = good(people["mediator"].get(ACK))
    assert f"{words['texts_refused_by']} Ivo Tavares" in page.words
    assert "Diz pouco" in page.words
    assert versions(office, "mail/ack")[0][:3] == (1, False, True)


def test_who_decides_second_is_told(people, words):
    send(people["mediator"], ACK, with_line(shipped("mail/ack"), PLAIN))
    late = people["ombudsman"].get("/templates/waiting").form(f"{ACK}/decide")
    assert decide(people["reader"], ACK, 1, "publish").status == 303
    page = good(decide(people["ombudsman"], ACK, 1, "refuse", "Não", late),
                409)
    assert words["texts_decide_conflict"] in page.words


# ---- comparing, going back --------------------------------------------------


def test_a_comparison_shows_lines_and_words(people):
    bodies = shipped("mail/letter")
    changed = {**bodies, "en": bodies["en"].replace(
        "Thank you for your attention.", "Thank you for your patience.")}
    send(people["mediator"], LETTER, changed)
    page = good(people["mediator"].get(f"{LETTER}/compare?a=0&b=1"))
    assert ('<del lang="en">Thank you for your <strong>attention</strong>.'
            "</del>") in page.text
    assert ('<ins lang="en">Thank you for your <strong>patience</strong>.'
            "</ins>") in page.text
    assert page.text.count("<del") == page.text.count("<ins") == 1
    # Folded or not, all lines are there: gone and kept, kept and new.
    part = page.text.split('<section aria-labelledby="diff-en">')[1].split(
        "</section>")[0]
    assert "<details>" in part
    rows = re.findall(r"(?s)<p(?: class=\"(gone|new)\")?[^>]*>(?:<span[^>]*>"
                      r"[^<]*</span>)?(.*?)</p>", part)
    for body, out in ((bodies["en"], "new"), (changed["en"], "gone")):
        assert body == "".join(
            html.unescape(re.sub("<[^>]*>", "", text)) + "\n"
            for kind, text in rows if kind != out)
    # Without a choice: the live one and the one before.
    assert good(people["mediator"].get(f"{LETTER}/compare")).text == page.text
    # The other way round what came is gone.
    page = good(people["mediator"].get(f"{LETTER}/compare?a=1&b=0"))
    assert "<strong>patience</strong>.</del>" in page.text


def test_the_way_back_is_a_new_version_with_its_reason(office, people, words):
    send(people["mediator"], LETTER, with_line(shipped("mail/letter"), PLAIN))
    page = good(people["mediator"].get(f"{LETTER}/back?n=0"))
    assert f'<del lang="en">{PLAIN["en"]}</del>' in page.text
    form = page.form(f"{LETTER}/back")
    page = good(people["mediator"].post(f"{LETTER}/back", **form, reason=""),
                422)
    assert words["field_empty"] in page.words
    page = people["mediator"].post(f"{LETTER}/back", **form,
                                   reason="Era melhor")
    assert page.location == f"{LETTER}?done=text-live"
    page = good(people["mediator"].get(LETTER))
    assert PLAIN["en"] not in page.text.partition('id="history-h"')[0]
    assert f"{words['texts_went_back']} {words['texts_product']}" in page.words
    assert [row[0] for row in versions(office, "mail/letter")] == [1, 2]


# ---- as it would arrive -----------------------------------------------------


@pytest.fixture(scope="module")
def example(office, tmp_path_factory):
    """The declared examples, and this office's own name, as a file."""
    declared = json.loads((ROOT / "templates/mail/letter.json").read_text())
    config = pathlib.Path(office.office.config).read_text(encoding="utf-8")
    data = {name: var["example"]
            for name, var in declared["variables"].items()}
    data |= {"office_name": re.search(r"(?m)^name = (.*)$", config)[1],
             "office_address": "", "office_phone": "", "office_site_url": ""}
    path = tmp_path_factory.mktemp("texts") / "example.json"
    path.write_text(json.dumps(data))
    return path


def rendered(example, lang, *how):
    done = subprocess.run([PROGRAM, "render", "mail/letter", "--locale", lang,
                           "--data", example, *how], cwd=ROOT, check=True,
                          capture_output=True)
    return done.stdout.decode()


def text_part(page):
    return html.unescape(re.search(
        r'(?s)<pre class="mailtext"[^>]*>\n(.*?)</pre>', page.text)[1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_preview_is_what_the_command_renders(people, example, lang):
    page = good(people["mediator"].get(f"{LETTER}/preview?lang={lang}"),
                policy=KEYS_POLICY.replace("style-src",
                                           "frame-src 'self'; style-src"))
    assert stage.text_words(text_part(page)) == stage.text_words(
        rendered(example, lang).partition("\n\n")[2])
    framed, = re.findall(r'<iframe [^>]*src="([^"]*)" sandbox=""', page.text)
    frame = people["mediator"].get(html.unescape(framed))
    assert frame.status == 200
    assert frame.headers["Content-Security-Policy"].startswith(
        "sandbox; default-src 'none'")
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert frame.text == rendered(example, lang, "--html")


def test_a_preview_with_a_case_has_its_values(office, people, words):
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    mail = office.acknowledged(letter(sender, name="Zélia Ramos"), sender)
    protocol = office.case_of(mail)["protocol"]
    page = people["mediator"].get(f"{ACK}/preview?lang=pt-BR&case={protocol}")
    assert page.status == 200
    assert str(mail.parsed["Subject"]) in page.words
    assert "Zélia Ramos" in text_part(page) and protocol in text_part(page)
    # Who holds no key to the case sees nothing of it, in neither part.
    for part in ("preview", "html"):
        page = people["ombudsman"].get(
            f"{ACK}/{part}?lang=pt-BR&case={protocol}")
        assert page.status == 403
        assert "Zélia" not in page.text and "<iframe" not in page.text
    page = people["ombudsman"].get(f"{ACK}/preview?case={protocol}")
    assert words["texts_case_refused"] in page.words
    page = people["mediator"].get(f"{ACK}/preview?case=2026-999999-0")
    assert page.status == 404
    assert words["texts_no_such_case"] in page.words


def test_a_draft_that_waits_can_be_seen_before_it_counts(people):
    send(people["mediator"], ACK, with_line(shipped("mail/ack"), PLAIN))
    page = people["reader"].get(f"{ACK}/preview?n=1&lang=it")
    assert PLAIN["it"] in text_part(page)
    assert PLAIN["it"] not in text_part(
        people["reader"].get(f"{ACK}/preview?lang=it"))


# ---- in every language ------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_speak_the_readers_language(people, lang):
    browser, words = people["mediator2"], words_of(lang)
    form = browser.get("/templates").form("/language")
    browser.post("/language", **form, lang=lang)
    for path, key in (("/templates", "texts_lead"),
                      ("/templates/waiting", "texts_waiting_lead"),
                      (LETTER, "texts_by_hand_rule"),
                      (f"{LETTER}/edit", "texts_edit_lead"),
                      (f"{LETTER}/compare", "texts_diff_help"),
                      (f"{LETTER}/back?n=0", "texts_back_not_now")):
        page = good(browser.get(path))
        assert f'<html lang="{lang}" ' in page.text
        assert words[key] in page.words, (path, key)

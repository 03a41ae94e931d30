"""What the office says now: versions published by two persons reach the next
mail without a restart, altered ones reach none, and the operator's command
tells which words count."""

import json
import os
import pathlib
import re
import secrets

import pytest

import harness
import scene as stage
from scene import letter, run_program

ROOT = pathlib.Path(harness.ROOT)
BUILD = pathlib.Path(os.environ.get("OUV_BUILD", ROOT / "build"))
LANGUAGES = ("pt-BR", "en", "it")
ACK, LETTER = "mail/ack", "mail/letter"


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
def reader(office):
    return office.logged_in("reader")


@pytest.fixture(autouse=True)
def no_versions(office):
    office.query("TRUNCATE text_version")


def shipped(name, lang):
    return (ROOT / f"templates/{name}.{lang}.txt").read_text(encoding="utf-8")


def marked(name, mark):
    """The product's words with a mark in each language's subject."""
    return {lang: shipped(name, lang).replace("Subject: ", f"Subject: {mark} ",
                                              1) for lang in LANGUAGES}


def propose(browser, name, bodies):
    path = f"/templates/{name}/edit"
    page = browser.post(path, **{
        **browser.get(path).form(path), "reason": "Mais claro", "do": "save",
        **{f"body-{lang}": body.replace("\n", "\r\n")
           for lang, body in bodies.items()}})
    assert page.status == 303, page.words[:600]


def decide(browser, name, n, decision):
    path = f"/templates/{name}/decide"
    page = browser.post(path, **{
        **browser.get("/templates/waiting").form(path),
        "n": n, "decision": decision, "why": "Combinado"})
    assert page.status == 303, page.words[:600]


def acknowledgement(office, lang):
    """The subject of the acknowledgement of a new mail in that language."""
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    mail = office.acknowledged(letter(
        sender, subject="K " + secrets.token_hex(4), text=stage.WORDS[lang]),
        sender)
    return str(mail.parsed["Subject"])


def text(office, *arguments):
    """(status, output) of `ouvidoria text ...`."""
    status, out, err = run_program(
        str(BUILD / "ouvidoria"), "-c", office.office.config, "text",
        *arguments)
    assert b"ERROR" not in err, err
    return status, out.decode()


# ---- what goes out ----------------------------------------------------------


def test_what_two_persons_published_is_what_the_next_mail_says(
        office, mediator, reader):
    gateway = office.gateway.process.pid
    assert "Nota 7" not in acknowledgement(office, "pt-BR")
    propose(mediator, ACK, marked(ACK, "Nota 7"))
    assert "Nota 7" not in acknowledgement(office, "pt-BR")
    decide(reader, ACK, 1, "publish")
    for lang in LANGUAGES:
        assert acknowledgement(office, lang).startswith("Nota 7 "), lang
    propose(mediator, ACK, marked(ACK, "Nota 8"))
    decide(reader, ACK, 2, "refuse")
    assert acknowledgement(office, "it").startswith("Nota 7 ")
    assert office.gateway.process.pid == gateway


@pytest.mark.parametrize("harm", [
    "UPDATE text_version SET content = replace(content, 'Nota 8', 'Nota 9')"
    " WHERE n = 2",
    "UPDATE text_version SET second_sig = sig WHERE n = 2",
    "UPDATE text_version SET second = NULL, second_sig = NULL WHERE n = 2",
])
def test_who_only_writes_in_the_database_changes_no_mail(
        office, mediator, reader, harm):
    for n, mark in ((1, "Nota 7"), (2, "Nota 8")):
        propose(mediator, ACK, marked(ACK, mark))
        decide(reader, ACK, n, "publish")
    assert acknowledgement(office, "en").startswith("Nota 8 ")
    office.query(harm)
    # Whatever was kept of it is asked for again after a change.
    office.query("UPDATE text_version SET published = published"
                 " + interval '1 second'")
    assert acknowledgement(office, "en").startswith("Nota 7 ")
    assert acknowledgement(office, "pt-BR").startswith("Nota 7 ")
    log = pathlib.Path(office.folder / "mailgw.log").read_text()
    # Each harm is the second version's: one line for each gateway process.
    told = re.findall(r"text mail/ack, version 2 is not used", log)
    assert len(told) == 1


def test_a_letter_written_by_hand_says_the_new_words_at_once(
        office, mediator):
    propose(mediator, LETTER, marked(LETTER, "Nota 7"))
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    case = office.case_of(office.acknowledged(letter(sender), sender))
    page, _ = mediator.reply(f"/cases/{case['protocol']}", "Geladeira",
                             "Recebemos a sua mensagem e já falamos com a loja.")
    assert page.status == 303, page.words[:600]
    mail = office.arrived(sender, 2)[-1]
    assert str(mail.parsed["Subject"]).startswith("Nota 7 ")


# ---- the operator's command -------------------------------------------------


def test_the_command_lists_what_counts(office, mediator, reader):
    propose(mediator, LETTER, marked(LETTER, "Nota 7"))
    propose(mediator, ACK, marked(ACK, "Nota 7"))
    status, out = text(office, "list", "--json")
    assert status == 0
    lines = {line["name"]: line for line in json.loads(out)}
    assert len(lines) == len(list((ROOT / "templates").glob("mail/*.json"))
                             + list((ROOT / "templates").glob("piece/*.json")))
    assert (lines[LETTER]["live"], lines[LETTER]["waiting"],
            lines[LETTER]["changed_by"]) == (1, False, "Marta Queiroz")
    assert (lines[ACK]["live"], lines[ACK]["waiting"],
            lines[ACK]["automatic"]) == (0, True, True)
    assert text(office, "list")[1].count("\n") == len(lines)


def test_the_command_shows_a_version_in_a_language(office, mediator):
    bodies = marked(LETTER, "Nota 7")
    propose(mediator, LETTER, bodies)
    assert text(office, "show", LETTER, "--locale", "it") == (0, bodies["it"])
    assert text(office, "show", LETTER, "--locale", "it", "--n", "0") == (
        0, shipped(LETTER, "it"))
    status, out = text(office, "show", LETTER)
    assert status == 0 and all(body in out for body in bodies.values())
    assert text(office, "show", LETTER, "--n", "2")[0] == 1
    assert text(office, "show", "mail/none")[0] == 1


def test_the_command_writes_the_words_that_count_as_files(office, mediator,
                                                          tmp_path):
    bodies = marked(LETTER, "Nota 7")
    propose(mediator, LETTER, bodies)
    assert text(office, "export", str(tmp_path / "out"))[0] == 0
    written = {path.relative_to(tmp_path / "out").as_posix(): path.read_text()
               for path in (tmp_path / "out").rglob("*.txt")}
    for lang in LANGUAGES:
        assert written.pop(f"{LETTER}.{lang}.txt") == bodies[lang]
    assert written == {name: (ROOT / "templates" / name).read_text()
                       for name in written}
    assert f"{ACK}.en.txt" in written
    # What is there is not replaced.
    assert text(office, "export", str(tmp_path / "out"))[0] == 1


def test_the_products_own_words_have_no_finding(office):
    assert text(office, "parity")[0] == 0
    status, out = text(office, "check")
    assert status == 0, out
    assert text(office, "check", ACK) == (0, "")


def test_a_language_that_lacks_something_is_told(office, mediator):
    bodies = marked(LETTER, "Nota 7")
    bodies["it"] = re.sub(r"(?s)\{\{#has_copy_for\}\}.*?"
                          r"\{\{/has_copy_for\}\}\n", "", bodies["it"])
    path = f"/templates/{LETTER}/edit"
    page = mediator.post(path, **{
        **mediator.get(path).form(path), "reason": "Mais claro", "do": "save",
        "overrule": "Em italiano não se diz",
        **{f"body-{lang}": body for lang, body in bodies.items()}})
    assert page.status == 303, page.words[:600]
    for what in ("parity", "check"):
        status, out = text(office, what)
        assert status == 1
        assert re.search(r"(?m)^mail/letter\.it\.txt:0: parity: .*"
                         r"\(\{\{#has_copy_for\}\}\)$", out)
    assert text(office, "check", LETTER)[0] == 1


@pytest.mark.parametrize("arguments", [
    (), ("none",), ("list", "x"), ("show",), ("export",),
    ("show", LETTER, "--locale", "de"), ("show", LETTER, "--n", "-1")])
def test_another_use_is_answered_with_the_usage(office, arguments):
    status, _ = text(office, *arguments)
    assert status == 2

"""The held mail as a mediator meets it: every decision by the keyboard alone,
with scripts switched off."""

import secrets

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import scene as stage
from harness import OFFICE_ADDRESS, wait_until
from scene import bounce, letter, mark
from test_console import (LANGUAGES, axe_source, log_in, violations, words_of)
from chrome import NARROW, WIDE

NO_MAIL = bytes(range(1, 9)) * 32


@pytest.fixture
def stranger(office):
    """A stranger's answer in a case: a dict with what to look for."""
    sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
    answer = office.acknowledged(letter(sender), sender)
    case = office.case_of(answer)
    token, subject = mark(), f"Sobre a geladeira {secrets.token_hex(4)}"
    address = f"eva.{secrets.token_hex(5)}@estranha.example"
    row = office.filed(
        letter(address, subject=subject, text=token, name="Eva Lima",
               to=stage.address_of(answer.parsed["Reply-To"])),
        address, stage.address_of(answer.parsed["Reply-To"]))
    assert row["outcome"] == "held"
    item = str(office.items(row["case_id"])[0][0])
    return {"path": "/cases/" + str(row["case_id"]).replace("-", ""),
            "item": item, "case": case, "token": token, "subject": subject,
            "address": address, "answer": answer, "sender": sender,
            "case_path": f"/cases/{case['protocol']}"}


@pytest.fixture
def desk(office, plain):
    """A mediator who has logged in."""
    # Two people in turn: a code is good for one login.
    office.turn = not getattr(office, "turn", False)
    log_in(office, plain, "mediator" if office.turn else "mediator2")
    return plain


def enter(browser, css):
    """Goes there by Tab and presses Enter, which leads to another page."""
    browser.tab_to(css)
    browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.assert_good_page()


def open_held(browser, held):
    browser.go("/held").assert_good_page()
    assert held["address"] in browser.words
    enter(browser, f".subject[href='{held['path']}']")
    assert held["token"] in browser.words


def lane(office, held):
    return office.query("SELECT case_id, lane::text FROM item WHERE id = %s",
                        held["item"])[0]


def test_a_strangers_message_is_accepted_as_the_partys(
        office, desk, stranger):
    words = words_of("pt-BR")
    open_held(desk, stranger)
    for key in ("why_address_of_another", "danger_stranger",
                "todo_stranger"):
        assert words[key] in desk.words
    # It stands at "a third person"; up twice is "the consumer".
    form = desk.one("form.choice[id$='-1']").get_attribute("id")
    third = desk.tab_to(f"#{form} [value=third]")
    assert third.is_selected()
    desk.press(Keys.ARROW_UP)
    desk.press(Keys.ARROW_UP)
    assert desk.one(f"#{form} [value=consumer]").is_selected()
    desk.tab_to(f"#{form}-remember")
    desk.press(Keys.SPACE)
    enter(desk, f"#{form} button")
    assert desk.path == stranger["case_path"]
    notice = desk.one("[role=status]")
    assert words["done_attribute"] in notice.text
    assert stranger["token"] in desk.words
    assert lane(office, stranger) == (stranger["case"]["id"], "consumer")
    # The notice leads to the message, and back to the rest.
    desk.tab_to("[role=status] a[href^='#item-']")
    desk.press(Keys.ENTER)
    there = desk.driver.current_url.partition("#")[2]
    assert stranger["token"] in desk.one(f"#{there}").text
    desk.go(stranger["case_path"] + "?done=attribute")
    enter(desk, "[role=status] a[href='/held']")
    assert not desk.has(f".subject[href='{stranger['path']}']")
    # What was remembered: the next one goes straight to the case.
    row = office.filed(
        letter(stranger["address"], text=mark(), to=stage.address_of(
            stranger["answer"].parsed["Reply-To"])), stranger["address"],
        stage.address_of(stranger["answer"].parsed["Reply-To"]))
    assert row["outcome"] == "appended"


def test_a_number_typed_wrong_comes_back_with_the_word_beside_it(
        office, desk, stranger):
    words = words_of("pt-BR")
    open_held(desk, stranger)
    form = desk.one("form.choice[id$='-0']").get_attribute("id")
    desk.tab_to(f"#{form}-to")
    desk.press("2026-000001-")
    enter(desk, f"#{form} button")
    assert words["field_not_a_number"] in desk.one(f"#{form}-to-e").text
    assert desk.one(f"#{form}-to").get_attribute("value") == "2026-000001-"
    # The summary leads to the field; another number, and it is done.
    desk.tab_to("#errors a")
    desk.press(Keys.ENTER)
    field = desk.one(f"#{form}-to")
    assert desk.driver.switch_to.active_element == field
    field.send_keys(Keys.CONTROL, "a")
    desk.press(stranger["case"]["protocol"].replace("-", " "))
    enter(desk, f"#{form} button")
    assert desk.path == stranger["case_path"]
    assert lane(office, stranger) == (stranger["case"]["id"], "internal")


def test_a_message_becomes_a_case_of_its_own(office, desk, stranger):
    open_held(desk, stranger)
    enter(desk, "#register button")
    assert words_of("pt-BR")["done_register"] in desk.words
    protocol = desk.path.rpartition("/")[2]
    assert stage.protocol_is_good(protocol)
    answer = office.arrived(stranger["address"])[0]
    assert protocol in str(answer.parsed["Subject"])


def test_a_message_is_set_aside_and_taken_back(office, desk, stranger):
    words = words_of("pt-BR")
    open_held(desk, stranger)
    desk.tab_to("#discard-reason")
    desk.press(words["discard_other"][:5])
    enter(desk, "#discard button")
    # This reason wants a note; the choice is kept.
    assert words["field_empty"] in desk.one("#discard-note-e").text
    reason = Select(desk.one("#discard-reason")).first_selected_option
    assert reason.text == words["discard_other"]
    desk.tab_to("#discard-note")
    desk.press("Engano de destinatário.")
    enter(desk, "#discard button")
    assert desk.path == "/held"
    assert words["done_discard"] in desk.one("[role=status]").text
    assert not desk.has(f".subject[href='{stranger['path']}']")
    enter(desk, "a[href='/held?aside=1']")
    assert words["discard_other"] in desk.words
    enter(desk, f".subject[href='{stranger['path']}']")
    assert words["aside_help"] in desk.words
    assert "Engano de destinatário." in desk.words
    enter(desk, "#restore button")
    assert words["done_restore"] in desk.words
    assert desk.has("#discard") and not desk.has("#restore")
    assert desk.go("/held").has(f".subject[href='{stranger['path']}']")


def test_what_could_not_be_read_is_tried_again_and_filed_by_hand(
        office, desk):
    words = words_of("pt-BR")
    _, (told,) = office.gateway.ingest(NO_MAIL + secrets.token_bytes(64))
    assert told["outcome"] == "held"
    (inbound, case_id), = office.query(
        "SELECT id, case_id FROM inbound ORDER BY id DESC LIMIT 1")
    path = "/cases/" + str(case_id).replace("-", "")
    desk.go(path).assert_good_page()
    assert words["why_unparsed"] in desk.words
    enter(desk, "#retry button")
    assert desk.path == "/held"
    assert words["done_retry"] in desk.one("[role=status]").text

    def held_again():
        (case,), = office.query("SELECT case_id FROM inbound WHERE id = %s AND"
                                " state <> 'received'", inbound) or [(None,)]
        return case if case not in (None, case_id) else None

    again = wait_until("it was read again", held_again, 30, 0.2)
    path = "/cases/" + str(again).replace("-", "")
    desk.go(path)
    desk.tab_to("#by_hand-from_name")
    desk.press("Rui Braga", Keys.TAB, "rui@consumidora.example", Keys.TAB,
               "Recado em papel")
    enter(desk, "#by_hand button")
    assert stage.protocol_is_good(desk.path.rpartition("/")[2])
    for text in ("Rui Braga", "rui@consumidora.example", "Recado em papel",
                 words["done_register"]):
        assert text in desk.words


def test_the_original_is_shown_as_text_page_by_page(office, desk, stranger):
    desk.go(stranger["path"])
    enter(desk, f"a[href='{stranger['path']}/items/"
                f"{stranger['item'].replace('-', '')}/text']")
    assert stranger["token"] in desk.one(".octets").text
    assert not desk.has(".octets a")
    enter(desk, ".crumb a")
    assert desk.path == stranger["path"]


def test_a_letter_that_came_back_is_a_task_until_it_is_done(office, desk):
    words = words_of("pt-BR")
    sender = f"leo.{secrets.token_hex(5)}@consumidora.example"
    answer = office.acknowledged(letter(sender), sender)
    case = office.case_of(answer)
    row = office.filed(bounce(sender, OFFICE_ADDRESS, str(
        answer.parsed["Message-ID"]).strip()), "")
    assert (row["outcome"], row["case_id"]) == ("recorded", case["id"])
    desk.go("/").assert_good_page()
    line = next(row for row in desk.all(".cases tbody tr")
                if case["protocol"] in row.text)
    assert words["task_one"] in line.text

    desk.go(f"/cases/{case['protocol']}").assert_good_page()
    assert words["task_other_channel"] in desk.one(".tasks").text
    # The report in plain words, once it is unfolded.
    summary = desk.one("details.auto:has(.tell) summary")
    assert words["class_bounce"] in summary.text
    desk.tab_to("details.auto:has(.tell) summary")
    desk.press(Keys.ENTER)
    assert f"{sender}: {words['report_failed']}, " \
        f"{words['cause_unknown_user']}" in desk.words

    desk.go(f"/cases/{case['protocol']}")
    desk.tab_to("#task-1-outcome")
    desk.press(words["outcome_phone"])
    desk.tab_to("#task-1-note")
    desk.press("Falei com ela hoje.")
    enter(desk, "#task-1 button")
    assert words["done_task_done"] in desk.words and not desk.has("#task-1")
    desk.tab_to("details.tasks summary")
    desk.press(Keys.ENTER)
    done = desk.one("details.tasks").text
    assert words["outcome_phone"] in done and "Falei com ela hoje." in done
    assert case["protocol"] in desk.go("/").words
    assert words["task_one"] not in desk.words


# ---- every page, in every language ------------------------------------------


@pytest.fixture(scope="module")
def pages(office):
    """(name, path) of what held mail looks like, at its longest."""
    sender = f"rui.{secrets.token_hex(5)}@consumidora.example"
    answer = office.acknowledged(letter(sender), sender)
    to = stage.address_of(answer.parsed["Reply-To"])
    long_name = "ouvidoria@ouvidoria.example " + "Maria Aparecida " * 6
    row = office.filed(
        letter("x" * 60 + "@estranha.example", name=long_name, to=to,
               subject="Pneumoultramicroscopicossilicovulcanoconiótico" * 3,
               text="x" * 400), "eva@estranha.example", to)
    held = "/cases/" + str(row["case_id"]).replace("-", "")
    item = str(office.items(row["case_id"])[0][0]).replace("-", "")
    _, _ = office.gateway.ingest(NO_MAIL + secrets.token_bytes(64))
    by_hand = office.query("SELECT case_id FROM inbound"
                           " ORDER BY id DESC LIMIT 1")[0][0]
    return [("held", "/held"), ("aside", "/held?aside=1"),
            ("held case", held), ("text", f"{held}/items/{item}/text"),
            ("by hand", "/cases/" + str(by_hand).replace("-", "")),
            ("done", "/held?done=discard&of=" + held[7:])]


@pytest.mark.parametrize("lang,login", zip(
    LANGUAGES, ("mediator2", "mediator", "intake")))
def test_every_page_of_held_mail_is_good_in_every_language(
        office, chrome, pages, lang, login):
    log_in(office, chrome, login).speak(lang)
    for name, path in pages:
        chrome.go(path).assert_good_page()
        assert chrome.lang == lang, name
        assert words_of(lang)["menu_held"] in chrome.words


def test_axe_finds_no_violation_in_held_mail(office, chrome, pages):
    axe = axe_source()
    log_in(office, chrome, "mediator2")
    found = {}
    for name, path in pages:
        chrome.go(path)
        for width in (WIDE, NARROW):
            for dark in (False, True):
                chrome.view(width, dark=dark)
                bad = violations(chrome, axe)
                if bad:
                    found[name, width, dark] = bad
    assert found == {}

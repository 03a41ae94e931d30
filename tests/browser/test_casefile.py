"""The form of a case file: what will be in it is seen before, by the keyboard and
without scripts, in three languages and on a narrow screen."""

import io
import json
import os
import secrets
import zipfile

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from chrome import NARROW, WIDE
from scene import letter
from test_console import LANGUAGES, axe_source, log_in, violations, words_of
from test_request import give_code


@pytest.fixture(scope="module")
def case_path(office):
    consumer = f"eva.{secrets.token_hex(6)}@consumidora.example"
    ack = office.acknowledged(letter(consumer), consumer)
    row = office.case_of(ack)
    office.query("UPDATE case_file SET state = 'triage' WHERE id = %s",
                 row["id"])
    return f"/cases/{row['protocol']}"


def fill(page, recipient):
    Select(page.one("#move-recipient")).select_by_value(recipient)
    page.fill("#move-whom", "Procon-RJ")
    page.fill("#move-purpose", "processo 12/2026")
    for lane in ("consumer", "company", "internal"):
        page.one(f"#move-lane_{lane}").click()
    page.one("#move-log").click()


def picture(page, name):
    if os.environ.get("OUV_SHOTS"):
        with open(os.path.join(os.environ["OUV_SHOTS"], f"{name}.png"),
                  "wb") as file:
            file.write(page.picture())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_and_what_will_be_in_it_are_good_pages(
        office, plain, case_path, lang):
    words = words_of(lang)
    log_in(office, plain, "mediator")
    plain.go(case_path).speak(lang)
    for verb in ("case-file", "whole-file"):
        assert plain.has(f"a[href='{case_path}/do/{verb}']"), verb
    # Nothing was confirmed: there is nothing to take.
    assert not plain.has(f"a[href='{case_path}/do/take-file']")
    for verb in ("case-file", "whole-file"):
        for width in (NARROW, WIDE):
            plain.view(width)
            plain.go(f"{case_path}/do/{verb}").assert_good_page().view(width)
            picture(plain, f"{verb}-{lang}-{width}")
            fill(plain, "authority")
            plain.leave(lambda: plain.one(
                "button[formaction*='/preview']").click())
            plain.assert_good_page().view(width)
            shown = plain.one("#letters").text
            for key in ("file_look", "file_messages", "file_look_size"):
                assert words[key] in shown, key
            # Two messages: what is ours to the consumer holds their page's key.
            masked = f"{words['file_masked']}: "
            assert masked + ("2" if verb == "case-file" else "1") in shown
            picture(plain, f"{verb}-look-{lang}-{width}")
            # What was typed stands there still.
            assert plain.one("#move-whom").get_attribute(
                "value") == "Procon-RJ"
    plain.speak("pt-BR")


def test_axe_finds_nothing(office, chrome, case_path):
    axe = axe_source()
    log_in(office, chrome, "mediator")
    for verb in ("case-file", "whole-file"):
        chrome.go(f"{case_path}/do/{verb}")
        assert not violations(chrome, axe), verb
        fill(chrome, "authority")
        chrome.leave(lambda: chrome.one(
            "button[formaction*='/preview']").click())
        assert not violations(chrome, axe), verb


def test_a_box_that_is_not_a_partys_is_told_at_the_box(
        office, plain, case_path):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator")
    plain.go(case_path).speak("pt-BR")
    plain.go(f"{case_path}/do/case-file")
    fill(plain, "consumer")
    plain.leave(lambda: plain.one(".moveform button.main").click())
    if plain.has("[name=code_now]"):
        give_code(office, plain)
    plain.assert_good_page()
    for field in ("lane_company", "lane_internal", "log"):
        assert plain.one(f"#move-{field}-e").text == words["field_not_theirs"]
    assert plain.one("#move-purpose").get_attribute(
        "value") == "processo 12/2026"


def test_it_is_made_by_the_keyboard_without_scripts(office, plain, case_path):
    log_in(office, plain, "mediator")
    plain.go(f"{case_path}/do/case-file")
    fill(plain, "authority")
    plain.tab_to(".moveform button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    if plain.has("[name=code_now]"):
        give_code(office, plain)
    protocol = case_path.rsplit("/", 1)[1]
    octets = plain.downloaded(f"{protocol}-authority.zip")
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        assert "case.pdf" in archive.namelist()
        assert json.loads(archive.read("manifest.json"))["whom"] == "Procon-RJ"

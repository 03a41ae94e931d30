"""The page of a request about somebody's own data, and a copy by the keyboard
and without scripts."""

import io
import os
import secrets
import zipfile

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from chrome import NARROW, WIDE
from scene import letter
from test_console import LANGUAGES, log_in, words_of


@pytest.fixture(scope="module")
def request_path(office):
    consumer = f"eva.{secrets.token_hex(6)}@consumidora.example"
    ack = office.acknowledged(letter(consumer, subject="Meus dados"), consumer)
    row = office.case_of(ack)
    office.query("UPDATE case_file SET state = 'triage' WHERE id = %s",
                 row["id"])
    return f"/cases/{row['protocol']}"


def give_code(office, browser):
    browser.fill("[name=code_now]",
                 office.code(office.office.person("mediator")))
    browser.one("main button.main").click()


def test_it_is_classified_shown_and_copied_without_scripts(
        office, plain, request_path):
    words = words_of("pt-BR")
    log_in(office, plain, "mediator")
    plain.go(f"{request_path}/do/classify").assert_good_page()
    Select(plain.one("#move-kind")).select_by_value("data-request")
    Select(plain.one("#move-right")).select_by_value("access")
    plain.tab_to(".moveform button.main")
    plain.leave(lambda: plain.press(Keys.ENTER)).assert_good_page()
    for lang in LANGUAGES:
        plain.go(request_path).speak(lang)
        plain.assert_good_page()
        shown = plain.one("[aria-labelledby=request-h]").text
        assert words_of(lang)["request_heading"] in shown
        assert "Lei 13.709/2018" in shown
        for width in (NARROW, WIDE):
            plain.view(width)
            if os.environ.get("OUV_SHOTS"):
                plain.driver.save_screenshot(os.path.join(
                    os.environ["OUV_SHOTS"], f"request-{lang}-{width}.png"))
    plain.go(request_path).speak("pt-BR")
    plain.go(f"{request_path}/do/answer-request").assert_good_page()
    plain.go(f"{request_path}/do/export").assert_good_page()
    assert words["action_export"] in plain.words
    Select(plain.one("#move-purpose")).select_by_value("access")
    plain.tab_to(".moveform button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    give_code(office, plain)
    protocol = request_path.rsplit("/", 1)[1]
    octets = plain.downloaded(f"{protocol}.zip")
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        assert "index.html" in archive.namelist()

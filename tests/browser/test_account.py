"""A first login as people do it: a code on paper, a password, a picture read
with a telephone, a new code on paper, by the keyboard and without scripts."""

import os
import re
import subprocess

import pytest
from selenium.webdriver.common.keys import Keys

import scene as stage
from scene import words_of

LONG = "sete gansos nadam devagar rio acima"
LANGUAGES = ("pt-BR", "en", "it")


def read_picture(browser, folder):
    """What a telephone's camera reads on the screen."""
    path = os.path.join(folder, "seen.png")
    assert browser.one(".qr svg").screenshot(path)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", path],
                          capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def invited(office):
    return office.office.admin.json(
        "staff", "add", "--login", "vera", "--name", "Vera Lins", "--role",
        "mediator", "--invite", "--as", "admin", "--as-password-file",
        os.path.join(office.office.home, "secrets", "staff-admin.pw"))


def test_a_first_login_by_the_keyboard_and_without_scripts(
        office, plain, invited):
    words = words_of("pt-BR")
    plain.go("/login")
    plain.leave(plain.link(words["login_lost_password"]).click)
    plain.assert_good_page()
    plain.fill("#recover-login", "vera")
    plain.fill("#recover-recovery", invited["invitation"])
    plain.fill("#recover-password", "senha curta")
    plain.fill("#recover-password_again", "senha curta")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["field_password_short"] in plain.words
    plain.assert_good_page()
    plain.fill("#recover-recovery", invited["invitation"])
    plain.fill("#recover-password", LONG)
    plain.fill("#recover-password_again", LONG)
    plain.leave(lambda: plain.press(Keys.ENTER))

    assert plain.path == "/profile/device"
    plain.assert_good_page()
    plain.leave(plain.one("#begin button").click)
    plain.assert_good_page()
    link = read_picture(plain, office.folder.make("seen"))
    secret = re.search(r"[?&]secret=([A-Z2-7]+)&", link)[1]
    assert secret == plain.one("#totp-secret").text.replace(" ", "")
    known = {"login": "vera", "totp_secret": secret}
    plain.fill("#confirm-code", "000000")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["field_code_wrong"] in plain.words
    plain.assert_good_page()
    plain.fill("#confirm-code", office.code(known))
    plain.leave(lambda: plain.press(Keys.ENTER))

    assert plain.path == "/profile/recovery"
    plain.assert_good_page()
    plain.leave(plain.one("#begin button").click)
    plain.assert_good_page()
    code = plain.one("#made").text
    plain.fill("#confirm-recovery", code.lower())
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["done_recovery"] in plain.words
    plain.assert_good_page()

    plain.log_out()
    plain.log_in("vera", LONG, office.code(known))
    assert plain.path == "/"
    # What is grave asks for a code once more, and goes on by itself.
    plain.go("/profile/recovery")
    plain.leave(plain.one("#begin button").click)
    assert plain.has("#code_now")
    plain.assert_good_page()
    plain.fill("#code_now", "000000")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["stepup_refused"] in plain.words
    plain.assert_good_page()
    plain.fill("#code_now", office.code(known))
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert plain.has("#made")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_of_an_account_are_good_in_every_language(
        office, chrome, lang):
    person = office.office.person("reader")
    chrome.log_in("reader", person["password"], office.code(person))
    chrome.speak(lang)
    for path, title in (("/profile/password", "account_password"),
                        ("/profile/device", "account_device"),
                        ("/profile/recovery", "account_recovery"),
                        ("/profile/sessions", "account_sessions")):
        chrome.go(path)
        assert chrome.lang == lang
        assert words_of(lang)[title] in chrome.one("h1").text
        chrome.assert_good_page()


def test_a_login_elsewhere_is_told_on_the_list(office, chrome):
    words = words_of("pt-BR")
    person = office.office.person("intake")
    chrome.log_in("intake", person["password"], office.code(person))
    assert not chrome.has(".news")
    office.logged_in("intake")
    chrome.go("/")
    assert words["news_device"] in chrome.one(".news").text
    chrome.assert_good_page()
    chrome.leave(chrome.one(".news button").click)
    assert not chrome.has(".news")

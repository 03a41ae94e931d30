"""A letter that came by post, with its scans, in a real browser: from the
envelope to the case, with scripts and without, by the keyboard, in three
languages, at both widths; and a message taken for a colleague."""

import os

import pytest
from selenium.webdriver.common.keys import Keys

import scans
import scene as stage
from chrome import NARROW, WIDE
from test_console import log_in, words_of

FORM, CALL = "/letters/new", "/calls/new"
TYPED = {"name": "Beatriz Moura", "postal": "Rua das Laranjeiras, 45",
         "subject": "A geladeira", "text": "A geladeira veio quebrada."}


def pictures(browser, name):
    if folder := os.environ.get("OUV_PICTURES"):
        for width in (WIDE, NARROW):
            browser.view(width)
            with open(f"{folder}/{name}-{width}.png", "wb") as out:
                out.write(browser.picture())


@pytest.fixture
def pages(tmp_path):
    """Three scans and a text that says it is one."""
    made = {"p1.png": scans.png(grey=b"\x20"), "p2.pdf": scans.pdf(2),
            "p3.jpg": scans.jpeg(), "p4.pdf": b"words"}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in made]


def fill_in(by, words):
    by.tab_to("#letter-channel")
    by.press(words["channel_letter"][:3])
    by.tab_to("#letter-arrived")
    by.press(stage.today().strftime("%m%d%Y"))
    for name in ("name", "postal", "subject", "text"):
        by.tab_to(f"#letter-{name}")
        by.press(TYPED[name])


@pytest.mark.parametrize("lang", ("en", "it", "pt-BR"))
def test_the_forms_are_good_pages_in_every_language(office, plain, lang):
    log_in(office, plain, "intake")
    for path, name in ((FORM, "letter"), (CALL, "call")):
        plain.go(path)
        plain.speak(lang)
        plain.go(path)
        plain.assert_good_page()
        pictures(plain, f"{name}-{lang}")
    assert not plain.complaints()
    plain.speak("pt-BR")


@pytest.mark.parametrize("scripts", (False, True))
def test_an_envelope_becomes_a_case_with_its_scans_in_order(
        office, request, pages, scripts):
    by = request.getfixturevalue("chrome" if scripts else "plain")
    words = words_of("pt-BR")
    log_in(office, by, "intake").go("/office")
    by.leave(by.link(words["letter_title"]).click)
    fill_in(by, words)
    # The last one is no PDF: it is told, and everything else stays.
    by.one("#letter-files-input").send_keys("\n".join(pages))
    if scripts:
        assert "p4.pdf" in by.one("#letter-files-chosen").text
    by.tab_to("#letter .actions button")
    by.leave(lambda: by.press(Keys.ENTER))
    assert words["upload_kind"] in by.one("#letter-files-refused").text \
        or words["upload_lies"] in by.one("#letter-files-refused").text
    assert by.one("#letter-text").get_attribute("value") == TYPED["text"]
    assert [one.text for one in by.all("ol.brought bdi")] == [
        "p1.png", "p2.pdf", "p3.jpg"]
    by.assert_good_page()
    pictures(by, f"letter-refused-{'on' if scripts else 'off'}")
    if scripts:
        up = by.all("ol.brought li:nth-child(3) button")[0]
        up.send_keys(Keys.ENTER)
        assert [one.text for one in by.all("ol.brought bdi")] == [
            "p1.png", "p3.jpg", "p2.pdf"]
        wanted = ["p1.png", "p3.jpg", "p2.pdf"]
    else:
        by.tab_to("#letter-file-2")
        by.press(Keys.CONTROL, "a")
        by.press("0")
        wanted = ["p3.jpg", "p1.png", "p2.pdf"]
    by.tab_to("#letter .actions button")
    by.leave(lambda: by.press(Keys.ENTER))
    assert words["done_letter_in"] in by.words
    places = [by.words.index(name) for name in wanted]
    assert places == sorted(places)
    assert TYPED["text"] in by.words
    by.assert_good_page()
    pictures(by, f"letter-case-{'on' if scripts else 'off'}")
    assert not by.complaints()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
        office, chrome, tmp_path):
    large = tmp_path / "grande.pdf"
    with open(large, "wb") as out:
        out.truncate(30 << 20)
    log_in(office, chrome, "intake").go(FORM)
    chrome.one("#letter-files-input").send_keys(str(large))
    said = chrome.one("#letter-files-chosen").text
    assert words_of("pt-BR")["upload_too_large"] in said
    assert not chrome.complaints()


def test_a_message_is_taken_and_the_call_made(office, plain):
    words = words_of("pt-BR")
    log_in(office, plain, "intake").go("/office")
    plain.leave(plain.link(words["call_title"]).click)
    plain.tab_to("#call-whom")
    plain.press("Marta")
    for name, text in (("name", "Ana Souza"), ("phone", "(21) 5555-0102"),
                       ("text", "Pede retorno.")):
        plain.tab_to(f"#call-{name}")
        plain.press(text)
    plain.tab_to("#call .actions button")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["done_message"] in plain.words
    for text in (words["task_callback"], "(21) 5555-0102", "Pede retorno."):
        assert text in plain.words
    plain.assert_good_page()
    pictures(plain, "call-case")

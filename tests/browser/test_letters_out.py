"""The register of letters on paper in a real browser: a letter from "to print" to
"delivered" by the keyboard alone and without scripts, at both widths, in each
language."""

import datetime as dt
import os
import re
import secrets
import subprocess

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import scans
import scene as stage
from chrome import NARROW, WIDE
from scene import letter
from test_console import LANGUAGES, axe_source, log_in, violations, words_of

POSTAL = "Rua das Laranjeiras, 45\n22240-003 Rio de Janeiro - RJ"


def pictures(browser, name):
    if folder := os.environ.get("OUV_PICTURES"):
        for width in (WIDE, NARROW):
            browser.view(width)
            with open(f"{folder}/{name}-{width}.png", "wb") as out:
                out.write(browser.picture())


def on_paper(office, browser):
    """A case whose consumer gets a letter on paper; its number."""
    sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
    row = office.case_of(office.acknowledged(letter(sender), sender))
    path = f"/cases/{row['protocol']}"
    for verb, fields in (("open", {}), (
            "reach", {"party": "consumer", "way": "post", "postal": POSTAL}), (
            "ask", {"questions": "Em que dia a geladeira chegou?"})):
        page = browser.get(f"{path}/do/{verb}" if fields else path)
        answer = browser.ask("POST", f"{path}/{verb}", {
            **page.form(f"{path}/{verb}"), **fields})
        assert answer.status == 303, answer.words
    return row["protocol"]


@pytest.fixture(scope="module")
def clerk(office):
    return office.logged_in("mediator2")


def good(page):
    for width in (NARROW, WIDE):
        page.view(width)
        page.assert_good_page()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_list_is_a_good_page(office, plain, clerk, lang):
    words = words_of(lang)
    on_paper(office, clerk)
    log_in(office, plain, "mediator")
    plain.go("/letters").speak(lang)
    for which in ("to-print", "to-post", "under-way", "done"):
        plain.go(f"/letters?list={which}")
        assert words[f"post_lead_{which.replace('-', '_')}"] in plain.words
        good(plain)
        pictures(plain, f"letters-{which}-{lang}")


def test_how_a_party_is_reached_is_a_good_form(office, plain, clerk):
    number = on_paper(office, clerk)
    log_in(office, plain, "mediator")
    plain.go(f"/cases/{number}/do/reach")
    good(plain)
    pictures(plain, "reach")


def test_from_print_to_delivered_by_keyboard_and_without_scripts(
        office, plain, clerk):
    words = words_of("pt-BR")
    number = on_paper(office, clerk)
    log_in(office, plain, "mediator").go("/")
    plain.speak("pt-BR")
    plain.leave(plain.link(words["menu_letters"]).click)
    box = next(one for one in plain.all(".letters input[type=checkbox]")
               if one.get_attribute("value") == number)
    css = f"#{box.get_attribute('id')}"
    letter_id = css.partition("-")[2]
    plain.tab_to(css)
    plain.press(Keys.SPACE)
    plain.tab_to("#letters button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["post_printed_one"] in plain.words and number in plain.words
    good(plain)
    pictures(plain, "letters-printed")
    plain.leave(plain.link(words["post_to_lists"]).click)
    plain.tab_to(css)
    plain.press(Keys.SPACE)
    plain.tab_to(f"#tracking-{letter_id}")
    plain.press("BR123456789BR")
    good(plain)
    pictures(plain, "letters-to-post")
    plain.tab_to("#letters button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["done_post"] in plain.words
    plain.go("/letters?list=under-way")
    assert "BR123456789BR" in plain.words
    # Without a day it comes back with what was chosen.
    Select(plain.one(f"#outcome-{letter_id}")).select_by_value("delivered")
    plain.tab_to("#letters button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["post_why_empty"] in plain.words
    assert plain.one(f"#outcome-{letter_id}").get_attribute(
        "value") == "delivered"
    good(plain)
    pictures(plain, "letters-wrong")
    plain.tab_to(f"#day-{letter_id}")
    plain.press(stage.today().strftime("%m%d%Y"))
    plain.tab_to("#letters button.main")
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert words["done_post_end"] in plain.words
    plain.go("/letters?list=done")
    assert number in plain.words
    good(plain)
    pictures(plain, "letters-done")
    plain.go(f"/cases/{number}")
    assert words["delivery_delivered"] in plain.words


# ---- the whole way: an envelope, an answer, the day on which it was read ------------


QUESTION = "Em que dia a geladeira chegou?"
TRACKING = "BR246813579BR"


def clock_began(office, number):
    """The first day of the time that the consumer has."""
    (state, day), = office.query(
        "SELECT k.state::text, (k.started AT TIME ZONE 'America/Sao_Paulo')"
        "::date FROM clock k JOIN case_file c ON c.id = k.case_id WHERE"
        " c.protocol = %s AND k.kind = 'info' AND k.n = 0", number)
    assert state == "running"
    return day


def a_week_after(day):
    """The days that the seventh may be: a closed one moves on to an open one."""
    return [day + dt.timedelta(n) for n in range(7, 14)]


def enters_the_envelope(by, words, folder):
    """A letter with two scanned pages; the number of its case."""
    for name, data in (("p1.png", scans.png(grey=b"\x20")),
                       ("p2.jpg", scans.jpeg())):
        (folder / name).write_bytes(data)
    by.go("/office")
    by.leave(by.link(words["letter_title"]).click)
    Select(by.one("#letter-channel")).select_by_value("letter")
    by.one("#letter-arrived").send_keys(stage.today().strftime("%m%d%Y"))
    for name, text in (("name", "Beatriz Moura"), ("postal", POSTAL),
                       ("subject", "A geladeira"),
                       ("text", "A geladeira veio quebrada.")):
        by.fill(f"#letter-{name}", text)
    by.one("#letter-files-input").send_keys(
        f"{folder / 'p1.png'}\n{folder / 'p2.jpg'}")
    by.leave(by.one("#letter .actions button").click)
    assert words["done_letter_in"] in by.words
    for name in ("p1.png", "p2.jpg"):
        assert name in by.words
    return re.search(r"\d{4}-\d{6,9}-\d", by.words).group()


def asks_a_question(by, words, number):
    path = f"/cases/{number}"
    by.go(path)
    by.leave(by.one(f"form[action='{path}/open'] button").click)
    assert words["done_open"] in by.words
    by.leave(by.one(".next a[data-verb=ask]").click)
    by.fill("#move-questions", QUESTION)
    by.leave(by.one(".moveform button.main").click)
    assert words["done_ask"] in by.words
    assert words["delivery_to_print"] in by.words


def boxes(by, number):
    return [one for one in by.all(".letters input[type=checkbox]")
            if one.get_attribute("value") == number]


def prints_both(by, words, number):
    """The acknowledgement and the question, in one file."""
    by.go("/letters")
    some = boxes(by, number)
    assert len(some) == 2
    for box in some:
        box.click()
    by.leave(by.one("#letters button.main").click)
    assert f"2 {words['post_printed_other']}" in by.words
    by.one("section.card button.main").click()
    return by.downloaded("letters.pdf")


def reads_the_sheets(raw, number, folder):
    """As whoever opens the envelope: words, square, pages."""
    path = folder / "letters.pdf"
    path.write_bytes(raw)
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True,
                          check=True, text=True).stdout
    assert QUESTION in text and f"{number} - 1/" in text
    for line in POSTAL.split("\n"):
        assert text.count(line) == 2
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", str(path),
                    str(folder / "sheet")], check=True)
    square = subprocess.run(
        ["zbarimg", "-q", "--raw", str(folder / "sheet.png")],
        capture_output=True, check=True, text=True).stdout
    assert square.startswith(number)


def posts_them(by, words, number, day):
    by.go("/letters?list=to-post")
    some = boxes(by, number)
    assert len(some) == 2
    for n, box in enumerate(some):
        box.click()
        letter_id = box.get_attribute("id").partition("-")[2]
        by.fill(f"#tracking-{letter_id}", f"{TRACKING}{n}")
    field = by.one("#post-day")
    field.clear()
    field.send_keys(day.strftime("%m%d%Y"))
    Select(by.one("#post-service")).select_by_value("receipt")
    by.leave(by.one("#letters button.main").click)
    assert words["done_post"] in by.words


def knows_that_they_arrived(by, words, number, day):
    by.go("/letters?list=under-way")
    some = [one.get_attribute("name").partition("-")[2] for one in
            by.all(f".letters input[type=hidden][value='{number}']")]
    assert len(some) == 2
    for letter_id in some:
        Select(by.one(f"#outcome-{letter_id}")).select_by_value("delivered")
        by.one(f"#day-{letter_id}").send_keys(day.strftime("%m%d%Y"))
        by.fill(f"#why-{letter_id}", "AR assinado por Beatriz Moura")
    by.leave(by.one("#letters button.main").click)
    assert words["done_post_end"] in by.words


@pytest.mark.parametrize("scripts", (True, False))
def test_from_the_envelope_to_the_day_on_which_the_answer_was_delivered(
        office, request, tmp_path, scripts):
    by = request.getfixturevalue("chrome" if scripts else "plain")
    words, today = words_of("pt-BR"), stage.today()
    log_in(office, by, "mediator").go("/")
    by.speak("pt-BR")
    number = enters_the_envelope(by, words, tmp_path)
    asks_a_question(by, words, number)
    # Nobody knows yet when it will be read: the time waits for the post.
    assert clock_began(office, number) in a_week_after(today)
    reads_the_sheets(prints_both(by, words, number), number, tmp_path)
    # The letter was posted two days ago, and handed over yesterday.
    office.query("UPDATE post SET made = made - interval '3 days' WHERE case_id"
                 " = (SELECT id FROM case_file WHERE protocol = %s)", number)
    posts_them(by, words, number, today - dt.timedelta(2))
    presumed = clock_began(office, number)
    assert presumed in a_week_after(today - dt.timedelta(2))
    by.go("/letters?list=under-way")
    assert presumed.strftime("%d/%m/%Y") in by.words
    knows_that_they_arrived(by, words, number, today - dt.timedelta(1))
    assert clock_began(office, number) == today - dt.timedelta(1)
    by.go(f"/cases/{number}")
    assert words["delivery_delivered"] in by.words
    by.go("/letters?list=done")
    for shown in (number, f"{TRACKING}0", f"{TRACKING}1",
                  "AR assinado por Beatriz Moura"):
        assert shown in by.words
    assert not by.complaints()


def test_axe_finds_nothing(office, chrome, clerk):
    source = axe_source()
    number = on_paper(office, clerk)
    log_in(office, chrome, "mediator")
    for path in ("/letters", "/letters?list=to-post",
                 "/letters?list=under-way", f"/cases/{number}/do/reach"):
        chrome.go(path)
        assert violations(chrome, source) == [], path


def test_the_key_for_the_menu_leads_there(office, chrome):
    log_in(office, chrome, "mediator").go("/")
    chrome.leave(lambda: chrome.press("g", "l"))
    assert chrome.path == "/letters"

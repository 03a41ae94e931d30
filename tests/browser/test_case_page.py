"""A mediator's day on one case, by mouse, by the keyboard alone and without
scripts: what is new, who else is here, what is folded away, and held mail
decided by one click."""

import re
import secrets

import pytest
from selenium.webdriver.common.keys import Keys

import scene as stage
from chrome import NARROW, WIDE, Chrome
from scene import answer_to, letter, mark
from harness import wait_until
from test_console import LANGUAGES, log_in, words_of

NEWS = "Encontrei outro comprovante."
REPLY = "Recebemos os documentos. A empresa recebeu a cópia ontem."


@pytest.fixture(scope="module")
def case(office):
    """A case of three messages and a letter of the office's own."""
    sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
    mail = office.acknowledged(letter(sender), sender)
    row = office.case_of(mail)
    path = f"/cases/{row['protocol']}"
    made = {**row, "path": path, "mail": mail, "sender": sender}
    colleague = office.logged_in("mediator2")
    form = colleague.get(path).form(f"{path}/open")
    assert colleague.ask("POST", f"{path}/open", form).status == 303
    add(office, made, "Segue a nota fiscal.")
    return made


@pytest.fixture(scope="module")
def bare(office):
    """A mediator without scripts."""
    made = Chrome(office.office.base_url, scripts=False)
    try:
        yield log_in(office, made, "mediator")
    finally:
        made.stop()


def add(office, case, text):
    items = office.case(case["protocol"])["items"]
    office.post_mail(answer_to(case["mail"], case["sender"], text=text),
                     case["sender"])
    wait_until("it is filed", lambda: office.case(
        case["protocol"])["items"] > items, 30, 0.1)
    return items + 1


def shown(browser, seq):
    """Is the message open, with its words?"""
    return browser.one(f"#item-{seq} .raw").is_displayed()


def top(browser, css):
    return browser.one(css).rect["y"]


def test_what_is_new_is_named_on_top_open_below_and_answered_by_keyboard(
        office, bare, case):
    words = words_of("pt-BR")
    bare.go(case["path"]).assert_good_page()
    assert not bare.has("#news")
    seq = add(office, case, NEWS)
    bare.go(case["path"]).assert_good_page()
    assert words["news_one"] in bare.one("#news").text
    assert words["new_flag"] in bare.one(f"#item-{seq} .row").text
    assert shown(bare, seq) and NEWS in bare.one(f"#item-{seq}").text
    # What is known already is one line with its first words.
    assert not shown(bare, 1) and "geladeira" in bare.one("#item-1").text
    assert not shown(bare, 2)  # an automatic mail
    bare.tab_to(f"#news a[href='#item-{seq}']")
    bare.press(Keys.ENTER)
    assert bare.driver.current_url.endswith(f"#item-{seq}")
    # In the order of need: who owes, what is new, what to do, the messages,
    # the letter.
    places = [top(bare, css) for css in (
        ".owes", "#news", "#next", "#timeline", f"#item-{seq}", "#reply",
        "#file")]
    assert places == sorted(places)
    bare.tab_to(".jump a")
    bare.press(Keys.ENTER)
    token = mark()
    bare.tab_to("#reply-text")
    bare.press(f"{REPLY} {token}")
    bare.tab_to(".compose button.main")
    bare.leave(lambda: bare.press(Keys.ENTER)).assert_good_page()
    assert words["done_reply"] in bare.words and token in bare.words


def test_folded_and_unfolded_by_keyboard_and_by_the_link(bare, case):
    words = words_of("pt-BR")
    bare.go(case["path"])
    assert not shown(bare, 1)
    bare.tab_to("#item-1 summary")
    bare.press(Keys.ENTER)
    assert shown(bare, 1)
    bare.leave(bare.link(words["open_all"]).click).assert_good_page()
    assert shown(bare, 1) and shown(bare, 3)
    bare.leave(bare.link(words["fold_all"]).click)
    assert not shown(bare, 1)


def test_a_lane_is_told_by_word_and_chosen_by_link(bare, case):
    words = words_of("pt-BR")
    bare.go(f"{case['path']}/do/note")
    bare.one("#move-text").send_keys("Ligou hoje.")
    bare.leave(bare.one(".moveform button.main").click)
    note = bare.all(".item[data-lane=internal]")[-1]
    assert words["lane_internal"] in note.text and "Ligou hoje." in note.text
    bare.leave(bare.one(".lanes [data-lane=internal]").click)
    bare.assert_good_page()
    assert {one.get_attribute("data-lane") for one in bare.all(".item")} \
        == {"internal"}
    assert bare.one(".lanes [aria-current]").get_attribute("data-lane") \
        == "internal"


def test_the_case_is_handed_over_without_a_walk_through_the_page(bare, case):
    bare.go(case["path"])
    bare.tab_to(".skip")
    bare.press(Keys.ENTER)
    wanted, presses = bare.one(".jumps a[href='#assign']"), 0
    while bare.driver.switch_to.active_element != wanted:
        bare.press(Keys.TAB)
        presses += 1
        assert presses <= 25, "the link is too far down"
    assert wanted.text == words_of(bare.lang)["jump_assign"]
    bare.press(Keys.ENTER)
    bare.press(Keys.TAB)
    assert bare.driver.switch_to.active_element == bare.one("#assign-to")


def test_two_people_on_one_case_know_of_each_other(office, bare, case):
    words = words_of("pt-BR")
    office.logged_in("intake").get(case["path"])
    bare.go(case["path"])
    name = office.query("SELECT name FROM person WHERE login = 'intake'")[0][0]
    assert f"{name} {words['looker_open']}" in bare.one(".lookers").text


def test_whoever_types_in_a_form_is_still_there(office, case):
    """The script says so once a minute; the map of keys, which a script
    fetches, is no other page."""
    number = str(case["id"])
    row = ("SELECT s.at > now() - interval '5 minutes', EXISTS (SELECT FROM"
           " session n WHERE n.person = s.person AND n.at_case = s.case_id)"
           " FROM case_seen s JOIN person p ON p.id = s.person"
           " WHERE p.login = 'intake' AND s.case_id = %s")
    browser = log_in(office, Chrome(office.office.base_url), "intake")
    try:
        browser.go(f"{case['path']}/do/note")
        browser.driver.find_element("tag name", "body").send_keys("?")
        wait_until("the map is shown", lambda: browser.has("dialog[open]"),
                   20, 0.1)
        assert office.query(row, number) == [(True, True)]
        browser.press(Keys.ESCAPE)
        office.query("UPDATE case_seen SET at = at - interval '11 minutes'"
                     " RETURNING 1")
        field = browser.one("#move-text")
        field.send_keys("Ligou")
        browser.driver.execute_script(
            "const now = Date.now(); Date.now = () => now + 61000;")
        assert office.query(row, number) == [(False, True)]
        field.send_keys(" hoje")
        wait_until("it is told", lambda: office.query(row, number)
                   == [(True, True)], 20, 0.1)
    finally:
        browser.stop()


def test_the_page_is_good_in_every_language_and_at_320(office, bare, case):
    add(office, case, "Mais uma carta.")
    for lang in LANGUAGES:
        words = words_of(lang)
        bare.go(case["path"]).speak(lang)
        bare.go(case["path"]).assert_good_page()
        for key in ("timeline", "file_heading", "jump_people", "open_all"):
            assert words[key] in bare.words, (lang, key)
        bare.view(NARROW)
        places = [top(bare, css) for css in (
            ".owes", "#next", "#timeline", "#reply", ".facts")]
        assert places == sorted(places)
        bare.view(WIDE)
    bare.speak("pt-BR")


# ---- held mail, decided by one click ---------------------------------------------


FIRST_WORDS = "Escrevo porque a loja não responde há três semanas. "


def held(office, case, text):
    """What it says at the end is not among its first words."""
    address = f"eva.{secrets.token_hex(5)}@estranha.example"
    to = stage.address_of(case["mail"].parsed["Reply-To"])
    row = office.filed(letter(address, subject=f"Sobre {text}",
                              text=FIRST_WORDS * 9 + text, name="Eva Lima",
                              to=to), address, to)
    assert row["outcome"] == "held"
    return str(row["case_id"]).replace("-", "")


def test_held_mail_is_read_and_decided_one_after_the_other(
        office, bare, case):
    words = words_of("pt-BR")
    texts = [mark() for _ in range(3)]
    first, second, third = (held(office, case, text) for text in texts)
    bare.go("/held").assert_good_page()
    listed = bare.one(".cases").text
    assert FIRST_WORDS.strip() in listed
    assert texts[0] not in listed.replace(f"Sobre {texts[0]}", "")
    bare.tab_to(f".look-link[href='/held?at={first}#look']")
    bare.leave(lambda: bare.press(Keys.ENTER)).assert_good_page()
    look = bare.one("#look")
    for text in (texts[0], words["why_address_of_another"],
                 words["seen_third"], case["protocol"]):
        assert text in look.text, text
    # Into the case guessed: one click, and the next one is there.
    bare.leave(bare.one(".clicks button.main").click).assert_good_page()
    assert bare.path == "/held" and f"at={second}" in bare.query
    assert words["done_attribute"] in bare.one("[role=status]").text
    assert texts[1] in bare.one("#look").text
    assert office.query("SELECT lane::text FROM item WHERE case_id = %s"
                        " ORDER BY seq DESC LIMIT 1", str(case["id"])) \
        == [("internal",)]
    # Set aside by the keyboard, and taken back.
    bare.tab_to("#discard button[value=spam]")
    bare.leave(lambda: bare.press(Keys.ENTER)).assert_good_page()
    assert words["done_discard"] in bare.one("[role=status]").text
    assert texts[2] in bare.one("#look").text
    aside = "SELECT aside IS NOT NULL FROM case_file WHERE id = %s"
    assert office.query(aside, second) == [(True,)]
    bare.leave(bare.one("#undo button").click)
    assert office.query(aside, second) == [(False,)]
    # A case of its own.
    bare.go(f"/held?at={third}#look")
    bare.leave(bare.one("#register button").click).assert_good_page()
    assert bare.path == "/held"
    assert words["done_register"] in bare.one("[role=status]").text
    assert not bare.has(f"[href*='{third}']")
    bare.go(f"/held?at={third}")
    assert not bare.has("#look")


# ---- on paper -------------------------------------------------------------------

SHEET = """
const shown = e => e !== null && e.checkVisibility()
  && e.getClientRects().length > 0;
return [[...document.querySelectorAll('.items > .item')].filter(shown).map(e =>
    [Number(e.id.slice(5)), shown(e.querySelector('.text, .none')),
     e.querySelector('details') === null]),
  [...document.querySelectorAll('.items .go, .pager')].filter(shown).length,
  [...document.querySelectorAll('.onsheet')].filter(shown)
    .map(e => e.innerText)]
"""


def test_paper_says_which_messages_are_not_on_it(office, bare, case):
    writer, path = office.logged_in("mediator2"), case["path"]
    for n in range(24):
        form = writer.get(f"{path}/do/note").form(f"{path}/note")
        assert writer.ask("POST", f"{path}/note", {
            **form, "text": f"{n} " + "palavra " * 400}).status == 303
    last = office.case(case["protocol"])["items"]
    bare.go(path)
    items, ways, told = bare.driver.execute_script(SHEET)
    assert told == [] and ways > 1
    brief = [seq for seq, _, is_brief in items if is_brief]
    assert brief and len(brief) < len(items)
    bare.cdp("Emulation.setEmulatedMedia", media="print")
    try:
        items, ways, told = bare.driver.execute_script(SHEET)
    finally:
        bare.cdp("Emulation.setEmulatedMedia", media="")
    assert ways == 0 and all(words for _, words, _ in items)
    missing = set()
    for first, to in re.findall(r"#(\d+)(?:–#(\d+))?", told[0]):
        missing |= set(range(int(first), int(to or first) + 1))
    assert {1, *brief} <= missing and last not in missing
    assert missing | {seq for seq, *_ in items} == set(range(1, last + 1))

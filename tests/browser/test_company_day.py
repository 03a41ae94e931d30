"""The day of whoever answers for a company: three cases, of which one is
answered point by point with a file and a promise, one needs more time, and one
goes to an outsourced centre, whose clerk answers it."""

import urllib.parse

import pytest
from selenium.webdriver.common.keys import Keys

import company_scene as company
from chrome import NARROW, WIDE, Chrome
from company_scene import BIANCA, CELIA, SUMMARY, Case, mail_to
from test_console import LANGUAGES, axe_source, violations, words_of

WORDS = words_of("pt-BR")


@pytest.fixture(scope="module")
def office(template):
    yield from company.begun(template)


@pytest.fixture(scope="module")
def mediator(office):
    return office.logged_in("mediator")


@pytest.fixture(scope="module")
def case(office, mediator):
    """For what only looks."""
    made = Case(office, mediator, **company.POINTS)
    mail_to(office, made, BIANCA)
    return made


@pytest.fixture(autouse=True)
def patience(office):
    yield
    office.query("DELETE FROM login_throttle")


def enter_by_keyboard(browser, code):
    browser.go("/p").assert_good_page()
    browser.tab_to("#code")
    browser.press(code)
    browser.leave(lambda: browser.press(Keys.ENTER)).assert_good_page()
    assert browser.path == "/p"


def press(browser, css):
    browser.tab_to(css)
    browser.leave(lambda: browser.press(Keys.ENTER))
    return browser.assert_good_page()


def write(browser, css, text):
    browser.tab_to(css)
    browser.press(text)


def test_the_day_by_the_keyboard_without_scripts(office, mediator, plain,
                                                 tmp_path):
    first, second, third = (Case(office, mediator, **company.POINTS)
                            for _ in range(3))
    for one in (first, second, third):
        mail_to(office, one, BIANCA)
    bianca = company.Clerk(office, BIANCA)
    plain.view(NARROW)
    enter_by_keyboard(plain, bianca.code)
    assert WORDS["member_step_company"] in plain.words
    # One is answered, with a paper and a promise.
    press(plain, f'main a[href="/p/{first.protocol}"]')
    assert SUMMARY in plain.words
    press(plain, f'main a[href="/p/{first.protocol}/answer"]')
    write(plain, "#say-happened", "A fatura saiu duas vezes, por engano.")
    write(plain, "#say-offered", "Devolvemos R$ 80")
    day = company.open_day()
    plain.tab_to("#say-by")
    plain.press(day.strftime("%m%d%Y"))
    assert plain.one("#say-by").get_attribute("value") == day.isoformat()
    write(plain, "#say-happened-2", "A taxa está no contrato, cláusula 7.")
    paper = tmp_path / "contrato.txt"
    paper.write_text("Cláusula 7: a taxa.\n" * 5, encoding="utf-8")
    plain.one("#say-files-input").send_keys(str(paper))
    press(plain, "form#say .actions button.main")
    assert WORDS["link_confirm_heading"] in plain.words
    assert "contrato.txt" in plain.words and "Devolvemos R$ 80" in plain.words
    assert company.posts(office, first) == []
    press(plain, "button[name=confirm]")
    assert plain.path == f"/p/{first.protocol}"
    assert WORDS["member_done_answer"] in plain.words
    assert "contrato.txt" in plain.words
    # One needs more time.
    plain.go(f"/p/{second.protocol}").assert_good_page()
    press(plain, 'main a[href$="decide?what=ask-extension"]')
    write(plain, "#say-words", "O laudo chega na sexta-feira.")
    press(plain, "form#say .actions button.main")
    press(plain, "button[name=confirm]")
    assert WORDS["member_done_decide"] in plain.words
    # One is another centre's.
    plain.go(f"/p/{third.protocol}").assert_good_page()
    press(plain, f'main a[href="/p/{third.protocol}/hand"]')
    for box in plain.all("[name=to][type=radio]"):
        label = plain.one(f"label[for={box.get_attribute('id')}]").text
        if "Célia" in label:
            plain.tab_to("[name=to][type=radio]")
            while plain.driver.switch_to.active_element != box:
                plain.press(Keys.ARROW_DOWN)
            plain.press(Keys.SPACE)
    press(plain, "form.card .actions button.main")
    assert "Célia Prado" in plain.words
    press(plain, "button[name=confirm]")
    assert WORDS["member_done_hand"] in plain.words
    press(plain, ".memberbar button")
    assert plain.path == "/p" and plain.has("#code")
    # She answers it.
    mail_to(office, third, CELIA)
    text = mail_to(office, third, CELIA)
    bianca.enter(third)  # what lacks is sealed when the giver looks again
    celia = Chrome(office.office.base_url, scripts=False)
    try:
        celia.view(NARROW)
        link = urllib.parse.urlsplit(
            company.LINK.search(text).group()).path.split("-")[0]
        celia.go(link).assert_good_page()
        celia.tab_to("#code")
        celia.press(company.Clerk(office, CELIA).code.upper())
        celia.leave(lambda: celia.press(Keys.ENTER)).assert_good_page()
        assert celia.path == f"/p/{third.protocol}" and SUMMARY in celia.words
        press(celia, f'main a[href="/p/{third.protocol}/answer"]')
        write(celia, "#say-happened", "Foi um erro do sistema.")
        write(celia, "#say-happened-2", "A taxa foi retirada.")
        press(celia, "form#say .actions button.main")
        press(celia, "button[name=confirm]")
        assert WORDS["member_done_answer"] in celia.words
    finally:
        celia.stop()
    assert company.posts(office, first) == ["answer"]
    assert company.posts(office, third) == ["answer"]
    # The mediator reads who said what, in the form by which it goes on.
    form = mediator.get(f"{first.path}/do/answer").text
    assert "Devolvemos R$ 80" in form and day.isoformat() in form
    plain.go("/p")
    assert plain.has("#code")


def enter(office, browser, case):
    code = company.Clerk(office, BIANCA).code
    browser.go("/p")
    browser.fill("#code", code)
    browser.leave(browser.one("main button.main").click).assert_good_page()


def places(case):
    base = f"/p/{case.protocol}"
    return ["/p", "/p?show=open", "/p?show=closed", "/p/figures", base,
            base + "/answer", base + "/message", base + "/ask-datum",
            base + "/decide?what=ask-extension", base + "/hand"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_good_in_every_language(office, chrome, case, lang):
    words = words_of(lang)
    chrome.go("/p").speak(lang).assert_good_page()
    assert chrome.lang == lang and words["member_door_lead"] in chrome.words
    enter(office, chrome, case)
    for path in places(case):
        chrome.go(path).assert_good_page()
        assert chrome.lang == lang, path
        assert words["member_nav_cases"] in chrome.words
    for path in ("/p/code", "/p/o.x.y"):
        chrome.go(path).assert_good_page()


def test_a_colleague_who_was_faster_is_named_and_the_words_stay(
        office, mediator, plain):
    case = Case(office, mediator, **company.POINTS)
    mail_to(office, case, BIANCA)
    mail_to(office, case, company.OTTO)
    enter(office, plain, case)
    plain.go(f"/p/{case.protocol}/answer")
    plain.fill("#say-happened", "Escrito com calma.")
    plain.fill("#say-happened-2", "E isto também.")
    otto = company.Clerk(office, company.OTTO)
    otto.enter(case)
    otto.say(case, "answer", **company.answer_to_both())
    plain.leave(plain.one("form#say .actions button.main").click)
    plain.assert_good_page()
    assert "Otto Reis" in plain.one("[role=alert]").text
    assert plain.one("#say-happened").get_attribute("value") == \
        "Escrito com calma."
    plain.leave(plain.one("button[name=as_message]").click).assert_good_page()
    plain.leave(plain.one("button[name=confirm]").click).assert_good_page()
    assert company.posts(office, case) == ["answer", "message"]


@pytest.mark.parametrize("width, dark", [(NARROW, False), (WIDE, True)])
def test_nothing_stands_in_anybodys_way(office, chrome, case, width, dark):
    source = axe_source()
    chrome.view(width, dark=dark)
    for path in ("/p", "/p/code", "/p/o.x.y"):
        chrome.go(path)
        assert violations(chrome, source) == [], path
    enter(office, chrome, case)
    for path in places(case):
        chrome.go(path)
        assert violations(chrome, source) == [], path
    chrome.go(f"/p/{case.protocol}/answer")
    chrome.leave(chrome.one("form#say .actions button.main").click)
    assert violations(chrome, source) == []
    chrome.fill("#say-happened", "a")
    chrome.fill("#say-happened-2", "b")
    chrome.leave(chrome.one("form#say .actions button.main").click)
    assert violations(chrome, source) == []

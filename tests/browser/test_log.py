"""The log's pages in a real browser: readable at every width, by keyboard, in
each language, and on paper."""

from scene import letter, words_of

SENDER = "ana@consumidora.example"


def case_path(office):
    protocols = office.query("SELECT protocol FROM case_file WHERE protocol"
                             " IS NOT NULL ORDER BY protocol LIMIT 1")
    if protocols:
        return f"/cases/{protocols[0][0]}"
    return "/cases/" + office.case_of(
        office.acknowledged(letter(SENDER), SENDER))["protocol"]


def enter(office, browser, login):
    person = office.office.person(login)
    browser.log_in(login, person["password"], office.code(person))


def test_the_log_of_a_case_is_reached_and_read_at_every_width(
        office, chrome):
    path = case_path(office)
    enter(office, chrome, "mediator")
    chrome.go(path)
    link = chrome.one(f'a[href="{path}/log"]')
    chrome.leave(link.click)
    assert chrome.path == f"{path}/log"
    for lang in ("en", "it", "pt-BR"):
        said = words_of(lang)
        chrome.speak(lang)
        assert chrome.path == f"{path}/log"
        assert said["log_whole"] in chrome.words
        assert said["event_register"] in chrome.words
        chrome.assert_good_page()


def test_the_office_log_is_found_among_the_people_and_filtered(
        office, chrome):
    words = words_of("pt-BR")
    enter(office, chrome, "ombudsman")
    chrome.go("/people")
    chrome.leave(chrome.one('a[href="/log"]').click)
    assert words["event_login"] in chrome.words
    chrome.assert_good_page()
    chrome.one('#who option[value="registrar"]').click()
    chrome.leave(chrome.one("form.filter button").click)
    assert words["log_none"] in chrome.words
    chrome.one('#who option[value=""]').click()
    chrome.leave(chrome.one("form.filter button").click)
    assert words["event_login"] in chrome.words

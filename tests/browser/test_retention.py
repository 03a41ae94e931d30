"""What falls due, what is held and what was erased, in a real browser: by the
keyboard, in each language, at every width."""

import os

import pytest
from selenium.webdriver.common.keys import Keys

from chrome import NARROW, WIDE
from scene import letter
from test_console import LANGUAGES, axe_source, violations, words_of

CONSUMERS = [f"ana{n}@consumidora{n}.example" for n in range(4)]


@pytest.fixture(scope="module")
def files(office):
    """Four closed cases: one may go, one is young, one is held, one is
    erased.  Their clocks are set by hand; who sets them is tested with the
    real programs."""
    made = []
    for one in CONSUMERS:
        row = office.case_of(office.acknowledged(letter(one), one))
        made.append({"id": row["id"], "path": f"/cases/{row['protocol']}",
                     "protocol": row["protocol"]})
        office.query(
            "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
            " calendar, unit, amount, started, since, due) VALUES (%s,"
            " 'retention', 'running', 'default', 0, 'br', 'days', 731, now(),"
            " now(), now() + interval '30 days')", row["id"])
    browser = office.logged_in("mediator")
    for case in made:
        browser.get(case["path"])
        office.query("UPDATE case_file SET state = 'closed', closed_by ="
                     " 'withdraw', closed = now() - interval '700 days' WHERE"
                     " id = %s", case["id"])
        office.query("SELECT grant_ask(%s, '{custodian}', 'custody')",
                     case["id"])
        browser.get(case["path"])
    free, young, held, gone = made
    office.query("UPDATE clock SET due = now() - interval '1 day' WHERE"
                 " case_id = %s AND kind = 'retention'", free["id"])
    office.query("INSERT INTO task (id, case_id, kind, party, opened, due,"
                 " done, outcome) SELECT gen_random_uuid(), %s,"
                 " 'tell-erasure', p.id, now(), now(), now(), 'letter' FROM"
                 " party p WHERE p.case_id = %s", free["id"], free["id"])
    office.query("UPDATE case_file SET legal_hold = true, hold_review ="
                 " current_date WHERE id = %s", held["id"])
    assert office.database.query("SELECT case_erase(%s)", gone["id"],
                                 user="ouv_srv") == [(True,)]
    office.query("UPDATE case_file SET state = 'erased' WHERE id = %s",
                 gone["id"])
    return {"free": free, "young": young, "held": held, "gone": gone}


def keep(browser, name):
    """Pictures, where somebody wants to look at them."""
    folder = os.environ.get("OUV_PICTURES")
    if folder is None:
        return
    for width, dark in ((WIDE, False), (NARROW, False), (WIDE, True)):
        browser.view(width, dark=dark)
        with open(os.path.join(folder, f"{name}-{width}"
                               f"{'-dark' if dark else ''}.png"), "wb") as out:
            out.write(browser.picture())


def test_by_the_keyboard_from_the_menu_to_the_form(office, plain, files):
    words = words_of("pt-BR")
    person = office.office.person("custodian")
    plain.log_in("custodian", person["password"], office.code(person))
    plain.tab_to('nav a[href="/office"]')
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.tab_to('main a[href="/retention"]')
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert plain.path == "/retention"
    plain.assert_good_page()
    due = plain.one("section[aria-labelledby=due-h]").text
    assert words["kept_free"] in due and words["kept_against"] in due
    assert due.index(files["free"]["protocol"]) \
        < due.index(files["young"]["protocol"])
    assert words["guard_retained"] in due
    hold = plain.one("section[aria-labelledby=hold-h]").text
    assert files["held"]["protocol"] in hold
    assert words["kept_review_due"] in hold
    plain.tab_to(f'a[href="{files["free"]["path"]}/do/erase"]')
    plain.leave(lambda: plain.press(Keys.ENTER))
    assert plain.path == f"{files['free']['path']}/do/erase"
    assert words["actionhelp_erase"] in plain.words
    plain.assert_good_page()


def test_every_page_is_good_in_every_language(office, chrome, files):
    person = office.office.person("ombudsman")
    chrome.log_in("ombudsman", person["password"], office.code(person))
    axe, found = axe_source(), {}
    for lang in LANGUAGES:
        chrome.go("/").speak(lang)
        words = words_of(lang)
        for name, path, said in (
                ("retention", "/retention", "kept_lead"),
                ("list", "/retention?list=erased", "kept_erased_at"),
                ("erased", files["gone"]["path"], "erased_lead")):
            chrome.go(path)
            assert words[said] in chrome.words
            chrome.assert_good_page()
            for width in (WIDE, NARROW):
                # A colour does not know the language.
                for dark in (False, True)[:1 + (lang == LANGUAGES[0])]:
                    chrome.view(width, dark=dark)
                    bad = violations(chrome, axe)
                    if bad:
                        found[name, lang, width, dark] = bad
            keep(chrome, f"{name}-{lang}")
    assert found == {}

"""One's own account: password, codes, sessions, and the way in without them.

Everything is posted to the real server; what lies in the database afterwards
is looked at there.
"""

import os
import re
import subprocess
import time

import pytest

import scene as stage
import test_write as desk
from scene import Scene, answer_to

LONG = "sete gansos nadam devagar rio acima"
OTHER = "onze violas tocam baixo ao entardecer"
MOVED = "UPDATE session SET stepped = stepped - interval '{}'"


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template, to_sink=True, mailgw_acks_domain_hour=100000)
    made.pool = desk.Pool(made)
    made.passwords = {}
    try:
        yield made.begin()
    finally:
        made.stop()


@pytest.fixture(autouse=True)
def nobody_waits(office):
    """What one test got wrong is not counted against the next."""
    office.query("DELETE FROM login_throttle")


def person(office, login):
    return office.office.person(login)


def password_of(office, login):
    return office.passwords.get(login, person(office, login)["password"])


def code_of(office, known):
    """A code at once: which ones were used is forgotten first."""
    office.query("UPDATE person SET totp_last_step = 0 WHERE login = %s",
                 known["login"])
    office.last_step.pop(known["login"], None)
    return office.code(known)


def login(office, name, **cookies):
    """A session of its own, with the present password."""
    browser = office.browser()
    browser.cookies.update(cookies)
    page = browser.try_login(name, password_of(office, name),
                             code_of(office, person(office, name)))
    assert page.status == 303, page.words
    browser.codes = lambda: code_of(office, person(office, name))
    return browser


def send(browser, page, action, **fields):
    return browser.post(action, **{**browser.get(page).form(action), **fields})


def is_let_in(browser):
    return browser.get("/profile/password").status == 200


def key_row(office, name, how):
    return office.query(
        "SELECT k.salt, k.commit, k.wrapped FROM person_key k JOIN person p"
        " ON p.id = k.person WHERE p.login = %s AND how = %s", name, how)


def value(office, sql, *values):
    return office.database.value(sql, *values)


def sessions(office, name):
    return value(office, "SELECT count(*) FROM session s JOIN person p ON"
                 " p.id = s.person WHERE login = %s", name)


def log_of(office, name, since=0):
    return [row[0] for row in office.query(
        "SELECT action FROM audit_event e JOIN person p ON p.id = e.actor"
        " WHERE p.login = %s AND at_us > %s ORDER BY at_us", name, since)]


def now_us():
    return int(time.time() * 1e6)


# ---- a code once more --------------------------------------------------------


def test_what_is_grave_asks_for_a_code_and_the_same_form_does_it(
        office, words):
    began = now_us()
    browser = login(office, "ombudsman")
    codes, browser.codes = browser.codes, None
    before = dict(browser.cookies)
    form = browser.get("/profile/recovery").form("/profile/recovery/begin")
    page = browser.post("/profile/recovery/begin", **form, more="dois\nzeros")
    assert page.status == 403 and page.asks_code
    assert words["stepup_recovery"] in page.words
    hidden = page.form("/profile/recovery/begin")
    assert hidden["form_key"] == form["form_key"]
    assert hidden["more"] == "dois\nzeros"
    assert browser.cookies == before
    wrong = browser.post("/profile/recovery/begin", **hidden, code_now="000000")
    assert wrong.status == 403 and wrong.asks_code
    assert words["stepup_refused"] in wrong.words
    assert b'id="made"' not in wrong.body
    assert value(office, "SELECT count(*) FROM session WHERE"
                 " recovery_new IS NOT NULL") == 0
    code = codes()
    done = browser.post("/profile/recovery/begin",
                        **wrong.form("/profile/recovery/begin"), code_now=code)
    assert done.status == 200 and b'id="made"' in done.body
    # The same session, under another cookie; the one before is nobody's.
    assert sessions(office, "ombudsman") == 1
    name = next(n for n in before if browser.cookies[n] != before[n])
    old = office.browser()
    old.cookies = {name: before[name]}
    assert old.get("/profile").status == 303
    assert is_let_in(browser)
    assert ["step-up-refused", "step-up"] == [
        a for a in log_of(office, "ombudsman", began) if "step" in a]
    # ... and the code that did it does nothing more.
    office.query(MOVED.format("6 minutes"))
    page = send(browser, "/profile/recovery", "/profile/recovery/begin",
                code_now=code)
    assert page.status == 403 and page.asks_code


def test_a_code_counts_for_five_minutes(office):
    browser = login(office, "reader")
    assert send(browser, "/profile/recovery",
                "/profile/recovery/begin").status == 200
    browser.codes = None
    for moved, asks in (("4 minutes 50 seconds", False), ("11 seconds", True)):
        office.query(MOVED.format(moved))
        page = send(browser, "/profile/recovery", "/profile/recovery/begin")
        assert page.asks_code == asks


def test_codes_are_not_tried_for_long(office, words):
    browser = login(office, "reader")
    browser.codes = None
    path = "/profile/recovery/begin"
    page = send(browser, "/profile/recovery", path)
    tried = 0
    while page.status == 403 and tried < 20:
        page = browser.post(path, **page.form(path), code_now="123456")
        tried += 1
    assert page.status == 429 and tried > 6
    office.query(
        "UPDATE login_throttle SET until = now() + interval '9 seconds'")
    right = code_of(office, person(office, "reader"))
    page = browser.post(path, **page.form(path), code_now=right)
    assert page.status == 429 and words["login_throttled"] in page.words
    assert int(page.headers["Retry-After"]) >= 1
    office.query("UPDATE login_throttle SET until = now()")
    assert browser.post(path, **page.form(path), code_now=right).status == 200


def test_another_secret_that_was_right_makes_no_code_easier_to_guess(
        office, words):
    """Whoever sits at an open session and knows its password would otherwise
    guess codes without end: each secret is counted by itself."""
    browser = login(office, "custodian")
    browser.codes = None
    path = "/profile/recovery/begin"
    page = send(browser, "/profile/recovery", path)
    for _ in range(7):
        office.query("UPDATE login_throttle SET until = now()")
        page = browser.post(path, **page.form(path), code_now="123456")
        assert page.status == 403 and page.asks_code
    office.query(
        "UPDATE login_throttle SET until = now() + interval '1 hour'")
    done = change(browser, password_of(office, "custodian"), OTHER)
    assert done.status == 303, done.words
    office.passwords["custodian"] = OTHER
    right = code_of(office, person(office, "custodian"))
    page = browser.post(path, **page.form(path), code_now=right)
    assert page.status == 429 and words["login_throttled"] in page.words
    # Nor do a paper's wrong letters keep anybody from the other two.
    office.query("UPDATE login_throttle SET until = now()")
    assert browser.post(path, **page.form(path), code_now=right).status == 200


# ---- password ----------------------------------------------------------------


def change(browser, old, new, again=None):
    return send(browser, "/profile/password", "/profile/password",
                password_old=old, password=new,
                password_again=new if again is None else again)


@pytest.mark.parametrize("password, code", [
    ("catorze letras", "short"),
    ("dragondragon 123", "common"),
    ("Password!Monkey!2024", "common"),
    ("qwertyuiopasdfgh", "common"),
    ("aaaaaaaabbbbbbbbb", "common"),
    ("ouvidoria-2026-!!", "named"),
    ("Helena.Prado.1999", "named"),
    ("ombudsman ombudsman", "named"),
    ("é" * 8 + "gansos nadam " * 10, "long"),
])
def test_a_password_that_can_be_guessed_is_refused(
        office, ombudsman, words, password, code):
    page = change(ombudsman, password_of(office, "ombudsman"), password)
    assert page.status == 422
    assert words[f"field_password_{code}"] in page.words
    assert password not in page.text


@pytest.fixture(scope="module")
def ombudsman(office):
    return login(office, "ombudsman")


def test_the_old_password_is_asked_for_and_the_new_one_typed_twice(
        office, ombudsman, words):
    kept = key_row(office, "ombudsman", 1)
    for old, again, word in (
            ("not the old password", LONG, "field_wrong_password"),
            (password_of(office, "ombudsman"), OTHER,
             "field_password_differs"),
            ("", LONG, "field_empty")):
        page = change(ombudsman, old, LONG, again)
        assert page.status == 422 and words[word] in page.words
    old = password_of(office, "ombudsman")
    assert words["field_password_same"] in change(
        ombudsman, old, old).words
    assert key_row(office, "ombudsman", 1) == kept


def test_another_password_opens_the_same_keys_and_ends_other_sessions(
        office, words):
    case = desk.Case(office)
    one, two = login(office, "mediator"), login(office, "mediator")
    began, paper = now_us(), key_row(office, "mediator", 2)
    public = office.query("SELECT pk, sig_pk FROM person WHERE login ="
                          " 'mediator'")
    old = password_of(office, "mediator")
    page = change(one, old, LONG)
    assert page.status == 303, page.words
    office.passwords["mediator"] = LONG
    assert words["done_password"] in one.get(page.location).words
    assert is_let_in(one) and not is_let_in(two)
    refused = office.browser().try_login(
        "mediator", old, code_of(office, person(office, "mediator")))
    assert refused.status == 403
    again = login(office, "mediator")
    assert again.get(case.path).status == 200
    assert key_row(office, "mediator", 2) == paper
    assert office.query("SELECT pk, sig_pk FROM person WHERE login ="
                        " 'mediator'") == public
    assert "password" in log_of(office, "mediator", began)


# ---- the recovery code -------------------------------------------------------


def made_code(page):
    assert page.status == 200, page.words
    return re.search(r'id="made">([^<]+)<', page.text)[1]


def test_a_recovery_code_counts_once_it_was_typed_back(office, words):
    browser = login(office, "custodian")
    kept = key_row(office, "custodian", 2)
    form = browser.get("/profile/recovery").form("/profile/recovery/begin")
    page = browser.post("/profile/recovery/begin", **form)
    code = made_code(page)
    # Shown in that one answer: the same form again shows nothing.
    again = send(browser, "/profile/recovery", "/profile/recovery/begin",
                 form_key=form["form_key"])
    assert again.status == 303 and again.location == "/profile/recovery"
    assert code not in browser.get("/profile/recovery").text
    assert key_row(office, "custodian", 2) == kept
    confirm = "/profile/recovery/confirm"
    for typed, word in (("", "empty"),
                        (code[:-1] + ("B" if code[-1] in "aA" else "A"),
                         "recovery_mistyped"),
                        (person(office, "custodian")["recovery_code"],
                         "recovery_other")):
        page = send(browser, "/profile/recovery", confirm, recovery=typed)
        assert page.status == 422 and words[f"field_{word}"] in page.words
        assert key_row(office, "custodian", 2) == kept
    page = send(browser, "/profile/recovery", confirm,
                recovery=code.replace("-", " ").upper())
    assert page.status == 303, page.words
    assert key_row(office, "custodian", 2) != kept
    plain = code.replace("-", "")
    assert not office.query(
        "SELECT 1 FROM session WHERE strpos(encode(coalesce(recovery_new, ''),"
        " 'escape'), %s) > 0", plain)
    # The one before ended with it.
    refused = recover(office, "custodian",
                      person(office, "custodian")["recovery_code"], OTHER)
    assert refused.status == 403
    page, browser = recovered(office, "custodian", code, OTHER,
                              code_of(office, person(office, "custodian")))
    assert page.status == 303, page.words
    write_down(browser, person(office, "custodian"))


def write_down(browser, known):
    """A new recovery code, made and typed back."""
    known["recovery_code"] = made_code(
        send(browser, "/profile/recovery", "/profile/recovery/begin"))
    page = send(browser, "/profile/recovery", "/profile/recovery/confirm",
                recovery=known["recovery_code"])
    assert page.status == 303, page.words


def recover_with(browser, name, code, password, totp=""):
    return send(browser, "/recover", "/recover", login=name, recovery=code,
                password=password, password_again=password, code=totp)


def recover(office, name, code, password, totp=""):
    return recover_with(office.browser(), name, code, password, totp)


def recovered(office, name, code, password, totp=""):
    browser = office.browser()
    page = recover_with(browser, name, code, password, totp)
    if page.status == 303:
        office.passwords[name] = password
    return page, browser


def test_a_forgotten_password_is_chosen_anew_with_the_paper(office, words):
    case = desk.Case(office)
    known = person(office, "mediator2")
    other, began = login(office, "mediator2"), now_us()
    page, browser = recovered(office, "mediator2", known["recovery_code"],
                              LONG, code_of(office, known))
    assert page.status == 303, page.words
    assert not is_let_in(other)
    # The paper was used: a new one first, then everything else.
    assert browser.get("/").location == "/profile/recovery"
    assert browser.get(case.path).location == "/profile/recovery"
    write_down(browser, known)
    assert browser.get(case.path).status == 200  # the same keys
    assert {"recovered", "login"} <= set(log_of(office, "mediator2", began))
    assert login(office, "mediator2").get(case.path).status == 200


def test_who_has_lost_the_device_as_well_enrols_another(office):
    known = person(office, "registrar")
    page, browser = recovered(office, "registrar", known["recovery_code"],
                              LONG)
    assert page.status == 303, page.words
    assert browser.get("/").location == "/profile/device"
    assert browser.post("/profile", **{"csrf": "x"}).status == 400
    enrol(office, browser, known)
    assert browser.get("/").location == "/profile/recovery"
    write_down(browser, known)
    assert browser.get("/").status == 200
    assert login(office, "registrar").get("/").status == 200


def test_whatever_is_wrong_at_the_way_in_the_answer_is_the_same(
        office, words):
    known = person(office, "intake")
    other = person(office, "reader")["recovery_code"]
    answers = []
    for name, code, totp in (("nobody", other, ""), ("intake", other, ""),
                             ("intake", known["recovery_code"], "000000")):
        page = recover(office, name, code, LONG, totp)
        assert page.status == 403 and words["recover_refused"] in page.words
        answers.append(re.sub(r'value="[^"]*"', "", page.text))
    assert answers[0] == answers[1] == answers[2]
    page = recover(office, "intake", other[:-1] + "?", LONG)
    assert page.status == 422
    assert words["field_recovery_mistyped"] in page.words
    tried = 0
    while page.status != 429 and tried < 20:
        page = recover(office, "nobody", other, LONG)
        tried += 1
    assert page.status == 429 and tried > 4


# ---- the authenticator -------------------------------------------------------


def enrol(office, browser, known):
    """By the page; the person's codes are the new device's from then on."""
    page = send(browser, "/profile/device", "/profile/device/begin")
    assert page.status == 303, page.words
    shown = browser.get("/profile/device")
    secret = re.search(r'id="totp-secret">([^<]+)<', shown.text)[1]
    known["totp_secret"] = secret.replace(" ", "")
    office.last_step.pop(known["login"], None)
    page = send(browser, "/profile/device", "/profile/device/confirm",
                code=code_of(office, known))
    assert page.status == 303, page.words
    return shown


def picture_of(page, folder):
    """What a camera reads in the page's picture."""
    size = int(re.search(r'viewBox="0 0 (\d+) ', page.text)[1])
    rows = [bytearray(b"\xff" * size * 4) for _ in range(size)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", page.text):
        start, wide = int(x) * 4, int(width) * 4
        rows[int(y)][start:start + wide] = bytes(wide)
    path = os.path.join(folder, "qr.pgm")
    with open(path, "wb") as out:
        out.write(b"P5 %d %d 255\n" % (size * 4, size * 4))
        for row in rows:
            out.write(bytes(row) * 4)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", path],
                          capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_a_new_device_counts_once_a_code_of_it_came_back(office, words):
    known = person(office, "reader")
    old_secret, browser = known["totp_secret"], login(office, "reader")
    other = login(office, "reader")
    assert send(browser, "/profile/device",
                "/profile/device/begin").status == 303
    shown = browser.get("/profile/device")
    secret = re.search(r'id="totp-secret">([^<]+)<', shown.text)[1].replace(
        " ", "")
    link = picture_of(shown, office.folder.make("qr"))
    assert link.startswith("otpauth://totp/") and ":reader?" in link
    assert f"secret={secret}&" in link
    assert secret != old_secret
    page = send(browser, "/profile/device", "/profile/device/confirm",
                code=code_of(office, known))  # of the old one
    assert page.status == 422 and words["field_code_wrong"] in page.words
    login(office, "reader")  # which still counts
    other = browser
    browser = login(office, "reader")
    enrol(office, browser, known)
    assert not is_let_in(other)
    assert secret not in browser.get("/profile/device").text
    step = int(time.time()) // 30
    for at in (step - 1, step, step + 1):
        assert office.browser().try_login(
            "reader", password_of(office, "reader"),
            stage.totp(old_secret, at)).status == 403
    office.query("DELETE FROM login_throttle")
    login(office, "reader")


def test_who_lost_the_device_shows_the_paper_instead(office, words):
    known = person(office, "intake")
    browser = login(office, "intake")
    browser.codes = None
    page = send(browser, "/profile/device", "/profile/device/begin",
                recovery=person(office, "admin")["recovery_code"])
    assert page.status == 422 and words["field_recovery_wrong"] in page.words
    page = send(browser, "/profile/device", "/profile/device/begin",
                recovery=known["recovery_code"])
    assert page.status == 303, page.words
    assert b"<svg" in browser.get("/profile/device").body


# ---- sessions ----------------------------------------------------------------


def test_sessions_are_listed_and_ended(office, words):
    agents = ["Mozilla/5.0 (marca de teste)", "Outro/1.0 (segunda marca)"]
    known = person(office, "intake")
    both = []
    for agent in agents:
        browser = office.browser()
        browser.agent = agent
        page = browser.try_login("intake", password_of(office, "intake"),
                                 code_of(office, known))
        assert page.status == 303, page.words
        both.append(browser)
    page = both[0].get("/profile/sessions")
    assert all(agent in page.words for agent in agents)
    assert page.words.count(words["account_session_mine"]) == 1
    assert not office.query(
        "SELECT 1 FROM session WHERE strpos(encode(agent, 'escape'), 'marca')"
        " > 0")
    done = both[0].post("/profile/sessions/end",
                        **page.form("/profile/sessions/end"))
    assert done.status == 303
    assert is_let_in(both[0]) and not is_let_in(both[1])
    both[1] = login(office, "intake")
    page = both[0].get("/profile/sessions")
    form = page.form("/profile/sessions/end")
    form.pop("session")
    assert both[0].post("/profile/sessions/end", **form).status == 303
    assert is_let_in(both[0]) and not is_let_in(both[1])


def test_nobody_ends_the_session_of_another(office):
    victim, other = login(office, "reader"), login(office, "ombudsman")
    row = value(office, "SELECT encode(substr(s.id, 1, 16), 'hex') FROM"
                " session s JOIN person p ON p.id = s.person WHERE login ="
                " 'reader' ORDER BY s.created DESC LIMIT 1")
    login(office, "ombudsman")  # so that there is a form to end one
    form = other.get("/profile/sessions").form("/profile/sessions/end")
    other.post("/profile/sessions/end", **{**form, "session": row})
    assert is_let_in(victim)


def login_with_pepper(office, browser):
    with open(os.path.join(office.office.home, "secrets", "pepper.key"),
              encoding="ascii") as key:
        browser.pepper = bytes.fromhex(key.read().strip())
    return browser


def test_a_login_from_a_new_browser_is_told_at_the_known_one(office, words):
    office.query("DELETE FROM person_device")
    mine = login(office, "ombudsman")
    assert words["news_device"] not in mine.get("/").words
    login(office, "ombudsman")
    page = mine.get("/")
    assert words["news_device"] in page.words
    assert mine.post("/profile/sessions/known",
                     **page.form("/profile/sessions/known")).status == 303
    assert words["news_device"] not in mine.get("/").words
    device = {name: value for name, value in mine.cookies.items()
              if name.endswith("dev")}
    assert len(device) == 1
    login(office, "ombudsman", **device)
    assert words["news_device"] not in mine.get("/").words


def test_only_a_browser_that_is_known_vouches_for_another(office, words):
    """Whoever got in with a stolen password cannot wave the news of it away."""
    office.query("DELETE FROM person_device")
    mine, theirs = login(office, "ombudsman"), login(office, "ombudsman")
    codes, theirs.codes = theirs.codes, None
    known = "/profile/sessions/known"
    form = mine.get("/").form(known)
    form["csrf"] = desk.token_for(login_with_pepper(office, theirs), known)
    page = theirs.post(known, **form)
    assert page.status == 403 and page.asks_code
    assert words["stepup_sessions"] in page.words
    assert words["news_device"] in mine.get("/").words
    assert value(office, "SELECT count(*) FROM person_device WHERE known") == 1
    # A fresh code says that it is their person, who has lost the other one.
    done = theirs.post(known, **page.form(known), code_now=codes())
    assert done.status == 303, done.words
    assert words["news_device"] not in mine.get("/").words
    assert value(office, "SELECT count(*) FROM person_device"
                 " WHERE NOT known") == 0


def test_in_a_browser_of_two_each_is_counted_alone(office, words):
    """A colleague's right password says nothing of one's own: at a desk that
    two people share it would be guessed without end."""
    mine = login(office, "reader")
    device = {name: value for name, value in mine.cookies.items()
              if name.endswith("dev")}
    login(office, "intake", **device)
    both = office.browser()
    both.cookies.update(device)
    for _ in range(6):
        assert both.try_login("reader", "some wrong password",
                              "000000").status == 403
    office.query("UPDATE login_throttle SET until = now() + interval '1 hour'"
                 " WHERE scope = 'device'")
    login(office, "intake", **device)
    page = both.try_login("reader", password_of(office, "reader"),
                          code_of(office, person(office, "reader")))
    assert page.status == 429 and words["login_throttled"] in page.words


def test_strangers_cannot_lock_out_a_browser_that_is_known(office):
    mine = login(office, "ombudsman")
    device = {name: value for name, value in mine.cookies.items()
              if name.endswith("dev")}
    office.query(
        "UPDATE login_throttle SET until = now() + interval '1 hour'")
    stranger = office.browser()
    for _ in range(6):
        stranger.try_login("ombudsman", "some wrong password", "000000")
    refused = office.browser().try_login(
        "ombudsman", password_of(office, "ombudsman"), "000000")
    assert refused.status == 429
    login(office, "ombudsman", **device)


# ---- invitations ---------------------------------------------------------------


def invitation(page):
    assert page.status == 200, page.words
    return re.search(r'id="invitation">([^<]+)<', page.text)[1]


def test_an_invitation_gives_new_keys_and_what_was_signed_stays_signed(
        office, words):
    known = person(office, "mediator2")
    admin, own = login(office, "admin"), login(office, "mediator2")
    case = desk.Case(office)
    # Its key is of the mediator's making, and so is a colleague's grant.
    office.query("UPDATE case_file SET rekey_due = true WHERE id = %s",
                 case.id)
    pepper = login_with_pepper(office, own)
    assert desk.act(pepper, case.path, "open").status == 303
    assert value(office, "SELECT key_version FROM case_file WHERE id = %s",
                 case.id) == 2
    began = now_us()
    before = office.query("SELECT pk, sig_pk FROM person WHERE login ="
                          " 'mediator2'")[0]
    admin_codes, admin.codes = admin.codes, None
    page = send(admin, "/people/mediator2", "/people/mediator2/invite")
    assert page.status == 403 and page.asks_code
    admin.codes = admin_codes
    code = invitation(send(admin, "/people/mediator2",
                           "/people/mediator2/invite"))
    assert code not in admin.get("/people/mediator2").text
    # Until it is used nothing has changed.
    assert own.get(case.path).status == 200
    page, browser = recovered(office, "mediator2", code, OTHER)
    assert page.status == 303, page.words
    assert not is_let_in(own)
    assert browser.get("/").location == "/profile/device"
    enrol(office, browser, known)
    write_down(browser, known)
    assert browser.get("/").status == 200
    # The keys are others: what was sealed to the old ones is out of reach.
    now = office.query("SELECT pk, sig_pk FROM person WHERE login ="
                       " 'mediator2'")[0]
    assert now[0] != before[0] and now[1] != before[1]
    assert browser.get(case.path).status == 403
    assert value(office, "SELECT count(*) FROM case_grant g JOIN person p ON"
                 " p.id = g.person WHERE login = 'mediator2'") == 0
    assert value(office, "SELECT rekey_due FROM case_file WHERE id = %s",
                 case.id)
    # What the old keys signed still holds: mail is filed, colleagues read.
    told, _, where = desk.take(office, answer_to(
        case.ack, case.addr, text="Segue a nota."))
    assert (told["outcome"], where) == ("appended", case.id)
    assert login(office, "mediator").get(case.path).status == 200
    # New cases are sealed to the new keys.
    fresh = desk.Case(office, text=stage.WORDS["pt-BR"])
    assert browser.get(fresh.path).status == 200
    assert "invite-used" in log_of(office, "mediator2", began)
    assert recover(office, "mediator2", code, LONG).status == 403  # once


def test_an_invitation_lasts_seventy_two_hours(office):
    admin = login(office, "admin")
    code = invitation(send(admin, "/people/custodian",
                           "/people/custodian/invite"))
    office.query("UPDATE invite SET until = until - interval '71:59:00'")
    assert value(office, "SELECT until > now() FROM invite")
    office.query("UPDATE invite SET until = until - interval '2 minutes'")
    assert recover(office, "custodian", code, LONG).status == 403
    office.query("DELETE FROM invite")


def test_only_an_administrator_invites_and_no_other_one(office):
    boss, admin = login(office, "ombudsman"), login(office, "admin")
    for browser, whom in ((boss, "reader"), (admin, "admin")):
        path = f"/people/{whom}/invite"
        assert path not in browser.get(f"/people/{whom}").text
        page = browser.post(path, csrf=desk.token_for(
            login_with_pepper(office, browser), path), form_key="0" * 32)
        assert page.status == 403
        assert not page.asks_code
    assert value(office, "SELECT count(*) FROM invite") == 0


def test_a_new_colleague_chooses_everything_with_one_code(office):
    made = office.office.admin.json(
        "staff", "add", "--login", "vera", "--name", "Vera Lins", "--role",
        "mediator", "--invite", "--as", "admin", "--as-password-file",
        os.path.join(office.office.home, "secrets", "staff-admin.pw"))
    assert set(made) == {"login", "invitation"}
    # Sealed to keys that nobody has opened yet.
    case = desk.Case(office, text=stage.WORDS["pt-BR"])
    known = {"login": "vera"}
    browser = office.browser()
    page = recover_with(browser, "vera", made["invitation"], LONG)
    assert page.status == 303, page.words
    enrol(office, browser, known)
    write_down(browser, known)
    assert browser.get(case.path).status == 200
    page = office.browser().try_login("vera", LONG, code_of(office, known))
    assert page.status == 303


def test_the_operator_invites_too(office):
    folder = os.path.join(office.office.home, "secrets")
    made = office.office.admin.json(
        "staff", "invite", "--login", "vera", "--as", "admin",
        "--as-password-file", os.path.join(folder, "staff-admin.pw"))
    assert recover(office, "vera", made["invitation"], OTHER).status == 303


def test_a_password_made_by_the_operator_is_changed_first(office):
    made = office.office.admin.json(
        "staff", "add", "--login", "nina", "--name", "Nina Reis", "--role",
        "intake", "--as", "admin", "--as-password-file",
        os.path.join(office.office.home, "secrets", "staff-admin.pw"))
    browser = office.browser()
    assert browser.try_login("nina", made["password"],
                             code_of(office, made)).status == 303
    assert browser.get("/").location == "/profile/password"
    assert change(browser, made["password"], LONG).status == 303
    assert browser.get("/cases").location == "/profile/recovery"
    write_down(browser, made)
    assert browser.get("/").status == 200


def test_who_is_no_longer_active_is_out_at_once(office):
    browser = login(office, "registrar")
    office.query("UPDATE person SET active = false WHERE login = 'registrar'")
    try:
        assert not is_let_in(browser)
        assert recover(office, "registrar", person(
            office, "registrar")["recovery_code"], OTHER).status == 403
    finally:
        office.query("UPDATE person SET active = true WHERE login ="
                     " 'registrar'")

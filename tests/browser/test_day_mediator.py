"""A mediator's whole day in a real browser, three times from one table: with
the mouse, by the keyboard alone, and with scripts switched off.

It begins with mails that people send and ends with mails that people read.
"""

import secrets

import pytest
from selenium.webdriver.common.keys import Keys

import hands
import scene as stage
from hands import (SHOP_ADDR, SHOP_BOX, WORDS, Hand, comes_in, goes_home,
                   open_day, short)
from harness import wait_until
from scene import answer_to, letter, mark

LOGINS = {"mouse": "mediator", "keyboard": "mediator2", "bare": "mediator"}
PHONE = "(11) 98765-4321"
SUMMARY = "A geladeira nova não gela e ninguém a consertou."
SUBJECT = "Sobre a geladeira"
PIECE, BLANK = "Explicar de outro jeito", " (nome)"
PROMISED = "Enviaremos a resposta ao consumidor."
# What a day may cost at most: clicks, and keys that write nothing.
COST = {"mouse": (42, 12), "keyboard": (0, 220), "bare": (42, 12)}


class Day:
    """What lies on the desk in the morning."""

    def __init__(self, office, hand):
        self.office = office
        self.person = office.office.person(LOGINS[hand.name])
        other = {"mediator": "mediator2", "mediator2": "mediator"}
        self.colleague = office.office.person(other[self.person["login"]])
        self.secret, self.news, self.asked = mark(), mark(), mark()
        self.word = "q" + "".join(secrets.choice("abcdfghkmn")
                                  for _ in range(9))
        self.by = open_day(9)
        texts = [f"{stage.WORDS['pt-BR']}\n{self.secret}\nTelefone {PHONE}",
                 f"O fogão {self.word} veio quebrado e ninguém responde.",
                 *[stage.WORDS["pt-BR"]] * 2]
        senders = [f"{name}.{secrets.token_hex(5)}@consumidora.example"
                   for name in ("ana", "eva", "leo", "rui")]
        for sender, text in zip(senders, texts):
            office.post_mail(letter(sender, text=text, name="Ana Souza"),
                             sender)
        acks = [office.arrived(sender, 1, stage.PATIENT)[0]
                for sender in senders]
        self.due, self.found, *self.away = [
            office.case_of(ack)["protocol"] for ack in acks]
        self.consumer = senders[0]
        self.yesterday(acks[0])

    def yesterday(self, ack):
        """The cases became this person's; one waits for its step, and since
        then its consumer wrote and its date came near."""
        self.line = self.office.logged_in(self.person["login"])
        for protocol in (self.due, *self.away):
            self.act(protocol, "open")
        self.act(self.due, "classify", kind="complaint", severity="low",
                 difficulty="simple", remedy="refund", service="payments",
                 identity="protected", allegation="wrong-charge",
                 unit=self.office.query("SELECT replace(id::text, '-', '')"
                                        " FROM company_unit")[0][0])
        self.line.get(f"/cases/{self.due}")
        row = self.office.filed(
            answer_to(ack, self.consumer, text=f"Achei a nota. {self.news}"),
            self.consumer, stage.address_of(ack.parsed["Reply-To"]))
        assert row["outcome"] == "appended"
        self.office.query("UPDATE case_file SET due = now() + interval"
                          " '2 hours' WHERE protocol = %s", self.due)

    def act(self, protocol, verb, **fields):
        path = f"/cases/{protocol}"
        form = self.line.get(path if verb == "open" else
                             f"{path}/do/{verb}").form(f"{path}/{verb}")
        page = self.line.ask("POST", f"{path}/{verb}", {**form, **fields})
        assert page.status == 303, page.words

    def path(self, protocol):
        return f"/cases/{protocol}"

    def owner(self, protocol):
        return self.office.query(
            "SELECT p.login FROM case_file c JOIN person p ON p.id = c.owner"
            " WHERE c.protocol = %s", protocol)[0][0]


# ---- the steps -------------------------------------------------------------


def looks_at_what_is_due(by: Hand, day):
    by.follow(".tabs a[href='/cases?queue=soon']")
    first = by.page.one(".cases tbody tr:first-child")
    assert day.due in first.text


def opens_the_first(by, day):
    by.follow(".cases tbody tr:first-child .subject", key="j")
    assert by.page.path == day.path(day.due)
    assert by.page.one(".owes").text.startswith(WORDS["owes_office"])


def reads_what_came(by, day):
    """The new mail stands open; the first one is a press away."""
    by.see(day.news)
    assert day.secret not in by.page.words
    by.unfold("#item-1 summary", via=".jumps a[href='#timeline']")
    by.see(day.secret, PHONE)


def tells_the_company(by, day):
    before = by.page.one(".owes").text
    by.follow(".next a[data-verb=serve]", key="n")
    by.write("#move-summary", SUMMARY)
    by.follow(".moveform .verdict button")
    assert SUMMARY in by.page.one("#letter-company").text
    assert by.value("#move-summary") == SUMMARY
    by.follow(".moveform button.main")
    by.told("done_serve")
    after = by.page.one(".owes").text
    assert after.startswith(WORDS["owes_company"]) and after != before
    assert by.page.one(".owes time").get_attribute("datetime") \
        > str(open_day(2))


def begins_a_letter_to_the_company(by, day):
    by.follow(".compose .tabs a:not([aria-current])",
              via=".jump a")
    assert SHOP_ADDR in by.page.one("#reply").text
    assert day.consumer not in by.page.one("#reply-form").text
    if not by.value("#reply-subject"):
        by.write("#reply-subject", SUBJECT)
    by.choose("#reply-piece", PIECE)
    by.press("button[value=insert]")
    by.until("the piece is in the letter", lambda: by.value("#reply-text"))
    by.write("#reply-text", f"\n\n{PROMISED} {day.asked}{BLANK}")


def mends_what_is_found(by, day):
    by.follow("#reply-form .verdict button")
    assert by.page.driver.switch_to.active_element == by.page.one("#checked")
    assert WORDS["check_blocked"] in by.page.one("#checked").text
    assert BLANK.strip() in by.page.one(".findings .blocks").text
    by.press(".findings .blocks a")
    assert by.page.driver.switch_to.active_element \
        == by.page.one("#reply-text")
    by.stroke(Keys.CONTROL, Keys.END)
    by.rub_out(BLANK)
    by.date("#reply-promise_by", day.by)
    by.follow("#reply-form .verdict button")
    assert not by.page.has(".findings .blocks")
    assert day.asked in by.page.one("#reply-plain").text


def sends_it(by, day):
    by.follow("#reply-form button.main")
    assert by.page.path == day.path(day.due)
    by.told("done_reply")
    assert by.page.all(".item[data-lane=company] .gist")[-1].text


def sees_the_promise(by, day):
    task = by.page.one(".tasks").text
    assert PROMISED in task and short(day.by) in task


def finds_another_case(by, day):
    by.write("#seek", day.word.upper(), key="/")
    by.enter(".seek button")
    assert [link.get_attribute("href").rsplit("/", 1)[1]
            for link in by.page.all(".subject")] == [day.found]
    by.follow(".subject", key="j")
    by.see(day.word)
    # The way back leads to the list they came from.
    by.follow(".crumb a", jump="u")
    assert (by.page.path, by.page.query) == ("/cases", "queue=soon")


def looks_at_the_calendar(by, day):
    by.follow("#menu a[href='/calendar']", jump="gc")
    by.follow("a[href='/calendar/due']")
    by.see(short(day.by))
    by.follow(f".dues a[href$='until={day.by}']")
    by.see(day.due)


def hands_two_over(by, day):
    by.follow("#menu a[href='/']", jump="gw")
    by.follow(".tabs a[href='/cases?queue=mine']")
    for protocol in day.away:
        by.tick(f"[name='case-{protocol}']", key="j")
    by.choose("#bulk-to", day.colleague["name"])
    by.follow("button[value=assign]")
    by.see(WORDS["bulk_look"], *day.away)
    assert {day.owner(one) for one in day.away} == {day.person["login"]}
    by.follow("form[action='/cases/bulk'] button.main")
    by.see(WORDS["bulk_done"], *day.away)
    assert {day.owner(one) for one in day.away} == {day.colleague["login"]}
    by.follow("main a[href^='/cases']:not(.protocol)")
    by.see(WORDS["worklist_title"])


STEPS = (
    ("log in", comes_in),
    ("what is due", looks_at_what_is_due),
    ("open the first", opens_the_first),
    ("read what came", reads_what_came),
    ("notify the company, its letters looked at", tells_the_company),
    ("a letter to the company, with a ready-made text",
     begins_a_letter_to_the_company),
    ("mend what the rules found, date the promise", mends_what_is_found),
    ("send it", sends_it),
    ("see the promise", sees_the_promise),
    ("find another case and come back", finds_another_case),
    ("calendar, and one day of it", looks_at_the_calendar),
    ("hand two cases over", hands_two_over),
    ("log out", goes_home),
)


# ---- the day ---------------------------------------------------------------


@pytest.fixture(scope="module")
def office(template):
    with hands.begun(template) as made:
        yield made


@pytest.fixture(scope="module")
def browser(office):
    with hands.browser(office) as made:
        yield made


def of_case(mails, protocol):
    return [mail for mail in mails if protocol in str(mail.parsed["Subject"])]


def text_of(mail):
    return stage.plain_text(mail).replace("\r\n", "\n").replace(" \n", " ")


@pytest.mark.parametrize("hand", hands.HANDS, ids=lambda hand: hand.name)
def test_a_mediators_day(office, browser, hand):
    day = Day(office, hand)
    by = browser.lend(hand)
    by.spend(STEPS, day)
    clicks, keys = COST[hand.name]
    assert by.clicks <= clicks and by.keys <= keys, (by.clicks, by.keys)

    # The company has the notice and the letter, and nothing of who complains.
    notice, written = wait_until("both are at the company's", lambda: (
        lambda got: len(got) >= 2 and got)(of_case(
            office.dovecot.mails(SHOP_BOX), day.due)), stage.PATIENT, 0.2)
    assert SUMMARY in text_of(notice)
    assert day.asked in text_of(written) and PROMISED in text_of(written)
    assert BLANK not in text_of(written)
    for mail in (notice, written):
        for hidden in (day.secret, day.news, day.consumer, PHONE,
                       "Ana Souza"):
            assert hidden not in text_of(mail)
            assert hidden.encode() not in mail.raw
    # The consumer was told of the step, and nothing of the letter.
    told = of_case(office.arrived(day.consumer, 2, stage.PATIENT), day.due)
    assert len(told) == 2
    for mail in told:
        for hidden in (day.asked, SHOP_ADDR, "Bianca"):
            assert hidden not in text_of(mail)
            assert hidden.encode() not in mail.raw

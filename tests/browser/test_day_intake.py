"""The whole day of an intake clerk in a real browser, three times from one
table: with the mouse, by the keyboard alone, and with scripts switched off.

What waits is decided, a new case is sorted and given to a mediator, a letter
of paper becomes a request; at the end each sender has what is theirs.
"""

import datetime as dt
import secrets

import pytest

import hands
import scene as stage
from hands import SHOP, WORDS, comes_in, goes_home
from scene import letter, mark

MEDIATOR = "mediator"
SORTED = {"kind": "complaint", "severity": "moderate",
          "difficulty": "simple", "remedy": "refund",
          "identity": "protected", "allegation": "wrong-charge"}
TYPED = {"name": "Beatriz Moura", "postal": "Rua das Laranjeiras, 45",
         "identified": "Cópia do documento.", "subject": "Meus dados",
         "text": "Peço uma cópia de tudo o que guardam sobre mim."}
# What a day may cost at most: clicks, and keys that write nothing.
COST = {"mouse": (62, 4), "keyboard": (0, 270), "bare": (62, 4)}


class Day:
    """What lies on the desk in the morning."""

    def __init__(self, office, _):
        self.office = office
        self.person = office.office.person("intake")
        self.mediator = office.office.person(MEDIATOR)
        self.secret = mark()
        self.consumer, self.new, self.loose = (
            self.case(subject) for subject in (
                "Geladeira que não funciona", "Cobrança em dobro",
                "Cartão não pedido"))
        nowhere = f"caso+{'0' * 26}@ouvidoria.example"
        self.spam = self.held("Oferta só hoje", nowhere)
        self.third = self.held("Sobre a minha vizinha", self.consumer["to"])
        self.other = self.held("Outra coisa", self.consumer["to"])
        self.same = self.held("Do meu outro endereço", nowhere)

    def case(self, subject):
        sender = f"ana.{secrets.token_hex(5)}@consumidora.example"
        ack = self.office.acknowledged(letter(
            sender, subject=f"{subject} {secrets.token_hex(3)}",
            text=f"{stage.WORDS['pt-BR']}\n{self.secret}"), sender,
            stage.PATIENT)
        row = self.office.case_of(ack)
        return {**row, "sender": sender,
                "to": stage.address_of(ack.parsed["Reply-To"]),
                "path": f"/cases/{row['protocol']}"}

    def held(self, subject, to):
        """A message that a person has to decide about."""
        sender = f"eva.{secrets.token_hex(5)}@estranha.example"
        subject, token = f"{subject} {secrets.token_hex(3)}", mark()
        row = self.office.filed(
            letter(sender, subject=subject, text=token, to=to,
                   name="Eva Lima"), sender, to)
        assert row["outcome"] == "held"
        item, = self.office.items(row["case_id"])
        return {"sender": sender, "subject": subject, "token": token,
                "item": str(item[0])}

    def lane(self, held):
        """Which case and which lane the message is in now."""
        return self.office.query(
            "SELECT c.protocol, i.lane::text FROM item i JOIN case_file c ON"
            " c.id = i.case_id WHERE i.id = %s", held["item"])[0]

    def column(self, case, name):
        return self.office.query(f"SELECT {name}::text FROM case_file WHERE"
                                 " protocol = %s", case["protocol"])[0][0]

    def owner(self, case):
        return self.office.query(
            "SELECT p.login FROM case_file c LEFT JOIN person p ON"
            " p.id = c.owner WHERE c.protocol = %s", case["protocol"])[0][0]


# ---- the steps -------------------------------------------------------------


def opens_the_held_mail(by, day):
    by.follow("#menu a[href='/held']", jump="gh")
    by.see(*[held["subject"] for held in (
        day.spam, day.third, day.other, day.same)])
    by.follow(".held tbody tr:first-child .look-link")
    reads(by, day.spam)


def reads(by, held):
    """The message lies there with its words, before anything is decided."""
    assert held["subject"] in by.page.one("#look-h").text
    by.see(held["token"])


def sets_one_aside(by, day):
    by.follow("#look button[value=spam]")
    reads(by, day.third)


def accepts_one(by, day):
    button = "#look form[action$='/attribute'] button"
    assert day.consumer["protocol"] in by.page.one(button).text
    by.follow(button)
    assert day.lane(day.third) == (day.consumer["protocol"], "internal")
    reads(by, day.other)


def makes_one_a_case(by, day):
    by.follow("#look form[action$='/register'] button")
    assert stage.protocol_is_good(day.lane(day.other)[0])
    reads(by, day.same)


def joins_one_to_a_case(by, day):
    """Nothing is known of this one but what it says."""
    by.follow("#look .clicks > .go a")
    form = by.page.one("form.choice[action$='/attribute']").get_attribute("id")
    by.write(f"#{form}-to", day.consumer["protocol"])
    by.pick(f"#{form} [value=consumer]")
    by.follow(f"#{form} button")
    assert by.page.path == day.consumer["path"]
    by.told("done_attribute")
    by.see(day.same["token"])
    assert day.lane(day.same) == (day.consumer["protocol"], "consumer")


def sees_that_none_waits(by, day):
    by.follow("[role=status] a[href='/held']")
    by.see(WORDS["held_empty"])


def opens_a_new_case(by, day):
    by.follow("#menu a[href='/']", jump="gw")
    by.follow(".tabs a[href='/cases?queue=new']")
    by.follow(f".subject[href='{day.new['path']}']", key="j")
    by.see(day.secret)
    by.follow(f"form[action='{day.new['path']}/open'] button")
    by.told("done_open")


def line_of(by, css, value):
    """What the list says for it."""
    return by.page.one(f"{css} [value='{value}']").text.strip()


def sorts_it(by, day):
    # Nothing else can happen before, so it stands first.
    by.follow(".next a[data-verb=classify]", key="n")
    for name, value in SORTED.items():
        by.choose(f"#move-{name}", line_of(by, f"#move-{name}", value))
    by.choose("#move-unit", f"{SHOP}: SAC")
    by.follow(".moveform button.main")
    by.told("done_classify")
    assert day.column(day.new, "kind") == "complaint"
    assert day.column(day.new, "severity") == "moderate"


def gives_it_to_a_mediator(by, day):
    by.choose("#assign-to", day.mediator["name"],
              via=".jumps a[href='#readers']")
    by.follow("#assign button")
    by.told("done_assign")
    assert day.owner(day.new) == MEDIATOR


def enters_a_paper_request(by, day):
    by.follow("#menu a[href='/office']", jump="go")
    by.follow("main a[href='/requests/new']")
    by.choose("#paper-channel", WORDS["channel_letter"])
    by.date("#paper-arrived", dt.datetime.now(hands.ZONE).date())
    for name in ("name", "postal", "identified"):
        by.write(f"#paper-{name}", TYPED[name])
    by.choose("#paper-right", line_of(by, "#paper-right", "access"))
    for name in ("subject", "text"):
        by.write(f"#paper-{name}", TYPED[name])
    by.follow("#paper button.main")
    by.see(WORDS["done_paper"], TYPED["name"], TYPED["text"])
    day.request = by.page.path.rpartition("/")[2]
    assert stage.protocol_is_good(day.request)


def gives_a_case_of_nobody(by, day):
    by.follow(".crumb a", jump="u")
    by.follow(".tabs a[href='/cases?queue=new']")
    assert day.owner(day.loose) is None
    by.tick(f"[name='case-{day.loose['protocol']}']", key="j")
    by.choose("#bulk-to", day.mediator["name"])
    by.follow("button[value=assign]")
    by.see(WORDS["bulk_look"])
    by.follow("form[action='/cases/bulk'] button.main")
    by.see(WORDS["bulk_done"])
    assert day.owner(day.loose) == MEDIATOR
    by.follow("main a[href^='/cases']:not(.protocol)")
    by.see(WORDS["worklist_title"])


STEPS = (
    ("log in", comes_in),
    ("open the held mail", opens_the_held_mail),
    ("set one aside", sets_one_aside),
    ("accept one into its case", accepts_one),
    ("make one a case", makes_one_a_case),
    ("join one to a case by its number", joins_one_to_a_case),
    ("see that none waits", sees_that_none_waits),
    ("open a new case", opens_a_new_case),
    ("classify it", sorts_it),
    ("give it to a mediator", gives_it_to_a_mediator),
    ("enter a request that came on paper", enters_a_paper_request),
    ("give a case of nobody to a mediator", gives_a_case_of_nobody),
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


@pytest.mark.parametrize("hand", hands.HANDS, ids=lambda hand: hand.name)
def test_an_intake_clerks_day(office, browser, hand):
    day = Day(office, hand)
    by = browser.lend(hand)
    by.spend(STEPS, day)
    clicks, keys = COST[hand.name]
    assert by.clicks <= clicks and by.keys <= keys, (by.clicks, by.keys)

    # Whose message became a case was told its number, and nothing else.
    told, = office.arrived(day.other["sender"], 1, stage.PATIENT)
    number = day.lane(day.other)[0]
    assert number in stage.plain_text(told) and number != day.consumer[
        "protocol"]
    for hidden in (day.secret, day.consumer["sender"],
                   day.consumer["protocol"]):
        assert hidden.encode() not in told.raw
    # The others whose mail was looked at hear nothing of it.
    for held in (day.spam, day.third, day.same):
        assert office.now_arrived(held["sender"]) == []
    for case in (day.consumer, day.new, day.loose):
        assert len(office.now_arrived(case["sender"])) == 1

"""What the tests of a company's page share, here and in the browser: an office
with a shop and its centres, a case that was sent to it, a clerk of the shop.
"""

import datetime
import html
import json
import os
import re
import secrets
import urllib.parse

import scene as stage
from harness import wait_until
from scene import Scene, letter

SHOP = "Lojas Aurora"
SUMMARY = "Quem reclama pagou duas vezes a fatura de março."
BIANCA, OTTO = "bianca@aurora.example", "otto@aurora.example"
CELIA, RUI = "celia@atende.example", "rui@antiga.example"
CODE = re.compile(r"\b(?:[0-9a-z]{4}-){6}[0-9a-z]{2}\b")
LINK = re.compile(r"https?://\S+/p/[\w.-]+")
POINTS = {"allegation": "wrong-charge", "allegation-2": "hidden-fee"}
# Open from Monday to Friday, whatever the year: no holiday moves a day.
CALENDAR = {"calendar": "plain", "zone": "America/Sao_Paulo",
            "name": {"pt-BR": "Plano", "en": "Plain", "it": "Piano"},
            "years": [2020, 2100], "closed": [],
            "hours": {day: ["09:00-18:00"] for day in (
                "mon", "tue", "wed", "thu", "fri")}}


# ---- the office ----------------------------------------------------------------


def begun(template):
    """An office with its companies; letters arrive in the sink."""
    made = Scene(template, to_sink=True, imap_poll_secs=1,
                 mailgw_acks_domain_hour=100000, office_calendar="plain",
                 paths_calendars=None)
    made.settings["paths_calendars"] = made.folder.make("calendars")
    with open(os.path.join(made.settings["paths_calendars"], "plain.json"),
              "w", encoding="utf-8") as file:
        json.dump(CALENDAR, file)
    try:
        made.begin()
        admin = made.office.admin
        admin.do("company", "add", "--name", SHOP, "--lang", "pt-BR")
        admin.do("company", "unit", "--company", SHOP, "--name", "SAC",
                 "--from", "2020-01-01")
        for address, name, role in ((BIANCA, "Bianca Moura", "answers"),
                                    (OTTO, "Otto Reis", "copy")):
            admin.do("company", "contact", "--company", SHOP, "--unit", "SAC",
                     "--address", address, "--name", name, "--role", role)
        outsource(made)
        yield made
    finally:
        made.stop()


def outsource(office):
    """Two centres that work for the shop: one for a while, one no more."""
    admin = office.office.admin
    today = stage.today()
    for unit, end in (("Central Atende", today + datetime.timedelta(40)),
                      ("Central Antiga",
                       today - datetime.timedelta(1))):
        admin.do("company", "unit", "--company", SHOP, "--name", unit,
                 "--from", "2020-01-01", "--until", str(end), "--owned",
                 "no", "--kind", "contact-center")
    for unit, address, name in (("Central Atende", CELIA, "Célia Prado"),
                                ("Central Antiga", RUI, "Rui Velho")):
        admin.do("company", "contact", "--company", SHOP, "--unit", unit,
                 "--address", address, "--name", name)


class Case:
    """A complaint that was sent to the shop, by a mediator's own browser."""

    def __init__(self, office, mediator, **about):
        self.office = office
        self.addr = f"ana.{secrets.token_hex(6)}@consumidora.example"
        status, (told,) = office.gateway.ingest(letter(self.addr))
        assert status == 0 and told["outcome"] == "created", told
        self.protocol = told["protocol"]
        self.path = f"/cases/{self.protocol}"
        (self.id,), = office.query("SELECT id FROM case_file WHERE protocol ="
                                   " %s", self.protocol)
        (unit,), = office.query("SELECT replace(u.id::text, '-', '') FROM"
                                " company_unit u WHERE u.name = 'SAC'")
        form = mediator.get(self.path).form(f"{self.path}/open")
        assert mediator.post(f"{self.path}/open", **form).status == 303
        self.does(mediator, "classify", kind="complaint", severity="low",
                  difficulty="simple", remedy="refund", service="payments",
                  identity="protected", unit=unit, law="cdc-42",
                  **{"allegation": "wrong-charge", **about})
        self.does(mediator, "serve", summary=SUMMARY)

    def does(self, browser, verb, **fields):
        path = f"{self.path}/{verb}"
        form = browser.get(f"{self.path}/do/{verb}").form(path)
        done = browser.ask("POST", path, {**form, **fields})
        assert done.status == 303, (verb, done.words)


# ---- letters -------------------------------------------------------------------


def words_of_mail(mail):
    """Of the letter, on one line each paragraph, as people read it."""
    text = stage.plain_text(mail).replace("\r\n", "\n")
    return text.replace(" \n", " ")


def letters_to(office, case, addr):
    return [mail for mail in office.sink.to(addr)
            if case.protocol in str(mail.parsed["Subject"])]


def mail_to(office, case, addr, which=-1):
    found = wait_until(f"a letter to {addr}",
                       lambda: letters_to(office, case, addr), 20, 0.05)
    return words_of_mail(found[which])


def link_in(text):
    return urllib.parse.urlsplit(LINK.search(text).group()).path


# ---- a clerk -------------------------------------------------------------------


class Clerk:
    """Somebody of a company with a browser of their own; their code is that of
    the first letter which bears one."""

    codes = {}

    def __init__(self, office, addr):
        self.office, self.addr = office, addr
        self.browser = office.browser()

    @property
    def code(self):
        for mail in reversed(self.office.sink.to(self.addr)):
            if found := CODE.search(words_of_mail(mail)):
                return found.group()
        raise LookupError(f"{self.addr} has no code")

    def enter(self, case=None):
        """By the code alone; to the case, if there is one."""
        door = self.browser.get("/p")
        page = self.browser.post("/p", **door.form("/p"), code=self.code)
        assert page.status == 303 and page.location == "/p", page.words
        return self.see(case) if case else self.browser.get("/p")

    def see(self, case):
        page = self.browser.get(f"/p/{case.protocol}")
        assert page.status == 200, page.words
        return page

    def form(self, case, kind, **typed):
        """The first step: the page that comes, and what it was sent."""
        path = f"/p/{case.protocol}/{kind}"
        page = self.browser.get(path)
        assert page.status == 200, page.words
        sent = {**page.form(path), **typed}
        return self.browser.ask("POST", path, sent), sent

    def confirm(self, case, kind, page):
        path = f"/p/{case.protocol}/{kind}"
        return self.browser.ask("POST", path, {**fields_of(page, path),
                                               "confirm": "1"})

    def say(self, case, kind, **typed):
        page, _ = self.form(case, kind, **typed)
        assert page.status == 200, page.words
        done = self.confirm(case, kind, page)
        assert done.status == 303, done.words
        return self.browser.get(done.location)


def fields_of(page, path):
    """Hidden fields and hidden texts of the form that posts there."""
    for form in re.findall(r"(?s)<form.*?</form>", page.text):
        if f'action="{path}"' in form:
            found = dict(re.findall(
                r'type="hidden" name="([\w-]+)" value="([^"]*)"', form))
            found |= dict(re.findall(
                r'(?s)<textarea name="([\w-]+)" hidden>\n(.*?)</textarea>',
                form))
            return {key: html.unescape(value) for key, value in found.items()}
    raise LookupError(path)


def open_day(days=20):
    day = stage.today() + datetime.timedelta(days)
    while day.weekday() > 4:
        day += datetime.timedelta(1)
    return day


def answer_to_both(**more):
    return {"happened": "A fatura saiu duas vezes.", "offered": "Devolver R$ 80",
            "by": str(open_day()), "happened-2": "A taxa está no contrato.",
            "words": "Estamos à disposição.", **more}


def posts(office, case):
    return [row[0] for row in office.query(
        "SELECT what FROM company_post WHERE case_id = %s ORDER BY at",
        case.id)]

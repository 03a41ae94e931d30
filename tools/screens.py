#!/usr/bin/python3
"""Pictures of every page of the console in docs/screens, and their index: of
an office with invented cases, whose mails came in through the real programs.

usage: screens.py [FOLDER [NAME...]]

Needs what the browser tests need.  With names, only those pages, and no index.
"""

import concurrent.futures
import os
import re
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, folder) for folder in (
    "tools", "tests/browser", "tests/integration")]

import filled  # noqa: E402
import harness  # noqa: E402
import scene as stage  # noqa: E402
from chrome import NARROW, WIDE, Chrome  # noqa: E402
from palette import shrink  # noqa: E402

COLOURS = 24  # more than a page has, but for the edges of its letters
TALLEST = {WIDE: 2600, NARROW: 3200}  # what is below is not in the picture
THEMES = ("light", "dark")
# What the rules have something to say about.
DRAFT = ("Recebemos o protocolo do cancelamento e a empresa também já o tem."
         "\n\nEnviaremos a resposta dela assim que chegar. Se ligarem de novo, "
         "procure (nome) pelo endereço balcao@loja-azul.example.\n\nAté lá, "
         "guarde os comprovantes.")
ASKED = ("Em que dia a assistência marcou cada visita? A senhora tem o "
         "protocolo da reclamação?")
TEXT = "/templates/mail"

# ---- what is done before a picture is taken ---------------------------------


def searched(chrome, _):
    chrome.fill("#search-q", "geladeira")
    chrome.leave(chrome.one(".searchform button").click)


def drafted(chrome, _):
    chrome.one("#reply-text").send_keys(DRAFT)
    chrome.leave(chrome.one("#reply-form .verdict button").click)


def looked(chrome, _):
    chrome.one("#move-questions").send_keys(ASKED)
    chrome.leave(chrome.one(".verdict button").click)


def overtaken(chrome, office):
    """Somebody else was faster."""
    chrome.one("#move-questions").send_keys(ASKED)
    filled.act(office.person("mediator2"), office.waiting, "note",
               text="A consumidora telefonou.")
    chrome.leave(chrome.one(".moveform button.main").click)


def unfilled(chrome, _):
    """Sent without what it needs, by a browser that does not check."""
    chrome.driver.execute_script(
        "document.querySelector('.moveform').noValidate = true")
    chrome.leave(chrome.one(".moveform button.main").click)


def ticked(chrome, _):
    """Two cases, for oneself."""
    for box in chrome.all(".work tbody .box input")[:2]:
        box.click()
    chrome.leave(chrome.one(".bulk [value=take]").click)


def pressed(chrome, _):
    chrome.leave(chrome.one("main button.main").click)


def member(path):
    """On a company's page with its clerk's code, at this place of it."""
    def enter(chrome, office):
        if chrome.has("#code"):
            chrome.fill("#code", office.member_code)
            chrome.leave(chrome.one("main button.main").click)
        chrome.go(path.format(**vars(office)))

    return enter


def entered(path):
    """On the page of a consumer, opened with number and code."""
    def enter(chrome, office):
        if chrome.has("#code"):
            chrome.fill("#protocol", office.page_number)
            chrome.fill("#code", office.page_code)
            chrome.leave(chrome.one("main button.main").click)
        chrome.go(path)

    return enter


def refused(chrome, _):
    chrome.fill("#login", "mediator")
    chrome.fill("#password", "errada")
    chrome.fill("#code", "000000")
    chrome.leave(chrome.one("main button.main").click)


# ---- the pages ----------------------------------------------------------------

# Heading; who looks; name, address, what is done there, and more than both
# widths by day and by night: languages, contrast.
MORE, CONTRAST = ("en", "it"), ("contrast",)
PAGES = (
    ("Before one is in", None, (
        ("login", "/login", None, MORE + CONTRAST),
        ("login-refused", "/login", refused),
        ("recover", "/recover"),
    )),
    ("The day's work", "mediator", (
        ("worklist", "/", None, MORE + CONTRAST),
        ("cases-closed", "/cases?queue=closed"),
        ("bulk", "/", ticked),
        ("search", "/search", searched),
        ("held", "/held", None, MORE),
        ("letter-in", "/letters/new", None, MORE),
        ("post", "/letters", None, MORE),
        ("held-look", "{look}"),
        ("held-case", "{held}"),
        ("calendar", "/calendar", None, MORE),
        ("due", "/calendar/due?whose=all"),
        ("days", "/calendar/days"),
        ("absences", "/calendar/absences"),
        ("absence", "/calendar/absences/new"),
    )),
    ("A case", "mediator", (
        ("case", "{case}", None, MORE + CONTRAST),
        ("case-new", "{fresh}"),
        ("mediation", "{deep}", None, MORE),
        ("second", "{waiting}"),
        ("task", "{returned}"),
        ("request", "{request}"),
        ("write", "{case}", drafted),
        ("move", "{waiting}/do/classify", None, MORE),
        ("letters", "{case}/do/ask", looked),
        ("conflict", "{waiting}/do/ask", overtaken),
        ("unfilled", "{case}/do/classify", unfilled),
        ("no-agreement", "{deep}/do/no-agreement"),
        ("disclose", "{case}/do/disclose"),
        ("redact", "{case}/do/redact?item=1"),
        ("export", "{request}/do/export"),
        ("case-file", "{case}/do/case-file"),
        ("text", "{text}"),
        ("layout", "{layout}"),
        ("case-log", "{case}/log"),
    )),
    ("Texts", "mediator", (
        ("texts", "/templates?find=prazo"),
        ("text-waiting", "/templates/waiting"),
        ("text-one", f"{TEXT}/ack"),
        ("text-edit", f"{TEXT}/letter/edit"),
        ("text-compare", f"{TEXT}/ack/compare?a=0&b=1"),
        ("text-preview", f"{TEXT}/ack/preview?lang=en"),
        ("text-back", f"{TEXT}/ack/back?n=0"),
    )),
    ("Companies and figures", "ombudsman", (
        ("companies", "/companies"),
        ("company", "{company}"),
        ("company-edit", "{company}/edit"),
        ("unit-edit", "{unit_path}/edit"),
        ("contact-edit", "{contact}"),
        ("tokens", "{unit_path}/tokens"),
        ("figures", "/reports?period=2024", None, MORE),
        ("figure", "/reports/company?period=2024"),
        ("spread", "/reports/spread?period=2024"),
    )),
    ("The office", "ombudsman", (
        ("office", "/office"),
        ("people", "/people"),
        ("person", "/people/mediator"),
        ("conflicts", "/conflicts"),
        ("log", "/log"),
        ("retention", "/retention"),
        ("retention-mail", "/retention/mail"),
        ("erased", "{erased}"),
        ("paper", "/requests/new"),
        ("call", "/calls/new"),
        ("admin", "/admin"),
        ("admin-roles", "/admin/roles"),
        ("admin-deadlines", "/admin/deadlines"),
        ("admin-codes", "/admin/codes"),
        ("admin-keys", "/admin/keys"),
        ("components", "/components", None, CONTRAST),
    )),
    ("One's own account", "mediator", (
        ("profile", "/profile"),
        ("password", "/profile/password"),
        ("recovery", "/profile/recovery"),
        ("device", "/profile/device"),
        ("sessions", "/profile/sessions"),
        ("keys", "/keys"),
        ("error-403", "/admin"),
        ("error-404", "/cases/2026-999999-9"),
    )),
    ("The page of whoever answers for a company", None, (
        ("member-link", "{member_link}"),
        ("member-code", "/p/code"),
        ("member-cases", "/p", member("/p?show=open"), MORE),
        ("member-case", "{member}", member("{member}")),
        ("member-decide", "{member}/decide", member("{member}/decide")),
        ("member-message", "{member}/message", member("{member}/message")),
        ("member-hand", "{member}/hand", member("{member}/hand")),
        ("member-figures", "/p/figures", member("/p/figures")),
    )),
    ("A party's own pages", None, (
        ("party", "{page}", None, MORE),
        ("track-door", "/t"),
        ("track-code", "/t/code"),
        ("track", "/t", entered("/t"), MORE),
        ("track-say", "/t/say?what=message", entered("/t/say?what=message")),
        ("release", "{document}"),
        ("released", "{document}", pressed),
        ("link-gone", "/t/c" + "0" * 43),
    )),
)
# Of these only the part that is meant.
ONLY = {"write": "#reply"}


def sights(more):
    """(language, width, theme) of each picture of a page."""
    yield from (("pt-BR", width, theme) for theme in THEMES
                for width in (WIDE, NARROW)
                if more or (width, theme) != (NARROW, "dark"))
    for one in more:
        if one == "contrast":
            yield "pt-BR", WIDE, one
        else:
            yield from ((one, width, "light") for width in (WIDE, NARROW))


def file_of(name, lang, width, theme):
    return f"{name}-{lang}-{width}" + (
        "" if theme == "light" else f"-{theme}") + ".png"


class Camera:
    """One browser; pictures are packed by other processes meanwhile."""

    def __init__(self, office, folder):
        self.office, self.folder = office, folder
        self.chrome = Chrome(office.office.office.base_url)
        self.packers = concurrent.futures.ProcessPoolExecutor(2)
        self.packed = []

    def enter(self, login):
        """Goes on with the cookies of somebody who is logged in."""
        chrome = self.chrome
        chrome.driver.delete_all_cookies()
        chrome.go("/static/icons.svg")
        if login is not None:
            for name, value in self.office.person(login).cookies.items():
                chrome.driver.add_cookie(
                    {"name": name, "value": value, "path": "/"})

    def page(self, name, path, before=None, more=()):
        """All pictures of a page, which is loaded once for each language."""
        chrome, at = self.chrome, None
        for lang, width, theme in sights(more):
            if at != lang:
                chrome.view(WIDE)
                chrome.go(path.format(**vars(self.office)))
                if chrome.lang != lang:
                    chrome.speak(lang)
                    chrome.go(path.format(**vars(self.office)))
                if before is not None:
                    before(chrome, self.office)
                at = lang
            chrome.driver.execute_script(
                "document.documentElement.dataset.theme = arguments[0]",
                theme)
            chrome.view(width, dark=theme != "light")
            self.keep(file_of(name, lang, width, theme),
                      chrome.picture(ONLY.get(name), TALLEST[width]))
        if at != "pt-BR":
            chrome.speak("pt-BR")

    def keep(self, file, picture):
        self.packed.append((file, self.packers.submit(
            shrink, picture, COLOURS)))

    def finish(self):
        """Writes them; the number of bytes."""
        total = 0
        for file, packed in self.packed:
            with open(os.path.join(self.folder, file), "wb") as out:
                total += out.write(packed.result())
        return total

    def stop(self):
        self.packers.shutdown(cancel_futures=True)
        self.chrome.stop()


def places(office):
    """What is found by looking: the parts of a case, a case nobody opened."""
    browser = office.person("mediator")
    page = browser.get(office.case)
    office.text = page.links(rf"{office.case}/items/[^\"]+/text")[0]
    office.layout = page.links(rf"{office.case}/items/[^\"]+/layout")[0]
    office.fresh = office.path_of(filled.LETTERS[1][1])


def take(office, folder, names=()):
    camera = Camera(office, folder)
    try:
        for _, login, pages in PAGES:
            camera.enter(login)
            for page in pages:
                if not names or page[0] in names:
                    camera.page(*page)
        return camera.finish()
    finally:
        camera.stop()


# ---- the index ------------------------------------------------------------------

LEAD = """# How the pages look

Made by `make screens`, of an office with invented cases; nothing here is
drawn by hand. Each page is shown by day and by night on a desk (1280 px), and on
a telephone (320 px), there by night only the main ones; a click shows a picture in its size. The parts are
explained in [components.md](../components.md).
"""


def row(name, files):
    cells = "".join(
        f'<td><a href="{file}"><img src="{file}" height="180" alt="{name}: '
        f'{alt}"></a></td>' for file, alt in files)
    return f"<tr><th>{name}</th>{cells}</tr>"


def index(folder):
    """README.md: a table of pictures for each part of the console."""
    lines = [LEAD]
    for heading, _, pages in PAGES:
        lines += [f"## {heading}", "", "<table>"]
        for name, *rest in pages:
            more = rest[2] if len(rest) > 2 else ()
            lines.append(row(name, [
                (file_of(name, *sight), " ".join(map(str, sight)))
                for sight in sights(more)]))
        lines += ["</table>", ""]
    letters = sorted(name for name in os.listdir(folder)
                     if re.match(r"mail-.*\.png$", name))
    lines += ["## Letters as they arrive", "", "<table>"]
    for at in range(0, len(letters), 4):
        lines.append(row("", [(name, name[5:-4])
                              for name in letters[at:at + 4]]))
    lines += ["</table>", ""]
    with open(os.path.join(folder, "README.md"), "w",
              encoding="utf-8") as out:
        out.write("\n".join(lines))


def expected():
    """The names of all pictures there should be, letters apart."""
    return {file_of(page[0], *sight) for _, _, pages in PAGES
            for page in pages
            for sight in sights(page[3] if len(page) > 3 else ())}


def main():
    folder, names = os.path.join(ROOT, "docs", "screens"), sys.argv[2:]
    if len(sys.argv) > 1:
        folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    home = harness.Folder()
    cluster = harness.Postgres(home)
    office = None
    try:
        cluster.begin()
        template = harness.Template(home, cluster)
        template.begin()
        office = stage.Scene(template)
        office.begin()
        full = filled.Filled(office)
        places(full)
        total = take(full, folder, names)
        print(f"{len(expected())} pictures, {total // 1000} kB")
        if not names:
            for old in os.listdir(folder):
                if old.endswith(".png") and not old.startswith("mail-") \
                        and old not in expected():
                    os.remove(os.path.join(folder, old))
            index(folder)
    finally:
        if office is not None:
            office.stop()
        cluster.stop()
        home.remove()


if __name__ == "__main__":
    main()

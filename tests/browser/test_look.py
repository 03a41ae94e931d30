"""How every page looks: good HTML, small, no wider than a narrow screen, no
violation of accessibility rules in any theme, its keys, its print, and a style
sheet in which nothing is dead.

Which pages there are says server/route.c: one that the walk does not know
fails here.
"""

import json
import os
import re

import html5lib
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import drawn
import scene as stage
from chrome import NARROW, WIDE, Chrome
from filled import Filled
from harness import ROOT, wait_until
from scene import with_file
from test_console import axe_source, log_in, words_of

MOST = 60_000  # bytes of a page
THEMES = ("light", "dark", "contrast")
# No pages: bytes, figures for machines, what is shown in a frame.
NO_PAGES = {"/cases/*/items/*/raw", "/cases/*/items/*/parts/*",
            "/cases/*/items/*/layout", "/templates/*/*/html",
            "/cases/*/items/*/parts/*/pages/*/picture",
            "/calendar/due.ics", "/p/*/files/*/*", "/p/figures.csv",
            "/p/promises.csv", "/d/file/*", "/t/messages/*/files/*",
            "/static/*", "/healthz",
            "/metrics"}
# In the language of the party.
PARTYS = {"/t", "/t/code", "/t/say", "/t/messages/*", "/t/*", "/d", "/d/*",
          "/p", "/p/code", "/p/*", "/p/*/*", "/p/figures"}
SCANNER = "carta.digitalizada@consumidora.example"
SENDER = "maria.aparecida.dos.santos@consumidora.example"


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as source:
        return source.read()


# ---- the style sheet --------------------------------------------------------------


def styled():
    """Class names that stand in a selector of the style sheet."""
    css = re.sub(r"(?s)/\*.*?\*/", "", read("static", "style.css"))
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", css)))


def used():
    """... in a class attribute of a template, without what is computed."""
    folder = os.path.join(ROOT, "templates", "html")
    found = set()
    for name in os.listdir(folder):
        if name.endswith(".html"):
            for value in re.findall(r'class="([^"]*)"',
                                    read("templates", "html", name)):
                found |= set(re.sub(r"\{\{.*?\}\}", " ", value).split())
    return found


def spoken():
    """Words of string literals of the server and its scripts."""
    found = set()
    for folder, ends in (("server", ".c"), ("static", ".js")):
        for name in os.listdir(os.path.join(ROOT, folder)):
            if name.endswith(ends):
                for text in re.findall(r'"([^"\n]*)"', read(folder, name)):
                    found |= set(text.split())
    return found


# Names for tests and scripts, which look like what they stand in.
BARE = {"auto", "bigaddr", "chosen", "conflict", "dues", "later", "look-link", "n", "note",
        "of", "people", "plainlist", "sample", "show", "signed", "spread"}


def test_no_selector_of_the_style_sheet_is_dead():
    assert styled() - used() - spoken() == set()


def test_every_class_of_a_template_is_styled_or_known_to_be_bare():
    assert used() - styled() - BARE == set()


def test_a_colour_is_a_token():
    """A page that chose a colour by itself would be wrong in a theme."""
    css = re.sub(r"(?s)/\*.*?\*/", "", read("static", "style.css"))
    tokens, rest = css.split("body {", 1)
    rest = re.sub(r"(?s)@media print \{.*?\n\}", "", rest)
    found = [line.strip() for line in rest.splitlines()
             if re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", line)]
    # Paper is white in every theme, and what lies behind a dialog dark.
    bare = [line for line in found if not re.match(
        r"\.paper|\.mail|\.qr|dialog::backdrop|\.original", line)]
    assert bare == [] and "--bg" in tokens


# ---- the walk ---------------------------------------------------------------------


def routes():
    """Addresses that a browser may read, as the table has them."""
    return re.findall(r'\{ "[^"]+",\s+READ,\s+WHO_\w+,\s+"([^"]+)"',
                      read("server", "route.c"))


def scan():
    """A page that is read well, one hardly, one with nothing on it."""
    letter = ("Prezados senhores,\n\nvenho por meio desta carta pedir que a loja"
              "\nentregue a geladeira que comprei em outubro.\n") * 6
    return drawn.pdf_of([drawn.picture(letter), drawn.picture(
        letter, dots=56, size=9), drawn.picture("")])


class Walk:
    """An office with something on every page, and where the pages are."""

    def __init__(self, office):
        self.office = office
        self.browsers = {}
        self.filled = Filled(office, extra=[(with_file(
            SENDER, b"%PDF" * 999, "comprovante" * 9 + ".pdf",
            name="Maria Aparecida dos Santos Albuquerque de Vasconcelos",
            subject="Pneumoultramicroscopicossilicovulcanoconiótico" * 3,
            text="x" * 400 + " https://loja.example/" + "a" * 300), SENDER), (
                with_file(SCANNER, scan(), "carta.pdf"), SCANNER)])
        self.browsers.update(self.filled.people)
        ack = office.arrived(SENDER, 1, stage.PATIENT)[0]
        row = office.case_of(ack)
        case = f"/cases/{row['protocol']}"
        mediator = self.browser("mediator")
        form = mediator.get(case).form(f"{case}/open")
        assert mediator.ask("POST", f"{case}/open", form).status == 303
        self.case = case
        self.held = self.filled.held
        self.scan = self.read_scan(office, mediator)
        self.pages = self.places()

    def read_scan(self, office, mediator):
        """A case of its own, whose attachment is three pictures of pages."""
        ack = office.arrived(SCANNER, 1, stage.PATIENT)[0]
        self.scanned = f"/cases/{office.case_of(ack)['protocol']}"
        pages, = mediator.get(self.scanned).links(
            f"{self.scanned}/items/[^\"]+/parts/0")
        wait_until("the scan is read", lambda: self.office.database.value(
            "SELECT count(*) FROM item_page") == 4, 300, 0.2)
        return f"{pages}/pages"

    def browser(self, login):
        if login not in self.browsers:
            self.browsers[login] = self.office.logged_in(login)
        return self.browsers[login]

    def places(self):
        """Pattern of the table: addresses to look at, by whom."""
        case, text, full = self.case, "/templates/mail/letter", self.filled
        return {
            "/": ["/"],
            "/held": ["/held", full.look],
            "/reports": ["/reports?period=2024"],
            "/reports/spread": ["/reports/spread?period=2024"],
            "/calendar/due": ["/calendar/due?whose=all"],
            "/cases": ["/cases?queue=closed", "/cases?queue=none"],
            "/cases/*": [case, full.held, full.case, full.deep, full.waiting,
                         full.returned, full.request, full.erased,
                         f"{self.scanned}?quote={self.scan.split('/')[4]}.0.1",
                         "/cases/x"],
            "/cases/*/items/*/parts/*/pages": [self.scan],
            "/cases/*/items/*/parts/*/pages/*": [
                f"{self.scan}/{page}" for page in (1, 2, 3, 9)],
            "/cases/*/items/*/text": self.browser("mediator").get(case).links(
                f"{case}/items/[^\"]+/text")[:1],
            "/cases/*/log": [f"{case}/log"],
            "/cases/*/do/*": [f"{case}/do/{verb}" for verb in (
                "classify", "ask", "refuse", "note", "disclose",
                "export", "case-file", "none")] + [
                    f"{full.deep}/do/no-agreement"],
            "/templates/*/*": [text], "/templates/*/*/compare": [
                f"{text}/compare?a=0&b=0"],
            "/templates/*/*/preview": [f"{text}/preview?lang=en"],
            "/templates/*/*/edit": [f"{text}/edit"],
            "/templates/*/*/back": [f"{text}/back?n=0"],
            "/people/*": ["/people/mediator", "/people/nobody"],
            "/companies/*": [full.company, "/companies/x"],
            "/companies/*/edit": [full.company + "/edit"],
            "/companies/*/new": [full.company + "/new"],
            "/companies/*/*/edit": [full.unit_path + "/edit"],
            "/companies/*/*/contacts/*": [full.contact],
            "/companies/*/*/tokens": [full.unit_path + "/tokens"],
            "/reports/*": ["/reports/company?period=2024", "/reports/x"],
            # Inside: test_company_day.py.
            "/p/*": [full.member_link, full.member, "/p/o.x.y"],
            "/p/*/*": [full.member + "/answer", full.member + "/hand"],
            "/t/*": [full.page, "/t/c" + "0" * 43],
            "/t/messages/*": ["/t/messages/1"],
            "/d/*": [full.document, "/d/c" + "0" * 43],
        }

    def addresses(self):
        """(pattern, address) of the whole walk."""
        for pattern in routes():
            if pattern in NO_PAGES:
                continue
            if "*" not in pattern and pattern not in self.pages:
                yield pattern, pattern
            for address in self.pages.get(pattern, []):
                yield pattern, address


@pytest.fixture(scope="module")
def walk(office):
    return Walk(office)


@pytest.fixture(scope="module")
def eyes(office):
    """One browser for all that only looks."""
    made = Chrome(office.office.base_url)
    try:
        yield made
    finally:
        made.stop()


def enter(walk, chrome, login):
    """The browser goes on with the cookies of somebody who is logged in."""
    chrome.driver.delete_all_cookies()
    chrome.go("/static/icons.svg")
    for name, value in walk.browser(login).cookies.items():
        chrome.driver.add_cookie({"name": name, "value": value, "path": "/"})
    chrome.complaints()  # of a picture that is shown as a page


def test_the_walk_knows_every_page_there_is(walk):
    patterns = set(routes())
    assert len(patterns) > 40
    without = {pattern for pattern in patterns
               if "*" in pattern and pattern not in walk.pages}
    assert without <= NO_PAGES and NO_PAGES <= patterns
    assert set(walk.pages) <= patterns


def roles_of(office):
    """A login of each role there is."""
    found = {}
    for person in office.office.staff:
        found.setdefault(person["role"], person["login"])
    return found


def test_every_page_is_small_and_good_html_and_leads_to_its_parts(
        office, walk, record_property):
    seen, largest = {}, (0, "")
    # Whoever has the key first; the others see other words on few pages.
    for login in sorted(roles_of(office).values(), key="mediator".__ne__):
        browser = walk.browser(login)
        for pattern, address in walk.addresses():
            page = browser.get(address)
            if page.status == 303:
                continue
            name = (login, address)
            assert page.status in (200, 400, 403, 404, 410), name
            assert page.headers["Content-Type"].startswith("text/html"), name
            assert page.headers["Content-Security-Policy"].replace(
                "frame-src 'self'; ", "") == stage.policy_of(page.text) \
                .replace("frame-src 'self'; ", ""), name
            for header in ("X-Content-Type-Options", "Referrer-Policy",
                           "Cross-Origin-Opener-Policy"):
                assert page.headers[header], name
            assert len(page.body) <= MOST, (name, len(page.body))
            largest = max(largest, (len(page.body), address))
            anchors(page.text, name)
            if seen.setdefault((address, page.status), login) == login:
                html5lib.HTMLParser(strict=True).parse(page.text)
    record_property("largest", largest)
    print("largest page:", largest)


def anchors(text, name):
    """The shortcuts stand first and lead to something."""
    found = re.findall(
        r'<a class="skip" href="#([\w-]+)" accesskey="(\d)">', text)
    wanted = "1234" if 'id="menu"' in text else "14"
    assert "".join(key for _, key in found) == wanted, name
    assert text.index('class="skip"') < text.index("<header"), name
    for target, _ in found:
        assert f'id="{target}"' in text, (name, target)


# ---- in the browser ---------------------------------------------------------------


AXE = ("const [theme, done] = arguments;"
       "if (theme) document.documentElement.dataset.theme = theme;"
       "axe.run(document, { iframes: false, resultTypes: ['violations'],"
       " rules: { 'target-size': { enabled: true }, ...(theme ? {} :"
       "  { 'color-contrast': { enabled: false } }) } }).then(r =>"
       " done(r.violations.map(v => [v.id, v.nodes.map(n => n.html)])))")

# A theme changes colours and nothing else: what was looked at in another one
# is looked at again where its words have colours, or lie on colours, that axe
# has not yet passed in this one, on whatever page.
COLOURS = """
const [theme, known, done] = arguments;
document.documentElement.dataset.theme = theme;
const passed = new Set(known), grounds = new Map(), keys = new Map();
const ground = e => {
  if (!e) return '';
  if (!grounds.has(e)) {
    const s = getComputedStyle(e), own = [s.backgroundColor,
      s.backgroundImage, s.opacity, s.filter, s.mixBlendMode].join(' ');
    const bare = own === 'rgba(0, 0, 0, 0) none 1 none normal';
    const placed = /static|relative/.test(s.position) ? ''
      : '@' + e.tagName + '.' + e.getAttribute('class');
    grounds.set(e, ground(e.parentElement) + (bare ? '' : '/' + own) + placed);
  }
  return grounds.get(e);
};
for (const e of document.body.querySelectorAll('*')) {
  const says = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!says && !e.matches('input, select, textarea')
      || e.closest('.hide, .skip, :disabled') || !e.checkVisibility())
    continue;
  const s = getComputedStyle(e), key = [ground(e), s.color, s.textShadow,
    s.fontSize, s.fontWeight, s.webkitTextStroke].join(' ');
  if (!passed.has(key))
    keys.set(e, key);
}
if (!keys.size)
  done([[], []]);
else
  axe.run({ include: [...keys.keys()] }, { iframes: false, elementRef: true,
    runOnly: ['color-contrast'], resultTypes: ['violations', 'passes'] })
  .then(r => done([
    r.violations.map(v => [v.id, v.nodes.map(n => n.html)]),
    [...new Set(r.passes.flatMap(v => v.nodes.map(n => keys.get(n.element))))]
      .filter(key => key)]));
"""


def look(chrome, axe, name, found, themes, passed):
    """Everything in the first theme, what colours decide in the others."""
    chrome.cdp("Runtime.evaluate", expression=axe)
    run = chrome.driver.execute_async_script
    for theme in themes:
        if theme == themes[0]:
            bad = run(AXE, theme)
        else:
            known = passed.setdefault(theme, set())
            bad, new = run(COLOURS, theme, sorted(known))
            known.update(new)
        if bad:
            found[name, theme] = bad
    chrome.view(NARROW)
    over, what = chrome.overflow()
    if over:
        found[name, "320"] = over, what
    chrome.view(WIDE)


def look_at_all(walk, eyes, lang, themes):
    axe, found, passed = axe_source(), {}, {}
    eyes.driver.delete_all_cookies()
    eyes.go("/login").speak(lang)
    look(eyes, axe, ("nobody", "/login"), found, themes, passed)
    # Whoever has the keys of the case; who runs the office, for the rest.
    closed = set()
    try:
        for login in ("mediator", "ombudsman"):
            enter(walk, eyes, login)
            eyes.go("/held").speak(lang)
            for pattern, address in walk.addresses():
                if login == "ombudsman" and address not in closed or \
                        themes != THEMES and address.endswith("/x"):
                    continue
                eyes.go(address)
                assert eyes.lang == lang or pattern in PARTYS, address
                if eyes.has(".status") and login == "mediator":
                    closed.add(address)
                look(eyes, axe, (login, address), found, themes, passed)
            eyes.go("/held").speak("pt-BR")
        complaints = eyes.complaints()
    finally:
        eyes.driver.delete_all_cookies()
    assert found == {}, json.dumps(
        [[*map(str, key), value] for key, value in found.items()], indent=1)
    assert [c for c in complaints if " 40" not in c and " 41" not in c] == []


# The other languages are another file's, which another process may walk.
def test_no_page_breaks_a_rule_nor_is_wider_than_a_telephone(walk, eyes):
    look_at_all(walk, eyes, "pt-BR", THEMES)


# ---- themes -----------------------------------------------------------------------


def theme_of(browser):
    return browser.one("html").get_attribute("data-theme")


def ground(browser):
    return browser.driver.execute_script(
        "return getComputedStyle(document.body).backgroundColor")


def test_the_contrast_switch_stays_with_the_person_and_needs_no_script(
        office, plain):
    plain.go("/login")
    assert theme_of(plain) == "auto"
    plain.leave(plain.one(".me [name=theme]").click).assert_good_page()
    assert theme_of(plain) == "contrast"
    plain.driver.delete_all_cookies()
    plain.go("/login")
    assert theme_of(plain) == "auto"
    log_in(office, plain, "mediator2")
    plain.leave(plain.one(".themes [value=dark]").click).assert_good_page()
    assert theme_of(plain) == "dark"
    assert office.database.value(
        "SELECT theme FROM person_choice JOIN person ON id = person"
        " WHERE login = 'mediator2'") == "dark"
    current, = plain.all(".themes [aria-current]")
    assert current.get_attribute("value") == "dark"
    # Another browser of theirs has it at once.
    plain.driver.delete_cookie("ouv-theme")
    plain.go("/held")
    assert theme_of(plain) == "dark"


def test_each_theme_has_its_ground_and_automatic_follows_the_system(
        walk, eyes):
    enter(walk, eyes, "mediator")
    eyes.go("/held")
    grounds = {}
    for dark in (False, True):
        eyes.view(WIDE, dark=dark)
        for theme in ("auto", *THEMES):
            eyes.driver.execute_script(
                "document.documentElement.dataset.theme = arguments[0]", theme)
            grounds[theme, dark] = ground(eyes)
    eyes.view(WIDE)
    light, night = grounds["light", False], grounds["dark", False]
    assert light != night
    assert grounds["contrast", False] == grounds["contrast", True] \
        == "rgb(0, 0, 0)"
    assert grounds["light", True] == light == grounds["auto", False]
    assert grounds["dark", True] == night == grounds["auto", True]


def test_a_theme_that_does_not_exist_is_no_choice(walk):
    browser = walk.browser("mediator")
    form = browser.get("/").form("/theme")
    assert browser.ask("POST", "/theme",
                       {**form, "theme": "pink"}).status == 400


def test_signs_have_a_border_where_the_system_takes_the_colours(walk, eyes):
    enter(walk, eyes, "ombudsman")
    eyes.go("/components")
    eyes.cdp("Emulation.setEmulatedMedia", features=[
        {"name": "forced-colors", "value": "active"}])
    try:
        colours = eyes.driver.execute_script(
            "return [...document.querySelectorAll("
            "'.state, .flag, .count, .lane')].map(e => {"
            " const s = getComputedStyle(e);"
            " return s.borderTopStyle === 'solid'"
            "  && s.borderTopColor !== s.backgroundColor })")
    finally:
        eyes.view(WIDE)
    assert len(colours) > 20 and all(colours)


def test_every_icon_of_the_sprite_is_drawn(walk, eyes):
    enter(walk, eyes, "ombudsman")
    eyes.go("/components")
    names = re.findall(r'<symbol id="([\w-]+)"', read("static", "icons.svg"))
    drawn = eyes.wait("icons", lambda: (lambda boxes: boxes if all(
        box[1] > 0 for box in boxes) else None)(eyes.driver.execute_script(
            "return [...document.querySelectorAll('.iconlist use')].map(u =>"
            " [u.getAttribute('href').split('#')[1], u.getBBox().width])")))
    assert sorted(name for name, _ in drawn) == sorted(names)
    assert len(names) >= 16


def test_an_icon_is_hidden_from_those_who_hear_the_page():
    for name in os.listdir(os.path.join(ROOT, "templates", "html")):
        if name.endswith(".html"):
            for icon in re.findall(r"<svg[^>]*icon[^>]*>",
                                   read("templates", "html", name)):
                assert 'aria-hidden="true"' in icon, (name, icon)


# ---- print ------------------------------------------------------------------------


def test_paper_shows_no_menu_and_what_was_folded(walk, eyes):
    enter(walk, eyes, "mediator")
    eyes.go(walk.case)
    shown = ("return ['.menu', '.foot .langs', '.compose', '.skips'].map("
             "s => document.querySelector(s).checkVisibility())")
    folded = ("return [...document.querySelectorAll('main details:not([open])"
              " > :not(summary)')].filter(e => !e.closest("
              "'.compose, .next, .raw, .actions, form, [hidden]')"
              " && !e.checkVisibility()).map(e => e.outerHTML)")
    assert eyes.driver.execute_script(shown) == [True] * 4
    assert eyes.driver.execute_script(folded)
    eyes.cdp("Emulation.setEmulatedMedia", media="print")
    try:
        assert eyes.driver.execute_script(shown) == [False] * 4
        assert eyes.driver.execute_script(folded) == []
        assert ground(eyes) == "rgb(255, 255, 255)"
    finally:
        eyes.cdp("Emulation.setEmulatedMedia", media="")


# What stands on top of a sheet; what is asked of a person there; whether the
# box of the header is one that is repeated on every sheet.
SHEET = """
const shown = css => [...document.querySelectorAll(css)].filter(e =>
  e.checkVisibility() && e.getBoundingClientRect().height > 0);
return [shown('.top .brand, .top .onpaper').map(e => e.innerText.trim()),
  shown('nav, button, input:not([type=hidden]), select, textarea')
    .map(e => e.outerHTML.slice(0, 80)),
  getComputedStyle(document.querySelector('.top')).display,
  document.title]
"""


def test_on_top_of_a_sheet_stand_the_office_and_what_it_is_about(walk, eyes):
    enter(walk, eyes, "mediator")
    for address, about in ((walk.case, walk.case.rpartition("/")[2]),
                           ("/cases", words_of("pt-BR")["menu_worklist"])):
        eyes.go(address)
        head, asked, box, title = eyes.driver.execute_script(SHEET)
        # On a screen it is the heading of the page that says it.
        office, = head
        assert asked and box != "table-header-group"
        eyes.cdp("Emulation.setEmulatedMedia", media="print")
        try:
            head, asked, box, title = eyes.driver.execute_script(SHEET)
        finally:
            eyes.cdp("Emulation.setEmulatedMedia", media="")
        assert head[0] == office and about in head[1] and len(head) == 2
        assert title == f"{head[1]} · {office}"
        assert asked == [] and box == "table-header-group"


# ---- single keys ------------------------------------------------------------------


def focused(browser):
    return browser.driver.switch_to.active_element


def test_single_keys_go_where_the_map_says(walk, eyes):
    enter(walk, eyes, "mediator")
    eyes.go("/")
    links = [row.get_attribute("href") for row in eyes.all(".cases .subject")]
    assert links
    eyes.press("j")
    assert focused(eyes).get_attribute("href") == links[0]
    for _ in links:
        eyes.press("j")
    assert focused(eyes).get_attribute("href") == links[-1]
    for _ in links[1:]:
        eyes.press("k")
    assert focused(eyes).get_attribute("href") == links[0]
    eyes.leave(lambda: eyes.press("o"))
    assert eyes.driver.current_url == links[0]
    for key, target in (("r", "reply-text"), ("n", "next")):
        eyes.go(walk.case)
        eyes.press(key)
        assert focused(eyes).get_attribute("id") == target
    eyes.leave(lambda: eyes.press("u"))
    assert eyes.path in ("/", "/cases")
    menu = {link.get_attribute("data-key"): link.get_attribute("href")
            for link in eyes.all(".menu a")}
    assert len(menu) == len(eyes.all(".menu a")) and set("whcto") <= set(menu)
    eyes.leave(lambda: eyes.press("g", "h"))
    assert eyes.path == "/held" and menu["h"].endswith("/held")
    eyes.press("/")
    assert focused(eyes).get_attribute("id") == "seek"


def test_letters_in_a_field_and_with_ctrl_are_letters(walk, eyes):
    enter(walk, eyes, "mediator")
    eyes.go("/held")
    eyes.one("#seek").click()
    eyes.press("gw?j")
    assert eyes.one("#seek").get_attribute("value") == "gw?j"
    assert eyes.path == "/held" and not eyes.has("dialog")
    eyes.go("/held")
    ActionChains(eyes.driver).key_down(Keys.ALT).send_keys("j") \
        .key_up(Keys.ALT).perform()
    assert focused(eyes).tag_name == "body"


def test_the_map_is_the_page_and_can_be_switched_off(walk, eyes):
    enter(walk, eyes, "mediator")
    eyes.go("/held")
    eyes.press("?")
    eyes.wait("the map", lambda: eyes.has("dialog[open] kbd"))
    shown = eyes.one("dialog .keymap").text
    eyes.press(Keys.ESCAPE)
    assert not eyes.has("dialog[open]") and not eyes.complaints()
    eyes.go("/keys").assert_good_page()
    assert eyes.one("main .keymap").text == shown
    # What the map promises is what the script does, and the menu.
    pressed = {"".join(key.text for key in row.find_elements("css selector",
                                                             "kbd"))
               for row in eyes.all("main .keymap > div")}
    single = set(re.findall(r'^\t\t"(.)": ', read("static", "console.js"),
                            re.M))
    going = {"g" + link.get_attribute("data-key")
             for link in eyes.all(".menu a")}
    assert pressed == single - {"g"} | going
    eyes.leave(eyes.one("main form button").click)
    try:
        assert words_of(eyes.lang)["done_keys"] in eyes.words
        page = walk.browser("mediator").get("/held")
        assert "<script" not in page.text
        assert page.headers["Content-Security-Policy"] == stage.POLICY
        eyes.go("/held")
        eyes.press("g", "c")
        eyes.press("?")
        assert eyes.path == "/held" and not eyes.has("dialog")
    finally:
        eyes.go("/keys")
        eyes.leave(eyes.one("main form button.main").click)
    page = walk.browser("mediator").get("/held")
    assert page.headers["Content-Security-Policy"] == stage.KEYS_POLICY


@pytest.mark.parametrize("role,sees,not_sees", [
    ("ombudsman", {"/people", "/log", "/retention", "/admin"}, set()),
    ("mediator", {"/people", "/conflicts", "/keys"},
     {"/log", "/retention", "/admin"})])
def test_the_office_lists_what_one_may_open(walk, role, sees, not_sees):
    browser = walk.browser(role)
    page = browser.get("/office")
    found = set(re.findall(r'<h2><a href="([^"]+)"', page.text))
    assert sees <= found and not not_sees & found
    for address in found:
        assert browser.get(address).status == 200, address
    for address in not_sees:
        assert browser.get(address).status in (403, 404), address

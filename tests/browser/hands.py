"""Three hands that do the same day: one that points, one that types, one
whose browser runs no script.

A day is a table of steps, each a function of the hand and of what the day
began with.  A step names places by CSS and never says how to get there; how
many clicks and keys that takes is counted by the hand, apart from the words
that are written.
"""

import contextlib
import datetime as dt
import json
import os
import zoneinfo

from selenium.common.exceptions import (NoSuchElementException,
                                        StaleElementReferenceException)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import scene as stage
from chrome import STOPS, Chrome
from scene import Scene

ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
# Open from Monday to Friday, whatever the year: no holiday moves a day.
CALENDAR = {"calendar": "plain", "zone": "America/Sao_Paulo",
            "name": {"pt-BR": "Plano", "en": "Plain", "it": "Piano"},
            "years": [2020, 2100], "closed": [],
            "hours": {day: ["09:00-18:00"] for day in (
                "mon", "tue", "wed", "thu", "fri")}}
SHOP, SHOP_BOX, SHOP_ADDR = "Lojas Aurora", "aurora", "bianca@aurora.example"
WORDS = stage.words_of("pt-BR")

# What can be pressed without being hit by mistake (WCAG 2.5.8), in CSS pixels.
TARGET = 24

# Where an element is once it has been scrolled to, and whether something else
# lies over that place; a link in a line of words may be as flat as the line.
PLACE = """
const e = arguments[0], left = arguments[1];
e.scrollIntoView({block: "center", behavior: "instant"});
const r = e.getClientRects()[0];
if (!r) return null;
const x = r.left + (left ? Math.min(14, r.width / 2) : r.width / 2);
const y = r.top + r.height / 2;
const top = document.elementFromPoint(x, y);
const flat = getComputedStyle(e).display == "inline";
const own = e.matches("[type=checkbox], [type=radio]") && e.closest("label");
const size = own ? own.getBoundingClientRect() : r;
return [x, y, !!top && (e.contains(top) || top.contains(e)),
        flat ? null : Math.min(size.width, size.height),
        top && top.outerHTML.slice(0, 200)];
"""

# Where the focus is, seen as a person sees it: is there a mark, and is any of
# it in the window with nothing over it?
FOCUS = """
const e = document.activeElement, s = getComputedStyle(e);
const r = [...e.getClientRects()].find(r => r.width && r.height);
const marked = s.outlineStyle != "none" && parseFloat(s.outlineWidth) >= 1;
let seen = false;
if (r) {
    const x = Math.min(Math.max(r.left + Math.min(r.width / 2, 12), 1),
        innerWidth - 1);
    for (const y of [r.top + 2, r.top + r.height / 2, r.bottom - 2]) {
        const top = y < 0 || y > innerHeight ? null
            : document.elementFromPoint(x, y);
        seen = seen || (!!top && (e.contains(top) || top.contains(e)));
    }
}
return [e, e === document.body, marked, seen, e.outerHTML.slice(0, 200)];
"""

# Which way to go from where the focus is: 0 is there, 1 forward, -1 back.
WAY = """
const e = arguments[0], a = document.activeElement;
if (e === a) return 0;
if (a === document.body) return 1;
return a.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING
    ? 1 : -1;
"""


class Hand:
    """What a step may ask for."""

    name, scripts = "", True

    def __init__(self, page):
        self.page = page
        self.clicks = self.keys = self.letters = 0
        self.tally = []

    # -- a day ---------------------------------------------------------------

    def spend(self, steps, day):
        """Goes through the table; every step leaves a page that complains of
        nothing and leads on."""
        for name, step in steps:
            before = self.clicks, self.keys
            try:
                step(self, day)
            except Exception as error:
                error.add_note(f"in the step {name!r} of the {self.name} hand,"
                               f" at {self.page.driver.current_url}")
                raise
            self.tally.append((name, self.clicks - before[0],
                               self.keys - before[1]))
            bad = self.page.complaints()
            assert not bad, (name, bad)
        self.report()

    def report(self):
        """For whoever wants to know: OUV_COUNTS=FILE adds a line a step."""
        if path := os.environ.get("OUV_COUNTS"):
            with open(path, "a", encoding="utf-8") as out:
                for name, clicks, keys in [*self.tally, (
                        "all", self.clicks, self.keys)]:
                    out.write(f"{self.name}\t{name}\t{clicks}\t{keys}\n")

    # -- what a step asks for ------------------------------------------------

    def follow(self, css, **how):
        """What leads to another page, and from which one can go on: the menu
        is there, but for a visitor."""
        self.page.leave(lambda: self.press(css, **how))
        if self.page.path != "/login":
            assert self.page.has("#menu a"), self.page.path
        return self.page

    def see(self, *words):
        seen = self.page.words
        for word in words:
            assert word in seen, (self.page.path, word, seen[:3000])

    def told(self, key):
        """The notice of what was done is on the page."""
        assert WORDS[key] in self.page.one("[role=status]").text

    def until(self, what, ready):
        """With scripts a part of the page changes, without them the page."""
        def look():
            try:
                return ready()
            except (NoSuchElementException, StaleElementReferenceException):
                return False

        return self.page.wait(what, look)

    def value(self, css):
        return self.page.one(css).get_attribute("value")

    def type(self, text):
        self.letters += len(text)
        self.page.press(text)

    def write(self, css, text, **how):
        """Into a field that is empty, or at the end of what stands there."""
        self.to_field(css, **how)
        if self.value(css):
            self.stroke(Keys.CONTROL, Keys.END)
        self.type(text)

    def date(self, css, day):
        """As the browser's own field takes it, part by part."""
        self.to_field(css, left=True)
        self.type(day.strftime("%m%d%Y"))
        assert self.value(css) == day.isoformat()

    def rub_out(self, text):
        """The last words written are taken back."""
        self.stroke(*[Keys.BACKSPACE] * len(text))

    def stroke(self, *keys):
        """Keys with others held down count as one."""
        held = keys[0] in (Keys.CONTROL, Keys.SHIFT)
        self.keys += 1 if held else len(keys)
        if held:
            self.page.chord(*keys)
        else:
            self.page.press(*keys)


class Mouse(Hand):
    """Clicks at the place where a thing is, never at the thing itself, so
    that what lies over it would be hit instead."""

    name = "mouse"

    def touch(self, css, left=False):
        element = self.page.one(css)
        found = self.page.driver.execute_script(PLACE, element, left)
        assert found, f"{css} is nowhere to be seen"
        x, y, free, size, top = found
        assert free, f"{top} lies over {css}"
        assert size is None or size >= TARGET, (css, size)
        for kind, held in (("mouseMoved", 0), ("mousePressed", 1),
                           ("mouseReleased", 0)):
            self.page.cdp("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                          button="none" if kind == "mouseMoved" else "left",
                          buttons=held, clickCount=1)
        self.clicks += 1
        return element

    def press(self, css, **_):
        self.touch(css)

    def to_field(self, css, left=False, **_):
        self.touch(css, left)

    unfold = tick = pick = press

    def enter(self, button):
        self.page.leave(lambda: self.touch(button))

    def choose(self, css, words, **_):
        """The list that unfolds is the browser's own and no part of the page:
        its line is chosen by the driver, and counted as two clicks."""
        Select(self.page.one(css)).select_by_visible_text(words)
        self.clicks += 2


class Keyboard(Hand):
    """Tab, Enter, Space, arrows and the single keys of the page.  Wherever
    the focus stops on its way, it must be seen."""

    name = "keyboard"

    def to_field(self, css, *, key=None, via=None, left=False):
        """By the single key if there is one, by a link of the page that
        leads near, else by Tab."""
        wanted = self.page.one(css)
        if key:
            self.stroke(*key)
        elif via:
            self.press(via)
        elif self.fresh() and self.page.has(f"main {css}"):
            # The first stop leads past what every page begins with.
            self.stop_at(self.page.one(".skip"))
            self.stroke(Keys.ENTER)
        self.stop_at(wanted)
        return wanted

    def fresh(self):
        return self.page.driver.execute_script(FOCUS)[1]

    def stop_at(self, wanted):
        for _ in range(STOPS):
            way = self.page.driver.execute_script(WAY, wanted)
            if way == 0:
                return
            if way > 0:
                self.stroke(Keys.TAB)
            else:
                self.stroke(Keys.SHIFT, Keys.TAB)
            _, lost, marked, seen, what = \
                self.page.driver.execute_script(FOCUS)
            assert not lost and marked and seen, (
                self.page.path, lost, marked, seen, what)
        raise AssertionError("not reached by Tab: " + str(
            wanted.get_attribute("outerHTML"))[:200])

    def press(self, css, *, jump=None, **how):
        """A jump is a row of single keys that leads there by itself."""
        if jump:
            self.stroke(*jump)
        else:
            self.to_field(css, **how)
            self.stroke(Keys.ENTER)

    unfold = press

    def enter(self, _):
        """Where a form is sent from its field."""
        self.page.leave(lambda: self.stroke(Keys.ENTER))

    def tick(self, css, **how):
        self.to_field(css, **how)
        self.stroke(Keys.SPACE)

    def pick(self, css):
        """One of several: Tab leads to the one that is chosen or the first,
        arrows from there."""
        wanted = self.page.one(css)
        group = self.page.driver.execute_script(
            "return [...arguments[0].form.elements[arguments[0].name]]",
            wanted)
        here = next((one for one in group if one.is_selected()), group[0])
        self.stop_at(here)
        steps = group.index(wanted) - group.index(here)
        self.stroke(*[Keys.ARROW_DOWN if steps > 0 else Keys.ARROW_UP]
                    * abs(steps) or [Keys.SPACE])
        assert wanted.is_selected()

    def choose(self, css, words, **how):
        """By writing the line's first words, as a list takes them; they
        count as two keys."""
        self.to_field(css, **how)
        self.page.press(words)
        self.keys += 2
        chosen = Select(self.page.one(css)).first_selected_option
        assert chosen.text == words, (chosen.text, words)


class Bare(Mouse):
    """The mouse, in a browser whose user has switched scripts off."""

    name, scripts = "bare", False


HANDS = (Mouse, Keyboard, Bare)


class Page(Chrome):
    """One browser for the three days of a file."""

    def chord(self, held, *keys):
        """Keys while another is held down."""
        chain = ActionChains(self.driver).key_down(held)
        chain.send_keys(*keys).key_up(held).perform()

    def lend(self, hand):
        """For a new day: nobody was here before."""
        self.driver.delete_all_cookies()
        self.cdp("Emulation.setScriptExecutionDisabled",
                 value=not hand.scripts)
        self.driver.get("data:text/html,<title>off</title>"
                        "<script>document.title = 'on'</script>")
        assert self.driver.title == ("on" if hand.scripts else "off")
        self.complaints()
        return hand(self)


# ---- the office in which they work -----------------------------------------


@contextlib.contextmanager
def begun(template):
    """An office with a company, open on plain weekdays."""
    made = Scene(template, imap_poll_secs=1, mailgw_acks_domain_hour=100000,
                 office_calendar="plain", paths_calendars=None)
    folder = made.settings["paths_calendars"] = made.folder.make("calendars")
    with open(os.path.join(folder, "plain.json"), "w",
              encoding="utf-8") as file:
        json.dump(CALENDAR, file)
    try:
        made.begin()
        register(made.office.admin)
        yield made
    finally:
        made.stop()


def register(admin):
    admin.do("company", "add", "--name", SHOP, "--lang", "pt-BR",
             "--full-text", "yes")
    admin.do("company", "unit", "--company", SHOP, "--name", "SAC",
             "--from", "2020-01-01")
    admin.do("company", "contact", "--company", SHOP, "--unit", "SAC",
             "--address", SHOP_ADDR, "--name", "Bianca Moura")


@contextlib.contextmanager
def browser(office):
    made = Page(office.office.base_url)
    try:
        yield made
    finally:
        # Whoever gets it next has scripts.
        made.cdp("Emulation.setScriptExecutionDisabled", value=False)
        made.stop()


def open_day(offset):
    day = dt.datetime.now(ZONE).date() + dt.timedelta(offset)
    while day.weekday() > 4:
        day += dt.timedelta(1)
    return day


def short(day):
    """As the pages write it."""
    return day.strftime("%d/%m/%Y")


# ---- steps that every day has ----------------------------------------------


def comes_in(by, day):
    """The name, the password and the code of the authenticator."""
    by.page.go("/").assert_good_page()
    assert by.page.path == "/login"
    person = day.person
    # The first field has the focus already.
    assert by.page.driver.switch_to.active_element == by.page.one("#login")
    by.type(person["login"])
    by.write("#password", person["password"])
    by.write("#code", day.office.code(person))
    by.follow("main button.main")
    assert by.page.path == "/"
    by.see(person["name"])


def goes_home(by, day):
    """Who went is out: what was seen is not seen again."""
    by.follow("form[action='/logout'] button")
    assert by.page.path == "/login"
    by.told("done_logout")
    by.page.driver.back()
    by.page.wait("a page", lambda: by.page.has("footer"))
    assert by.page.path == "/login"
    assert day.secret not in by.page.source()

"""A real browser for tests and pictures: headless Chromium, its console log,
the source it was given, and its measures.

To start one costs more than most of what is done with it.  So whoever is done
leaves the program behind for the next, who gets a window of their own in it,
and nothing of what was stored, kept or logged before.
"""

import atexit
import base64
import contextlib
import json
import os
import shutil
import tempfile
import urllib.parse

import html5lib
from selenium import webdriver
from selenium.common.exceptions import (NoAlertPresentException,
                                        WebDriverException)
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-quic", "--no-first-run", "--hide-scrollbars",
             "--disable-lcd-text",
             "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-dev-shm-usage")
WIDE, NARROW = 1280, 320
PATIENCE = 30
# A person's Tab key must not need more than this to be anywhere.
STOPS = 80


class Engine:
    """The program, with one window: for one Chrome after another."""

    idle = []  # those that wait for their next
    all = []

    def __init__(self, scripts):
        self.scripts, self.origin = scripts, None
        self.home = tempfile.mkdtemp(prefix="ouv-chrome-", dir="/tmp")
        Engine.all.append(self)
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in ARGUMENTS:
            options.add_argument(argument)
        options.add_argument(
            "--user-data-dir=" + os.path.join(self.home, "profile"))
        options.set_capability("goog:loggingPrefs",
                               {"browser": "ALL", "performance": "ALL"})
        preferences = {"intl.accept_languages": "pt-BR"}
        if not scripts:
            preferences[
                "profile.default_content_setting_values.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        self.driver = webdriver.Chrome(
            service=Service("/usr/bin/chromedriver"), options=options)

    @classmethod
    def take(cls, scripts):
        for engine in cls.idle:
            if engine.scripts == scripts:
                cls.idle.remove(engine)
                return engine
        return cls(scripts)

    def give_back(self):
        """As new; one that cannot be is not used again."""
        try:
            self.forget()
        except WebDriverException:
            self.end()
        else:
            Engine.idle.append(self)

    def forget(self):
        """Whatever is asked on the way out is not answered: a page that has
        unsaved words may ask whether to leave it."""
        driver = self.driver
        with contextlib.suppress(NoAlertPresentException):
            driver.switch_to.alert.dismiss()
        old = driver.window_handles
        driver.switch_to.new_window("tab")
        new = driver.current_window_handle
        for handle in old:
            driver.execute_cdp_cmd("Target.closeTarget", {"targetId": handle})
        WebDriverWait(driver, PATIENCE, 0.02).until(
            lambda _: driver.window_handles == [new], "the old window goes")
        driver.execute_cdp_cmd("Page.bringToFront", {})
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        if self.origin:
            driver.execute_cdp_cmd("Storage.clearDataForOrigin", {
                "origin": self.origin, "storageTypes": "all"})
        for log in ("browser", "performance"):
            driver.get_log(log)

    def end(self):
        Engine.all.remove(self)
        self.driver.quit()
        shutil.rmtree(self.home, ignore_errors=True)

    @classmethod
    def end_all(cls):
        cls.idle.clear()
        for engine in list(cls.all):
            engine.end()


atexit.register(Engine.end_all)


class Chrome:
    """One browser with a download folder of its own, that was never anywhere
    before."""

    def __init__(self, base_url, *, scripts=True):
        self.base_url = base_url
        self.document = None
        self.engine = Engine.take(scripts)
        self.engine.origin = base_url
        self.driver = self.engine.driver
        self.downloads = tempfile.mkdtemp(prefix="downloads-",
                                          dir=self.engine.home)
        self.cdp("Browser.setDownloadBehavior", behavior="allow",
                 downloadPath=self.downloads)
        self.view(WIDE)

    def stop(self):
        self.engine.give_back()
        shutil.rmtree(self.downloads, ignore_errors=True)

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    # -- going about ----------------------------------------------------------

    def go(self, path):
        self.driver.get(self.base_url + path)
        return self

    @property
    def path(self):
        return urllib.parse.urlsplit(self.driver.current_url).path

    @property
    def query(self):
        return urllib.parse.urlsplit(self.driver.current_url).query

    @property
    def lang(self):
        return self.one("html").get_attribute("lang")

    @property
    def words(self):
        """What a person reads."""
        return self.one("body").text

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def has(self, css):
        return bool(self.all(css))

    def link(self, text):
        return self.driver.find_element(By.PARTIAL_LINK_TEXT, text)

    def wait(self, what, ready, deadline=PATIENCE):
        return WebDriverWait(self.driver, deadline, 0.1).until(
            lambda _: ready(), what)

    def leave(self, press):
        """Does what leads to another page, and waits until it is there."""
        # The old page's root goes stale once another page has come.
        old = self.one("html").id
        press()
        self.wait("another page", lambda: self.one("html").id != old
                  and self.has("footer"))
        return self

    def fill(self, css, text):
        field = self.one(css)
        field.clear()
        field.send_keys(text)

    def log_in(self, login, password, code):
        self.go("/login")
        self.fill("#login", login)
        self.fill("#password", password)
        self.fill("#code", code)
        return self.leave(self.one("main button.main").click)

    def speak(self, lang):
        """By the button at the foot of every page."""
        return self.leave(self.one(
            f".langs button[lang='{lang}']").click)

    def log_out(self):
        return self.leave(self.one("form[action='/logout'] button").click)

    def downloaded(self, name):
        """The bytes of a file once it has arrived whole."""
        path = os.path.join(self.downloads, name)
        self.wait(f"{name} is downloaded", lambda: os.path.exists(path))
        with open(path, "rb") as source:
            return source.read()

    # -- the keyboard -----------------------------------------------------------

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, css):
        """Presses Tab until the focus is there, where it must be visible."""
        wanted = self.one(css)
        for _ in range(STOPS):
            self.press(Keys.TAB)
            here = self.driver.switch_to.active_element
            if here == wanted:
                assert here.value_of_css_property("outline-style") != "none"
                return here
        raise AssertionError(f"{css} is not reached by Tab")

    # -- looking closely ----------------------------------------------------------

    def view(self, width, *, dark=False, height=900):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=False)
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])

    def overflow(self):
        """How many CSS pixels the page is wider than its window, and what
        sticks out."""
        wide, window, what = self.driver.execute_script(
            "const w = window.innerWidth;"
            "return [document.documentElement.scrollWidth,"
            " document.documentElement.clientWidth,"
            " [...document.querySelectorAll('body *')].filter(e =>"
            "  e.getBoundingClientRect().right > w + 1"
            "  && !e.closest('.hide')).slice(0, 5).map(e =>"
            "  e.outerHTML.slice(0, 120))]")
        return max(0, wide - window), what

    def source(self):
        """The page as it came over the wire.  The last document of the log
        is it, but for those of frames: nothing of ours is in a cache."""
        page = self.cdp("Page.getFrameTree")["frameTree"]["frame"]["id"]
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.responseReceived" \
                    and event["params"]["type"] == "Document" \
                    and event["params"]["frameId"] == page:
                self.document = event["params"]["requestId"]
        found = self.cdp("Network.getResponseBody", requestId=self.document)
        if found["base64Encoded"]:
            return base64.b64decode(found["body"]).decode()
        return found["body"]

    def complaints(self):
        """The console log since the last look: refused styles, scripts,
        resources that failed.  A page's own refusal (a status of 4xx) is
        reported there too and is no complaint about the page."""
        own = self.driver.current_url
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] != "INFO"
                and not (entry["source"] == "network"
                         and entry["message"].startswith(own))]

    def assert_good_page(self):
        """What holds of every page of ours, at both widths."""
        html5lib.HTMLParser(strict=True).parse(self.source())
        for width in (NARROW, WIDE):
            self.view(width)
            assert self.driver.execute_script("return innerWidth") == width
            over, what = self.overflow()
            assert over == 0, (self.path, width, over, what)
        complaints = self.complaints()
        assert not complaints, (self.path, complaints)
        return self

    def picture(self, css=None, tallest=100_000):
        """The whole page as PNG, or what is at this place, from its top; a
        frame is painted only where it has been seen."""
        for frame in self.all("iframe"):
            self.driver.execute_script(
                "arguments[0].scrollIntoView({ block: 'center' })", frame)
            self.driver.get_screenshot_as_png()
        box = self.driver.execute_script(
            "const e = document.querySelector(arguments[0] || 'html');"
            "const r = e.getBoundingClientRect();"
            "return arguments[0] ? [r.x + scrollX, r.y + scrollY, r.width,"
            " r.height] : [0, 0, innerWidth, e.scrollHeight]", css)
        box[3] = min(box[3], tallest)
        shot = self.cdp("Page.captureScreenshot", captureBeyondViewport=True,
                        optimizeForSpeed=True,
                        clip={**dict(zip(("x", "y", "width", "height"), box)),
                              "scale": 1})
        return base64.b64decode(shot["data"])

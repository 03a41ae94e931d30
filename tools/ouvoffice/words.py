"""The demonstration office's own words: what its staff changed in the texts.

One version that goes out by itself, with the second person it needs; one
that counts at once; one that still waits.  They are made as people make them,
in the console, for nobody else can sign them.
"""

import base64
import hashlib
import hmac
import html
import http.client
import re
import struct
import time
import urllib.parse

# who proposes, the text, a paragraph before its last one, why, who publishes
CHANGES = [
    ("mediator2", "mail/absence", {
        "pt-BR": "Se você escrever de novo, a mensagem entra no mesmo caso.",
        "en": "If you write again, your message goes into the same case.",
        "it": "Se scrive di nuovo, il messaggio entra nella stessa pratica.",
    }, "Muitos perguntam se precisam abrir outro caso", "reader"),
    ("mediator2", "piece/hear-you", {
        "pt-BR": "Conte no seu tempo o que aconteceu.",
        "en": "Take your time to tell us what happened.",
        "it": "Racconti con calma che cosa è successo.",
    }, "Convida a pessoa a contar", None),
    ("mediator2", "mail/ack", {
        "pt-BR": "Guarde este número.",
        "en": "Keep this number.",
        "it": "Conservi questo numero.",
    }, "O número se perde com frequência", None),
]


def code_before(secret):
    """The code of half a minute ago: still good, and whoever logs in now has
    one that was not used."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 - 1),
                      hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff
    return f"{number % 10**6:06}"


class Colleague:
    """Somebody who works in the console."""

    def __init__(self, base_url, person):
        self.base_url = base_url
        self.where = urllib.parse.urlsplit(base_url)
        self.cookies = {}
        page = self.ask("GET", "/login")
        self.post("/login", {**hidden(page, "/login"),
                             "login": person["login"],
                             "password": person["password"],
                             "code": code_before(person["totp_secret"])})

    def ask(self, method, path, form=None):
        line = http.client.HTTPConnection(self.where.hostname,
                                          self.where.port, timeout=30)
        headers = {"Cookie": "; ".join(
            f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers |= {"Origin": self.base_url,
                        "Sec-Fetch-Site": "same-origin",
                        "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            page = answer.read().decode()
        finally:
            line.close()
        if answer.status != (200 if form is None else 303):
            raise OSError(f"{method} {path}: {answer.status}")
        for crumb in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = crumb.partition(";")[0].partition("=")
            self.cookies[name] = value
        return page

    def post(self, path, form):
        return self.ask("POST", path, form)

    def propose(self, name, lines, reason):
        path = f"/templates/{name}/edit"
        page = self.ask("GET", path)
        bodies = {}
        for tag, line in lines.items():
            text = re.search(rf'(?s)name="body-{tag}"[^>]*>\n(.*?)</textarea>',
                             page).group(1)
            parts = html.unescape(text).rstrip("\n").split("\n\n")
            # A piece has one paragraph; a letter ends with its signature.
            at = len(parts) if len(parts) == 1 else len(parts) - 1
            bodies[f"body-{tag}"] = "\n\n".join(
                parts[:at] + [line] + parts[at:])
        self.post(path, {**hidden(page, path), **bodies, "reason": reason,
                         "do": "save"})

    def publish(self, name, n):
        path = f"/templates/{name}/decide"
        page = self.ask("GET", "/templates/waiting")
        self.post(path, {**hidden(page, path), "n": n, "decision": "publish",
                         "why": ""})

    def leave(self):
        page = self.ask("GET", "/")
        self.post("/logout", hidden(page, "/logout"))


def hidden(page, action):
    """The hidden fields of the form that posts there."""
    for form in re.findall(r"(?s)<form.*?</form>", page):
        if f'action="{action}"' in form:
            return {key: html.unescape(value) for key, value in re.findall(
                r'type="hidden" name="(\w+)" value="([^"]*)"', form)}
    raise OSError(f"no form for {action}")


def write(base_url, staff):
    """Makes the changes; OSError when the console does not take one."""
    people = {}

    def colleague(login):
        if login not in people:
            person = next(p for p in staff if p["login"] == login)
            people[login] = Colleague(base_url, person)
        return people[login]

    for author, name, lines, reason, second in CHANGES:
        colleague(author).propose(name, lines, reason)
        if second is not None:
            colleague(second).publish(name, 1)
    for person in people.values():
        person.leave()

"""What the proofs of the main job share: letters, a browser, figures of a case.

A scene is one office with all its servers running: mail comes in by the SMTP
listener and Dovecot, goes out to the listener (and so into the catch-all
mailbox) or to a sink, and people work through nginx.
"""

import base64
import concurrent.futures
import dataclasses
import datetime
import email.header
import email.utils
import hashlib
import hmac
import html
import http.client
import http.cookies
import json
import os
import re
import secrets
import signal
import smtplib
import struct
import subprocess
import time
import urllib.parse
import zoneinfo

import psycopg2.errors

import accountant
import harness
from harness import OFFICE_ADDRESS, wait_until
from ouvoffice import accounts, conf
from ouvoffice.process import group_alive

SOON = 10.0  # the promise: an acknowledgement within ten seconds
PATIENT = 30.0
CRLF = b"\r\n"

WORDS = {
    "pt-BR": "Bom dia. Comprei uma geladeira nessa loja e ela não funciona. "
             "Já falei com o atendimento três vezes e ninguém resolve o meu "
             "problema. Quero que vocês me ajudem. Obrigada.",
    "en": "Good morning. I bought a fridge from this shop and it does not "
          "work. I have called the service three times and nobody has helped "
          "me with my problem. I would like you to help me. Thank you.",
    "it": "Buongiorno. Ho comprato un frigorifero in questo negozio e non "
          "funziona. Ho già chiamato il servizio tre volte e nessuno ha "
          "risolto il mio problema. Vorrei che mi aiutaste. Grazie.",
}


# What a page may load and do; one with the keys also runs our scripts, one
# with a composer shows frames of ours, too.
POLICY = ("default-src 'none'; style-src 'self'; img-src 'self'; font-src "
          "'self'; form-action 'self'; frame-ancestors 'none'; base-uri "
          "'none'")
WRITE_POLICY = POLICY.replace(
    "'none'; style", "'none'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; style", 1)
KEYS_POLICY = WRITE_POLICY.replace("frame-src 'self'; ", "")


def today():
    """The day on the office's wall, which at night is not the machine's."""
    return datetime.datetime.now(
        zoneinfo.ZoneInfo("America/Sao_Paulo")).date()


def words_of(lang):
    """The words of the pages, as the programs read them."""
    path = f"templates/html/words.{lang}.json"
    with open(os.path.join(harness.ROOT, path), encoding="utf-8") as text:
        return json.load(text)


def policy_of(text):
    """Which of the three this page must have."""
    if 'class="write"' in text:
        return WRITE_POLICY
    return KEYS_POLICY if "/static/console.js" in text else POLICY


def mark():
    """32 characters that stand nowhere else.  (No digits: enough of them in
    a row may be somebody's number, which the lint would find in a letter.)"""
    return "k" + "".join(secrets.choice("abcdef") for _ in range(31))


# ---- letters ----------------------------------------------------------------


def letter(sender, *, subject="Geladeira que não funciona",
           text=WORDS["pt-BR"], name="Ana Souza", to=OFFICE_ADDRESS,
           fields=(), message_id=None, body=None, content_type=None):
    """A person's mail, as octets with CRLF; fields are extra header lines."""
    lines = [
        ("From", f"{email.header.Header(name, 'utf-8').encode()} <{sender}>"
         if name else sender),
        ("To", to),
        ("Subject", email.header.Header(subject, "utf-8",
                                        maxlinelen=70).encode()),
        ("Date", email.utils.formatdate(localtime=False)),
        ("Message-ID", message_id or new_id()),
        ("MIME-Version", "1.0"),
        ("Content-Type", content_type or "text/plain; charset=utf-8"),
        *fields]
    if not content_type:
        lines.append(("Content-Transfer-Encoding", "8bit"))
    head = "".join(f"{key}: {value}\n" for key, value in lines)
    octets = (body if body is not None else text.encode() + b"\n")
    return crlf(head.encode()) + CRLF + crlf(octets)


def new_id(domain="consumidora.example"):
    return f"<{secrets.token_hex(12)}@{domain}>"


def crlf(octets):
    return octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def with_file(sender, data, filename, *, text=WORDS["pt-BR"], **more):
    """A mail with one attachment, in base64 as mail programs write it."""
    edge = "=-" + secrets.token_hex(8)
    coded = base64.encodebytes(data).decode()
    body = (f"--{edge}\nContent-Type: text/plain; charset=utf-8\n"
            f"Content-Transfer-Encoding: 8bit\n\n{text}\n"
            f"--{edge}\nContent-Type: application/pdf\n"
            f"Content-Disposition: attachment; filename=\"{filename}\"\n"
            f"Content-Transfer-Encoding: base64\n\n{coded}"
            f"--{edge}--\n").encode()
    return letter(sender, body=body, **more,
                  content_type=f'multipart/mixed; boundary="{edge}"')


def answer_to(mail, sender, *, text="Segue o número da nota: 4711.", **more):
    """What a mail program sends when its user presses "reply"."""
    parsed = mail.parsed
    more.setdefault("to", address_of(parsed["Reply-To"] or parsed["From"]))
    references = " ".join(filter(None, [parsed["References"],
                                        parsed["Message-ID"]]))
    quoted = "\n> ".join(plain_text(mail).splitlines())
    return letter(
        sender, subject="Re: " + str(parsed["Subject"]),
        text=f"{text}\n\nEm 1/12, a Ouvidoria escreveu:\n> {quoted}\n",
        fields=[("In-Reply-To", parsed["Message-ID"].strip()),
                ("References", re.sub(r"\s+", " ", references))]
        + list(more.pop("fields", [])), **more)


def address_of(value):
    return email.utils.parseaddr(str(value))[1]


def plain_text(mail):
    return mail.parsed.get_body(("plain",)).get_content()


def bounce(recipient, envelope, original_id, *, status="5.1.1"):
    """A delivery report as Postfix writes it."""
    edge = "EDGE." + secrets.token_hex(6)
    body = (f"--{edge}\nContent-Type: text/plain; charset=us-ascii\n\n"
            "This is the mail system. Your message could not be delivered.\n"
            f"<{recipient}>: host mx.example said: 550 {status} unknown\n"
            f"--{edge}\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; mx.example\n\n"
            f"Final-Recipient: rfc822; {recipient}\nAction: failed\n"
            f"Status: {status}\nDiagnostic-Code: smtp; 550 unknown\n"
            f"--{edge}\nContent-Type: text/rfc822-headers\n\n"
            f"Message-ID: {original_id}\nTo: {recipient}\n"
            f"--{edge}--\n").encode()
    return letter("MAILER-DAEMON@mx.example", name="Mail Delivery System",
                  subject="Undelivered Mail Returned to Sender", to=envelope,
                  fields=[("Auto-Submitted", "auto-replied")], body=body,
                  content_type="multipart/report; report-type=delivery-status;"
                  f' boundary="{edge}"')


def text_words(text):
    """Words only: what two renderings of one letter must have in common."""
    return re.findall(r"[\w@+./:-]+", text)


def html_words(page):
    page = re.sub(r"(?s)<(style|head|title)\b.*?</\1>", " ", page)
    page = re.sub(r"</?(b|strong|i|em|span|bdi|a)\b[^>]*>", "", page)
    return text_words(html.unescape(re.sub(r"<[^>]*>", " ", page)))


# ---- the protocol number ----------------------------------------------------

DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
        "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"]


def protocol_is_good(protocol):
    """YYYY-NNNNNN-C, and the digits lead to 0 (H. M. Damm, 2004)."""
    if not re.fullmatch(r"\d{4}-\d{6,9}-\d", protocol):
        return False
    state = 0
    for digit in protocol.replace("-", ""):
        state = int(DAMM[state][int(digit)])
    return state == 0


# ---- the browser ------------------------------------------------------------


def totp(secret, step):
    """RFC 6238 with SHA-1 and six digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff
    return f"{number % 10**6:06}"


@dataclasses.dataclass
class Page:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def location(self):
        return self.headers["Location"]

    @property
    def words(self):
        """What a person reads, on one line."""
        bare = re.sub(r"(?s)<(style|script)\b.*?</\1>|<[^>]*>", " ", self.text)
        return re.sub(r"\s+", " ", html.unescape(bare)).strip()

    def form(self, action):
        """The hidden fields of the form that posts there."""
        for form in re.findall(r"(?s)<form.*?</form>", self.text):
            if f'action="{action}"' in form:
                return {key: html.unescape(value) for key, value in re.findall(
                    r'type="hidden" name="([\w-]+)" value="([^"]*)"', form)}
        raise LookupError(f"no form for {action}")

    @property
    def asks_code(self):
        """Is it the page that asks for a code before anything is done?"""
        return b'name="code_now"' in self.body

    def field(self, name):
        """What stands in the textarea with this id."""
        return html.unescape(re.search(
            rf'(?s)<textarea id="{re.escape(name)}"[^>]*>\n(.*?)</textarea>',
            self.text)[1])

    def cases(self):
        """The addresses of the cases a list shows."""
        return re.findall(r'class="subject" href="([^"]+)"', self.text)

    def links(self, pattern):
        return [html.unescape(link) for link in
                re.findall(rf'href="({pattern})"', self.text)]


class Browser:
    """Keeps cookies and follows nothing.  With `codes`, a way to the codes of
    whoever is logged in, it gives one where a page asks for it."""

    def __init__(self, host, port, origin):
        self.host, self.port, self.origin = host, port, origin
        self.cookies = {}
        self.codes = self.agent = None

    def ask(self, method, path, form=None, timeout=30):
        line = http.client.HTTPConnection(self.host, self.port,
                                          timeout=timeout)
        headers = {"Cookie": "; ".join(
            f"{key}={value}" for key, value in self.cookies.items())}
        if not self.cookies:
            headers = {}
        if self.agent is not None:
            headers["User-Agent"] = self.agent
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers |= {"Origin": self.origin, "Sec-Fetch-Site": "same-origin",
                        "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            page = Page(answer.status, answer.headers, answer.read())
        finally:
            line.close()
        for text in page.headers.get_all("Set-Cookie") or []:
            for name, crumb in http.cookies.SimpleCookie(text).items():
                if crumb.value and crumb["max-age"] != "0":
                    self.cookies[name] = crumb.value
                else:
                    self.cookies.pop(name, None)
        if self.codes is not None and page.asks_code and form is not None \
                and "code_now" not in form:
            return self.ask("POST", path, {
                **page.form(path), "code_now": self.codes()}, timeout)
        return page

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **form):
        return self.ask("POST", path, form)

    def try_login(self, login, password, code):
        form = self.get("/login").form("/login")
        return self.post("/login", login=login, password=password, code=code,
                         **form)

    def reply(self, case, subject, text, form=None):
        """Posts the case's reply form; returns the page and the form sent."""
        form = form or {**self.get(case).form(f"{case}/reply"),
                        "subject": subject, "text": text}
        return self.ask("POST", f"{case}/reply", form), form


# ---- a whole office ---------------------------------------------------------


class Scene:
    """An office whose servers the scene begins, and its figures."""

    def __init__(self, template, *, to_sink=False,
                 **settings):
        self.folder = harness.Folder()
        self.office = harness.Office(self.folder, template)
        self.template = template
        self.database = self.office.database
        self.dovecot = self.office.dovecot
        self.sink = self.office.sink
        self.gateway = self.office.gateway
        self.server = self.office.server
        self.nginx = self.office.nginx
        self.listener = None
        self.to_sink = to_sink
        self.last_step = {}
        self.settings = settings

    def begin(self, *, web=True, gateway=True):
        self.dovecot.begin()
        self.listener = harness.SmtpListener(self.folder, self.dovecot)
        self.listener.begin()
        if not self.to_sink:
            self.set(smtp_port=self.listener.port)
        if self.settings:
            self.set(**self.settings)
        if gateway:
            self.gateway.begin()
        if web:
            self.server.begin()
            self.nginx.begin()
        return self

    def stop(self):
        if self.listener is not None:
            self.listener.stop()
        self.office.stop()
        self.folder.remove()

    def set(self, **changes):
        self.office.set(**changes)

    # -- mail -----------------------------------------------------------------

    def post_mail(self, raw, sender, *recipients):
        """Hands a mail to the SMTP listener, as the world does."""
        line = smtplib.SMTP("127.0.0.1", self.listener.port, timeout=30)
        try:
            line.ehlo("mail.consumidora.example")
            assert line.mail(sender, ["BODY=8BITMIME"])[0] == 250
            for recipient in recipients or (OFFICE_ADDRESS,):
                assert line.rcpt(recipient)[0] == 250
            code, text = line.data(raw)
            assert code == 250, (code, text)
        finally:
            line.close()

    def arrived(self, address, count=1, deadline=SOON):
        """Mails in the catch-all mailbox for an address."""
        def enough():
            found = self.now_arrived(address)
            return found if len(found) >= count else None

        return wait_until(f"{count} mails for {address}", enough, deadline,
                          0.1)

    def now_arrived(self, address):
        """Those, without waiting.  The search is Dovecot's: the mailbox of a
        whole file of tests is not fetched each time."""
        line = self.dovecot.imap("catchall")
        try:
            line.select("INBOX", readonly=True)
            uids = line.uid("SEARCH", None, "HEADER", "X-Original-To",
                            f'"{address}"')[1][0].split()
            found = []
            for uid in uids:
                answer = line.uid("FETCH", uid, "(BODY.PEEK[])")[1]
                raw = next(p[1] for p in answer if isinstance(p, tuple))
                found.append(harness.Mail(int(uid), (), raw))
            return found
        finally:
            line.logout()

    def acknowledged(self, raw, sender, deadline=SOON):
        """Posts a mail; its acknowledgement, once it has come."""
        before = len(self.now_arrived(sender))
        self.post_mail(raw, sender)
        return self.arrived(sender, before + 1, deadline)[-1]

    def case_of(self, acknowledgement):
        """The row of the case an acknowledgement speaks of."""
        protocol = re.search(r"\d{4}-\d{6,9}-\d",
                             str(acknowledgement.parsed["Subject"])).group()
        return self.case(protocol)

    # -- the database ---------------------------------------------------------

    def query(self, sql, *values):
        return self.database.query(sql, *values)

    def case(self, protocol):
        row = self.query(
            "SELECT id, protocol, state, due, owner, items, lang FROM case_file"
            " WHERE protocol = %s", protocol)[0]
        return dict(zip(("id", "protocol", "state", "due", "owner", "items",
                         "lang"), row))

    def items(self, case_id):
        return self.query("SELECT id, kind, why FROM item WHERE case_id = %s"
                          " ORDER BY seq", str(case_id))

    def inbound(self, count, deadline=PATIENT):
        """Waits until so many mails have been dealt with."""
        def enough():
            done = self.database.value(
                "SELECT count(*) FROM inbound WHERE state <> 'received'")
            return done >= count

        wait_until(f"{count} mails are filed", enough, deadline, 0.05)

    def filed(self, raw, sender, *recipients, deadline=PATIENT):
        """Posts a mail and waits for its row; the row as a dict."""
        known = {row[0] for row in self.query("SELECT id FROM inbound")}
        self.post_mail(raw, sender, *recipients)
        return self.new_rows(known, 1, deadline)[0]

    def new_rows(self, known, count, deadline=PATIENT):
        columns = ("id", "state", "outcome", "case_id", "error_code", "uid")

        def done():
            rows = [dict(zip(columns, row)) for row in self.query(
                f"SELECT {', '.join(columns)} FROM inbound"
                " WHERE state <> 'received' ORDER BY id")
                if row[0] not in known]
            return rows if len(rows) >= count else None

        return wait_until(f"{count} new mails are filed", done, deadline, 0.05)

    def outbox_is_quiet(self):
        return not self.database.value(
            "SELECT count(*) FROM outbox WHERE state IN ('queued', 'unknown')")

    def time_passes(self):
        """Every lease runs out and every pause is over.  (Only while no two
        gateways live: then nobody who holds a lease is fenced by it.)"""
        for sql in ("UPDATE mailbox_lease SET until = now()",
                    "UPDATE inbound SET lease_until = now()"
                    " WHERE lease_until IS NOT NULL",
                    "UPDATE inbound SET not_before = now()"
                    " WHERE state = 'received'",
                    "UPDATE outbox SET lease_until = now()"
                    " WHERE lease_until IS NOT NULL",
                    "UPDATE outbox SET not_before = now()"
                    " WHERE state IN ('queued', 'unknown')",
                    "NOTIFY ouv_outbox"):
            self.patiently(sql)

    def patiently(self, sql):
        """Beside programs that lock the same rows in an order of their own:
        whom PostgreSQL chooses to end a deadlock asks again."""
        for _ in range(5):
            try:
                return self.query(sql)
            except psycopg2.errors.DeadlockDetected:
                pass
        return self.query(sql)

    # -- the books ------------------------------------------------------------

    def secrets(self):
        return accountant.Secrets(self.office.config, self.template.offline)

    def sent(self):
        """Everything the office sent: what the sink, or catch-all, got."""
        if self.to_sink:
            return [accountant.Sent(m.recipients, m.content)
                    for m in list(self.sink.mails)]
        return [accountant.Sent([], m.raw)
                for m in self.dovecot.mails("catchall")]

    def findings(self, injected=None, *, settled=True):
        """What the accountant has to say of this office now."""
        mailbox = accountant.read_imap(
            "127.0.0.1", self.dovecot.port, "ouvidoria",
            self.dovecot.users["ouvidoria"], ["INBOX"])
        return accountant.Accountant(
            accountant.Books(self.database.connect()), self.secrets(),
            mailbox=mailbox, sent=self.sent(), injected=injected,
            settled=settled).findings()

    # -- people ---------------------------------------------------------------

    def browser(self):
        return Browser("127.0.0.1", self.office.http_port,
                       self.office.base_url)

    def code(self, person):
        """A code that was not used yet.  Where all that count now are, the
        office forgets it: the next would come within half a minute, and tests
        would mostly wait for it.  (test_main_job shows that none counts
        twice.)"""
        login, now = person["login"], int(time.time()) // 30
        step = max(now, self.last_step.get(login, 0) + 1)
        if step > now + 1:
            step = now
            self.query("UPDATE person SET totp_last_step = %s"
                       " WHERE login = %s", now - 1, login)
        self.last_step[login] = step
        return totp(person["totp_secret"], step)

    def logged_in(self, login):
        person = self.office.person(login)
        browser = self.browser()
        page = browser.try_login(login, person["password"], self.code(person))
        assert page.status == 303 and page.location == "/", page.words
        browser.codes = lambda: self.code(person)
        return browser

    # -- processes ------------------------------------------------------------

    def live_by(self, clock):
        """The server alone lives by this clock.  Before begin()."""
        self.clock = clock
        self.server.process.env = {**(self.server.process.env or {}),
                                   **clock.env}

    def connect_all(self):
        """Each thread of the server has its connection: where its clock is
        not the database's, it would get no other."""
        def ask(_):
            assert self.browser().get("/healthz").status == 200

        def connected():
            with concurrent.futures.ThreadPoolExecutor(12) as pool:
                list(pool.map(ask, range(24)))
            (count,), = self.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                " current_database() AND application_name = 'ouvidoria-server'")
            return count >= 5  # four that answer, one that looks around

        wait_until("each thread is connected", connected, 60, 0.2)

    def gateway_children(self):
        """The two parts of the gateway (and below them the parser)."""
        return descendants(self.gateway.process.pid)

    def kill_gateway(self):
        """kill -9 of the parent alone; the rest must follow by itself."""
        pid = self.gateway.process.pid
        os.kill(pid, signal.SIGKILL)
        self.gateway.process.child.wait()
        wait_until("the gateway's children end with it",
                   lambda: not group_alive(pid), 10)


def descendants(pid):
    found = []
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as source:
            children = [int(word) for word in source.read().split()]
    except OSError:
        return found
    for child in children:
        found += [child] + descendants(child)
    return found


# ---- by hand ----------------------------------------------------------------


def run_program(path, *arguments, stdin=b"", timeout=60):
    """(status, standard output, standard error) of one of the programs."""
    done = subprocess.run([path, *arguments], input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=timeout,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout, done.stderr


def copy_config(scene, name, **changes):
    """A second configuration beside the first, with other values."""
    path = os.path.join(scene.office.home, name)
    with open(scene.office.config) as source:
        accounts.write_file(path, source.read())
    conf.adjust(path, {tuple(key.split("_", 1)): value
                       for key, value in changes.items()})
    return path

"""The interface for companies' programs: the document it gives of itself is
read, and the running server is driven by it.

For each operation its success is met and each problem that is documented; each
answer is judged by its schema with a validator that is not ours; no status, no
type of problem, no header and no field appears that is not in the document.
"""

import concurrent.futures
import hashlib
import http.client
import json
import os
import re
import secrets
import subprocess
import urllib.parse

import jsonschema
import pytest

import filled
import harness
import scene as stage
from harness import wait_until
from ouvoffice.postgres import BINARIES, SUPERUSER
from scene import Scene, letter, mark, with_file

ROOT = "/api/v1"
AURORA, SERENO = "Loja Aurora", "Banco Sereno"
CONTACTS = {AURORA: "eva@aurora.example", SERENO: "rui@sereno.example"}
PDF = filled.invoice()
METHODS = ("get", "post")
ALWAYS = {"content-type", "content-length", "date", "server", "connection",
          "content-security-policy", "x-content-type-options",
          "x-frame-options", "referrer-policy", "cross-origin-opener-policy",
          "cross-origin-resource-policy", "permissions-policy",
          "cache-control", "strict-transport-security", "content-language",
          "content-disposition", "allow", "keep-alive"}


# ---- the office -----------------------------------------------------------------


class Office(Scene):
    """Two companies with a unit each, and cases of both."""

    def companies(self):
        do = self.office.admin.do
        do("code", "import", "--shipped")
        self.units = {}
        for company, contact in CONTACTS.items():
            do("company", "add", "--name", company, "--lang", "pt-BR",
               "--sector", "retail")
            do("company", "unit", "--company", company, "--name", "SAC")
            do("company", "contact", "--company", company, "--unit", "SAC",
               "--address", contact, "--name", "Eva Prado")
            self.units[company], = self.query(
                "SELECT replace(u.id::text, '-', '') FROM company_unit u JOIN"
                " company c ON c.id = u.company WHERE c.name = %s", company)[0]

    def token(self, label, scopes="read,answer", company=AURORA, days=365):
        """By the operator's command, as an office gives one."""
        person = self.office.person("ombudsman")
        path = os.path.join(self.office.home, "secrets", "ombudsman.pw")
        if not os.path.exists(path):
            stage.accounts.write_file(path, person["password"] + "\n")
        return self.office.admin.do(
            "company", "token", "add", "--company", company, "--unit", "SAC",
            "--label", label, "--scopes", scopes, "--days", str(days),
            "--as", "ombudsman", "--as-password-file", path).decode().strip()

    def key_of(self, token):
        return str(__import__("uuid").UUID(token[5:37]))

    def served(self, company=AURORA, text="", allegations=1):
        """A complaint that the company was written to about; its protocol."""
        browser = self.people("mediator2")
        sender = f"ana.{secrets.token_hex(6)}@consumidora.example"
        raw = with_file(sender, PDF, "nota.pdf",
                        text=f"{stage.WORDS['pt-BR']}\n{text}")
        protocol = self.office_gateway_ingest(raw)
        case = f"/cases/{protocol}"
        filled.take(browser, case)
        fields = {"allegation": "defective"}
        if allegations > 1:
            fields["allegation-2"] = "not-delivered"
        filled.act(browser, case, "classify", kind="complaint",
                   severity="moderate", difficulty="simple",
                   identity="open", remedy="refund", contact_channel="phone",
                   direction="inbound", service=self.code_of("service",
                                                             "support"),
                   unit=self.units[company], article=self.code_of("article"),
                   law=self.code_of("law", "cdc"), **fields)
        filled.act(browser, case, "serve", summary=filled.SUMMARY)
        return protocol

    def office_gateway_ingest(self, raw):
        status, (told,) = self.gateway.ingest(raw)
        assert status == 0 and told["outcome"] == "created", told
        return told["protocol"]

    def people(self, login):
        found = self.__dict__.setdefault("who", {})
        if login not in found:
            found[login] = self.logged_in(login)
        return found[login]

    def code_of(self, book, begins=""):
        return self.database.value(
            "SELECT min(code) FROM code_entry WHERE book = %s AND code LIKE"
            " %s", book, begins + "%")


@pytest.fixture(scope="module")
def office(template):
    made = Office(template, to_sink=True, server_api_minute=5000,
                  mailgw_acks_domain_hour=100000, mailgw_acks_hour=100000,
                  mailgw_mails_sender_hour=100000)
    try:
        made.begin()
        made.companies()
        made.full = made.token("ERP")
        made.reads = made.token("painel", "read")
        made.answers = made.token("robô", "answer")
        made.theirs = made.token("outra", company=SERENO)
        yield made
    finally:
        made.stop()


# ---- asking ---------------------------------------------------------------------


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def problem(self):
        """The last part of its type; None: it is none."""
        if self.headers["Content-Type"] != "application/problem+json":
            return None
        return self.json["type"].rpartition("/")[2]


def ask(office, method, path, token=None, body=None, *, key=None, language=None,
        direct=False, **headers):
    """body: a dict goes as JSON; octets as they are."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    if key:
        sent["Idempotency-Key"] = f'"{key}"'
    if language:
        sent["Accept-Language"] = language
    if isinstance(body, dict):
        body = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    if direct:
        return Answer(*office.server.request(method, path, body, sent))
    line = http.client.HTTPConnection("127.0.0.1", office.office.http_port,
                                      timeout=60)
    try:
        line.request(method, path, body, sent)
        got = line.getresponse()
        return Answer(got.status, got.headers, got.read())
    finally:
        line.close()


def upload(office, protocol, data=PDF, name="laudo.pdf", key=None, **more):
    answer = ask(
        office, "POST", f"{ROOT}/cases/{protocol}/files?name={name}",
        office.full, data, key=key or new_key(),
        **{"Content_Type": "application/pdf", **more})
    assert answer.status == 201, answer.body
    return answer.json


def new_key():
    return secrets.token_hex(16)


def say(office, protocol, act, body, token=None, key=None, **more):
    return ask(office, "POST", f"{ROOT}/cases/{protocol}/{act}",
               token or office.full, body, key=key or new_key(), **more)


# ---- judging --------------------------------------------------------------------


class Judge:
    """The document, and what of it was met."""

    def __init__(self, document):
        self.document = document
        self.resolver = jsonschema.RefResolver("", document)
        self.operations = {}
        self.met = set()
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    self.operations[item[method]["operationId"]] = (
                        method, path, item[method])

    def wanted(self):
        """Each operation's success and each problem it may have."""
        for name, (_, _, operation) in self.operations.items():
            for status, response in operation["responses"].items():
                if status.startswith("2"):
                    yield name, "done"
                for problem in response.get("x-problems", []):
                    yield name, problem

    def fits(self, schema, value):
        jsonschema.Draft202012Validator(
            schema, resolver=self.resolver,
            format_checker=jsonschema.FormatChecker()).validate(value)

    def judge(self, name, answer):
        """The answer is one that the document names; which one."""
        operation = self.operations[name][2]
        assert str(answer.status) in operation["responses"], \
            (name, answer.status, answer.body[:500])
        response = operation["responses"][str(answer.status)]
        kind = answer.headers["Content-Type"]
        assert kind in response["content"], (name, answer.status, kind)
        schema = response["content"][kind].get("schema")
        if schema:
            self.fits(schema, answer.json)
        told = {header.lower() for header in answer.headers}
        documented = {header.lower() for header in response["headers"]}
        assert told - ALWAYS <= documented, (name, told - ALWAYS - documented)
        what = answer.problem or "done"
        if answer.problem:
            assert what in response["x-problems"], (name, what)
            assert answer.json["status"] == answer.status
        self.met.add((name, what))
        return what


@pytest.fixture(scope="module")
def judge(office):
    answer = ask(office, "GET", f"{ROOT}/openapi.json")
    assert answer.status == 200
    return Judge(answer.json)


# ---- the document ---------------------------------------------------------------


def test_the_document_is_well_formed(judge):
    document = judge.document
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False
    text = json.dumps(document)
    for ref in set(re.findall(r'"\$ref": "([^"]+)"', text)):
        judge.resolver.resolve(ref)
    assert len(judge.operations) >= 17
    for name, (method, path, operation) in judge.operations.items():
        assert operation["summary"], name
        named = {one["name"] for one in operation["parameters"]
                 if one["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path)), name
        for one in operation["parameters"]:
            assert one["description"], (name, one["name"])
        needs = any(one["name"] == "Idempotency-Key" and one["required"]
                    for one in operation["parameters"])
        assert needs == (method == "post"), name
    for name, schema in document["components"]["schemas"].items():
        for field, one in schema["properties"].items():
            assert "$ref" in one or one.get("description"), (name, field)


@pytest.mark.parametrize("lang", ["pt-BR", "en", "it"])
def test_the_document_speaks_the_language_asked_for(office, lang):
    words = stage.words_of(lang)
    document = ask(office, "GET", f"{ROOT}/openapi.json", language=lang).json
    assert document["paths"][f"{ROOT}/tasks"]["get"]["summary"] == \
        words["api_op_listtasks"]
    told = ask(office, "GET", f"{ROOT}/tasks", language=lang)
    assert told.json["title"] == words["api_problem_unauthorized"]
    assert told.headers["Content-Language"] == lang


# ---- each operation, and each problem -------------------------------------------


class Drive:
    """A good request of each operation, and what makes each problem of it."""

    def __init__(self, office):
        self.office = office
        self.case = office.served(allegations=2)
        self.spare = {name: office.served() for name in
                      ("askExtension", "decline", "decide", "askDatum")}
        self.foreign = office.served(company=SERENO)
        self.closed = office.served()
        office.query("UPDATE case_file SET state = 'mediation' WHERE"
                     " protocol = %s", self.closed)
        self.over = office.served()
        office.query("UPDATE case_file SET state = 'closed', closed_by ="
                     " 'withdraw', closed = now() WHERE protocol = %s",
                     self.over)
        brought = upload(office, self.case)
        assert say(office, self.case, "messages", {
            "words": "Segue o laudo.", "files": [brought["file"]]}).status \
            == 201

    def place(self, name, path, protocol=None):
        """Its address with values; message and attachment are the notice's."""
        protocol = protocol or self.spare.get(name, self.case)
        path = path.replace("{protocol}", protocol)
        if "{n}" in path:
            listed = ask(self.office, "GET",
                         f"{ROOT}/cases/{self.case}/messages",
                         self.office.full).json["messages"]
            of = next(one for one in listed if one["attachments"])
            path = path.replace("{n}", str(of["n"]))
            path = path.replace("{k}", str(of["attachments"][0]["k"]))
        return path.replace("{name}", "not-found")

    def body(self, name):
        files = {"files": []}
        point = {"happened": "O técnico não foi.", "offered": "Outra visita."}
        return {
            "answer": {"words": "Segue a resposta.",
                       "points": [point, point], **files},
            "askExtension": {"words": "O laudo chega na sexta-feira."},
            "decline": {"words": "A nota é de outra loja."},
            "decide": {"action": "ask-extension", "words": "O laudo falta."},
            "writeMessage": {"words": "Bom dia. Temos uma dúvida."},
            "askDatum": {"words": "Qual é o número de série?"},
            "setReference": {"reference": "ERP-2026-17"},
            "addFile": PDF,
        }[name]

    def ask(self, name, method, path, **more):
        office = self.office
        more.setdefault("token", office.full)
        if method == "post":
            more.setdefault("key", new_key())
            more.setdefault("body", self.body(name))
            if name == "addFile":
                more.setdefault("Content_Type", "application/pdf")
        return ask(office, method.upper(), path, more.pop("token"),
                   more.pop("body", None), **more)

    # -- what makes each problem -------------------------------------------------

    def unauthorized(self, name, method, path):
        wrong = self.office.full[:-1] + (
            "0" if self.office.full[-1] != "0" else "1")
        answers = [self.ask(name, method, path, token=token) for token in
                   (None, "ouv1_", "x" * 63, self.office.reads[:37] +
                    self.office.full[37:])]
        assert {one.status for one in answers} == {401}
        assert all(one.headers["WWW-Authenticate"] == "Bearer"
                   for one in answers)
        return answers[-1]

    def scope_missing(self, name, method, path):
        token = self.office.answers if method == "get" else self.office.reads
        return self.ask(name, method, path, token=token)

    def bad_query(self, name, method, path):
        return self.ask(name, method, path + "?nonsense=1")

    def too_many_requests(self, name, method, path):
        key = self.office.key_of(self.office.full)
        self.office.query(
            "INSERT INTO api_count VALUES (%s, now(), 5000) ON CONFLICT"
            " (page_key) DO UPDATE SET used = 5000, since = now()", key)
        answer = self.ask(name, method, path)
        assert answer.status == 429, (name, answer.status, answer.body[:300])
        self.office.query("DELETE FROM api_count WHERE page_key = %s", key)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        return answer

    def unavailable(self, name, method, path):
        """The database takes nobody in."""
        base = self.office.database
        line = base.cluster.connect("postgres")
        with away(line, base.name):
            answer = self.ask(name, method, path)
        line.close()
        wait_until("the server answers again", lambda: ask(
            self.office, "GET", "/healthz").status == 200, 30)
        return answer

    def not_found(self, name, method, path):
        if name == "getProblem":
            return self.ask(name, method, f"{ROOT}/problems/nonsense")
        if "{n}" in path or "messages/" in path:
            far = re.sub(r"messages/\d+", "messages/999", path)
            assert self.ask(name, method, far).status == 404
        theirs = re.sub(r"\d{4}-\d{6,}-\d", self.foreign, path)
        return self.ask(name, method, theirs)

    def no_way_in(self, name, method, path):
        self.office.query("UPDATE company SET member_until = current_date - 1"
                          " WHERE name = %s", AURORA)
        answer = self.ask(name, method, path)
        self.office.query("UPDATE company SET member_until = NULL"
                          " WHERE name = %s", AURORA)
        return answer

    def idempotency_key_missing(self, name, method, path):
        return self.ask(name, method, path, key="")

    def length_required(self, name, method, path):
        """Past the proxy, which would say it otherwise."""
        return self.raw(name, path, b"")

    def raw(self, name, path, more):
        line = harness.programs.UnixHTTP(self.office.server.socket,
                                         self.office.server.host, 30)
        line.putrequest("POST", path)
        line.putheader("Authorization", f"Bearer {self.office.full}")
        line.putheader("Idempotency-Key", new_key())
        line.endheaders()
        got = line.getresponse()
        answer = Answer(got.status, got.headers, got.read())
        line.close()
        return answer

    def too_large(self, name, method, path):
        if name == "addFile":
            return self.ask(name, method, path, body=b"%PDF-1.4" + b"x" *
                            (26 << 20))
        return self.ask(name, method, path, body={"words": "x" * 300000})

    def bad_json(self, name, method, path):
        return self.ask(name, method, path, body=b'{"words":',
                        Content_Type="application/json")

    def media_type(self, name, method, path):
        return self.ask(name, method, path, body=b"words=x",
                        Content_Type="application/x-www-form-urlencoded")

    def invalid(self, name, method, path):
        answer = self.ask(name, method, path,
                          body={**self.body(name), "wörds": 1})
        assert answer.json["errors"][0]["code"] == "unknown-field"
        assert answer.json["errors"][0]["pointer"] == "/wörds"
        return answer

    def file_refused(self, name, method, path):
        return self.ask(name, method, path, body=b"MZ\x90\0" * 100,
                        Content_Type="application/pdf")

    def not_now(self, name, method, path):
        return self.ask(name, method, re.sub(
            r"\d{4}-\d{6,}-\d",
            self.over if name == "askDatum" else self.closed, path))

    def changed_meanwhile(self, name, method, path):
        """Somebody of the company wrote; who has not seen it does nothing."""
        fresh = self.office.served()
        assert say(self.office, fresh, "messages",
                   {"words": "Já vamos ver."}).status == 201
        return self.ask(name, method, re.sub(
            r"\d{4}-\d{6,}-\d", fresh, path),
            body={**self.body(name), "seen": 0})

    # -- done, and done again ----------------------------------------------------

    def done(self, name, method, path):
        """Its success; of what does something also what follows of its key:
        the same answer, another body refused, one at a time."""
        if method == "get":
            return [self.ask(name, method, path)]
        key = new_key()
        first = self.ask(name, method, path, key=key)
        assert first.status < 300, (name, first.body)
        again = self.ask(name, method, path, key=key)
        assert (again.status, again.body) == (first.status, first.body)
        other = PDF + b"\n" if name == "addFile" else {
            **self.body(name), **({"reference": "9"} if name == "setReference"
                                  else {"words": "Outra coisa."})}
        reused = self.ask(name, method, path, key=key, body=other)
        self.office.query(
            "UPDATE api_once SET status = NULL, at = now() WHERE page_key ="
            " %s AND at = (SELECT max(at) FROM api_once)",
            self.office.key_of(self.office.full))
        busy = self.ask(name, method, path, key=key)
        assert reused.problem == "idempotency-key-reused", reused.body
        assert busy.problem == "request-in-progress", busy.body
        return [first, reused, busy]


class away:
    def __init__(self, line, name):
        self.line, self.name = line, name

    def say(self, sql):
        with self.line.cursor() as cursor:
            cursor.execute(sql)

    def __enter__(self):
        self.line.autocommit = True
        self.say(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false")
        self.say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 f" WHERE datname = '{self.name}' AND pid <> pg_backend_pid()")

    def __exit__(self, *_):
        self.say(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")


# Whatever may go wrong is tried with every operation of that method, also where
# the document does not speak of it: then what comes must be something else that
# it speaks of.
OF_READING = ("unauthorized", "scope-missing", "bad-query",
              "too-many-requests", "unavailable", "not-found", "no-way-in")
OF_DOING = OF_READING + (
    "idempotency-key-missing", "length-required", "too-large", "bad-json",
    "media-type", "invalid", "file-refused", "not-now", "changed-meanwhile")
# These come with the success of an operation that does something.
WITH_SUCCESS = {"idempotency-key-reused", "request-in-progress"}


def test_the_server_does_what_the_document_says_and_nothing_else(office, judge):
    drive = Drive(office)
    wanted = set(judge.wanted())
    assert {what for _, what in wanted} <= {*OF_DOING, *WITH_SUCCESS, "done"}
    missing = []
    for name, (method, template, operation) in judge.operations.items():
        path = drive.place(name, template)
        open_to_all = operation.get("security") == []
        for what in (OF_READING if method == "get" else OF_DOING) + ("done",):
            if (name, what) not in wanted and (
                    open_to_all or (name == "addFile" and what in (
                        "invalid", "changed-meanwhile"))):
                continue  # without a token, or without fields
            answers = getattr(drive, what.replace("-", "_"))(
                name, method, path)
            for answer in answers if isinstance(answers, list) else [answers]:
                got = judge.judge(name, answer)
            if (name, what) in wanted and (name, what) not in judge.met:
                missing.append((name, what, got))
    assert not missing, missing
    assert judge.met == wanted


# ---- whose ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def case(office):
    return office.served()


@pytest.fixture(scope="module")
def foreign(office):
    return office.served(company=SERENO)


def listed(office, token, path="cases"):
    got = ask(office, "GET", f"{ROOT}/{path}?most=100", token).json
    return [one["protocol"] for one in got[path]]


def messages(office, protocol, token=None):
    return ask(office, "GET", f"{ROOT}/cases/{protocol}/messages",
               token or office.full).json["messages"]


def notice(office, protocol, token=None):
    seq = min(one["n"] for one in messages(office, protocol, token)
              if one["has_text"])
    return ask(office, "GET", f"{ROOT}/cases/{protocol}/messages/{seq}",
               token or office.full)


def test_a_token_opens_its_own_units_cases_and_no_other(office, case, foreign):
    assert case in listed(office, office.full)
    assert foreign not in listed(office, office.full)
    assert foreign in listed(office, office.theirs)
    assert case not in listed(office, office.theirs)
    assert notice(office, foreign, office.theirs).status == 200
    for path in ("", "/messages", "/messages/1", "/messages/2",
                 "/messages/1/attachments/0"):
        got = ask(office, "GET", f"{ROOT}/cases/{foreign}{path}", office.full)
        assert got.problem == "not-found", (path, got.body)
        nobodys = ask(office, "GET", f"{ROOT}/cases/2026-999999-9{path}",
                      office.full)
        assert (got.status, got.body) == (nobodys.status, nobodys.body)


def test_the_notice_is_read_as_it_was_written(office, case):
    read = notice(office, case).json
    assert read["from"] == "office" and filled.SUMMARY in read["text"]
    assert read["subject"] and read["at"].endswith("Z")
    letters = [mail for mail in office.sink.to(CONTACTS[AURORA])
               if case in str(mail.parsed["Subject"])]
    assert letters, "the notice went by mail as well"


def test_what_was_written_before_the_token_waits_for_a_colleague(office, case):
    """Nobody can seal it afterwards but a session that opens the case."""
    late = office.token("tarde")
    before = ask(office, "GET", f"{ROOT}/cases/{case}/messages", late).json
    assert before["messages"] == [] and before["not_yet"] > 0
    assert case in listed(office, late)
    office.people("mediator2").get(f"/cases/{case}")
    after = ask(office, "GET", f"{ROOT}/cases/{case}/messages", late).json
    assert after["not_yet"] == 0
    assert [one["n"] for one in after["messages"]] == \
        [one["n"] for one in messages(office, case)]


def test_nothing_of_the_consumer_is_told_but_what_was_written(office):
    """Every answer about a case, searched for what only the consumer's own
    letter holds."""
    phone, cpf, said = "(11) 98765-4321", "529.982.247-25", mark()
    protocol = office.served(text=f"Meu CPF é {cpf}, telefone {phone}. {said}")
    addr, = office.query(
        "SELECT count(*) FROM item WHERE case_id = (SELECT id FROM case_file"
        " WHERE protocol = %s) AND lane = 'consumer'", protocol)[0]
    assert addr > 0
    texts = [ask(office, "GET", f"{ROOT}/{path}", office.full).body.decode()
             for path in ("tasks", "cases", "promises", "figures",
                          f"cases/{protocol}", f"cases/{protocol}/messages")]
    for one in messages(office, protocol):
        texts.append(ask(office, "GET",
                         f"{ROOT}/cases/{protocol}/messages/{one['n']}",
                         office.full).body.decode())
    for text in texts:
        for secret in (phone, cpf, said, "@consumidora.example"):
            assert secret not in text
    # The consumer's own letter is message 1, and no token's to read.
    assert ask(office, "GET", f"{ROOT}/cases/{protocol}/messages/1",
               office.full).problem == "not-found"


# ---- tokens ---------------------------------------------------------------------


def works(office, token):
    return ask(office, "GET", f"{ROOT}/tasks", token).status == 200


def test_an_ended_token_opens_nothing(office):
    token = office.token("breve")
    assert works(office, token)
    office.office.admin.do("company", "token", "revoke", token[5:37])
    told = ask(office, "GET", f"{ROOT}/tasks", token)
    assert told.problem == "unauthorized"
    (left,), = office.query("SELECT count(*) FROM page_box WHERE page_key ="
                            " %s", office.key_of(token))
    assert left == 0
    lines = office.office.admin.json("company", "token", "list", "--company",
                                     AURORA)
    mine, = [one for one in lines if one["id"] == token[5:37]]
    assert mine["label"] == "breve" and not mine["works"] and mine["revoked"]
    assert mine["scopes"] == ["read", "answer"] and mine["last_used"]


def test_a_units_tokens_end_with_its_contract(office):
    office.office.admin.do("company", "unit", "--company", AURORA, "--name",
                           "Central Sul", "--owned", "no", "--from",
                           "2020-01-01")
    status, out, _ = office.office.admin.run(
        "company", "token", "add", "--company", AURORA, "--unit",
        "Central Sul", "--label", "sul", "--as", "ombudsman",
        "--as-password-file",
        os.path.join(office.office.home, "secrets", "ombudsman.pw"))
    token = out.decode().strip()
    assert status == 0 and works(office, token)
    office.office.admin.do("company", "unit", "--company", AURORA, "--name",
                           "Central Sul", "--until", "2020-12-31")
    assert not works(office, token)
    status, _, _ = office.office.admin.run(
        "company", "token", "add", "--company", AURORA, "--unit",
        "Central Sul", "--label", "sul 2", "--as", "ombudsman",
        "--as-password-file",
        os.path.join(office.office.home, "secrets", "ombudsman.pw"))
    assert status == 1


def test_a_mediator_gives_no_token(office):
    path = os.path.join(office.office.home, "secrets", "mediator.pw")
    stage.accounts.write_file(path, office.office.person("mediator")[
        "password"] + "\n")
    before = office.database.value("SELECT count(*) FROM page_key")
    status, out, complaint = office.office.admin.run(
        "company", "token", "add", "--company", AURORA, "--unit", "SAC",
        "--label", "x", "--as", "mediator", "--as-password-file", path)
    assert status == 1 and out == b"" and b"may give no token" in complaint
    assert office.database.value("SELECT count(*) FROM page_key") == before


@pytest.mark.parametrize("how", [
    "UPDATE api_token SET scopes = 3 WHERE page_key = '{key}'",
    "UPDATE api_token SET unit = '{other}' WHERE page_key = '{key}'",
    "UPDATE page_key SET expires = expires + interval '1 day'"
    " WHERE id = '{key}'",
    "UPDATE page_key SET reader = '{other}' WHERE id = '{key}'",
    "DELETE FROM api_token WHERE page_key = '{key}'",
])
def test_whoever_writes_to_the_database_widens_no_token(office, how):
    token = office.token("alvo", "read")
    key = office.key_of(token)
    assert works(office, token)
    office.query(how.format(key=key, other=office.units[SERENO]))
    assert not works(office, token)


def test_the_token_is_kept_nowhere(office):
    """Neither its code nor all of it: in the database, in any log."""
    office.query("CHECKPOINT")
    codes = [one[37:] for one in (office.full, office.reads, office.theirs)]
    dump = subprocess.run(
        [f"{BINARIES}/pg_dump", "-d", office.database.cluster.dsn(
            office.database.name, SUPERUSER)],
        check=True, stdout=subprocess.PIPE)
    assert b"COPY public.page_key" in dump.stdout
    texts = [dump.stdout]
    for folder, _, files in os.walk(office.folder.path):
        for name in files:
            if name.endswith(".log"):
                with open(os.path.join(folder, name), "rb") as log:
                    texts.append(log.read())
    assert len(texts) > 3
    for text in texts:
        for code in codes:
            assert code.encode() not in text.lower()
            assert "-".join(re.findall(".{1,4}", code)).encode() not in \
                text.lower()


def test_wrong_tokens_make_their_address_wait_and_no_other_program(office):
    office.query("DELETE FROM login_throttle")
    wrong = office.full[:37] + "0" * 26
    seen = [ask(office, "GET", f"{ROOT}/tasks", wrong) for _ in range(70)]
    assert seen[0].status == 401 and seen[-1].status == 429
    assert int(seen[-1].headers["Retry-After"]) > 0
    assert works(office, office.full)
    office.query("DELETE FROM login_throttle")


def test_no_cookie_counts_and_no_form_is_needed(office):
    browser = office.people("mediator2")
    got = browser.ask("GET", f"{ROOT}/tasks")
    assert got.status == 401 and "Set-Cookie" not in got.headers
    got = browser.ask("POST", f"{ROOT}/cases/x/messages", {"words": "x"})
    assert got.status == 401


def test_requests_are_counted_by_token(office):
    token, other = office.token("conta"), office.token("outra conta")
    left = []
    for _ in range(3):
        got = ask(office, "GET", f"{ROOT}/tasks", token)
        policy = got.headers["RateLimit-Policy"]
        assert policy == '"token";q=5000;w=60'
        left.append(int(re.fullmatch(r'"token";r=(\d+);t=\d+',
                                     got.headers["RateLimit"])[1]))
    assert left == [4999, 4998, 4997]
    assert 'r=4999' in ask(office, "GET", f"{ROOT}/tasks",
                           other).headers["RateLimit"]
    office.query("UPDATE api_count SET since = now() - interval '61 seconds'"
                 " WHERE page_key = %s", office.key_of(token))
    assert 'r=4999' in ask(office, "GET", f"{ROOT}/tasks",
                           token).headers["RateLimit"]


def test_the_console_gives_a_token_once_and_ends_it(office):
    """What the form shows works; the form sent twice shows nothing; a
    mediator sees neither page nor link."""
    browser = office.people("ombudsman")
    company, = office.query("SELECT replace(id::text, '-', '') FROM company"
                            " WHERE name = %s", AURORA)[0]
    file = f"/companies/{company}"
    place = f"{file}/{office.units[AURORA]}/tokens"
    assert place in browser.get(file).text
    mediator = office.people("mediator2")
    assert place not in mediator.get(file).text
    assert mediator.get(place).status == 403
    form = {**browser.get(place).form(f"{place}/put"), "label": "Console",
            "days": "30", "read": "yes"}
    made = browser.ask("POST", f"{place}/put", form)
    assert made.status == 200, made.words
    assert made.headers["Cache-Control"] == "no-store"
    token = re.search(r'id="bearer">(ouv1_[0-9a-z]{58})<', made.text)[1]
    assert works(office, token)
    assert say(office, "x", "messages", {"words": "x"},
               token).problem == "scope-missing"
    twice = browser.ask("POST", f"{place}/put", {
        **form, "csrf": browser.get(place).form(f"{place}/put")["csrf"]})
    assert twice.status == 303 and token not in twice.text
    page = browser.get(place)
    assert page.words.count("Console") >= 1 and token not in page.text
    ends = [one for one in re.findall(r'action="([^"]+/end)"', page.text)
            if token[5:37] in one]
    done = browser.ask("POST", ends[0], page.form(ends[0]))
    assert done.status == 303 and not works(office, token)
    (events,), = office.query(
        "SELECT count(*) FROM audit_event WHERE action IN ('token-add',"
        " 'token-end') AND actor = (SELECT id FROM person WHERE login ="
        " 'ombudsman')")
    assert events >= 2


# ---- acts -----------------------------------------------------------------------


def row(office, protocol):
    return office.query("SELECT id FROM case_file WHERE protocol = %s",
                        protocol)[0][0]


def test_an_answer_is_a_message_that_a_mediator_reads(office):
    protocol = office.served(allegations=2)
    said = mark()
    brought = upload(office, protocol, name="laudo.pdf")
    assert brought["sha256"] == hashlib.sha256(PDF).hexdigest()
    done = say(office, protocol, "answers", {
        "words": f"Segue a resposta. {said}", "files": [brought["file"]],
        "points": [{"happened": "O técnico não foi.",
                    "offered": "Uma visita.", "by": "2031-03-10"},
                   {"happened": "O produto foi entregue."}]})
    assert done.status == 201, done.body
    seq = done.json["message"]
    mine = ask(office, "GET", f"{ROOT}/cases/{protocol}/messages/{seq}",
               office.full).json
    assert mine["from"] == "you" and said in mine["text"]
    attached, = mine["attachments"]
    assert attached["name"] == "laudo.pdf" and attached["size"] == len(PDF)
    got = ask(office, "GET", f"{ROOT}/cases/{protocol}/messages/{seq}/"
              f"attachments/{attached['k']}", office.full)
    assert got.body == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    ident = row(office, protocol)
    assert office.query("SELECT lane::text FROM item WHERE case_id = %s AND"
                        " seq = %s", ident, seq) == [("company",)]
    assert ("read-answer",) in office.query(
        "SELECT kind FROM task WHERE case_id = %s", ident)
    page = office.people("mediator2").get(f"/cases/{protocol}")
    assert said in page.words and "laudo.pdf" in page.words
    state = ask(office, "GET", f"{ROOT}/cases/{protocol}", office.full).json
    assert state["being_read"] and state["last_message"] == seq
    # Nothing reached the consumer by itself.
    (out,), = office.query(
        "SELECT count(*) FROM item WHERE case_id = %s AND lane = 'consumer'"
        " AND kind IN ('mail_out', 'auto_out') AND seq > %s", ident, seq)
    assert out == 0


def test_more_time_is_the_same_act_as_by_mail_or_page(office):
    protocol = office.served()
    choices = ask(office, "GET", f"{ROOT}/cases/{protocol}",
                  office.full).json["choices"]
    assert {"action": "ask-extension", "choice": None} in choices
    done = say(office, protocol, "extension",
               {"words": "O laudo chega na sexta-feira."})
    assert done.status == 201
    act, = office.query("SELECT action, choice FROM party_act WHERE case_id ="
                        " %s", row(office, protocol))
    assert act == ("ask-extension", "")
    wait_until("the clockwork carried it out", lambda: not office.query(
        "SELECT 1 FROM party_act WHERE case_id = %s AND done IS NULL",
        row(office, protocol)), 30)


def test_their_own_number_finds_the_case(office):
    protocol = office.served()
    assert say(office, protocol, "reference",
               {"reference": "ERP-4711"}).status == 200
    found = ask(office, "GET", f"{ROOT}/cases?search=ERP-4711",
                office.full).json["cases"]
    assert [(one["protocol"], one["reference"]) for one in found] == \
        [(protocol, "ERP-4711")]
    assert say(office, protocol, "reference",
               {"reference": None}).status == 200
    assert ask(office, "GET", f"{ROOT}/cases/{protocol}",
               office.full).json["reference"] is None


def test_pages_of_a_list_hold_each_case_once(office, case):
    seen, after = [], None
    while True:
        path = f"{ROOT}/cases?most=2" + (
            "&after=" + urllib.parse.quote(after) if after else "")
        got = ask(office, "GET", path, office.full).json
        assert len(got["cases"]) <= 2
        seen += [one["protocol"] for one in got["cases"]]
        after = got["next"]
        if after is None:
            break
    assert sorted(seen) == sorted(listed(office, office.full))
    assert len(seen) == len(set(seen)) >= 4
    wrong = ask(office, "GET", f"{ROOT}/cases?after=nonsense", office.full)
    assert wrong.problem == "bad-query"


# ---- once -----------------------------------------------------------------------


def test_of_many_at_once_one_is_done(office, case):
    """The same request twenty times at the same moment: one message; whoever
    gets an answer gets that one."""
    key, body = new_key(), {"words": f"Uma vez só. {mark()}"}
    before = len(messages(office, case))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: say(office, case, "messages", body,
                                          key=key), range(20)))
    assert {one.problem for one in got} <= {None, "request-in-progress"}
    done = {one.body for one in got if one.status == 201}
    assert len(done) == 1
    assert len(messages(office, case)) == before + 1


def test_what_died_over_it_is_done_a_minute_later_and_not_twice(office, case):
    """A server that was killed between the act and its answer."""
    key, body = new_key(), {"words": "Antes da queda."}
    first = say(office, case, "messages", body, key=key)
    assert first.status == 201
    before = len(messages(office, case))
    where = ("WHERE page_key = %s AND at = (SELECT max(at) FROM api_once)",
             office.key_of(office.full))
    office.query("UPDATE api_once SET status = NULL, answer = '', at = now() -"
                 f" interval '61 seconds' {where[0]}", where[1])
    again = say(office, case, "messages", body, key=key)
    assert again.status == 201 and again.json["message"] is None
    assert len(messages(office, case)) == before


def test_after_a_problem_the_key_is_free(office, case):
    key = new_key()
    assert say(office, case, "messages", {"words": ""},
               key=key).problem == "invalid"
    assert say(office, case, "messages", {"words": "Agora sim."},
               key=key).status == 201


def test_a_key_is_one_tokens_own(office, case, foreign):
    key = new_key()
    assert say(office, case, "messages", {"words": "a"}, key=key).status == 201
    assert say(office, foreign, "messages", {"words": "b"}, office.theirs,
               key=key).status == 201


def test_what_is_kept_of_a_request_says_nothing(office, case):
    said = mark()
    key = f"chave-{mark()}"
    assert say(office, case, "messages", {"words": said},
               key=key).status == 201
    rows = office.query("SELECT to_jsonb(o)::text FROM api_once o")
    assert rows and not any(said in one or key in one for one, in rows)


# ---- files ----------------------------------------------------------------------


def test_a_file_waits_for_its_own_case_and_token(office, case):
    other = office.served()
    brought = upload(office, case)
    number = brought["file"]
    told = say(office, other, "messages",
               {"words": "x", "files": [number + 50]})
    assert told.problem == "invalid", told.body
    told = say(office, other, "messages", {"words": "x", "files": [number]})
    assert told.problem == "invalid", told.body
    done = say(office, case, "messages", {"words": "x", "files": [number]})
    assert done.status == 201
    gone = say(office, case, "messages", {"words": "x", "files": [number]})
    assert gone.problem == "invalid", "a file goes with one message"


def test_a_file_that_breaks_off_leaves_nothing(office, case):
    (before,), = office.query("SELECT count(*) FROM upload")
    line = harness.programs.UnixHTTP(office.server.socket, office.server.host)
    line.putrequest("POST", f"{ROOT}/cases/{case}/files?name=x.pdf")
    for name, value in (("Authorization", f"Bearer {office.full}"),
                        ("Idempotency-Key", new_key()),
                        ("Content-Type", "application/pdf"),
                        ("Content-Length", str(len(PDF)))):
        line.putheader(name, value)
    line.endheaders()
    line.send(PDF[:1000])
    wait_until("it is on its way", lambda: office.query(
        "SELECT count(*) FROM upload")[0][0] == before + 1, 10)
    line.close()
    wait_until("it is taken away", lambda: office.query(
        "SELECT count(*) FROM upload")[0][0] == before, 10)


def test_a_large_file_comes_whole(office, case):
    data = b"\x89PNG\r\n\x1a\n"  # a picture, and then enough to be large
    import struct
    import zlib

    def piece(kind, body):
        return (struct.pack(">I", len(body)) + kind + body
                + struct.pack(">I", zlib.crc32(kind + body)))

    data += piece(b"IHDR", struct.pack(">IIBBBBB", 2000, 1000, 8, 2, 0, 0, 0))
    rows = b"".join(b"\0" + secrets.token_bytes(6000) for _ in range(1000))
    data += piece(b"IDAT", zlib.compress(rows, 0)) + piece(b"IEND", b"")
    brought = upload(office, case, data, "foto.png", Content_Type="image/png")
    assert brought["size"] == len(data) > 5 << 20
    done = say(office, case, "messages",
               {"words": "Segue a foto.", "files": [brought["file"]]})
    seq = done.json["message"]
    attached, = ask(office, "GET", f"{ROOT}/cases/{case}/messages/{seq}",
                    office.full).json["attachments"]
    got = ask(office, "GET", f"{ROOT}/cases/{case}/messages/{seq}/attachments"
              f"/{attached['k']}", office.full)
    assert hashlib.sha256(got.body).hexdigest() == brought["sha256"]


# ---- the manual -----------------------------------------------------------------


def test_the_examples_of_the_manual_run(office, tmp_path):
    """docs/api.md, as it stands there; each answer is no problem but the one
    that is asked for as an example of one."""
    with open(os.path.join(harness.ROOT, "docs", "api.md")) as source:
        blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", source.read())
    (tmp_path / "laudo.pdf").write_bytes(PDF)
    protocol = office.served()
    ran = 0
    for block in blocks:
        for command in re.split(r"\n(?=curl)", block.strip()):
            done = subprocess.run(
                ["sh", "-ec", command + " -w '\\n%{http_code}'"],
                cwd=tmp_path, capture_output=True,
                env={"PATH": os.environ["PATH"],
                     "OFFICE": office.office.base_url, "TOKEN": office.full,
                     "PROTOCOL": protocol})
            assert done.returncode == 0, (command, done.stderr)
            body, _, status = done.stdout.decode().rpartition("\n")
            assert status in ("200", "201"), (command, status, body)
            json.loads(body)
            ran += 1
    assert ran >= 8


# ---- the proxy ------------------------------------------------------------------


def test_the_proxy_says_it_as_the_server_does(office, judge, case):
    """A body that nginx does not let through."""
    told = ask(office, "POST", f"{ROOT}/cases/{case}/messages", office.full,
               b"x" * (2 << 20), key=new_key(),
               Content_Type="application/json")
    assert told.status == 413 and told.problem == "too-large"
    judge.fits({"$ref": "#/components/schemas/Problem"}, told.json)
    meaning = urllib.parse.urlsplit(told.json["type"]).path
    assert ask(office, "GET", meaning).json["status"] == 413
    told = ask(office, "PUT", f"{ROOT}/tasks", office.full)
    assert told.status == 405 and told.problem == "method-not-allowed"

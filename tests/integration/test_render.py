"""`ouvidoria render`: the command that editors of letters try things with."""

import email
import email.policy
import html.parser
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("OUV_BUILD", ROOT / "build")) / "ouvidoria"


NO_INPUT = object()


def render(*args, data=NO_INPUT, env=None):
    """The exit status, standard output and standard error."""
    done = subprocess.run(
        [PROGRAM, "render", *map(str, args)],
        input=b"" if data is NO_INPUT else json.dumps(data).encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def write(tmp_path):
    """Writes a file into the test's folder and gives its path."""

    def writer(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return writer


CASES = json.loads((ROOT / "tests/data/mustache.json").read_text())


@pytest.mark.parametrize("module", CASES)
def test_plain_mustache_is_as_its_specification_says(module, tmp_path):
    wrong = []
    for n, case in enumerate(CASES[module]):
        parts = tmp_path / str(n)
        for name, text in case.get("partials", {}).items():
            part = parts / f"{name}.mustache"
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(text.encode())
        parts.mkdir(exist_ok=True)
        page = parts / "the template"
        page.write_bytes(case["template"].encode())
        got = render(page, "--spec", "--partials", parts, "--data", "-", data=case["data"])
        if got != (0, case["expected"], ""):
            wrong.append((case["rule"], got))
    assert CASES[module] and not wrong


def test_the_result_is_printed_and_nothing_else(write):
    page = write("a.txt", "x={{x}}")
    assert render(page, "--data", "-", data={"x": "1\n"}) == (0, "x=1\n", "")


def test_data_come_from_a_file(write):
    data = write("d.json", '{"x": "<"}')
    page = write("a.html", "<p>{{x}}</p>")
    assert render(page, "--data", data) == (0, "<p>&lt;</p>", "")


def test_the_suffix_chooses_the_escaping(write):
    for suffix, want in ((".html", "&lt;&#39;"), (".txt", "<'")):
        page = write("a" + suffix, "{{x}}")
        assert render(page, "--data", "-", data={"x": "<'"})[1] == want


def test_an_unknown_name_is_an_error_with_its_line(write):
    page = write("a.txt", "one\n{{two}}\n")
    assert render(page, "--data", "-", data={}) == (
        1,
        "",
        f"{page}:2: no two in the data\n",
    )


def test_plain_mustache_leaves_it_blank(write):
    page = write("a.mustache", "({{two}}){{{raw}}}")
    status, out, _ = render(page, "--spec", "--data", "-", data={"raw": "<"})
    assert (status, out) == (0, "()<")


@pytest.mark.parametrize(
    "data, want",
    [("a", "a"), (85, "85"), (1.21, "1.21"), (None, ""), (True, "true")],
)
def test_plain_mustache_takes_any_value(write, data, want):
    page = write("a.mustache", "{{.}}")
    assert render(page, "--spec", "--data", "-", data=data) == (0, want, "")


def test_plain_partials_are_files_of_a_folder(write, tmp_path):
    page = write("a.mustache", "(\n  {{>p/q}}\n)")
    write("parts/p/q.mustache", "{{x}}\n{{x}}\n")
    result = render(
        page, "--spec", "--partials", tmp_path / "parts", "--data", "-", data={"x": 1}
    )
    assert result == (0, "(\n  1\n  1\n)", "")


def test_a_partial_cannot_leave_its_folder(write, tmp_path):
    page = write("a.mustache", "({{>../secret}}{{>/etc/hostname}})")
    write("secret.mustache", "secret")
    (tmp_path / "parts").mkdir()
    result = render(
        page, "--spec", "--partials", tmp_path / "parts", "--data", "-", data={}
    )
    assert result == (0, "()", "")


def test_strict_partials_stand_beside_the_page(write):
    page = write("mail/a.en.txt", "{{>sign}}{{>foot}}")
    write("mail/sign.en.txt", "S{{x}}")
    write("mail/foot.txt", "F")
    assert render(page, "--data", "-", data={"x": 1}) == (0, "S1F", "")


def test_a_locale_chooses_among_the_letters(write, tmp_path):
    write("mail/a.en.txt", "text {{x}}")
    write("mail/a.en.html", "html {{x}}")
    write("mail/a.it.html", "solo html {{x}}")
    folder = ("--templates", tmp_path, "--data", "-")
    data = {"x": 1}
    assert render("mail/a", "--locale", "en", *folder, data=data)[1] == "text 1"
    assert render("mail/a.html", "--locale", "en", *folder, data=data)[1] == "html 1"
    assert render("mail/a", "--locale", "it", *folder, data=data)[1] == "solo html 1"
    env = {"OUV_TEMPLATES": str(tmp_path)}
    result = render("mail/a", "--locale", "en", "--data", "-", data=data, env=env)
    assert result == (0, "text 1", "")
    status, out, err = render("mail/a", "--locale", "de", *folder, data=data)
    assert (status, out) == (1, "")
    assert "no such template" in err


LETTERS = sorted(
    path.stem
    for path in (ROOT / "templates" / "mail").glob("*.json")
)
LOCALES = ["pt-BR", "en", "it"]
OFFICE_ZONE = {"TZ": "America/Sao_Paulo"}


def example(letter, locale, *more):
    """What a letter gives with the examples of its declaration."""
    result = render(
        f"mail/{letter}", "--locale", locale, "--example", *more, env=OFFICE_ZONE
    )
    assert (result[0], result[2]) == (0, "")
    return result[1]


class Words(html.parser.HTMLParser):
    """The words of a page's body; an item of a list begins with a dash."""

    def __init__(self, page):
        super().__init__()
        self.text, self.tags, self.in_body = "", set(), False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.in_body |= tag == "body"
        self.tags.add(tag)
        self.text += {"li": "\n- ", "a": "", "strong": ""}.get(tag, "\n")

    def handle_endtag(self, tag):
        self.text += {"a": "", "strong": ""}.get(tag, "\n")

    def handle_data(self, data):
        if self.in_body:
            self.text += data


def unflow(text):
    """RFC 3676, section 4."""
    out = ""
    for line in text.splitlines():
        line = line[1:] if line.startswith(" ") else line
        soft = line.endswith(" ") and line != "-- "
        out += line if soft else line + "\n"
    return out


def test_there_are_letters_to_try():
    assert {"ack", "letter"} <= set(LETTERS)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_letter_is_a_message_of_two_parts_that_say_the_same(letter, locale):
    plain = example(letter, locale)
    page = example(letter, locale, "--html")
    raw = example(letter, locale, "--mail").encode()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert not mail.defects
    subject, _, words = plain.partition("\n\n")
    assert mail["Subject"] == subject.removeprefix("Subject: ")
    assert mail["Content-Language"] == locale
    assert mail.get_content_type() == "multipart/alternative"
    text, shown = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert dict(text["Content-Type"].params) == {
        "charset": "utf-8", "format": "flowed", "delsp": "no"}
    assert shown.get_content_type() == "text/html"
    assert unflow(text.get_content()) == words
    assert shown.get_content().replace("\r\n", "\n") == page
    read = Words(page)
    assert read.text.split() == words.split()
    assert read.tags <= {"html", "head", "meta", "title", "body", "div", "p",
                         "br", "strong", "ul", "li", "a"}
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert max(map(len, text.get_content().splitlines())) <= 78
    assert b"\nList-" not in raw


@pytest.mark.parametrize("letter, says, bulk", [
    ("ack", "auto-replied", "bulk"), ("absence", "auto-replied", "bulk"),
    ("questions-reminder", "auto-generated", None), ("letter", None, None)])
def test_what_goes_out_by_itself_says_so(letter, says, bulk):
    raw = example(letter, "en", "--mail")
    mail = email.message_from_string(raw, policy=email.policy.default)
    assert (mail["Auto-Submitted"], mail["Precedence"]) == (says, bulk)
    assert mail["X-Auto-Response-Suppress"] == (says and "All")


def test_two_languages_are_one_mail():
    both = example("absence", "en", "--second", "pt-BR")
    raw = example("absence", "en", "--second", "pt-BR", "--mail")
    mail = email.message_from_string(raw, policy=email.policy.default)
    assert mail["Content-Language"] == "en, pt-BR"
    english, portuguese = (example("absence", lang) for lang in ("en", "pt-BR"))
    first, second = both.partition("\n\n")[2].split("\n* * *\n\n")
    assert first == english.partition("\n\n")[2]
    assert second == portuguese.partition("\n\n")[2]
    page = mail.get_body(("html",)).get_content()
    assert page.count('<div lang="en"') == page.count('<div lang="pt-BR"') == 1


def test_dates_are_written_for_the_language():
    want = {
        "pt-BR": "3 de março de 2025 às 14:05",
        "en": "March 3, 2025 at 2:05 PM",
        "it": "3 marzo 2025 alle ore 14:05",
    }
    for locale, words in want.items():
        assert words in example("ack", locale)


def test_data_of_ones_own_are_checked():
    data = json.loads(
        (ROOT / "templates/mail/ack.json").read_text(encoding="utf-8"))
    data = {name: var["example"] for name, var in data["variables"].items()}
    args = ("mail/ack", "--locale", "en", "--data", "-")
    status, out, _ = render(*args, data={**data, "name": "Zoé"})
    assert status == 0 and "Dear Zoé," in out
    for more, what in (({"name": "a\nb"}, "name is not one line"),
                       ({"received_on": "today"}, "received_on is no moment"),
                       ({"word": 1}, "word is not among the variables")):
        status, out, err = render(*args, data={**data, **more})
        assert (status, out) == (1, "")
        assert err == f"mail/ack:0: {what}\n" or err.startswith(f"mail/ack:0: {what}")
    del data["protocol"]
    assert "protocol is missing" in render(*args, data=data)[2]


def test_a_piece_is_words_and_no_mail():
    piece = sorted((ROOT / "templates" / "piece").glob("*.json"))[0].stem
    args = (f"piece/{piece}", "--locale", "it", "--example")
    status, out, err = render(*args)
    assert (status, err) == (0, "") and out.strip()
    assert not out.startswith("Subject:")
    assert render(*args, "--mail") == (1, "", f"piece/{piece}:0: a piece is no letter\n")


@pytest.mark.parametrize(
    "text, line, what",
    [
        ("a\n{{#x}}", 2, "never ended"),
        ("{{{x}}}", 1, "unescaped"),
        ("\n{{>none}}", 2, "no partial none"),
    ],
)
def test_a_faulty_template_is_one_line_of_error(write, text, line, what):
    page = write("a.txt", text)
    status, out, err = render(page, "--data", "-", data={"x": 1})
    assert (status, out) == (1, "")
    assert err.startswith(f"{page}:{line}: ") and what in err
    assert err.count("\n") == 1


def test_faulty_data_are_one_line_of_error(write):
    page = write("a.txt", "x")
    data = write("d.json", '{\n"x": }')
    status, out, err = render(page, "--data", data)
    assert (status, out) == (1, "")
    assert err.startswith(f"{data}:2: ") and err.count("\n") == 1
    status, _, err = render(page, "--data", "-", data=[1])
    assert status == 1 and "must be an object" in err


def test_what_is_not_there_is_said(write, tmp_path):
    page = write("a.txt", "x")
    for args in (
        (tmp_path / "none.txt", "--data", "-"),
        (page, "--data", tmp_path / "none.json"),
        ("a", "--locale", "en", "--templates", tmp_path / "none", "--data", "-"),
    ):
        status, out, err = render(*args, data={})
        assert (status, out) == (1, "")
        assert err.startswith(str(tmp_path / "none")) and err.count("\n") == 1


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("a.txt",),
        ("--data", "-"),
        ("a.txt", "b.txt", "--data", "-"),
        ("a.txt", "--data", "-", "--colour"),
        ("a", "--locale", "en", "--spec", "--data", "-"),
    ],
)
def test_wrong_usage_is_status_2(args):
    status, out, err = render(*args, data={})
    assert (status, out) == (2, "")
    assert err.startswith("usage: ")

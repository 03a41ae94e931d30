"""`ouvidoria lint` as the person who writes a text sees it."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("OUV_BUILD", ROOT / "build/plain"))

GOOD = """Subject: Your case

Dear Ana,

here is the company's answer. You may reply until 12 March 2026.

Thank you for writing to us.
Ouvidoria Exemplo
"""


def lint(*arguments, text="", **more):
    return subprocess.run([BUILD / "ouvidoria", "lint", *arguments], cwd=ROOT,
                          input=text, text=True, capture_output=True, **more)


def test_every_text_we_ship_passes():
    done = lint()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def texts(tmp_path):
    """A copy of the product's texts that a test may spoil."""
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return tmp_path / "templates"


def lint_folder(folder):
    return lint(env={**os.environ, "OUV_TEMPLATES": str(folder)})


@pytest.mark.parametrize("name", ["mail/absence.it.txt",
                                  "piece/thanks.pt-BR.txt"])
def test_a_blank_in_any_text_is_found_in_its_kind(texts, name):
    with (texts / name).open("a") as text:
        text.write("Grazie, (nome).\n")
    done = lint_folder(texts)
    assert done.returncode == 1
    assert re.fullmatch(name + r":\d+: open-blank: [^\n]+ \(\(nome\)\)\n",
                        done.stdout)


def test_a_variable_that_one_language_lacks_is_found(texts):
    english = texts / "piece/action-plan.en.txt"
    english.write_text(english.read_text().replace("{{date}}", "3 December"))
    done = lint_folder(texts)
    assert done.returncode == 1
    found = sorted(line.split(" parity: ")[1]
                   for line in done.stdout.splitlines())
    assert found == ["{{date}} (en)", "{{date}} (en)"]


def test_a_text_that_does_not_render_is_said(texts):
    (texts / "piece/thanks.en.txt").write_text("Thank you, {{nobody}}.\n")
    done = lint_folder(texts)
    assert done.returncode == 1
    assert "piece/thanks.en.txt:1: " in done.stderr


def test_a_good_text_passes_and_a_bad_one_says_where():
    assert lint("-", text=GOOD).returncode == 0
    bad = lint("-", text=GOOD.replace("12 March 2026", "(month/day)"))
    assert bad.returncode == 1
    assert re.fullmatch(r"-:5: open-blank: [^\n]+ \(\(month/day\)\)\n",
                        bad.stdout)


def test_a_plainer_word_is_offered():
    bad = lint("-", text=GOOD.replace("You may reply until",
                                      "You may reply prior to"))
    assert re.fullmatch(r"-:5: jargon: [^\n]+ \(prior to\) → before\n",
                        bad.stdout)


def test_the_subject_is_read_too():
    bad = lint("-", text=GOOD.replace("Your case", "Your case [name]"))
    assert bad.stdout.startswith("-:1: open-blank: ")


@pytest.mark.parametrize("language, words", [
    ("pt-BR", "Sobrou"), ("en", "A blank"), ("it", "È rimasto")])
def test_it_speaks_the_writers_language(language, words):
    assert words in lint("--say", language, "--kind", "piece", "-",
                         text="até ____\n").stdout


def test_the_tags_of_a_template_are_no_blanks_but_its_blanks_are(tmp_path):
    template = tmp_path / "note.en.txt"
    template.write_text(GOOD.replace("Ana", "{{name}}"))
    assert lint(template).returncode == 0
    template.write_text(GOOD.replace("Ana", "{{name}} (name)"))
    assert f"{template}:3: open-blank: " in lint(template).stdout
    plain = tmp_path / "typed.txt"
    plain.write_text(GOOD.replace("Ana", "{{name}}"))
    assert "open-blank" in lint(plain).stdout


def test_what_belongs_to_somebody_is_told_on_the_command_line():
    text = GOOD.replace("company's", "shop@shop.example's")
    assert "email-address" in lint("-", text=text).stdout
    assert lint("--own", "shop@shop.example", "-", text=text).returncode == 0
    assert "other-party" in lint("--other", "shop@shop.example", "-",
                                 text=text).stdout
    number = GOOD.replace("Your case", "Your case 2026-000123-7")
    assert "other-protocol" in lint("-", text=number).stdout
    assert lint("--protocol", "2026-000123-7", "-",
                text=number).returncode == 0


def test_what_stands_behind_a_zero_byte_is_not_passed_over():
    done = lint("-", text=GOOD + "\0(month/day)\n")
    assert done.returncode == 1 and done.stdout == "" and done.stderr


def test_wrong_use_and_missing_files_are_said():
    assert lint("--kind", "song", "-").returncode == 2
    assert lint("--help").returncode == 0
    gone = lint("/nonexistent/text.txt")
    assert gone.returncode == 1 and "/nonexistent/text.txt" in gone.stderr
    rules = lint("--rules", "/nonexistent/rules.json", "-", text=GOOD)
    assert rules.returncode == 1 and "rules.json" in rules.stderr
    nothing = lint(env={**os.environ, "OUV_TEMPLATES": "/nonexistent"})
    assert nothing.returncode == 1 and "/nonexistent" in nothing.stderr

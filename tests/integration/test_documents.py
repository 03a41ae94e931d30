"""What is written down is what the programs do."""

import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("OUV_BUILD", ROOT / "build/plain"))
PROGRAMS = ("ouvidoria", "ouvidoria-server", "ouvidoria-mailgw")


def output(program, *arguments):
    return subprocess.run([BUILD / program, *arguments], check=True, text=True,
                          capture_output=True).stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_prints_the_same_configuration(program):
    assert output(program, "--print-config") == \
        (ROOT / "etc/ouvidoria.conf.sample").read_text()


def test_the_manual_holds_every_key_with_its_help():
    manual = (ROOT / "man/ouvidoria.conf.5").read_text().replace("\\\\", "\\")
    for line in output("ouvidoria", "--print-config").splitlines():
        assert line in manual, line


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_is_a_result_and_a_wrong_option_is_usage(program):
    assert "usage:" in output(program, "--help")
    wrong = subprocess.run([BUILD / program, "--no-such-option"], text=True,
                           capture_output=True)
    assert wrong.returncode == 2
    assert wrong.stdout == "" and wrong.stderr


@pytest.mark.parametrize("page", sorted(
    p.relative_to(ROOT).as_posix()
    for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]))
def test_every_link_of_a_page_leads_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (ROOT / page).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("manual", sorted(
    p.name for p in (ROOT / "man").iterdir()))
def test_a_manual_page_names_every_command_of_its_program(manual):
    name = manual.rsplit(".", 1)[0]
    if name not in PROGRAMS:
        pytest.skip("no program of that name")
    text = (ROOT / "man" / manual).read_text()
    for command in re.findall(r"^  ([a-z][a-z-]+) ", output(name, "--help"),
                              re.M):
        assert re.search(rf"\.(It )?Cm {command}\b", text), command


def test_the_workflow_is_printed_as_data_and_as_a_picture():
    table = json.loads(output("ouvidoria", "workflow", "--json"))
    names = {state["name"] for state in table["states"]}
    assert {"held", "received", "triage", "closed"} <= names
    assert all({*move["from"], *move["to"]} <= names and move["roles"]
               for move in table["moves"])
    dot = output("ouvidoria", "workflow", "--dot")
    assert dot.startswith("digraph") and '"received" -> "triage"' in dot


def test_the_page_of_mediation_holds_the_table_as_it_is():
    page = (ROOT / "docs/mediation.md").read_text()
    rows = re.findall(r"^\| (\d+) \| .*? \| .*? \| `([\w-]+)` \| (.*?) \|"
                      r" (.*?) \| (.*?) \|$", page, re.M)
    table = json.loads(output("ouvidoria", "workflow", "--json"))

    def words(listed):
        return ", ".join(listed) or "–"

    assert rows == [
        (str(move["n"]), move["action"], words(move["roles"]),
         words(move["guards"]), " / ".join(
             (move[side] or "–").replace("mail/", "")
             for side in ("consumer", "company")))
        for move in table["moves"]]
    assert len(rows) == 27


def test_the_picture_of_the_workflow_is_of_this_table():
    assert output("ouvidoria", "workflow", "--dot") == (
        ROOT / "docs/workflow.dot").read_text()


def test_what_the_page_of_mediation_calls_a_test_is_one():
    page = (ROOT / "docs/mediation.md").read_text()
    shown = page.split("## What always holds")[1].split("\n## ")[0]
    names = re.findall(r"`(\w+)(?:\.\w+)?`", shown)
    assert len(names) > 20
    sources = "".join(path.name + path.read_text() for path in (
        *(ROOT / "tests/unit").glob("*.c"),
        *(ROOT / "tests/integration").glob("test_*.py")))
    assert not [name for name in names if name not in sources]


def test_the_page_of_the_lint_holds_every_rule_as_it_is():
    page = (ROOT / "docs/lint.md").read_text()
    rules = json.loads((ROOT / "lint/rules.json").read_text())["rules"]
    rows = re.findall(r"^\| `([\w-]+)` \| (blocks|warns) \| ([^|]+?) \|",
                      page, re.M)
    assert rows == [(r["rule"], r["severity"], r["says"]["en"]) for r in rules]


def test_the_known_answers_are_what_the_other_program_makes():
    """tests/data/vault_kat.* are not the C code's own answers."""
    done = subprocess.run(
        ["/usr/bin/python3", ROOT / "tests/data/make_vault_kat.py", "--check"],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_the_page_of_threats_calls_a_test_is_one():
    """`file::name`; `::name` is in the file named before it."""
    page = (ROOT / "docs/threats.md").read_text()
    named, source = 0, None
    for words in re.findall(r"`((?:[\w/]+\.(?:c|py))?::\w+|\w+_test\.c|"
                            r"test_\w+\.py)`", page):
        file, _, test = words.partition("::")
        source = file or source
        folder = "integration" if source.endswith(".py") else "unit"
        text = (ROOT / "tests" / folder / source).read_text()
        if test:
            named += 1
            assert re.search(rf"^(?:def )?{test}\(", text, re.M), words
    assert named > 100

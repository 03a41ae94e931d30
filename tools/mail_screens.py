#!/usr/bin/python3
"""Pictures of letters as they arrive, text and HTML, in docs/screens.

usage: mail_screens.py [FOLDER]

The letters are what `ouvidoria render --mail` gives with the examples, taken
apart by Python's own reader; the text is put together as RFC 3676 says.
"""

import email
import email.policy
import html
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, folder) for folder in (
    "tools", "tests/browser")]

from chrome import NARROW, WIDE, Chrome  # noqa: E402
from palette import shrink  # noqa: E402

BUILD = os.environ.get("OUV_BUILD", os.path.join(ROOT, "build"))
# letter, language, second language
LETTERS = [("ack", "pt-BR", None), ("letter", "pt-BR", None),
           ("absence", "en", "pt-BR")]


def message(letter, lang, second):
    command = [os.path.join(BUILD, "ouvidoria"), "render", f"mail/{letter}",
               "--locale", lang, "--example", "--mail"]
    raw = subprocess.run(
        command + (["--second", second] if second else []), check=True,
        cwd=ROOT, capture_output=True,
        env={**os.environ, "TZ": "America/Sao_Paulo"}).stdout
    return email.message_from_bytes(raw, policy=email.policy.default)


def unflowed(text):
    out = ""
    for line in text.splitlines():
        line = line[1:] if line.startswith(" ") else line
        out += line if line.endswith(" ") and line != "-- " else line + "\n"
    return out


def as_text(mail):
    """The text part as a program shows it that fits lines to its window."""
    words = html.escape(unflowed(mail.get_body(("plain",)).get_content()))
    return ('<!DOCTYPE html><meta charset="utf-8"><style>body{font:14px/1.4 '
            'monospace;white-space:pre-wrap;max-width:72ch;margin:8px}'
            f"</style>{words}")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        ROOT, "docs", "screens")
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        chrome = Chrome("file://" + home)
        try:
            for letter, lang, second in LETTERS:
                mail = message(letter, lang, second)
                pages = {"html": mail.get_body(("html",)).get_content(),
                         "text": as_text(mail)}
                for kind, page in pages.items():
                    with open(os.path.join(home, "mail.html"), "w",
                              encoding="utf-8") as out:
                        out.write(page)
                    for width in (WIDE, NARROW)[:2 if letter == "ack" else 1]:
                        chrome.view(width)
                        chrome.go("/mail.html")
                        name = f"mail-{letter}-{lang}-{kind}-{width}.png"
                        with open(os.path.join(folder, name), "wb") as out:
                            out.write(shrink(chrome.picture()))
                        print(name)
        finally:
            chrome.stop()


if __name__ == "__main__":
    main()

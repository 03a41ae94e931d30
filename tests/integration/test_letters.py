"""What the office sends by itself: whatever a stranger calls himself, his
acknowledgement goes out, is a correct mail, and says nothing of his making but
a name."""

import email
import email.policy
import re
import secrets

import pytest

from scene import Scene, address_of, html_words, letter, text_words


@pytest.fixture(scope="module")
def office(template):
    made = Scene(template)
    try:
        yield made.begin(web=False)
    finally:
        made.stop()


def unflow(text):
    """RFC 3676, section 4."""
    out = ""
    for line in text.splitlines():
        line = line[1:] if line.startswith(" ") else line
        soft = line.endswith(" ") and line != "-- "
        out += line if soft else line + "\n"
    return out


GREETED = ["Ana (nome)", "(Ana)", "[nome] Souza", "Ana ____", "TODO Souza",
           "Ana {{protocol}}", "# Ana", "- Ana", "J.R. da Silva", "D'Ávila & \"Filhas\"",
           "Ana XX, (mês)"]
NAMELESS = ["Visite https://x.example/premio", "www.premio.example", "Premio x.example",
            "Ligue 0800 123 4567", "ana@x.example", "[]", "____", "(...)", "A" * 101]


@pytest.fixture(scope="module")
def answers(office):
    """The acknowledgement of each name; all are waited for together."""
    senders = {name: f"n{secrets.token_hex(6)}@consumidora{i}.example"
               for i, name in enumerate(GREETED + NAMELESS)}
    for name, sender in senders.items():
        office.post_mail(letter(sender, name=name), sender)
    return {name: office.arrived(sender)[0] for name, sender in senders.items()}


def body_of(answer, kind="plain"):
    mail = email.message_from_bytes(answer.raw, policy=email.policy.default)
    return mail.get_body((kind,)).get_content()


@pytest.mark.parametrize("name", GREETED)
def test_a_name_that_looks_like_a_blank_is_greeted(answers, name):
    assert unflow(body_of(answers[name])).startswith(f"Olá, {name},\n")


@pytest.mark.parametrize("name", NAMELESS)
def test_what_is_no_name_is_not_repeated(answers, name):
    text = unflow(body_of(answers[name]))
    assert text.startswith("Olá,\n")
    assert name not in text and name not in body_of(answers[name], "html")


def test_every_one_is_a_correct_mail_that_says_the_same_twice(answers):
    for answer in answers.values():
        mail = email.message_from_bytes(answer.raw, policy=email.policy.default)
        assert not mail.defects
        assert all(not part.defects for part in mail.walk())
        text, page = mail.iter_parts()
        assert dict(text["Content-Type"].params) == {
            "charset": "utf-8", "format": "flowed", "delsp": "no"}
        assert text_words(text.get_content()) == html_words(page.get_content())
        assert not [key for key in mail.keys() if key.startswith("List-")]
        assert mail["Content-Language"] == "pt-BR"
        assert address_of(mail["Reply-To"]).startswith("caso+")


def test_the_log_has_no_word_of_them(office, answers):
    assert len(answers) == len(GREETED + NAMELESS)
    log = office.gateway.process.log
    with open(log, encoding="utf-8", errors="replace") as lines:
        written = lines.read()
    assert not re.search(r"Souza|premio|J\.R\.|Olá", written)

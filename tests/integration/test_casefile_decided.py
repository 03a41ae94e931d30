"""A case that came to its decision, as one document: what was agreed, what was
decided and why, each term with the reason of its date."""

import os
import re

import harness
import pdfa
import test_opinion as opinion
from test_casefile import ALL, asked, file_for, pdf_info, pdf_text
from test_opinion import at, merit, office, people  # noqa: F401


def both_saw(case):
    """The index of evidence as it is now."""
    case.both_heard()
    case.office.query(
        "UPDATE hearing SET last_n = (SELECT max(n) FROM evidence e WHERE"
        " e.case_id = hearing.case_id) WHERE case_id = %s", case.id)


def decided(case, **more):
    """On the evidence of this number."""
    case.opined(**more).commented()
    case.done_by("ombudsman", "decide", **opinion.DECISION, **more)


def test_the_decision_its_reasons_and_the_evidence_are_in_it(
        office, people, merit):  # noqa: F811
    merit.adds("Nota fiscal da geladeira")
    merit.adds("Oferta da loja")
    both_saw(merit)
    decided(merit, evidence="1")
    file = file_for(people["mediator"], merit.path, "internal", **ALL,
                    notes="1", log="1", lang="pt-BR")
    octets = file.files["case.pdf"]
    flat = re.sub(r"\s+", " ", pdf_text(octets))
    for words in (opinion.FINDINGS, opinion.REASONS, opinion.MEASURES,
                  "Nota fiscal da geladeira", "Oferta da loja",
                  "Parecer provisório", "Decisão", "procedente", "Prazos"):
        assert words.lower() in flat.lower(), words
    assert pdfa.faults(octets) == {}
    assert merit.protocol.encode() in pdf_info(octets)
    if os.environ.get("OUV_SAMPLES"):
        with open(os.path.join(os.environ["OUV_SAMPLES"], "case.pdf"),
                  "wb") as sample:
            sample.write(octets)


def test_a_party_reads_the_decision_and_of_the_evidence_what_it_has(
        office, people, merit):  # noqa: F811
    # Letters to both name what the opinion rests on, and nothing else.
    merit.adds("Nota fiscal da geladeira")
    merit.adds("Resposta da loja", side="company", seq=3)
    both_saw(merit)
    decided(merit, evidence="2")
    consumer = file_for(people["mediator"], merit.path, "consumer")
    company = file_for(people["mediator"], merit.path, "company")
    for file in (consumer, company):
        assert opinion.REASONS in re.sub(r"\s+", " ", pdf_text(
            file.files["case.pdf"]))
        assert pdfa.faults(file.files["case.pdf"]) == {}
    # The first message is the consumer's, and was released to nobody.
    assert consumer.holds("Nota fiscal da geladeira")
    assert company.holds("Resposta da loja")
    assert not company.holds("Nota fiscal da geladeira")
    # Whoever decided has no name here but under the letters themselves.
    assert consumer.manifest["made_by"] == ""


def test_the_document_of_a_request_for_one_is_the_same_in_each_language(
        office, people, merit):  # noqa: F811
    for lang in ("pt-BR", "en", "it"):
        page = asked(people["mediator"], merit.path, recipient="internal",
                     form="pdf", lang=lang, **ALL)
        assert page.status == 200 and pdfa.faults(page.body) == {}
        assert "{{" not in pdf_text(page.body)


def test_the_sample_is_what_the_tests_say_it_is():
    path = os.path.join(harness.ROOT, "docs/samples/case.pdf")
    with open(path, "rb") as file:
        assert pdfa.faults(file.read()) == {}

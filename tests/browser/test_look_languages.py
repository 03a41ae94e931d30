"""Every page in the languages that test_look.py does not walk in: all rules but
the one of colours, which know no language."""

import pytest

import test_look

walk, eyes = test_look.walk, test_look.eyes


@pytest.mark.parametrize("lang", ["en", "it"])
def test_no_page_breaks_a_rule_nor_is_wider_than_a_telephone(walk, eyes, lang):
    test_look.look_at_all(walk, eyes, lang, (None,))

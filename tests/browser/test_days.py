"""The review of days that came with a file: by the keyboard alone, without
scripts, at both widths."""

import os

from selenium.webdriver.common.keys import Keys

from chrome import NARROW, WIDE
from test_console import log_in, words_of


def import_days(office):
    path = office.office.folder / "feriados-municipais-2027.ics"
    events = "".join(
        f"BEGIN:VEVENT\nUID:{day}\nDTSTART;VALUE=DATE:{day}\nSUMMARY:{name}\n"
        "END:VEVENT\n" for day, name in (
            ("20270125", "Aniversário da cidade de São Paulo, feriado "
                         "municipal em toda a capital"),
            ("20270420", "Ponte")))
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
    assert office.office.admin.json("calendar", "import", path, "--calendar",
                                    "br")["proposed"] == 2


def test_days_are_decided_by_the_keyboard_alone(office, plain):
    words = words_of("pt-BR")
    import_days(office)
    log_in(office, plain, "ombudsman").assert_good_page()
    plain.go("/calendar")
    plain.assert_good_page()
    for width in (WIDE, NARROW):
        plain.view(width)
        if folder := os.environ.get("OUV_PICTURES"):
            with open(f"{folder}/days-{width}.png", "wb") as out:
                out.write(plain.picture())
    plain.tab_to("#proposed-1 button[value=accept]")
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.assert_good_page()
    assert words["done_day_accept"] in plain.one("[role=status]").text
    plain.tab_to("#proposed-1 button[value=refuse]")
    plain.leave(lambda: plain.press(Keys.ENTER))
    plain.assert_good_page()
    assert words["proposed_none"] in plain.words
    assert office.query("SELECT day::text, state FROM calendar_day"
                        " ORDER BY day") == [("2027-01-25", "accepted"),
                                             ("2027-04-20", "refused")]
    assert not plain.complaints()

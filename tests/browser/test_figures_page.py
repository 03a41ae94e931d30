"""The office's figures in a real browser: at every width, in each language, on
paper; and that a bar is as long as its number says."""

import datetime
import os

import pytest

from chrome import NARROW, WIDE
from test_console import LANGUAGES, axe_source, violations, words_of

FIGURES = 16


@pytest.fixture(scope="module")
def counted(office):
    """Some cases of 2024; what is counted is tested with the programs."""
    office.query(
        "INSERT INTO company (id, name, lang) SELECT gen_random_uuid(), name,"
        " 'pt-BR' FROM unnest(ARRAY['Companhia Telefônica de Longas Distâncias"
        " e Serviços Associados do Litoral S.A.', 'Lojas Aurora', 'Banco"
        " Sereno', 'Um Caso']) AS c(name)")
    office.query(
        "INSERT INTO case_file (id, protocol, state, lang, channel, opened,"
        " last, key_version, summary, kind, company, owner, closed, closed_by,"
        " merit, resolution, rating, due) SELECT gen_random_uuid(), '2024-' ||"
        " lpad(n::text, 6, '0') || '-0', (CASE WHEN n %% 3 = 0 THEN 'triage'"
        " ELSE 'closed' END)::case_state, 'pt-BR', CASE WHEN n %% 5 = 0 THEN"
        " 'phone' ELSE 'email' END, t, t, 1, '', (CASE WHEN n %% 4 = 0 THEN"
        " 'question' ELSE 'complaint' END)::case_kind, CASE WHEN n %% 4 > 0"
        " THEN c.id END, p.id, CASE WHEN n %% 3 > 0 THEN t + n * interval '1"
        " day' END, CASE WHEN n %% 3 > 0 THEN 'decide' END, 'founded', (CASE"
        " WHEN n %% 2 = 0 THEN 'kept' ELSE 'refused' END)::resolution, 'resolved',"
        " CASE WHEN n %% 2 = 0 THEN now() - interval '1 day' ELSE now() +"
        " interval '9 days' END FROM generate_series(1, 90) n CROSS JOIN"
        " LATERAL (SELECT timestamptz '2024-01-10' + n * interval '3 days' AS"
        " t) t JOIN LATERAL (SELECT id FROM company WHERE n > 0 ORDER BY name"
        " LIMIT 1 OFFSET CASE WHEN n = 1 THEN 3 ELSE n %% 3 END) c ON true JOIN"
        " LATERAL (SELECT id FROM person WHERE role = 'mediator' ORDER BY"
        " login LIMIT 1 OFFSET n %% 2) p ON true")
    office.query(
        "INSERT INTO clock (case_id, kind, state, profile, profile_n,"
        " calendar, unit, amount, started, since, due, stopped) SELECT id,"
        " k.kind::clock_kind, 'stopped', 'default', 0, 'br', 'hours', 48,"
        " opened, opened, opened + interval '2 days', opened + (items + 1 +"
        " extract(day FROM opened)) * interval '3 hours' FROM case_file,"
        " (VALUES ('response'), ('total'), ('company')) AS k(kind) WHERE"
        " protocol LIKE '2024-%%'")
    office.office.admin.do("report", "figures", "--period", "2024")


@pytest.fixture
def reader(office, chrome, counted):
    person = office.office.person("mediator")
    chrome.log_in("mediator", person["password"], office.code(person))
    return chrome


def keep(browser, name):
    """Pictures, where somebody wants to look at them."""
    folder = os.environ.get("OUV_PICTURES")
    if folder is None:
        return
    for width, dark in ((WIDE, False), (NARROW, False), (WIDE, True)):
        browser.view(width, dark=dark)
        with open(os.path.join(folder, f"{name}-{width}"
                               f"{'-dark' if dark else ''}.png"), "wb") as out:
            out.write(browser.picture())


def test_the_figures_are_good_in_every_language(reader):
    axe, found = axe_source(), {}
    for lang in LANGUAGES:
        reader.go("/").speak(lang)
        words = words_of(lang)
        for name, path, said in (("figures", "/reports?period=2024",
                                  "fig_lead"),
                                 ("company", "/reports/company?period=2024",
                                  "fig_help_company")):
            reader.go(path)
            assert words[said] in reader.words
            assert "fig_" not in reader.words
            reader.assert_good_page()
            for width, dark in ((WIDE, False), (NARROW, True)):
                reader.view(width, dark=dark)
                bad = violations(reader, axe)
                if bad:
                    found[name, lang, width, dark] = bad
            keep(reader, f"{name}-{lang}")
    assert found == {}


BARS = """
return [...document.querySelectorAll('section.figure')].map(s => ({
  name: s.getAttribute('aria-labelledby'),
  rows: [...s.querySelectorAll('tbody tr')].map(r => r.cells[1].innerText),
  numbers: [...s.querySelectorAll('svg[role=img] .number')].map(t =>
    [t.textContent, t.getBoundingClientRect().right]),
  first: [...s.querySelectorAll('svg[role=img] > .ink')].map(b =>
    b.getBoundingClientRect().width),
  second: [...s.querySelectorAll('svg[role=img] > .hatch')].map(b =>
    b.getBoundingClientRect().width),
  labels: [...s.querySelectorAll('svg[role=img] text:not(.number)')].map(t =>
    t.getBoundingClientRect().right),
  right: s.querySelector('svg[role=img]') ?
    s.querySelector('svg[role=img]').getBoundingClientRect().right : 0,
}))
"""


def test_a_bar_is_as_long_as_its_number_and_all_of_it_is_seen(reader):
    reader.go("/reports?period=2024")
    for width in (WIDE, NARROW):
        reader.view(width)
        sections = reader.driver.execute_script(BARS)
        assert len(sections) == FIGURES
        drawn = [s for s in sections if s["numbers"]]
        assert len(drawn) >= 12
        for s in drawn:
            pieces = [list(map(int, text.split(" + ")))
                      for text, _ in s["numbers"]]
            shown = [str(sum(p)) for p in pieces]
            # "Fewer than five" is told in words and has no bar.
            told = [row for row in s["rows"] if row.isdigit()]
            assert len(s["rows"]) - len(told) <= 1, s["name"]
            assert shown in (told, [row for row in told if row != "0"]), \
                s["name"]
            lengths = [*s["first"], *s["second"]]
            numbers = [p[0] for p in pieces] + [p[1] for p in pieces
                                                if len(p) > 1]
            scale = max(lengths) / max(numbers)
            for length, number in zip(lengths, numbers):
                assert abs(length - number * scale) < 1, s["name"]
            assert all(right <= s["right"] + 1 for _, right in s["numbers"]), \
                (width, s["name"])
            assert all(right <= s["right"] + 1 for right in s["labels"]), \
                (width, s["name"])


def test_on_paper_nothing_is_cut_and_bars_stay(reader):
    reader.go("/reports?period=2024")
    reader.view(720)
    reader.cdp("Emulation.setEmulatedMedia", media="print")
    wide = reader.driver.execute_script(
        "return [document.documentElement.scrollWidth, innerWidth,"
        " [...document.querySelectorAll('svg[role=img]')].every(s =>"
        " s.getBoundingClientRect().width > 200),"
        " getComputedStyle(document.querySelector('form.filter')).display]")
    folder = os.environ.get("OUV_PICTURES")
    if folder is not None:
        with open(os.path.join(folder, "figures-print.png"), "wb") as out:
            out.write(reader.picture())
    reader.cdp("Emulation.setEmulatedMedia", media="")
    assert wide[0] <= wide[1] and wide[2] and wide[3] == "none", wide


def test_by_the_keyboard_to_another_quarter(office, plain, counted):
    person = office.office.person("mediator")
    plain.log_in("mediator", person["password"], office.code(person))
    plain.go("/reports?period=2024-Q2")
    plain.tab_to('a[rel="next"]')
    plain.leave(lambda: plain.press("\ue007"))
    assert plain.query == "period=2024-Q3" and plain.path == "/reports"
    plain.tab_to("#part")
    plain.press("\ue010")  # End: the last of them
    plain.tab_to('form.filter button')
    plain.leave(lambda: plain.press("\ue007"))
    assert plain.query == "year=2024&part=12"
    plain.assert_good_page()
    # Nothing leads to what has not begun.
    wall = datetime.timezone(datetime.timedelta(hours=-3))
    year = datetime.datetime.now(wall).year
    assert plain.go(f"/reports?period={year - 1}").has('a[rel="next"]')
    assert not plain.go(f"/reports?period={year}").has('a[rel="next"]')

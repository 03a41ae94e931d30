"""What an office should have sent in a year, worked out by itself.

Python's own dates, an Easter of its own, plain loops over days: nothing here
is asked of the programs.  Times are naive and on the office's wall, where the
clock of São Paulo is three hours behind UTC all year since 2019.
"""

import dataclasses
import datetime as dt

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
OPENS, CLOSES = dt.time(9), dt.time(18)


def easter(year):
    """By the moon: the first Sunday after the fourteenth day of the first
    moon that begins on or after 8 March (Clavius' tables as sums)."""
    century = year // 100 + 1
    epact = (14 + 11 * (year % 19) - 3 * century // 4
             + (5 + 8 * century) // 25) % 30
    if epact == 0 or (epact == 1 and year % 19 > 10):
        epact += 1
    full = dt.date(year, 4, 19) - epact * DAY
    return full + (7 - (full.weekday() + 1) % 7) * DAY


def holidays(year):
    fixed = {(1, 1): "new-year", (4, 21): "tiradentes", (5, 1): "labour",
             (9, 7): "independence", (10, 12): "aparecida",
             (11, 2): "souls", (11, 15): "republic", (11, 20): "black",
             (12, 25): "christmas"}
    moving = {-48: "carnival-mon", -47: "carnival-tue", -2: "good-friday",
              60: "corpus"}
    found = {dt.date(year, *key): name for key, name in fixed.items()}
    found.update({easter(year) + n * DAY: name for n, name in moving.items()})
    return found


NAMES = {
    "new-year": ("Confraternização Universal", "New Year's Day", "Capodanno"),
    "carnival-mon": ("Segunda-feira de Carnaval", "Carnival Monday",
                     "Lunedì di Carnevale"),
    "carnival-tue": ("Terça-feira de Carnaval", "Carnival Tuesday",
                     "Martedì di Carnevale"),
    "good-friday": ("Paixão de Cristo", "Good Friday", "Venerdì Santo"),
    "tiradentes": ("Tiradentes", "Tiradentes Day", "Giorno di Tiradentes"),
    "labour": ("Dia Mundial do Trabalho", "Labour Day", "Festa del lavoro"),
    "corpus": ("Corpus Christi", "Corpus Christi", "Corpus Domini"),
    "independence": ("Independência do Brasil", "Independence of Brazil",
                     "Indipendenza del Brasile"),
    "aparecida": ("Nossa Senhora Aparecida", "Our Lady of Aparecida",
                  "Nostra Signora di Aparecida"),
    "souls": ("Finados", "All Souls' Day", "Commemorazione dei defunti"),
    "republic": ("Proclamação da República", "Proclamation of the Republic",
                 "Proclamazione della Repubblica"),
    "black": ("Dia Nacional de Zumbi e da Consciência Negra",
              "Black Awareness Day", "Giornata della coscienza nera"),
    "christmas": ("Natal", "Christmas Day", "Natale"),
}
LANGS = ("pt-BR", "en", "it")


@dataclasses.dataclass
class Absence:
    who: str  # "": the whole office
    reason: str
    first: dt.date
    last: dt.date
    substitute: str = ""
    called_off: dt.datetime = None

    def holds(self, at):
        return (self.first <= at.date() <= self.last
                and not (self.called_off and at >= self.called_off))


@dataclasses.dataclass(frozen=True)
class Sent:
    """A letter, as far as a reader can see what it promises."""

    to: str
    kind: str       # acknowledgement, merged, note
    day: dt.date
    langs: tuple
    dates: tuple    # every date in it, sorted, with its time or None
    names: tuple = ()  # of holidays
    people: tuple = ()  # of colleagues


class Model:
    def __init__(self, absences, names, office_lang="pt-BR"):
        self.absences = absences
        self.names = names
        self.office_lang = office_lang
        self.told = {}
        self.holidays = {}

    # -- the calendar ---------------------------------------------------------

    def holiday(self, day):
        if day.year not in self.holidays:
            self.holidays[day.year] = holidays(day.year)
        return self.holidays[day.year].get(day)

    def is_open(self, day):
        return (day.weekday() < 5 and not self.holiday(day)
                and not any(a.who == "" and a.first <= day <= a.last
                            for a in self.absences))

    def opens_at(self, at):
        """None within service hours; else the next opening."""
        day = at.date()
        if self.is_open(day) and OPENS <= at.time() < CLOSES:
            return None
        if not self.is_open(day) or at.time() >= CLOSES:
            day += DAY
            while not self.is_open(day):
                day += DAY
        return dt.datetime.combine(day, OPENS)

    def answer_by(self, at):
        """24 hours of open days; a term that fills a day ends within it."""
        left = 24 * 3600
        day, secs = at.date(), at.hour * 3600 + at.minute * 60 + at.second
        while True:
            if self.is_open(day):
                rest = 86400 - secs
                if left <= rest:
                    end = dt.datetime.combine(day, dt.time()) + dt.timedelta(
                        seconds=secs + left - (left == rest))
                    return end
                left -= rest
            day, secs = day + DAY, 0

    # -- who is away ----------------------------------------------------------

    def away(self, who, at):
        return next((a for a in self.absences
                     if a.who == who and a.holds(at)), None)

    def back(self, absence, at):
        day = absence.last + DAY
        while True:
            again = next((a for a in self.absences if absence.who
                          and a.who == absence.who and a.first <= day <= a.last
                          and not (a.called_off and a.called_off <= at)), None)
            if again:
                day = again.last + DAY
            elif self.is_open(day):
                return day
            else:
                day += DAY

    def stand_in(self, absence, at):
        seen, who = {absence.who}, absence.substitute
        while who and self.away(who, at):
            if who in seen:
                return ""
            seen.add(who)
            who = self.away(who, at).substitute
        return who

    def first_time(self, absence, sender, at):
        key = (id(absence), sender)
        last = self.told.get(key)
        # A case at the very edge of the week would test our own clocks.
        assert last is None or abs((at - last) - WEEK) > dt.timedelta(
            minutes=10)
        if last is not None and at - last < WEEK:
            return False
        self.told[key] = at
        return True

    # -- what is sent ---------------------------------------------------------

    def days_of(self, absence, at):
        days = {absence.first, absence.last}
        return [(day, None) for day in days] + [(self.back(absence, at), None)]

    def new_case(self, sender, lang, at):
        lang = lang or self.office_lang
        minute = at.replace(second=0)
        due = self.answer_by(at)
        dates = [(at.date(), minute.time()), (due.date(), due.time().replace(
            second=0))]
        office = self.away("", at)
        names = ()
        if office:
            self.first_time(office, sender, at)
            dates += self.days_of(office, at)
        elif self.opens_at(at):
            opens = self.opens_at(at)
            dates.append((opens.date(), opens.time()))
            if self.holiday(at.date()):
                names = (NAMES[self.holiday(at.date())][LANGS.index(lang)],)
        return Sent(sender, "merged" if office else "acknowledgement",
                    at.date(), (lang,), order(dates), names)

    def letter(self, sender, lang, owner, at):
        """Of a party, in their case; None: nothing is sent."""
        absence = self.away("", at) or self.away(owner, at)
        if not absence or not self.first_time(absence, sender, at):
            return None
        people = ()
        if absence.who:
            stands_in = self.stand_in(absence, at)
            people = tuple(sorted(self.names[who] for who in
                                  (absence.who, stands_in) if who))
        langs = (lang,) if lang else ("en", "pt-BR")
        return Sent(sender, "note", at.date(), langs, order(
            self.days_of(absence, at) * len(langs)), (), people)


def order(dates):
    return tuple(sorted(dates, key=lambda d: (d[0], d[1] or dt.time())))

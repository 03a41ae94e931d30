/*
 * absence_words.h - the words around the dates of a note of absence
 *
 * Folded by mail_plain.  A date counts only behind one of these; a number in
 * a note is more often a telephone than a day.
 */
#ifndef OUV_MAIL_ABSENCE_WORDS_H
#define OUV_MAIL_ABSENCE_WORDS_H

#include <stdbool.h>

enum cue_role {
	CUE_FROM,    /* the first day away */
	CUE_UNTIL,   /* the last one */
	CUE_BACK,    /* the first day back */
	CUE_DAY,     /* away that day alone */
	CUE_RANGE,   /* too short a word: counts only when a range follows */
	CUE_BETWEEN, /* the same, joined by "and" */
	CUE_ON,      /* what the day is, is said behind it */
};

struct cue {
	const char *words;
	enum cue_role role;
	bool english; /* how "03/04" is read */
};

/* clang-format off */
static const struct cue cues[] = {
	/* en */
	{ "from", CUE_FROM, true },          { "starting", CUE_FROM, true },
	{ "beginning", CUE_FROM, true },     { "as of", CUE_FROM, true },
	{ "since", CUE_FROM, true },         { "between", CUE_BETWEEN, true },
	{ "until", CUE_UNTIL, true },        { "till", CUE_UNTIL, true },
	{ "til", CUE_UNTIL, true },          { "through", CUE_UNTIL, true },
	{ "thru", CUE_UNTIL, true },         { "up to", CUE_UNTIL, true },
	{ "back", CUE_BACK, true },          { "return", CUE_BACK, true },
	{ "returning", CUE_BACK, true },     { "returns", CUE_BACK, true },
	{ "resume", CUE_BACK, true },        { "resume work", CUE_BACK, true },
	{ "available again", CUE_BACK, true },
	{ "return until", CUE_BACK, true },  { "back until", CUE_BACK, true },
	{ "return before", CUE_BACK, true }, { "back before", CUE_BACK, true },
	{ "reachable again", CUE_BACK, true },
	{ "out of the office on", CUE_DAY, true },
	{ "out of office on", CUE_DAY, true },
	{ "away on", CUE_DAY, true },        { "absent on", CUE_DAY, true },
	{ "not in the office on", CUE_DAY, true },
	{ "on leave on", CUE_DAY, true },    { "on", CUE_ON, true },
	/* pt */
	{ "a partir de", CUE_FROM, false },  { "a partir do", CUE_FROM, false },
	{ "desde", CUE_FROM, false },        { "de", CUE_RANGE, false },
	{ "do dia", CUE_RANGE, false },      { "no periodo de", CUE_RANGE, false },
	{ "periodo", CUE_RANGE, false },     { "entre", CUE_BETWEEN, false },
	{ "ate", CUE_UNTIL, false },
	{ "retorno", CUE_BACK, false },      { "retornarei", CUE_BACK, false },
	{ "retornando", CUE_BACK, false },   { "retorna", CUE_BACK, false },
	{ "regresso", CUE_BACK, false },     { "regressarei", CUE_BACK, false },
	{ "regressando", CUE_BACK, false },  { "voltarei", CUE_BACK, false },
	{ "volto", CUE_BACK, false },        { "voltando", CUE_BACK, false },
	{ "volta", CUE_BACK, false },        { "de volta", CUE_BACK, false },
	{ "ausente no dia", CUE_DAY, false },{ "ausente em", CUE_DAY, false },
	{ "ausente dia", CUE_DAY, false },
	{ "fora do escritorio em", CUE_DAY, false },
	{ "fora do escritorio no dia", CUE_DAY, false },
	{ "em", CUE_ON, false },             { "no dia", CUE_ON, false },
	/* it */
	{ "a partire da", CUE_FROM, false }, { "a partire dal", CUE_FROM, false },
	{ "dal", CUE_FROM, false },          { "da", CUE_RANGE, false },
	{ "dall'", CUE_FROM, false },        { "tra", CUE_BETWEEN, false },
	{ "fra", CUE_BETWEEN, false },       { "fino al", CUE_UNTIL, false },
	{ "fino all'", CUE_UNTIL, false },   { "fino a", CUE_UNTIL, false },
	{ "sino al", CUE_UNTIL, false },     { "sino a", CUE_UNTIL, false },
	{ "rientro", CUE_BACK, false },      { "rientrero", CUE_BACK, false },
	{ "rientrero'", CUE_BACK, false },   { "ritorno", CUE_BACK, false },
	{ "di ritorno", CUE_BACK, false },   { "tornero", CUE_BACK, false },
	{ "tornero'", CUE_BACK, false },     { "torno", CUE_BACK, false },
	{ "assente il", CUE_DAY, false },    { "fuori ufficio il", CUE_DAY, false },
	{ "fuori sede il", CUE_DAY, false }, { "il", CUE_ON, false },
	/* es */
	{ "a partir del", CUE_FROM, false }, { "del", CUE_RANGE, false },
	{ "hasta", CUE_UNTIL, false },       { "de vuelta", CUE_BACK, false },
	{ "vuelvo", CUE_BACK, false },       { "volvere", CUE_BACK, false },
	{ "regreso", CUE_BACK, false },      { "regresare", CUE_BACK, false },
	{ "de regreso", CUE_BACK, false },   { "me reincorporo", CUE_BACK, false },
	{ "me reincorporare", CUE_BACK, false },
	{ "ausente el", CUE_DAY, false },
	{ "fuera de la oficina el", CUE_DAY, false }, { "el", CUE_ON, false },
	/* fr */
	{ "a compter du", CUE_FROM, false }, { "a partir du", CUE_FROM, false },
	{ "depuis le", CUE_FROM, false },    { "du", CUE_RANGE, false },
	{ "jusqu'au", CUE_UNTIL, false },    { "jusqu'a", CUE_UNTIL, false },
	{ "jusque", CUE_UNTIL, false },      { "retour", CUE_BACK, false },
	{ "de retour", CUE_BACK, false },    { "reviens", CUE_BACK, false },
	{ "reviendrai", CUE_BACK, false },   { "reprendrai", CUE_BACK, false },
	{ "rentrerai", CUE_BACK, false },    { "absent le", CUE_DAY, false },
	{ "absente le", CUE_DAY, false },    { "le", CUE_ON, false },
	/* de */
	{ "ab", CUE_FROM, false },           { "ab dem", CUE_FROM, false },
	{ "seit", CUE_FROM, false },         { "seit dem", CUE_FROM, false },
	{ "vom", CUE_FROM, false },          { "von", CUE_RANGE, false },
	{ "zwischen", CUE_BETWEEN, false },  { "bis", CUE_UNTIL, false },
	{ "bis zum", CUE_UNTIL, false },     { "zuruck", CUE_BACK, false },
	{ "wieder", CUE_BACK, false },       { "ruckkehr", CUE_BACK, false },
	{ "abwesend am", CUE_DAY, false },   { "nicht im buro am", CUE_DAY, false },
	{ "am", CUE_ON, false },
};

/* Between a cue and its date. */
static const char *const fillers[] = {
	"the", "including", "and including", "inclusive", "next", "of",
	"on", "in", "to", "at", "again", "from", "approximately", "about",
	"the office", "in the office", "in office", "to the office", "to work",
	"at work", "at my desk", "tomorrow", "amanha", "domani", "manana",
	"demain", "morgen", "from leave", "from vacation", "from holiday",
	"from my vacation", "from annual leave", "day", "date", "today",
	"o", "os", "dia", "dias", "o dia", "ao dia", "no dia", "em", "na", "no",
	"ao trabalho", "ao escritorio", "as atividades", "das ferias", "de ferias",
	"a partir de", "a partir do", "a partir do dia", "proximo", "proxima",
	"proximo dia", "inclusivo", "data", "previsto", "prevista", "para",
	"sera", "a", "as", "ao", "do", "da", "de",
	"il", "lo", "la", "i", "giorno", "giorni", "prossimo", "compreso",
	"incluso", "in ufficio", "al lavoro", "in sede", "a partire dal",
	"dalle ferie", "previsto per", "previsto il", "per", "dal",
	"el", "los", "al", "a la oficina", "al trabajo", "en la oficina",
	"a partir del", "el dia", "del", "proximo dia", "previsto el",
	"le", "les", "au", "au bureau", "a mon poste", "au travail", "prevu le",
	"a partir du", "a compter du", "du", "et le", "inclus",
	"dem", "den", "der", "am", "ab", "ab dem", "zum", "einschliesslich",
	"einschl", "inklusive", "inkl", "im buro", "im haus", "im dienst",
	"erreichbar", "erreichbar ab", "erreichbar am", "fur sie da", "da",
	"fur sie erreichbar", "an meinem arbeitsplatz", "ist", "bin ich",
	"voraussichtlich", "is", "est", "e", "es",
	/* days of the week */
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	"sunday", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri",
	"sat", "sun", "segunda", "terca", "quarta", "quinta", "sexta",
	"segunda-feira", "terca-feira", "quarta-feira", "quinta-feira",
	"sexta-feira", "sabado", "domingo", "seg", "ter", "qua", "qui", "sex",
	"lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "sabato",
	"domenica", "lunedi'", "martedi'", "mercoledi'", "giovedi'", "venerdi'",
	"lunes", "martes", "miercoles", "jueves", "viernes",
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
	"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",
	"sonnabend", "sonntag", "mo", "di", "mi", "do", "fr",
};

/* Between the two dates of a range. */
struct link {
	const char *words;
	bool between; /* only behind "between" */
};

static const struct link links[] = {
	{ "to", false },        { "until", false },    { "till", false },
	{ "through", false },   { "thru", false },     { "up to", false },
	{ "a", false },         { "ate", false },      { "ao", false },
	{ "al", false },        { "all'", false },     { "fino al", false },
	{ "fino a", false },
	{ "sino al", false },   { "hasta", false },    { "au", false },
	{ "jusqu'au", false },  { "bis", false },      { "bis zum", false },
	{ "and", true },        { "e", true },         { "y", true },
	{ "et", true },         { "und", true },       { "ed", true },
};

/* Behind a date, in the same sentence: then one is here again. */
static const char *const back_words[] = {
	"wieder", "zuruck", "back", "available again", "be available",
	"available as", "return", "resume", "de volta", "retorn", "volto",
	"voltar", "regress", "disponivel", "de nuevo", "de vuelta",
	"de regreso", "disponible", "di nuovo", "rientr", "torner", "torno",
	"disponibile", "nuovamente", "de retour", "de nouveau", "reprend",
	"ruckkehr",
};

/* The same: then one is away, whatever else follows. */
static const char *const away_words[] = {
	"out of", "away", "absent", "on leave", "on vacation", "on holiday",
	"not in", "unavailable", "ausen", "fora d", "ferias", "licenca",
	"indispon", "viagem", "assen", "fuori", "ferie", "non sar",
	"fuera", "vacaciones", "absen", "conge", "vacances", "indisponible",
	"deplacement", "nicht", "abwesen", "urlaub", "ausser haus",
	"dienstreise", "closed", "fechad", "chius", "cerrad", "ferme",
	"geschlossen", "elternzeit", "mutterschutz",
};

/* A note of absence holds one of these; another text has other dates. */
static const char *const absence_stems[] = {
	"out of office", "out of the office", "be out", "ooo", "away", "absen", "vacation",
	"holiday", "leave", "not in the office", "travel", "unavailable",
	"closed", "ausen", "fora do escritorio", "estarei fora", "estou fora",
	"ferias", "folga", "licenca", "viagem", "afastad", "recesso",
	"indispon", "fechad", "assen", "fuori ufficio", "fuori sede", "ferie",
	"vacanza", "congedo", "malattia", "maternita", "chius", "trasferta",
	"fuera de", "vacaciones", "de baja", "permiso", "de viaje", "cerrad",
	"conge", "vacances", "deplacement", "indisponible", "ferme",
	"hors du bureau", "abwesen", "urlaub", "nicht im", "ausser haus",
	"dienstreise", "elternzeit", "mutterschutz", "geschlossen", "unterwegs",
	"nicht erreichbar", "krank", "betriebsferien", "feriado", "parental",
};
/* clang-format on */

#endif

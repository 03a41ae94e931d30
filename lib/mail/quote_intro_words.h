/*
 * quote_intro_words.h - "on ... somebody wrote:" in many languages
 *
 * Folded as quote_fold() does: lower case, no accents.  To teach the reader
 * another language, add its verb, and the words with which it begins.
 */
#ifndef OUV_MAIL_QUOTE_INTRO_WORDS_H
#define OUV_MAIL_QUOTE_INTRO_WORDS_H

/* clang-format off */

/*
 * Whole words; in scripts without blanks wherever they stand.  In the order of
 * their bytes: the first byte is searched by halves.
 */
static const char *const intro_verbs[] = {
	"a ecrit", "a scris", "da viết", "ecrit", "ecrivait", "escreveram",
	"escreveu", "escrevia", "escribia", "escribio", "escribiu",
	"geschreven", "geschrieben", "ha escrit", "ha scritto",
	"heeft het volgende geschreven", "idatzi du", "igorleak", "irja",
	"irta", "je napisala", "je napisao", "kirjoittaa", "kirjoitti",
	"kirjutab", "kirjutas", "menulis", "napisal", "napisal(a)",
	"napisal/-a", "napisal/a", "napisala", "napisao", "napisao je",
	"napisao(la)", "napisao/la", "napisao/napisala", "napsal",
	"napsal(a)", "napsala", "parase", "pise", "pisze", "raksta",
	"rakstija", "rase", "schreef", "schreibt", "schrieb", "scrie",
	"scrisse", "scrive", "scriveva", "skreiv", "skrev", "skrifadi",
	"skriver", "sunlari yazdi", "sunu yazdi", "va escribir",
	"va escriure", "viết", "writes", "wrote", "yazdi", "yaziyor",
	"đa viết", "đã viết", "γραφει", "εγραφε", "εγραψε", "написа",
	"написав", "написав(-ла)", "написав(ла)", "написал", "написал(а)",
	"написала", "написао", "написао је", "написао/ла", "писав", "писал",
	"писал(а)", "писала", "писали", "пише", "пишет", "пишете",
	"је написао", "כתב", "כתב/ה", "כתבה", "كتب", "كتبت",
	"نوشت", "เขียน", "เขียนว่า", "さんは書きました", "のメール", "作成", "写到",
	"写道", "寫道", "於", "書きました", "来信", "님이 보낸", "님이 씀", "보낸 메일",
	"썼습니다", "쓴 글", "작성",
};

/* Before '>' lines these do, too. */
static const char *const intro_quoting[] = {
	"citando ", "quoting ", "zitat von ", "zitiere ", "citat ", "cita de ",
	"citazione ", "citation de ", "citerar ", "quoting: ", "cytat ",
	"quote from ", "цитирую ", "citaat van ", "mensagem citada por ",
};

/* With which an attribution begins, when a date comes first. */
static const char *const intro_starts[] = {
	"em ", "no dia ", "na ", "as ", "a ", "aos ", "on ", "at ", "in a message",
	"il ", "in data ", "alle ", "nel giorno ", "el ", "en ", "a las ",
	"con fecha ", "le ", "a la date du ", "am ", "um ", "op ", "den ", "d. ",
	"dne ", "dna ", "dnia ", "w dniu ", "u ", "dana ", "pe data", "pe ",
	"la ", "in ziua ", "data de ", "del ", "o ", "kl ", "em: ", "no: ",
	"στισ ", "στην ", "την ", "на ", "в ", "у ", "il giorno ", "den:",
	"pada ", "vao ", "vào ", "ב", "في ", "в ", "---- ",
	"fecha ", "在", "于", "missatge de ", "kontakt ", "wiadomosc napisana ",
	"v ", "vao ", "vào ", "เมื่อ", "erabiltzaileak ", "klockan ", "klo ",
	"in ", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "2", "1", "3",
	"0",
};

/* A person tells what somebody else wrote: not the words of a program. */
static const char *const intro_stories[] = {
	" me escreveu", " nos escreveu", " escreveu para mim", " mi ha scritto",
	" ci ha scritto", " wrote me", " wrote to me", " wrote back",
	" wrote to us", " wrote us", " me escribio", " nos escribio",
	" m'a ecrit", " nous a ecrit", " mir schrieb", " uns schrieb",
	" schrieb mir", " schrieb uns", " lhe escreveu", " gli ha scritto",
	" recebi ", " recebemos ", " received ", " ricevuto ", " recibi ",
	" recibimos ", " recu ", " erhielt ", " erhalten ", " enviei ",
	" escrevi ", " i wrote", " we wrote", " ho scritto", " escribi ",
	" j'ai ecrit", " ich schrieb", " habe ich ", " respondeu ",
	" replied ", " rispose ", " ha risposto ", " respondio ",
	" a repondu ", " antwortete ", " seguinte ", " following ",
	" seguente", " siguiente", " suivant ",
};

/* What may follow a time, without a capital. */
static const char *const intro_hours[] = {
	"am", "pm", "a.m.", "p.m.", "am,", "pm,", "uhr", "uhr,", "h", "h,",
	"hs", "hs,", "hrs", "hrs,", "horas", "horas,", "ore", "hat", "heeft",
	"je", "kl.", "via", "by", "from", "por", "per", "par", "door",
};

/* Parts of a name that have no capital; a name does not begin with one. */
/* inside a name, or before it: "Em 1/12, a Ouvidoria" */
static const char *const intro_particles[] = {
	"de", "da", "do", "dos", "das", "di", "del", "della", "dello", "van",
	"von", "der", "den", "e", "y", "und", "et", "and", "bin", "ibn", "zu",
	"af", "av", "a", "o", "as", "os", "il", "lo", "la", "le", "el", "the",
};

/* clang-format on */

#endif

/*
 * quote_words.h - how mail programs announce text that is not new
 *
 * Folded as mail_plain() does: lower case, no accents.  Languages: pt, it,
 * en, es, fr, de.  To teach the reader another program, add a row.
 */
#ifndef OUV_MAIL_QUOTE_WORDS_H
#define OUV_MAIL_QUOTE_WORDS_H

/* clang-format off */

/* A line that says "somebody wrote at some time:". */
struct quote_writes {
	const char *start; /* first words; "": anything */
	const char *verb;  /* last words before the colon... */
	int anywhere;      /* ...or anywhere (German puts the name last) */
};

static const struct quote_writes quote_writes[] = {
	/* pt */
	{ "em ", " escreveu", 0 },       { "no dia ", " escreveu", 0 },
	{ "na ", " escreveu", 0 },       { "as ", " escreveu", 0 },
	{ "a ", " escreveu", 0 },        { "on ", " escreveu", 0 },
	{ "", "> escreveu", 0 },         { "", ") escreveu", 0 },
	{ "", " escreveu em ", 1 },      { "", " escreveu no dia ", 1 },
	{ "em ", " escreveram", 0 },
	/* it */
	{ "il ", " ha scritto", 0 },     { "in data ", " ha scritto", 0 },
	{ "alle ", " ha scritto", 0 },   { "da ", " ha scritto", 0 },
	{ "on ", " ha scritto", 0 },     { "", "> ha scritto", 0 },
	{ "", " ha scritto il ", 1 },    { "il ", " scrive", 0 },
	{ "", ") ha scritto", 0 },
	/* en */
	{ "on ", " wrote", 0 },          { "at ", " wrote", 0 },
	{ "on ", " writes", 0 },         { "", "> wrote", 0 },
	{ "on ", " said", 0 },           { "", ") wrote", 0 },
	{ "", "> writes", 0 },           { "", " wrote on ", 1 },
	/* es */
	{ "el ", " escribio", 0 },       { "en ", " escribio", 0 },
	{ "a las ", " escribio", 0 },    { "con fecha ", " escribio", 0 },
	{ "", "> escribio", 0 },         { "", ") escribio", 0 },
	{ "", " escribio el ", 1 },      { "on ", " escribio", 0 },
	/* fr */
	{ "le ", " a ecrit", 0 },        { "le ", " ecrivait", 0 },
	{ "on ", " a ecrit", 0 },        { "", "> a ecrit", 0 },
	{ "", " a ecrit le ", 1 },       { "a la date du ", " a ecrit", 0 },
	/* de */
	{ "am ", " schrieb", 1 },        { "on ", " schrieb", 0 },
	{ "", "> schrieb", 0 },          { "", " schrieb am ", 1 },
	{ "um ", " schrieb", 1 },
};

/* A person tells what somebody else wrote: not the words of a program. */
static const char *const quote_not_writes[] = {
	" me escreveu", " nos escreveu", " escreveu para mim", " mi ha scritto",
	" ci ha scritto", " wrote me", " wrote to me", " wrote back",
	" me escribio", " nos escribio", " m'a ecrit", " nous a ecrit",
	" mir schrieb", " uns schrieb", " schrieb mir", " schrieb uns",
	" lhe escreveu", " gli ha scritto",
};

/* Before '>' lines a name is enough. */
static const char *const quote_verbs[] = {
	"escreveu", "escreveram", "ha scritto", "scrive", "wrote", "writes",
	"escribio", "a ecrit", "ecrivait", "schrieb", "said", "disse",
	"citando ", "quoting ", "zitat von ", "citat ", "cita de ",
	"citazione di ", "escrevia", "scriveva",
};

/* "-----Mensagem original-----"; bare: it may stand without dashes. */
struct quote_separator {
	const char *words;
	int bare;
};

static const struct quote_separator quote_separators[] = {
	{ "mensagem original", 0 },             { "mensagem encaminhada", 0 },
	{ "mensagem reenviada", 0 },            { "mensagem de resposta", 0 },
	{ "compromisso original", 0 },          { "mensagem anterior", 0 },
	{ "inicio da mensagem encaminhada", 1 },{ "inicio da mensagem reenviada", 1 },
	{ "inicio de mensagem reencaminhada", 1 },
	{ "mensagem reencaminhada", 0 },
	{ "messaggio originale", 0 },           { "messaggio inoltrato", 0 },
	{ "inizio messaggio inoltrato", 1 },    { "messaggio inoltrato da", 0 },
	{ "appuntamento originale", 0 },        { "messaggio precedente", 0 },
	{ "original message", 0 },              { "forwarded message", 0 },
	{ "begin forwarded message", 1 },       { "reply message", 0 },
	{ "original appointment", 0 },          { "original email", 0 },
	{ "forwarded email", 0 },               { "message original", 0 },
	{ "mensaje original", 0 },              { "mensaje reenviado", 0 },
	{ "comienzo del mensaje reenviado", 1 },{ "inicio del mensaje reenviado", 1 },
	{ "correo original", 0 },
	{ "message d'origine", 0 },             { "message transfere", 0 },
	{ "message initial", 0 },               { "courriel original", 0 },
	{ "debut du message reexpedie", 1 },    { "debut du message transfere", 1 },
	{ "message reexpedie", 0 },
	{ "ursprungliche nachricht", 0 },       { "original-nachricht", 0 },
	{ "originalnachricht", 0 },             { "weitergeleitete nachricht", 0 },
	{ "anfang der weitergeleiteten nachricht", 1 },
	{ "urspruengliche nachricht", 0 },      { "der urspruenglichen nachricht", 0 },
};

/* Outlook repeats the header in words. */
enum quote_label {
	LABEL_FROM = 1, LABEL_DATE = 2, LABEL_TO = 4, LABEL_SUBJECT = 8,
	LABEL_OTHER = 16
};

struct quote_header {
	const char *word;
	enum quote_label label;
};

static const struct quote_header quote_headers[] = {
	{ "de", LABEL_FROM },        { "da", LABEL_FROM },
	{ "from", LABEL_FROM },      { "von", LABEL_FROM },
	{ "remetente", LABEL_FROM }, { "mittente", LABEL_FROM },
	{ "expediteur", LABEL_FROM },{ "absender", LABEL_FROM },
	{ "enviado", LABEL_DATE },   { "enviada", LABEL_DATE },
	{ "enviado em", LABEL_DATE },{ "enviada em", LABEL_DATE },
	{ "enviado a", LABEL_DATE }, { "enviado el", LABEL_DATE },
	{ "data", LABEL_DATE },      { "date", LABEL_DATE },
	{ "sent", LABEL_DATE },      { "inviato", LABEL_DATE },
	{ "inviata", LABEL_DATE },   { "data invio", LABEL_DATE },
	{ "fecha", LABEL_DATE },     { "envoye", LABEL_DATE },
	{ "envoye le", LABEL_DATE }, { "gesendet", LABEL_DATE },
	{ "datum", LABEL_DATE },     { "fecha de envio", LABEL_DATE },
	{ "data de envio", LABEL_DATE }, { "inviato il", LABEL_DATE },
	{ "para", LABEL_TO },        { "to", LABEL_TO },
	{ "a", LABEL_TO },           { "an", LABEL_TO },
	{ "per", LABEL_TO },         { "destinatario", LABEL_TO },
	{ "pour", LABEL_TO },        { "destinataire", LABEL_TO },
	{ "empfanger", LABEL_TO },
	{ "assunto", LABEL_SUBJECT },{ "subject", LABEL_SUBJECT },
	{ "oggetto", LABEL_SUBJECT },{ "asunto", LABEL_SUBJECT },
	{ "objet", LABEL_SUBJECT },  { "betreff", LABEL_SUBJECT },
	{ "sujet", LABEL_SUBJECT },  { "re", LABEL_SUBJECT },
	{ "cc", LABEL_OTHER },       { "cco", LABEL_OTHER },
	{ "bcc", LABEL_OTHER },      { "kopie", LABEL_OTHER },
	{ "copia", LABEL_OTHER },    { "ccn", LABEL_OTHER },
	{ "importance", LABEL_OTHER },{ "importancia", LABEL_OTHER },
	{ "prioridade", LABEL_OTHER },{ "priorita", LABEL_OTHER },
	{ "reply-to", LABEL_OTHER }, { "responder para", LABEL_OTHER },
	{ "rispondi a", LABEL_OTHER },{ "attachments", LABEL_OTHER },
	{ "anexos", LABEL_OTHER },   { "allegati", LABEL_OTHER },
};

/* What telephones and web mail add under a letter. */
struct quote_mobile {
	const char *start;
	int device; /* a word of quote_devices must follow */
};

static const struct quote_mobile quote_mobiles[] = {
	{ "enviado do", 1 },        { "enviado de", 1 },
	{ "enviado a partir d", 1 },{ "enviado pelo", 1 },
	{ "enviado via", 1 },       { "enviado com", 1 },
	{ "enviada do", 1 },        { "mensagem enviada d", 1 },
	{ "enviado por", 1 },       { "enviado atraves d", 1 },
	{ "obter o outlook para", 0 }, { "obtenha o outlook para", 0 },
	{ "baixe o outlook para", 0 }, { "obter outlook para", 0 },
	{ "inviato da", 1 },        { "inviato con", 1 },
	{ "inviato tramite", 1 },   { "messaggio inviato d", 1 },
	{ "scarica outlook per", 0 }, { "ottieni outlook per", 0 },
	{ "inviata da", 1 },
	{ "sent from", 1 },         { "sent with", 1 },
	{ "sent via", 1 },          { "sent by", 1 },
	{ "get outlook for", 0 },   { "sent using", 1 },
	{ "sent on", 1 },
	{ "enviado desde", 1 },     { "enviado usando", 1 },
	{ "obtener outlook para", 0 }, { "descargar outlook para", 0 },
	{ "envoye d", 1 },          { "envoye avec", 1 },
	{ "envoye a partir d", 1 }, { "envoye via", 1 },
	{ "obtenir outlook pour", 0 }, { "telecharger outlook pour", 0 },
	{ "telechargez outlook pour", 0 },
	{ "von meinem", 1 },        { "gesendet von", 1 },
	{ "gesendet mit", 1 },      { "von mein", 1 },
	{ "outlook fur ", 0 },      { "holen sie sich outlook", 0 },
	{ "gesendet uber", 1 },     { "diese nachricht wurde von mein", 1 },
	{ "livre de virus", 0 },    { "privo di virus", 0 },
	{ "virus-free", 0 },        { "libre de virus", 0 },
	{ "sans virus", 0 },        { "virenfrei", 0 },
};

static const char *const quote_devices[] = {
	"iphone", "ipad", "ipod", "android", "samsung", "galaxy", "xiaomi",
	"redmi", "motorola", "moto ", "huawei", "honor", "nokia", "lumia",
	"windows", "pixel", "oneplus", "oppo", "realme", "poco", "asus", "sony",
	"xperia", "smartphone", "celular", "cellulare", "telefono", "telefone",
	"telemovel", "movil", "mobile", "portable", "handy", "telefon", "tablet",
	"blackberry", "yahoo", "outlook", "gmail", "hotmail", "proton", "mail",
	"correo", "posta", "bol", "uol", "dispositivo", "device", "appareil",
	"gerat", "phone", "libero", "gmx", "web.de", "aol", "zoho", "thunderbird",
};

/* Answers stand inside the quoted text below. */
static const char *const quote_inline_words[] = {
	"respostas abaixo", "resposta abaixo", "respondo abaixo",
	"respondi abaixo", "em vermelho", "em azul", "entre as linhas",
	"no corpo da mensagem", "ao longo do texto", "no proprio texto",
	"risposte sotto", "rispondo sotto", "risposte in linea", "in rosso",
	"vedi sotto le risposte", "risposte di seguito", "rispondo di seguito",
	"nel testo sotto", "inline", "in line", "in red", "in blue",
	"answers below", "comments below", "replies below", "responses below",
	"my answers in the text", "respuestas abajo", "respondo abajo",
	"en rojo", "en azul", "respuestas mas abajo", "reponses ci-dessous",
	"mes reponses", "en rouge", "dans le texte", "antworten unten",
	"antworten im text", "im text unten", "in rot", "siehe unten im text",
};

/* clang-format on */

#endif

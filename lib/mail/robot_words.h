/*
 * robot_words.h - what programs write where people write too, as tables
 *
 * Everything here is folded by mail_plain: lower case, no accents.  Letters
 * that have no such form stand as they are.
 */
#ifndef OUV_MAIL_ROBOT_WORDS_H
#define OUV_MAIL_ROBOT_WORDS_H

#include <stdbool.h>

/* Before a colon, at the start of the subject; or the whole of it. */
struct subject_rule {
	const char *words;
	bool people; /* people write this before a colon too */
};

/* clang-format off */

static const struct subject_rule vacation_subjects[] = {
	/* en */
	{ "automatic reply", false },        { "auto response", false },
	{ "automatic response", false },     { "auto-response", false },
	{ "autoresponse", false },           { "auto reply", false },
	{ "auto-reply", false },             { "autoreply", false },
	{ "automated reply", false },        { "automated response", false },
	{ "autoresponder", false },          { "auto responder", false },
	{ "out of office", false },          { "out of the office", false },
	{ "out of office autoreply", false },{ "out of office auto-reply", false },
	{ "out of office auto reply", false },
	{ "out of office reply", false },    { "out of office response", false },
	{ "out of office notification", false },
	{ "out of office message", false },  { "out of office alert", false },
	{ "out of office notice", false },   { "out-of-office", false },
	{ "out-of-office reply", false },    { "out of office automatic reply", false },
	{ "vacation reply", false },         { "vacation response", false },
	{ "vacation message", false },       { "vacation notice", false },
	{ "away from office", false },       { "away from my mail", false },
	{ "away from the office", true },    { "yahoo! auto response", false },
	{ "auto", true },                    { "ooo", true },
	{ "vacation", true },                { "on vacation", true },
	{ "on leave", true },                { "on holiday", true },
	{ "away", true },                    { "away message", true },
	{ "absence", true },                 { "automatic message", true },
	/* pt */
	{ "resposta automatica", false },    { "resposta automatizada", false },
	{ "autoresposta", false },           { "auto-resposta", false },
	{ "auto resposta", false },          { "resposta automatica de ausencia", false },
	{ "ausencia temporaria", false },    { "ausencia do escritorio", false },
	{ "aviso de ausencia", true },       { "mensagem de ausencia", true },
	{ "notificacao de ausencia", true }, { "ausencia", true },
	{ "ausente", true },                 { "ausente do escritorio", true },
	{ "estou ausente", true },           { "estou de ferias", true },
	{ "fora do escritorio", true },      { "mensagem automatica", true },
	{ "em ferias", true },               { "de ferias", true },
	{ "ferias", true },                  { "licenca", true },
	{ "resposta de ferias", false },
	/* it */
	{ "risposta automatica", false },    { "risposta automatizzata", false },
	{ "risponditore automatico", false },{ "assenza dall'ufficio", false },
	{ "messaggio automatico", true },    { "messaggio di assenza", true },
	{ "avviso di assenza", true },       { "notifica di assenza", true },
	{ "fuori sede", true },              { "fuori ufficio", true },
	{ "assente", true },                 { "assenza", true },
	{ "in ferie", true },                { "ferie", true },
	{ "autorisposta", false },
	/* es */
	{ "respuesta automatica", false },   { "respuesta automatizada", false },
	{ "autorespuesta", false },          { "auto respuesta", false },
	{ "auto-respuesta", false },         { "ausencia de la oficina", false },
	{ "fuera de la oficina", true },     { "fuera de oficina", true },
	{ "mensaje automatico", true },      { "mensaje de ausencia", true },
	{ "vacaciones", true },              { "de vacaciones", true },
	/* fr */
	{ "reponse automatique", false },    { "absence du bureau", false },
	{ "reponse auto", false },           { "message d'absence", false },
	{ "absent du bureau", false },       { "avis d'absence", true },
	{ "message automatique", true },     { "hors du bureau", true },
	{ "notification d'absence", true },  { "absent", true },
	{ "absente", true },                 { "conges", true },
	{ "en conges", true },               { "en vacances", true },
	/* de */
	{ "automatische antwort", false },   { "automatische ruckantwort", false },
	{ "automatische antwortmail", false },
	{ "autoantwort", false },            { "auto-antwort", false },
	{ "abwesenheitsnotiz", false },      { "abwesenheitsnachricht", false },
	{ "abwesenheitsmeldung", false },    { "abwesenheitsmitteilung", false },
	{ "abwesenheitsagent", false },      { "abwesenheitsassistent", false },
	{ "automatische abwesenheitsnotiz", false },
	{ "automatische nachricht", true },  { "abwesend", true },
	{ "abwesenheit", true },             { "urlaub", true },
	{ "urlaubsabwesenheit", true },      { "ausser haus", true },
	{ "nicht im buro", true },
	/* ca nl sv da no fi is */
	{ "resposta automatica", false },
	{ "automatisch antwoord", false },   { "automatisch bericht", true },
	{ "afwezigheidsbericht", false },    { "afwezigheidsmelding", false },
	{ "niet op kantoor", false },        { "afwezig", true },
	{ "automatiskt svar", false },       { "autosvar", false },
	{ "franvaromeddelande", false },     { "franvarande", true },
	{ "automatisk svar", false },        { "ikke til stede", true },
	{ "fravaer", true },                 { "frav\xc3\xa6r", true },
	{ "fravarsmelding", false },         { "automaattinen vastaus", false },
	{ "poissaoloilmoitus", false },      { "poissa toimistosta", false },
	{ "poissa", true },                  { "sjalfvirkt svar", false },
	/* pl cs sk hu ro tr hr sl et lv lt */
	{ "automatyczna odpowiedz", false }, { "odpowiedz automatyczna", false },
	{ "poza biurem", true },             { "nieobecnosc", true },
	{ "automaticka odpoved", false },    { "automaticka odpoved'", false },
	{ "mimo kancelar", true },           { "nepritomnost", true },
	{ "automatikus valasz", false },     { "hazon kivul", true },
	{ "raspuns automat", false },        { "absent de la birou", false },
	{ "otomatik yanit", false },         { "otomatik cevap", false },
	{ "ofis disinda", true },            { "ofis disi", true },
	{ "automatski odgovor", false },     { "samodejni odgovor", false },
	{ "automaatvastus", false },         { "automatiska atbilde", false },
	{ "automatinis atsakymas", false },
	/* ru uk bg el, both cases of the first letter */
	{ "Автоматический ответ", false },   { "автоматический ответ", false },
	{ "Автоответ", false },              { "автоответ", false },
	{ "Вне офиса", true },               { "Отсутствие", true },
	{ "Автоматична відповідь", false },  { "Автоматичен отговор", false },
	{ "Αυτόματη απάντηση", false },      { "αυτόματη απάντηση", false },
	/* ja zh ko ar he */
	{ "自動応答", false },               { "自動返信", false },
	{ "不在通知", false },               { "自动答复", false },
	{ "自动回复", false },               { "自動回覆", false },
	{ "自動回复", false },               { "外出", true },
	{ "不在办公室", false },             { "자동 회신", false },
	{ "자동 응답", false },              { "자동회신", false },
	{ "부재 중", true },                 { "부재중", true },
	{ "رد تلقائي", false },              { "תשובה אוטומטית", false },
	{ "מענה אוטומטי", false },
};

/* Anywhere in a subject that names its owner: "AUTO: Ana is out of ..." */
static const char *const away_subjects[] = {
	"is out of the office", "is out of office", "is away from the office",
	"is on vacation", "is on leave", "will be out of the office",
	"esta ausente do escritorio", "estara ausente do escritorio",
	"esta fora do escritorio", "estara fora do escritorio",
	"esta de ferias", "e fuori ufficio", "e fuori sede", "e' fuori ufficio",
	"e' fuori sede", "e assente", "e' assente", "e in ferie",
	"esta fuera de la oficina", "estara fuera de la oficina",
	"esta ausente de la oficina", "esta de vacaciones",
	"est absent du bureau", "est absente du bureau", "est en conges",
	"est absent(e)", "sera absent", "ist ausser haus", "ist nicht im buro",
	"ist abwesend", "ist im urlaub", "ist nicht im haus",
};

/* Reply prefixes after which a vacation prefix may stand. */
static const char *const reply_prefixes[] = {
	"re:", "res:", "r:", "aw:", "rif:", "rv:", "sv:", "ref:", "re :",
	"antw:", "antwort:", "odp:", "vs:", "vl:", "ynt:", "resp:", "rsp:",
	"回复:", "答复:", "回覆:", "返信:",
};

/* Before a colon: a mail program tells that a letter was opened. */
static const char *const receipt_subjects[] = {
	"read", "lida", "lido", "letto", "letta", "gelesen", "lu", "leido",
	"not read", "nao lida", "non letto", "ungelesen", "non lu", "no leido",
	"read receipt", "return receipt", "confirmacao de leitura",
	"recibo de leitura", "conferma di lettura", "ricevuta di ritorno",
	"confirmacion de lectura", "acuse de recibo", "lesebestatigung",
	"empfangsbestatigung", "accuse de lecture", "confirmation de lecture",
	"accuse de reception", "gelezen", "leesbevestiging",
	"disposition notification", "deleted", "excluida",
};

/* How such a text begins, and what stands in it a little later. */
static const char *const receipt_openings[] = {
	"your message", "your document", "this is a receipt for",
	"this is a return receipt", "the message sent", "the message you sent",
	"sua mensagem", "a sua mensagem", "seu documento", "esta e uma confirmacao",
	"il messaggio", "il tuo messaggio", "questa e una conferma",
	"su mensaje", "el mensaje", "ihre nachricht", "die nachricht",
	"dies ist eine empfangsbestatigung", "votre message", "le message",
};

static const char *const receipt_words[] = {
	"was read", "has been read", "was displayed", "was received by",
	"was deleted without being read", "foi lida", "foi lido", "foi exibida",
	"foi excluida sem ser lida", "e stato letto", "e' stato letto",
	"e stato visualizzato", "fue leido", "ha sido leido", "wurde gelesen",
	"wurde ungelesen geloscht", "wurde am", "a ete lu", "a ete affiche",
	"you sent to", "return receipt",
};

/* A person says so of himself; a vacation program says it for him. */
static const char *const away_phrases[] = {
	/* en */
	"i am out of the office", "i'm out of the office", "i am out of office",
	"i am currently out of", "i'm currently out of", "i will be out of",
	"i'll be out of", "i am away", "i'm away", "i am currently away",
	"i will be away", "i'll be away", "i am on vacation", "i'm on vacation",
	"i am on leave", "i'm on leave", "i am on annual leave", "i am on holiday",
	"i am currently on", "i'm currently on", "i am on maternity",
	"i am on parental", "i am travelling", "i am traveling",
	"i am not in the office", "i will not be in the office",
	"i will be on vacation", "i will be on leave", "i will be on holiday",
	"i am unavailable", "i will be unavailable", "out of the office until",
	"out of office until", "out of the office from", "currently out of office",
	"currently out of the office", "away from the office",
	/* pt */
	"estou ausente", "estarei ausente", "encontro-me ausente",
	"estou fora do escritorio", "estarei fora do escritorio",
	"estou de ferias", "estarei de ferias", "estou em ferias",
	"estarei em ferias", "encontro-me de ferias", "estou em viagem",
	"estou de licenca", "estarei de licenca", "estou em licenca",
	"estou afastad", "estarei afastad", "estou fora ate", "estarei fora ate",
	"nao estarei no escritorio", "ausente do escritorio",
	/* it */
	"sono fuori ufficio", "sono fuori sede", "saro fuori ufficio",
	"saro fuori sede", "sono assente", "saro assente", "sono in ferie",
	"saro in ferie", "sono in vacanza", "saro in vacanza",
	"sono attualmente assente", "sono attualmente fuori",
	"saro' fuori", "saro' assente", "saro' in ferie", "sono in congedo",
	"sono in malattia", "non sono in ufficio", "non saro in ufficio",
	/* es */
	"estoy fuera de la oficina", "estare fuera de la oficina",
	"estoy fuera de oficina", "estare fuera de oficina",
	"me encuentro fuera", "me encuentro de vacaciones", "estoy de vacaciones",
	"estare de vacaciones", "estoy ausente", "estare ausente",
	"me encuentro ausente", "estoy de baja", "estoy de viaje",
	/* fr */
	"je suis absent", "je serai absent", "je suis actuellement absent",
	"je suis en conge", "je serai en conge", "je suis en vacances",
	"je suis actuellement en", "je suis en deplacement",
	"je suis hors du bureau", "je ne suis pas au bureau",
	"je suis indisponible", "actuellement absent",
	/* de */
	"ich bin nicht im buro", "ich bin derzeit nicht", "ich bin zurzeit nicht",
	"ich bin zur zeit nicht", "ich bin momentan nicht", "ich bin abwesend",
	"ich bin ausser haus", "ich bin im urlaub", "ich bin bis",
	"ich bin vom", "ich bin ab dem", "ich befinde mich", "ich bin derzeit im",
	"ich bin zurzeit im", "ich werde ab", "bin ich nicht im buro",
	"bin ich abwesend", "bin ich im urlaub", "bin ich nicht erreichbar",
	/* nl, sv, da, no, pl */
	"ik ben afwezig", "ik ben niet aanwezig", "ik ben met vakantie",
	"ik ben op vakantie", "jag ar inte pa kontoret", "jag har semester",
	"jag ar pa semester", "jeg er ikke pa kontoret", "jeg har ferie",
	"jestem poza biurem", "jestem na urlopie", "przebywam na urlopie",
};

/* What a note promises or advises besides. */
static const char *const away_promises[] = {
	"urgent", "urgenc", "emergenc", "upon my return", "on my return",
	"when i return", "when i get back", "when i am back", "as soon as possible",
	"limited access", "no access to", "will respond", "will reply",
	"will get back", "please contact", "contact my", "be forwarded",
	"responderei", "retornarei", "meu retorno", "meu regresso",
	"favor contat", "favor entrar em contato", "por favor contact",
	"em minha ausencia", "na minha ausencia", "acesso limitado", "procurar",
	"rispondero", "al mio rientro", "al mio ritorno", "contattare",
	"rivolgersi", "rivolgetevi", "in mia assenza", "rientrero",
	"respondere", "a mi regreso", "mi vuelta", "contactar con",
	"pongase en contacto", "contacte con", "en mi ausencia",
	"mon retour", "des mon retour", "vous pouvez contacter", "contacter",
	"veuillez contacter", "adresser a", "en mon absence",
	"nach meiner ruckkehr", "wenden sie sich", "dringend", "vertretung",
	"vertritt", "nicht weitergeleitet", "wird nicht", "werde ich",
	"in meiner abwesenheit", "mijn afwezigheid", "contact opnemen",
};

/* How a thank-you begins, after which such a sentence may stand. */
static const char *const greetings[] = {
	"ola", "prezad", "caro", "cara", "bom dia", "boa tarde", "boa noite",
	"obrigad", "agradec", "recebi", "hello", "hi ", "hi,", "dear", "thank",
	"good ", "greetings", "ciao", "buongiorno", "buonasera", "gentil",
	"salve", "grazie", "la ringrazio", "hola", "estimad", "gracias",
	"buenos", "buenas", "guten", "hallo", "sehr geehrte", "liebe", "danke",
	"vielen dank", "moin", "servus", "gruss", "bonjour", "merci", "cher",
	"madame", "monsieur", "automatic", "auto", "out of office", "resposta",
	"mensagem", "risposta", "messaggio", "respuesta", "mensaje", "reponse",
	"message", "this is an auto", "please note", "beste", "hej", "dzien",
};

/* A line that begins so says itself that no person wrote it. */
static const char *const confessions[] = {
	"this is an automat", "this is an auto-", "this is an autom",
	"this is an auto ", "this message was sent automatically",
	"this message has been sent automatically",
	"this message was automatically", "this message was generated automatically",
	"this email was sent automatically", "this e-mail was sent automatically",
	"this email was automatically", "this e-mail was automatically",
	"this email is automatically", "this is a system generated",
	"this is a system-generated", "this is a computer generated",
	"this is the only notification you will receive",
	"note: this is an automat", "automatic reply", "automated reply",
	"automatic response", "auto-reply", "auto reply", "autoreply",
	"please do not reply", "please don't reply", "do not reply",
	"please do not respond to this",
	"esta e uma mensagem automatica", "esta e uma resposta automatica",
	"esta e uma mensagem gerada automaticamente", "mensagem automatica",
	"mensagem gerada automaticamente", "resposta automatica",
	"este e um e-mail automatico", "este e um email automatico",
	"este e-mail foi gerado automaticamente", "e-mail automatico",
	"este e-mail foi enviado automaticamente", "nao responda",
	"por favor, nao responda", "por favor nao responda",
	"favor nao responder", "favor, nao responder",
	"questa e una risposta automatica", "questo e un messaggio automatico",
	"questa e' una risposta automatica", "questo e' un messaggio automatico",
	"questa e una mail automatica", "questa e-mail e stata generata",
	"risposta automatica", "messaggio automatico",
	"messaggio generato automaticamente", "si prega di non rispondere",
	"non rispondere a quest", "la preghiamo di non rispondere",
	"este es un mensaje automatico", "esta es una respuesta automatica",
	"este mensaje ha sido generado", "este mensaje se ha generado",
	"mensaje automatico", "respuesta automatica", "este correo es automatico",
	"por favor, no responda", "por favor no responda", "no responda a este",
	"ceci est un message automatique", "ceci est une reponse automatique",
	"ceci est un mail automatique", "ce message est automatique",
	"ce message a ete genere", "ce message a ete envoye automatiquement",
	"cet e-mail a ete envoye automatiquement", "message automatique",
	"reponse automatique", "merci de ne pas repondre",
	"ne pas repondre", "ne repondez pas", "veuillez ne pas repondre",
	"dies ist eine automatisch", "diese nachricht wurde automatisch",
	"diese e-mail wurde automatisch", "diese mail wurde automatisch",
	"das ist eine automatisch", "automatische antwort",
	"automatisch generierte", "automatisch erstellte",
	"bitte antworten sie nicht", "bitte nicht antworten",
	"bitte nicht auf diese",
	/* the question whether we are a person */
	"your message to me will be delivered once", "please click the link below to",
	"to release your message", "your email requires verification",
	"click here to verify", "please confirm your message",
	"confirm your email to", "i use a spam filter", "this mailbox is protected",
	"this email address is protected", "i apologize for this automat",
	"clique no link abaixo para confirmar", "para que sua mensagem seja",
	"sua mensagem esta retida", "confirme o envio da sua mensagem",
};

/* In a subject: a desk says that something has come in. */
static const char *const receipts_of_desks[] = {
	"recebemos", "mensagem recebida", "confirmacao de recebimento",
	"solicitacao recebida", "chamado aberto", "ticket aberto",
	"we received", "we have received", "we've received", "request received",
	"message received", "ticket received", "ticket created", "case created",
	"ticket opened", "acknowledg", "thank you for contacting",
	"thank you for your", "thanks for contacting", "obrigado pelo",
	"obrigado por", "agradecemos", "abbiamo ricevuto", "richiesta ricevuta",
	"grazie per aver", "hemos recibido", "solicitud recibida",
	"gracias por", "nous avons recu", "nous avons bien recu",
	"accuse de reception", "merci de nous avoir", "wir haben ihre",
	"eingangsbestatigung", "empfangsbestatigung", "vielen dank fur",
	"confirm your", "please confirm", "confirmacao necessaria",
	"verification required", "antispam",
};

/* clang-format on */

#endif

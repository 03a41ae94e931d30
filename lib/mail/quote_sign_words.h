/*
 * quote_sign_words.h - what stands under a letter and is none of its words
 *
 * Folded as quote_fold() does: lower case, no accents.  To teach the reader
 * another program or language, add a row.
 */
#ifndef OUV_MAIL_QUOTE_SIGN_WORDS_H
#define OUV_MAIL_QUOTE_SIGN_WORDS_H

/* clang-format off */

enum {
	IS_BRAND = 1, /* a word of sign_brands must follow, near the end */
	IS_MINE = 2,  /* or one of sign_devices */
	IS_INSIDE = 4 /* these words may stand anywhere */
};

/* What telephones and web mail add under a letter. */
struct sign_mobile {
	const char *start;
	int how;
};

static const struct sign_mobile sign_mobiles[] = {
	/* pt */
	{ "enviado do meu", IS_MINE },       { "enviado de meu", IS_MINE },
	{ "enviado pelo meu", IS_MINE },     { "enviada do meu", IS_MINE },
	{ "enviado a partir do meu", IS_MINE }, { "enviado do", IS_BRAND },
	{ "enviado de", IS_BRAND },          { "enviado a partir d", IS_BRAND },
	{ "enviado pelo", IS_BRAND },        { "enviado via", IS_BRAND },
	{ "enviado com", IS_BRAND },         { "enviada do", IS_BRAND },
	{ "enviado por", IS_BRAND },         { "enviado atraves d", IS_BRAND },
	{ "mensagem enviada d", IS_BRAND },  { "enviado no", IS_BRAND },
	{ "obter o outlook para", 0 },       { "obtenha o outlook para", 0 },
	{ "baixe o outlook para", 0 },       { "obter outlook para", 0 },
	{ "livre de virus", 0 },             { "sem virus.", 0 },
	{ "nao contem virus", 0 },
	/* it */
	{ "inviato dal mio", IS_MINE },      { "inviata dal mio", IS_MINE },
	{ "inviato dalla mia", IS_MINE },    { "inviato da mio", IS_MINE },
	{ "inviato da", IS_BRAND },          { "inviato con", IS_BRAND },
	{ "inviato tramite", IS_BRAND },     { "messaggio inviato d", IS_BRAND },
	{ "scarica outlook per", 0 },        { "ottieni outlook per", 0 },
	{ "inviata da", IS_BRAND },          { "privo di virus", 0 },
	{ "mail priva di virus", 0 },        { "virus-free", 0 },
	/* en */
	{ "sent from my", IS_MINE },         { "sent via my", IS_MINE },
	{ "sent from a", IS_MINE },          { "sent using my", IS_MINE },
	{ "sent from", IS_BRAND },           { "sent with", IS_BRAND },
	{ "sent via", IS_BRAND },            { "sent by", IS_BRAND },
	{ "sent using", IS_BRAND },          { "sent on", IS_BRAND },
	{ "sent through", IS_BRAND },        { "get outlook for", 0 },
	{ "download outlook for", 0 },       { "virus free", 0 },
	{ "composed on my", IS_MINE },       { "typed on my", IS_MINE },
	{ "sent securely from", IS_BRAND },  { "get boxer for", IS_BRAND },
	{ "sent out from my", IS_MINE },     { "please excuse typos", 0 },
	{ "please excuse any typos", 0 },
	/* es ca gl */
	{ "enviado desde mi", IS_MINE },     { "enviado desde", IS_BRAND },
	{ "enviado usando", IS_BRAND },      { "enviado mediante", IS_BRAND },
	{ "obtener outlook para", 0 },       { "descargar outlook para", 0 },
	{ "consigue outlook para", 0 },      { "libre de virus", 0 },
	{ "enviat des de", IS_BRAND | IS_MINE }, { "enviat desde", IS_BRAND },
	{ "enviat amb", IS_BRAND },          { "enviado dende", IS_BRAND },
	{ "obteniu l'outlook", 0 },          { "obteniu outlook", 0 },
	/* fr */
	{ "envoye de mon", IS_MINE },        { "envoye depuis mon", IS_MINE },
	{ "envoye a partir de mon", IS_MINE }, { "envoye d", IS_BRAND },
	{ "envoye avec", IS_BRAND },         { "envoye a partir d", IS_BRAND },
	{ "envoye via", IS_BRAND },          { "envoye par", IS_BRAND },
	{ "telecharger outlook pour", 0 },   { "telechargez outlook pour", 0 },
	{ "obtenir outlook pour", 0 },       { "obtenez outlook pour", 0 },
	{ "sans virus", 0 },                 { "garanti sans virus", 0 },
	/* de */
	{ "von meinem", IS_MINE },           { "gesendet von meinem", IS_MINE },
	{ "von outlook", IS_BRAND },
	{ "von mein", IS_BRAND },            { "gesendet von", IS_BRAND },
	{ "gesendet mit", IS_BRAND },        { "gesendet uber", IS_BRAND },
	{ "gesendet aus", IS_BRAND },        { "versendet mit", IS_BRAND },
	{ "diese nachricht wurde von mein", IS_MINE },
	{ "outlook fur ios", 0 },            { "outlook fur android", 0 },
	{ "holen sie sich outlook", 0 },     { "virenfrei", 0 },
	{ "gesendet per", IS_BRAND },
	/* nl sv da no fi */
	{ "verzonden vanaf mijn", IS_MINE }, { "verstuurd vanaf mijn", IS_MINE },
	{ "verzonden met", IS_BRAND },       { "verstuurd met", IS_BRAND },
	{ "verzonden vanuit", IS_BRAND },    { "verzonden via", IS_BRAND },
	{ "verstuurd vanaf", IS_BRAND },     { "outlook voor ", IS_BRAND },
	{ "download outlook voor", 0 },      { "virusvrij", 0 },
	{ "skickat fran min", IS_MINE },     { "skickat fran", IS_BRAND },
	{ "skickat med", IS_BRAND },         { "hamta outlook for", 0 },
	{ "sendt fra min", IS_MINE },        { "sendt fra mit", IS_MINE },
	{ "sendt fra", IS_BRAND },           { "sendt med", IS_BRAND },
	{ "hent outlook til", 0 },           { "skaff deg outlook", 0 },
	{ "lahetetty", IS_BRAND },           { "hanki outlook", 0 },
	/* pl cs sk hu ro hr et lv lt */
	{ "wyslano z", IS_BRAND | IS_MINE }, { "wyslane z", IS_BRAND | IS_MINE },
	{ "pobierz outlook dla", 0 },        { "pobierz program outlook", 0 },
	{ "wolny od wirusow", 0 },           { "odeslano z", IS_BRAND | IS_MINE },
	{ "odeslano ze", IS_BRAND | IS_MINE }, { "bez viru", 0 },
	{ "odoslane z", IS_BRAND | IS_MINE }, { "ziskat outlook", 0 },
	{ "ziskajte outlook", 0 },           { "elkuldve", IS_BRAND | IS_MINE },
	{ "kuldve", IS_BRAND | IS_MINE },    { "outlook beszerzese", 0 },
	{ "virusmentes", 0 },
	{ "trimis de pe", IS_BRAND | IS_MINE }, { "trimis din", IS_BRAND },
	{ "trimis cu", IS_BRAND },           { "obtineti outlook", 0 },
	{ "poslano s", IS_BRAND | IS_MINE }, { "poslano iz", IS_BRAND | IS_MINE },
	{ "poslato sa", IS_BRAND | IS_MINE }, { "preuzmite outlook", 0 },
	{ "saadetud minu", IS_MINE },        { "saadetud", IS_BRAND },
	{ "nosutits no", IS_BRAND | IS_MINE }, { "issiusta is", IS_BRAND | IS_MINE },
	/* ru uk bg el tr */
	{ "отправлено с", IS_BRAND | IS_MINE }, { "отправлено из", IS_BRAND },
	{ "отправлено через", IS_BRAND },    { "отправлено от", IS_BRAND },
	{ "без вирусов", 0 },                { "скачать outlook", 0 },
	{ "надіслано з", IS_BRAND | IS_MINE }, { "відправлено з", IS_BRAND | IS_MINE },
	{ "изпратено от", IS_BRAND | IS_MINE }, { "изпратено с", IS_BRAND },
	{ "σταλθηκε απο", IS_BRAND | IS_MINE }, { "εσταλη απο", IS_BRAND },
	{ "αποκτηστε το outlook", 0 },       { "χωρισ ιουσ", 0 },
	{ "'dan gonderildi", IS_BRAND | IS_INSIDE },
	{ "'umdan gonderildi", IS_BRAND | IS_INSIDE },
	{ "dan gonderildi", IS_BRAND | IS_INSIDE },
	{ "den gonderildi", IS_BRAND | IS_INSIDE },
	{ "android icin outlook", 0 },       { "ios icin outlook", 0 },
	/* ja zh ko vi id he ar */
	{ "から送信", IS_INSIDE | IS_BRAND | IS_MINE },
	{ "outlook for ", IS_BRAND },        { "outlook を入手", IS_INSIDE },
	{ "发自我的", IS_INSIDE },           { "发自", IS_BRAND },
	{ "從我的", IS_BRAND },              { "從我的", IS_MINE },
	{ "我的iphone", IS_INSIDE },         { "发送自", IS_BRAND },
	{ "获取", IS_BRAND },                { "下載 outlook", 0 },
	{ "에서 보냄", IS_INSIDE },          { "에서 보냈습니다", IS_INSIDE },
	{ "용 outlook", IS_INSIDE },         { "từ iphone", IS_INSIDE },
	{ "đa gui tu", IS_BRAND },           { "dikirim dari", IS_BRAND | IS_MINE },
	{ "נשלח מה", 0 },                    { "أرسلت من", IS_BRAND },
	{ "أُرسلت من", IS_BRAND },
};

/* Names of machines and programs. */
static const char *const sign_brands[] = {
	"iphone", "iphon", "ipad", "ipod", "android", "samsung", "galaxy", "xiaomi",
	"redmi", "motorola", "moto ", "huawei", "honor", "nokia", "lumia",
	"windows", "pixel", "oneplus", "oppo", "realme", "poco", "asus", "sony",
	"xperia", "blackberry", "yahoo", "outlook", "gmail", "hotmail", "htc",
	"proton", "bol mail", "bol.com", "uol mail", "libero mail", "libero",
	"gmx", "web.de", "aol", "zoho", "thunderbird", "airmail", "spark",
	"k-9", "fairemail", "tutanota", "tuta", "mail.ru", "yandex", "canary",
	"em client", "mailbird", "bluemail", "edison", "verizon", "t-mobile",
	"superhuman", "nine", "mailspring", "hushmail", "telstra", "o2", "vivo",
	"mac", "macbook", "apple", "icloud", "boxer", "newton", "mobile.de",
	"orange", "sfr", "bouygues", "la poste", "virgilio", "tiscali",
	"fastmail", "почт", "айфон", "secure mail", "k-9 mail", "lg ",
};

/* What only counts as "my". */
static const char *const sign_devices[] = {
	"smartphone", "celular", "cellulare", "telefono", "telefone",
	"telemovel", "movil", "mobile", "portable", "handy", "telefon",
	"tablet", "dispositivo", "device", "appareil", "gerat", "phone",
	"mobil", "mobiel", "toestel", "puheli", "komork", "mobitel",
	"telefonu", "смартфон", "телефон", "планшет", "κινητο", "スマホ",
	"手机", "手機", "smartfon", "wireless", "handheld",
};

/* How a paragraph begins that a program put at the end. */
static const char *const sign_footers[] = {
	"you received this message because you are subscribed",
	"voce recebeu essa mensagem porque", "voce recebeu esta mensagem porque",
	"hai ricevuto questo messaggio perche sei", "to unsubscribe from this",
	"has recibido este mensaje porque estas suscrito",
	"vous recevez ce message, car vous etes abonne",
	"sie erhalten diese nachricht, weil sie",
	"antes de imprimir", "prima di stampare", "before printing",
	"avant d'imprimer", "bevor sie diese", "think before you print",
	"pense no meio ambiente", "please consider the environment",
	"consider the environment", "pense no ambiente",
	"pensi all'ambiente", "rispetta l'ambiente", "rispettiamo l'ambiente",
	"piense en el medio ambiente", "pensez a l'environnement",
	"denken sie an die umwelt", "p antes de imprimir",
	"p please consider the environment", "p before printing",
	"this email has been checked", "this e-mail has been checked",
	"this email has been scanned", "this e-mail has been scanned",
	"este e-mail foi verificad", "este email foi verificad",
	"este email foi escanead", "este e-mail foi escanead",
	"questa e-mail e stata controllata", "questa email e stata controllata",
	"este correo electronico ha sido comprobado",
	"el software de antivirus avast", "l'absence de virus dans ce",
	"ce courriel a ete verifie", "diese e-mail wurde von avast",
	"diese e-mail wurde auf viren", "diese email wurde von avast",
	"outgoing mail is certified", "no virus found in this",
};

/* Lists say these, under a rule. */
static const char *const list_footers[] = {
	"mailing list", "lista de discussao", "lista de distribuicao",
	"mailman/listinfo", "groups.google.com", "unsubscribe",
	"mailinglist", "lista de correo", "liste de diffusion",
};

/* How a disclaimer begins. */
static const char *const legal_openings[] = {
	"esta mensagem", "este e-mail", "este email", "esta comunicacao",
	"as informacoes contidas", "as informacoes neste", "o conteudo dest",
	"aviso de confidencialidade", "aviso legal", "confidencialidade",
	"a informacao contida", "esta e-mail", "se voce recebeu",
	"se voce nao", "caso voce nao", "caso tenha recebido", "importante:",
	"declaracao de confidencialidade", "nota de confidencialidade",
	"este correo electronico y", "se recebeu est",
	"questo messaggio", "questa e-mail", "questa mail", "questa email",
	"le informazioni contenute", "le informazioni trasmesse",
	"il contenuto di quest", "il presente messaggio", "la presente",
	"ai sensi del", "avviso di riservatezza", "riservatezza", "qualora",
	"questa comunicazione", "il contenuto della presente", "privacy",
	"this e-mail", "this email", "this message", "this communication",
	"the information in this", "the information contained",
	"the information transmitted", "the contents of this",
	"the content of this", "confidentiality notice", "disclaimer",
	"confidentiality note", "confidential", "if you are not the",
	"if you have received", "notice:", "important notice", "important:",
	"privileged", "note:", "unless", "any views",
	"este mensaje", "este correo", "la informacion contenida",
	"la informacion de este", "el contenido de este", "aviso de",
	"si usted no es", "si ha recibido", "si usted ha recibido",
	"la informacion incluida", "nota de confidencialidad",
	"ce message", "ce courriel", "ce mail", "cet e-mail", "cet email",
	"les informations contenues", "le contenu de ce", "avis de",
	"si vous n'etes pas", "si vous avez recu", "ce courrier",
	"avertissement", "le present message",
	"diese e-mail", "diese mail", "diese nachricht", "dieses e-mail",
	"der inhalt dieser", "die information", "wenn sie nicht der",
	"vertraulichkeitshinweis", "haftungsausschluss", "sollten sie nicht",
	"hinweis:", "falls sie nicht", "de informatie", "dit bericht",
	"deze e-mail",
};

/* Of these groups a disclaimer has four; a word of each is enough. */
#define LEGAL_GROUPS 6
#define LEGAL_WORDS 18

static const char *const legal_words[LEGAL_GROUPS][LEGAL_WORDS] = {
	{ "confidenc", "riservat", "confidential", "confidentiel", "vertraulich",
	  "sigilos", "privileg", "privileg", "confidencial", "vertrouwelijk" },
	{ "destinatari", "recipient", "addressee", "destinataire", "empfanger",
	  "adressat", "intended for", "dirigida a", "dirigido a", "endereca",
	  "geadresseerde", "for whom", "to whom", "diretta a" },
	{ "por engano", "por erro", "indevidamente", "equivocad", "per errore",
	  "erroneamente", "by mistake", "in error", "par erreur", "irrtum",
	  "versehentlich", "erroneously", "nao e o destinatario", "not the",
	  "n'etes pas", "nicht der", "no es el destinatario", "ten onrechte" },
	{ "apag", "elimin", "delet", "distrugg", "cancell", "destroy",
	  "supprim", "detruire", "losch", "vernicht", "borr", "exclu",
	  "descart", "verwijder", "destruir" },
	{ "proibid", "vedad", "vietat", "prohib", "unauthori", "unlawful",
	  "interdit", "untersagt", "nicht gestattet", "unbefugt", "divulg",
	  "diffusion", "dissemin", "disclos", "copia", "copying", "verbreit",
	  "uso nao autorizado" },
	{ "remetente", "mittente", "sender", "remitente", "expediteur",
	  "absender", "notifi", "avisar", "informar", "avvis", "avertir",
	  "benachrichtig", "afzender", "comuniqu", "comunic" },
};

/* The last words of a letter: the name follows. */
static const char *const sign_closings[] = {
	"atenciosamente", "att", "att.", "at.te", "cordialmente",
	"atentamente", "grato", "grata", "obrigado", "obrigada", "abracos",
	"respeitosamente", "com os melhores cumprimentos", "cumprimentos",
	"melhores cumprimentos", "saudacoes", "um abraco", "sem mais",
	"cordiali saluti", "distinti saluti", "saluti", "cordialmente",
	"un saluto", "in fede", "grazie", "buona giornata", "un cordiale saluto",
	"best regards", "kind regards", "regards", "sincerely",
	"yours sincerely", "yours faithfully", "best wishes", "thanks",
	"thank you", "many thanks", "cheers", "warm regards", "best",
	"saludos", "saludos cordiales", "un saludo", "un cordial saludo",
	"gracias", "cordialement", "bien cordialement", "salutations",
	"sinceres salutations", "bien a vous", "merci",
	"mit freundlichen grussen", "mit freundlichem gruss",
	"freundliche grusse", "viele grusse", "beste grusse", "mfg",
	"met vriendelijke groet", "vriendelijke groet", "vriendelijke groeten",
};

/* In the lines under a name: this is how to reach a company. */
static const char *const contact_words[] = {
	"tel", "fone", "phone", "mobile", "mob", "cel", "fax", "whatsapp",
	"ramal", "e-mail", "email", "mail", "cell", "movil", "mobil",
	"telefon", "handy", "www.", "http", "skype", "linkedin",
};

/* A person gives these because we need them. */
static const char *const own_data[] = {
	"cpf", "rg", "cnpj", "conta", "agencia", "pix", "pedido", "protocolo",
	"codice fiscale", "iban", "conto", "ordine", "pratica", "account",
	"order", "case", "invoice", "reference", "ref", "passport", "dni",
	"nif", "cuenta", "expediente", "commande", "dossier", "compte",
	"kundennummer", "bestell", "konto", "aktenzeichen", "nascimento",
	"nascita", "birth", "contrato", "contratto", "contract", "vertrag",
};

/* clang-format on */

#endif

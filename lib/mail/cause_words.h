/*
 * cause_words.h - the words of failed deliveries, in nine languages
 *
 * They are compared in the form of mail_plain; the first that is found
 * counts.
 */
#ifndef OUV_MAIL_CAUSE_WORDS_H
#define OUV_MAIL_CAUSE_WORDS_H

#include <stddef.h>

#include "cause_status.h"

struct word_group {
	const char *const *words; /* up to NULL */
	enum reason reason;
};

/* clang-format off */
/* it is our address that they do not like */
static const char *const sender_words[] = {
	"sender verify failed", "domain of sender", "sender address rejected",
	"sender domain", "sender was rejected", "sender unknown",
	NULL
};

/* a full mailbox */
static const char *const full_words[] = {
	"mailbox full", "mailbox is full", "mailbox too full",
	"mailbox has exceeded", "mailbox exceeds allowed size",
	"mailbox size limit", "mail box full", "mail box is full",
	"inbox is full", "account is full", "maildir over", "over quota",
	"over-quota", "overquota", "over the allowed quota", "over its quota",
	"over disk quota", "over the maximum allowed mailbox size",
	"quota exceeded", "quota is exceeded", "quota full",
	"quota violation", "quota-issues", "exceeded quota",
	"exceeded his quota", "exceeded its quota", "exceeded their quota",
	"exceeded the quota", "exceed the quota", "exceeds quota",
	"exceeds the maximum mailbox size", "exceeded storage",
	"exceeded the local limit", "storage quota", "storage limit",
	"disk quota", "disk full", "out of storage", "insufficient storage",
	"insufficient disk space", "insufficient system storage",
	"not enough storage space", "not enough space in mailbox",
	"no space left in mailbox", "no room in mailbox",
	"too many messages on this mailbox", "quotaexceeded", "caixa cheia",
	"caixa postal cheia", "caixa postal esta cheia",
	"caixa postal do destinatario esta cheia", "caixa de correio cheia",
	"caixa de correio esta cheia",
	"caixa de correio do destinatario esta cheia",
	"caixa de entrada cheia", "caixa lotada", "caixa postal lotada",
	"esta com a caixa postal cheia", "limite de armazenamento",
	"excedeu a cota", "excedeu a quota", "quota excedida",
	"cota excedida", "sem espaco na caixa", "espaco insuficiente",
	"casella piena", "casella postale piena", "casella di posta piena",
	"casella e piena", "casella postale e piena",
	"casella del destinatario e piena", "casella di posta e piena",
	"quota superata", "spazio esaurito", "spazio insufficiente",
	"superato la quota", "buzon lleno", "buzon esta lleno",
	"buzon de correo lleno", "buzon de correo esta lleno",
	"buzon del destinatario esta lleno", "bandeja de entrada llena",
	"cuota excedida", "ha superado su cuota", "boite pleine",
	"boite aux lettres pleine", "boite aux lettres est pleine",
	"boite de reception est pleine",
	"boite de reception du destinataire est pleine", "boite mail pleine",
	"boite aux lettres du destinataire est pleine", "quota depasse",
	"depasse son quota", "espace insuffisant", "postfach voll",
	"postfach ist voll", "postfach des empfangers ist voll",
	"mailbox voll", "mailbox ist voll", "speicherplatz erschopft",
	"speicherplatz uberschritten", "quota uberschritten", "容量オーバー",
	"容量超過", "容量不足", "メールボックスがいっぱい",
	"メールボックスが一杯", "メールボックスの容量", "邮箱已满",
	"郵箱已滿", "信箱已滿", "邮箱空间不足", "收件人空间不足", "邮箱容量",
	"空间已满",
	NULL
};

/* a mailbox that was shut */
static const char *const shut_words[] = {
	"account is disabled", "account disabled",
	"account has been disabled",
	"account that you tried to reach is disabled", "account inactive",
	"account is inactive", "account is not active",
	"account that you tried to reach is inactive",
	"account has been suspended", "account suspended",
	"account is suspended", "account has been deactivated",
	"account is locked", "account closed", "account expired",
	"account is temporarily limited", "mailbox disabled",
	"mailbox is disabled", "mailbox is inactive", "mailbox inactive",
	"mailbox temporarily disabled", "mailbox is frozen", "mailbox locked",
	"mailbox suspended", "inactive-mailbox", "inactive user",
	"user is inactive", "user disabled", "user is disabled",
	"user suspended", "recipient is disabled", "recipient suspended",
	"no longer in use", "no longer valid", "no longer available",
	"no longer accepts mail", "not been activated", "conta desativada",
	"conta suspensa", "conta inativa", "conta bloqueada",
	"conta esta desativada", "caixa postal desativada",
	"caixa postal inativa", "caixa postal bloqueada",
	"casella disabilitata", "casella disattivata", "casella sospesa",
	"casella non attiva", "casella inattiva", "account disabilitato",
	"account sospeso", "utente disabilitato", "cuenta desactivada",
	"cuenta deshabilitada", "cuenta suspendida", "cuenta inactiva",
	"buzon deshabilitado", "buzon inactivo", "compte desactive",
	"compte suspendu", "compte inactif", "boite desactivee",
	"boite aux lettres desactivee", "konto deaktiviert", "konto gesperrt",
	"konto ist gesperrt", "konto ist deaktiviert", "postfach deaktiviert",
	"postfach gesperrt", "postfach ist gesperrt",
	"postfach ist deaktiviert", "账号已停用", "帐号已停用", "邮箱已停用",
	"用户被锁定", "用户被禁用", "利用停止",
	NULL
};

/* nobody of that name */
static const char *const nobody_words[] = {
	"user unknown", "unknown user", "user is unknown",
	"unknown to address", "unknown recipient", "unknown mailbox",
	"unknown local", "unknown address", "unknown account",
	"unknown email", "unknown e-mail", "recipient unknown",
	"mailbox unknown", "address unknown", "addressee unknown",
	"no such user", "no such recipient", "no such mailbox",
	"no such address", "no such person", "no such account",
	"no such local user", "no such email address", "no such a user",
	"no mailbox here by that name", "no mailbox by that name",
	"no mailbox found", "no account by that name", "no valid recipient",
	"no recipients", "no thank you rejected: account unavailable",
	"user not found", "user not known", "user not listed",
	"not listed in domino directory", "not listed in public name",
	"user doesn't exist", "user does not exist",
	"user account does not exist", "user invalid", "user doesn't have",
	"user does not have", "account does not exist",
	"account doesn't exist",
	"account that you tried to reach does not exist", "account not found",
	"address does not exist", "address doesn't exist",
	"address is not valid", "address not found", "address wasn't found",
	"address couldn't be found", "address could not be found",
	"address you entered couldn't be found", "address error",
	"bad destination mailbox", "bad-mailbox", "bad recipient",
	"does not have an account", "doesn't have an account",
	"does not exist on this server", "does not exist here",
	"invalid recipient", "invalid mailbox", "invalid user",
	"invalid final delivery userid", "mailbox not found",
	"mailbox does not exist", "mailbox doesn't exist",
	"mailbox not available", "mailbox is not available",
	"mailbox unavailable or access denied", "not a known user",
	"not a valid mailbox", "not a valid recipient", "not a valid user",
	"not a local user", "not known at this site", "not our customer",
	"recipient not found", "resolver.adr.recipnotfound",
	"resolver.adr.recipientnotfound", "not found by smtp address lookup",
	"recipient name is not recognized", "recipient not recognized",
	"recipient does not exist", "recipient no longer on server",
	"recipient address rejected: access denied",
	"recipient address rejected: undeliverable",
	"recipient address rejected: user unknown", "recipient rejected",
	"destination address rejected", "there is no one at this address",
	"this user doesn't have", "undeliverable address",
	"unrouteable address", "unable to find recipient",
	"couldn't be found or is unable to receive", "usuario desconhecido",
	"usuario inexistente", "usuario nao encontrado", "usuario nao existe",
	"usuario invalido", "destinatario desconhecido",
	"destinatario inexistente", "destinatario nao encontrado",
	"destinatario nao existe", "destinatario invalido",
	"endereco inexistente", "endereco nao existe",
	"endereco nao encontrado", "endereco nao foi encontrado",
	"endereco de email nao existe", "endereco de e-mail nao existe",
	"endereco de e-mail nao foi encontrado",
	"endereco de email nao foi encontrado", "endereco invalido",
	"caixa postal inexistente", "caixa postal nao existe",
	"caixa de correio nao encontrada", "conta inexistente",
	"conta nao existe", "utente sconosciuto", "utente inesistente",
	"utente non trovato", "destinatario sconosciuto",
	"destinatario inesistente", "destinatario non trovato",
	"indirizzo inesistente", "indirizzo non valido",
	"indirizzo non esiste", "indirizzo non trovato",
	"indirizzo sconosciuto", "indirizzo email non esiste",
	"indirizzo e-mail non esiste", "impossibile trovare l'indirizzo",
	"casella inesistente", "casella non esiste",
	"casella postale inesistente", "usuario desconocido",
	"usuario no encontrado", "usuario no existe",
	"destinatario desconocido", "destinatario no encontrado",
	"destinatario no existe", "direccion desconocida",
	"direccion no existe", "direccion no encontrada",
	"direccion de correo no existe",
	"direccion de correo electronico no existe",
	"no se ha encontrado la direccion", "no se encontro la direccion",
	"buzon no existe", "cuenta no existe", "cuenta inexistente",
	"utilisateur inconnu", "destinataire inconnu",
	"destinataire introuvable", "destinataire n'existe pas",
	"adresse inconnue", "adresse introuvable", "adresse invalide",
	"adresse n'existe pas", "adresse d'au moins un destinataire invalide",
	"adresse email n'existe pas", "adresse e-mail n'existe pas",
	"compte inexistant", "compte inconnu", "boite inexistante",
	"boite aux lettres inexistante", "empfanger unbekannt",
	"empfanger existiert nicht", "empfanger nicht gefunden",
	"empfanger wurde nicht gefunden", "empfangeradresse existiert nicht",
	"benutzer unbekannt", "benutzer existiert nicht",
	"unbekannter benutzer", "unbekannter empfanger", "unbekannte adresse",
	"adresse unbekannt", "adresse existiert nicht",
	"adresse wurde nicht gefunden", "postfach existiert nicht",
	"postfach nicht gefunden", "kein solcher benutzer", "宛先不明",
	"宛先が見つかりません", "アドレスが見つかりません",
	"アドレスは存在しません", "アドレスが存在しません",
	"存在しないアドレス", "存在しないメールアドレス",
	"ユーザーが存在しません", "ユーザが存在しません",
	"ユーザーは登録されていません", "用户不存在", "用戶不存在",
	"收件人不存在", "收件人地址不存在", "邮箱不存在", "邮件地址不存在",
	"帐号不存在", "账号不存在", "找不到收件人", "未开通",
	"no longer exists",
	NULL
};

/* too big for that place */
static const char *const big_words[] = {
	"message too large", "message is too large", "message too big",
	"message is too big", "message was too large", "message size exceeds",
	"message size exceeded", "message exceeds", "message file too big",
	"message length exceeds", "mail size limit exceeded",
	"exceeds size limit", "exceeds maximum message size",
	"exceeds the maximum message size", "exceeds the size limit",
	"exceeded maximum message size", "maximum message size exceeded",
	"size limit exceeded", "fixed maximum size",
	"fixed maximum message size", "larger than the current system limit",
	"mensagem muito grande", "mensagem grande demais",
	"mensagem excede o tamanho", "tamanho maximo",
	"messaggio troppo grande", "dimensione massima", "dimensioni massime",
	"mensaje demasiado grande", "tamano maximo",
	"message trop volumineux", "message est trop volumineux",
	"taille maximale", "nachricht zu gross", "nachricht ist zu gross",
	"maximale grosse", "サイズが大き", "サイズ制限", "邮件过大",
	"邮件太大", "超过大小限制",
	NULL
};

/* round and round */
static const char *const loop_words[] = {
	"mail loop", "mail loops back", "mail forwarding loop",
	"routing loop", "loop detected", "loops back to myself", "looping",
	"too many hops", "hop count exceeded",
	"too many \"received\" headers", "too many received",
	"maximum hop count", "loop de mensagens", "mail-schleife", "boucle",
	"ciclo di posta", "bucle de correo",
	NULL
};

/* who are we to them */
static const char *const relay_words[] = {
	"relaying denied", "relay denied", "relay access denied",
	"relaying not allowed", "relaying is not allowed",
	"relaying prohibited", "relaying mail to", "relaying-issues",
	"relay not permitted", "relay operation rejected", "unable to relay",
	"we do not relay", "not permitted to relay", "not allowed to relay",
	"isn't in my list of allowed rcpthosts",
	"not in my list of allowed rcpthosts", "relay nao permitido",
	"relay non consentito", "relais refuse",
	NULL
};

/* we did not prove who we are */
static const char *const auth_words[] = {
	"dmarc", "dkim", "spf", "sender policy framework", "unauthenticated",
	"authentication required", "authentication checks",
	"not authenticated", "authentication level", "must authenticate",
	"reverse dns", "ptr record", "reverse hostname",
	NULL
};

/* taken for spam */
static const char *const spam_words[] = {
	"spam", "spamhaus", "spamcop", "spam-related", "antispam",
	"anti-spam", "blacklist", "blacklisted", "blocklist", "block list",
	"blocked list", "blocked using", "dnsbl", "rbl", "unsolicited",
	"reputation", "bulk email filter", "junk mail",
	"considered unsolicited", "lista negra", "lista nera", "liste noire",
	"迷惑メール", "垃圾邮件", "黑名单",
	NULL
};

/* too late */
static const char *const late_words[] = {
	"message expired", "message-expired", "message has expired",
	"message timed out", "delivery time expired",
	"retry timeout exceeded", "retry time not reached", "retry limit",
	"in the queue too long", "queue too long", "queue time exceeded",
	"too old", "could not be delivered for", "undelivered for",
	"not delivered within", "delivery failed 6 attempts",
	"was not delivered within", "maximum retr",
	"too many failed attempts", "tempo de entrega expirou",
	"tempo limite excedido", "mensagem expirada", "mensagem expirou",
	"tempo scaduto", "messaggio scaduto", "tiempo de entrega agotado",
	"mensaje caducado", "mensaje ha caducado", "delai depasse",
	"message a expire", "zeit uberschritten", "nachricht ist abgelaufen",
	"投递超时",
	NULL
};

/* no such place */
static const char *const nowhere_words[] = {
	"host unknown", "unknown host", "unknown domain", "domain not found",
	"domain unknown", "domain name not found", "domain couldn't be found",
	"domain does not exist", "domain doesn't exist", "host not found",
	"host or domain name not found", "name service error",
	"name or service not known", "no such host", "no such domain",
	"couldn't find any host", "couldn't find a mail exchanger",
	"unrouteable mail domain", "unroutable mail domain",
	"illegal host/domain", "invalid domain", "bad-domain", "null mx",
	"nullmx", "no mx record",
	"all relevant mx records point to non-existent hosts", "nxdomain",
	"dns error", "dns lookup failure", "routing-errors",
	"dominio inexistente", "dominio nao encontrado", "dominio nao existe",
	"dominio desconhecido", "servidor nao encontrado",
	"dominio sconosciuto", "dominio non trovato", "dominio non esiste",
	"dominio desconocido", "dominio no existe", "dominio no encontrado",
	"domaine inconnu", "domaine introuvable", "domaine n'existe pas",
	"domain existiert nicht", "domain unbekannt", "domain nicht gefunden",
	"域名不存在", "域名错误",
	NULL
};

/* nobody answers there */
static const char *const silent_words[] = {
	"connection timed out", "connection refused", "connection reset",
	"connection dropped", "connection closed", "connection failed",
	"lost connection", "timed out while", "operation timed out",
	"network is unreachable", "network unreachable",
	"wasn't able to establish an smtp connection", "no answer from host",
	"no-answer-from-host", "no response from", "host not reachable",
	"could not connect", "couldn't connect", "unable to connect",
	"failed to connect", "host is unavailable", "server is unavailable",
	"did not respond", "is not responding", "service unavailable; try",
	"sem resposta", "nao responde", "nao foi possivel conectar",
	"conexao recusada", "non risponde", "impossibile connettersi",
	"connessione rifiutata", "no responde", "no se pudo conectar",
	"conexion rechazada", "ne repond pas", "connexion refusee",
	"antwortet nicht", "verbindung fehlgeschlagen", "nicht erreichbar",
	"无法连接", "连接超时", "no route to host",
	NULL
};

/* they will not have it */
static const char *const refused_words[] = {
	"virus", "virus-related", "policy", "policy-related",
	"content-related", "security", "content rejected", "message rejected",
	"message refused", "message was rejected", "content filter", "banned",
	"prohibited", "do not have permission", "don't have permission",
	"not have permission to", "not authorized", "not permitted",
	"not accepted", "not allowed", "access denied", "sender denied",
	"sender rejected", "restricted", "greylisted", "graylisted",
	"greylisting", "rate limit", "too many connections",
	"too many messages", "too many recipients", "recusada", "rejeitada",
	"bloqueada", "rifiutato", "respinto", "rechazado", "rejete", "refuse",
	"abgelehnt", "abgewiesen", "zuruckgewiesen", "受信拒否", "拒收",
	"拒绝",
	NULL
};

/* said of more than one thing: after what is clearer */
static const char *const vague_nobody_words[] = {
	"does not exist", "do not exist", "存在しません", "不存在",
	"не существует", "не найден", "invalid address",
	NULL
};

/* RFC 5321 4.2.3 gives these words for any 550 and 450 */
static const char *const rfc_nobody_words[] = {
	"mailbox unavailable", "mailbox is unavailable",
	"mailbox currently unavailable", "account unavailable",
	NULL
};

static const char *const rfc_refused_words[] = {
	"blocked", "rejected", "refused", "denied",
	NULL
};

/* In this order: what is clearer, first. */
static const struct word_group word_groups[] = {
	{ sender_words, REASON_POLICY },
	{ full_words, REASON_FULL },
	{ shut_words, REASON_DISABLED },
	{ nobody_words, REASON_USER },
	{ big_words, REASON_TOO_BIG },
	{ loop_words, REASON_LOOP },
	{ relay_words, REASON_RELAY },
	{ auth_words, REASON_AUTH },
	{ spam_words, REASON_SPAM },
	{ late_words, REASON_EXPIRED },
	{ nowhere_words, REASON_NO_HOST },
	{ silent_words, REASON_NO_ANSWER },
	{ refused_words, REASON_POLICY },
	{ vague_nobody_words, REASON_USER },
	{ rfc_nobody_words, REASON_USER },
	{ rfc_refused_words, REASON_POLICY },
};
/* clang-format on */

#endif

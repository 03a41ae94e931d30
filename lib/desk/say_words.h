/*
 * say_words.h - the words by which parties decide, in three languages
 *
 * Lower case, without accents, apostrophes as blanks ("d accordo"); "don't" is
 * "dont".  The languages stand together: people answer in another one than
 * they were written to, and a whole clause must fit anyway.
 */
#ifndef OUV_DESK_SAY_WORDS_H
#define OUV_DESK_SAY_WORDS_H

/* What a clause says, before anybody asks in which state of which case. */
enum saying {
	SAYS_ACCEPT,
	SAYS_REJECT,
	SAYS_OPTION,
	SAYS_NONE,
	SAYS_YES,
	SAYS_NO,
	SAYS_DONE,
	SAYS_NOT_DONE,
	SAYS_SOLVED,
	SAYS_UNSOLVED,
	SAYS_WITHDRAW,
	SAYS_REVIEW,
	SAYS_MORE_TIME,
	SAYS_DECLINE,
	SAYS_NO_AGREEMENT,
	SAYS__COUNT
};

/* clang-format off */
/* The heart of a clause; what else stands in it must be among the fillers. */
static const struct {
	enum saying says;
	const char *phrases; /* separated by | */
} say_hearts[] = {
	{ SAYS_ACCEPT,
	  "aceito|aceitamos|concordo|concordamos|estou de acordo|"
	  "estamos de acordo|de acordo|"
	  "accept|agree|"
	  "accetto|accettiamo|d accordo|sono d accordo|siamo d accordo" },
	{ SAYS_REJECT,
	  "nao aceito|nao aceitamos|nao concordo|nao concordamos|"
	  "nao estou de acordo|nao estamos de acordo|recuso|recusamos|"
	  "rejeito|rejeitamos|discordo|discordamos|"
	  "do not accept|dont accept|cannot accept|cant accept|"
	  "can not accept|will not accept|wont accept|not accept|"
	  "do not agree|dont agree|cannot agree|cant agree|disagree|refuse|reject|"
	  "non accetto|non accettiamo|non posso accettare|rifiuto|"
	  "rifiutiamo|respingo|respingiamo|non sono d accordo|"
	  "non siamo d accordo|"
	  "nao posso aceitar|nao podemos aceitar|nao vou aceitar|"
	  "nao vamos aceitar" },
	{ SAYS_NONE,
	  "nenhuma|nenhuma delas|nenhuma das opcoes|nenhum|nenhum deles|"
	  "nao aceito nenhuma|nao aceito nenhuma delas|"
	  "nao aceito nenhuma das opcoes|nao aceito nenhuma opcao|"
	  "nao aceitamos nenhuma|nao aceitamos nenhuma das opcoes|"
	  "nao quero nenhuma|nao queremos nenhuma|"
	  "do not accept any|dont accept any|do not accept any of them|"
	  "do not accept any of the options|none|none of them|none of the options|none of these|"
	  "neither|neither of them|"
	  "nessuna|nessuna delle opzioni|nessuna di queste|"
	  "non accetto nessuna|non accetto nessuna delle opzioni|"
	  "non accettiamo nessuna" },
	{ SAYS_YES, "sim|yes|si" },
	{ SAYS_NO, "nao|no|ainda nao|not yet|non ancora|ancora no" },
	{ SAYS_DONE,
	  "foi feito|foi tudo feito|tudo foi feito|foi cumprido|cumprido|"
	  "cumpriram|cumprimos|foi tudo cumprido|tudo cumprido|"
	  "recebi o reembolso|recebi o dinheiro|recebi o valor|"
	  "recebi o produto|ja recebi tudo|recebi tudo|"
	  "it was done|was done|has been done|done|"
	  "i received the refund|i have received the refund|"
	  "i received the money|i have received the money|"
	  "i received the product|i have received the product|"
	  "i ve received the refund|kept the promise|"
	  "e stato fatto|fatto|adempiuto|abbiamo adempiuto|"
	  "hanno adempiuto|ho ricevuto il rimborso|ho ricevuto il denaro|"
	  "ho ricevuto il prodotto" },
	{ SAYS_NOT_DONE,
	  "nao foi feito|nada foi feito|nao cumpriram|nao foi cumprido|"
	  "nao cumprimos|nao recebi|nao recebi nada|ainda nao recebi|"
	  "ainda nao recebi nada|"
	  "not done|it was not done|was not done|nothing was done|"
	  "nothing has been done|not been done|i did not receive|"
	  "i didnt receive|i have not received|i havent received|"
	  "i received nothing|"
	  "non e stato fatto|non fatto|niente e stato fatto|"
	  "non hanno adempiuto|non ho ricevuto|non ho ricevuto nulla|"
	  "non ho ricevuto niente|non ho ancora ricevuto" },
	{ SAYS_SOLVED,
	  "resolvido|foi resolvido|esta resolvido|ficou resolvido|resolveu|"
	  "resolveram|resolvida|"
	  "resolved|solved|is resolved|is solved|was resolved|was solved|"
	  "has been resolved|has been solved|"
	  "risolto|e risolto|e stato risolto|hanno risolto|risolta" },
	{ SAYS_UNSOLVED,
	  "nao resolvido|nao foi resolvido|nao esta resolvido|nao resolveu|"
	  "nao resolveram|nao ficou resolvido|nao resolve|"
	  "not resolved|not solved|is not resolved|is not solved|"
	  "was not resolved|was not solved|unresolved|"
	  "has not been resolved|has not been solved|"
	  "did not resolve|didnt resolve|did not solve|didnt solve|"
	  "does not resolve|does not solve|doesnt solve|"
	  "non risolto|non e risolto|non e stato risolto|"
	  "non hanno risolto|non risolve" },
	{ SAYS_WITHDRAW,
	  "desisto|desisto da reclamacao|desisto da minha reclamacao|"
	  "quero desistir|quero desistir da reclamacao|"
	  "quero desistir da minha reclamacao|"
	  "retiro a reclamacao|retiro a minha reclamacao|"
	  "retiro minha reclamacao|quero retirar a reclamacao|"
	  "quero retirar minha reclamacao|quero retirar a minha reclamacao|"
	  "quero cancelar a reclamacao|quero cancelar minha reclamacao|"
	  "quero cancelar a minha reclamacao|"
	  "withdraw|withdraw my complaint|withdraw the complaint|"
	  "want to withdraw|want to withdraw my complaint|"
	  "wish to withdraw my complaint|would like to withdraw my complaint|"
	  "am withdrawing my complaint|"
	  "rinuncio|rinuncio al reclamo|rinuncio al mio reclamo|"
	  "ritiro|ritiro il reclamo|ritiro il mio reclamo|"
	  "voglio ritirare il reclamo|voglio ritirare il mio reclamo|"
	  "desidero ritirare il reclamo|desidero ritirare il mio reclamo|"
	  "vorrei ritirare il reclamo|vorrei ritirare il mio reclamo" },
	{ SAYS_REVIEW,
	  "revisao|peco revisao|peco a revisao|peco uma revisao|"
	  "pedimos revisao|pedimos a revisao|solicito revisao|"
	  "solicito a revisao|solicitamos a revisao|quero a revisao|"
	  "quero uma revisao|quero revisao|"
	  "review|ask for a review|request a review|want a review|"
	  "would like a review|would like to ask for a review|"
	  "ask for a review of the decision|request a review of the decision|"
	  "riesame|chiedo il riesame|chiediamo il riesame|chiedo un riesame|"
	  "chiedo la revisione|chiediamo la revisione" },
	{ SAYS_MORE_TIME,
	  "prazo|mais prazo|pedimos prazo|pedimos mais prazo|"
	  "solicitamos prazo|solicitamos mais prazo|peco mais prazo|"
	  "solicito mais prazo|precisamos de mais prazo|"
	  "precisamos de mais tempo|pedimos mais tempo|"
	  "solicitamos prorrogacao|solicitamos a prorrogacao|"
	  "pedimos prorrogacao|pedimos a prorrogacao|"
	  "solicitamos extensao|solicitamos a extensao|"
	  "more time|need more time|ask for more time|request more time|"
	  "would like to ask for more time|extension|ask for an extension|"
	  "request an extension|need an extension|"
	  "proroga|chiediamo una proroga|chiedo una proroga|"
	  "chiediamo la proroga|richiediamo una proroga|"
	  "chiediamo piu tempo|abbiamo bisogno di piu tempo" },
	{ SAYS_DECLINE,
	  "declino|declinamos|declinamos participar|"
	  "declinamos de participar|recusamos participar|"
	  "recusamos nos a participar|nao vamos participar|"
	  "nao participaremos|"
	  "decline|decline to take part|decline to participate|"
	  "will not take part|will not participate|wont take part|"
	  "decliniamo|rifiutiamo di partecipare|non parteciperemo|"
	  "non partecipiamo|non intendiamo partecipare" },
	{ SAYS_NO_AGREEMENT,
	  "sem acordo|nao quero acordo|nao queremos acordo|"
	  "nao ha acordo|"
	  "no agreement|do not want an agreement|dont want an agreement|"
	  "nessun accordo|senza accordo|non vogliamo un accordo|"
	  "non voglio un accordo" },
};

/* Around a heart, whatever it is. */
static const char say_fillers[] =
	" eu nos o a os as um uma de da do das dos na no em ao e com essa esse"
	" esta este esses essas isso isto sua seu minha meu nossa nosso nossas"
	" nossos voces vcs empresa loja banco operadora proposta resposta"
	" solucao oferta acordo termos apresentada apresentado oferecida"
	" oferecido enviada enviado recebida propostos proposto reclamacao caso"
	" protocolo decisao problema plenamente totalmente integralmente"
	" completamente obrigado obrigada obrigados grato grata muito por favor"
	" entao tudo foi formalmente mediacao participar bom grado participacao"
	" i we it hereby the this that an your their our my of to with for and"
	" company shop bank proposal offer answer solution response reply"
	" agreement terms complaint case decision mediation fully gladly kindly"
	" thanks thank you very much please pleasure formally all part in s"
	" problem"
	" io noi la il lo l le i gli un una della dell del dello di con e per"
	" delle queste questa questo vostra vostro loro mia mio azienda impresa societa"
	" negozio banca risposta soluzione offerta accordo termini proposta"
	" reclamo pratica decisione problema mediazione pienamente volentieri"
	" grazie molte mille tutto proposto proposti "
	;

/* Beside the fillers, around one heart. */
static const struct {
	enum saying says;
	const char *words;
} say_more_fillers[] = {
	{ SAYS_OPTION,
	  " aceito aceitamos escolho escolhemos prefiro preferimos fico ficamos"
	  " quero queremos concordo accept choose prefer take agree go choice is"
	  " accetto accettiamo scelgo scegliamo preferisco preferiamo vorrei"
	  " minha escolha mia scelta sim yes si " },
	{ SAYS_NONE, " opcao opcoes option options opzione opzioni proposte"
	  " propostas proposals me satisfaz satisfazem serve servem " },
	{ SAYS_MORE_TIME, " dias uteis prazo resposta responder dia days working"
	  " answer reply giorni lavorativi rispondere adicional adicionais"
	  " additional another more ulteriori mais dez cinco ten five dieci"
	  " cinque " },
	{ SAYS_ACCEPT, " sim yes si claro certo certamente opcao option opzione"
	  " am are happy unica only sola " },
	{ SAYS_REJECT, " infelizmente unfortunately purtroppo " },
	{ SAYS_WITHDRAW, " sim yes si " },
	{ SAYS_REVIEW, " final finale por quero want " },
	{ SAYS_DECLINE, " desta deste dessa desse nesta neste nesse nessa " },
	{ SAYS_NO, " infelizmente unfortunately purtroppo " },
	{ SAYS_YES, " ja already gia " },
	{ SAYS_DONE, " sim yes si ja already gia hoje ontem today yesterday oggi"
	  " ieri conforme combinado have has " },
	{ SAYS_NOT_DONE, " ate agora hoje have until today finora"
	  " nada anything nulla reembolso refund rimborso dinheiro money denaro"
	  " infelizmente unfortunately purtroppo " },
	{ SAYS_SOLVED, " sim yes si ja already gia meu esta agora now adesso"
	  " finalmente finally completely " },
	{ SAYS_UNSOLVED, " nada nothing nulla continua ainda still ancora meu infelizmente"
	  " unfortunately purtroppo " },
};

/* Alone they are our codes; with other words somebody must say "I". */
static const char say_imperatives[] =
	" accept agree refuse reject disagree decline withdraw ";

/* Before a number. */
static const char say_option[] =
	" opcao option opzione alternativa numero number n ";
/* In place of one. */
static const struct {
	int n;
	const char *words;
} say_ordinals[] = {
	{ 1, " primeira first prima um uma one uno " },
	{ 2, " segunda second seconda dois duas two due " },
	{ 3, " terceira third terza tres three tre " },
	{ 4, " quarta fourth quatro four quattro " },
	{ 5, " quinta fifth cinco five cinque " },
};

/* Clauses of these alone say nothing: greetings, thanks, closings. */
static const char say_polite[] =
	" bom boa dia tarde noite ola oi prezado prezada prezados prezadas caro"
	" cara caros senhor senhora senhores sr sra srs equipe ouvidoria"
	" obrigado obrigada obrigados grato grata agradeco agradecemos muito"
	" desde ja pela pelo ajuda atencao retorno atenciosamente cordialmente"
	" abraco abracos respeitosamente att atte fico a disposicao o e de do"
	" da e enviado meu iphone android celular telefone samsung galaxy outlook para"
	" dear hello hi good morning afternoon evening sir madam team thanks"
	" thank you very much so many for your help reply letter message mail"
	" regards kind best warm sincerely yours truly faithfully cheers sent"
	" from my phone mobile the all"
	" buongiorno buonasera salve ciao gentile gentili signore signora"
	" signori spettabile ufficio grazie mille molte per il vostro aiuto la"
	" risposta cordiali saluti distinti inviato da dal mio cordialmente"
	" carta mensagem email resposta "
	;
/* How a greeting begins: names may follow. */
static const char say_greetings[] =
	" ola oi prezado prezada prezados prezadas caro cara caros senhor"
	" senhora dear hello hi gentile gentili spettabile salve buongiorno"
	" ciao bom boa good "
	;

/* Beginnings of words of deciding: beside a decision, or without one, a person
 * must read. */
static const struct {
	enum saying says;
	const char *stems;
} say_stems[] = {
	{ SAYS_ACCEPT, "aceit|concord|accept|agree|accett|accord|acordo|topo|fechado" },
	{ SAYS_REJECT, "recus|rejeit|discord|refus|reject|disagre|rifiut|resping" },
	{ SAYS_WITHDRAW, "desist|withdr|rinunc|ritir|retir" },
	{ SAYS_REVIEW, "revis|review|riesam" },
	{ SAYS_OPTION, "opcao|opcoes|option|opzion" },
	{ SAYS_MORE_TIME, "prorrog|prorog|extension" },
	{ SAYS_DECLINE, "declin" },
	{ SAYS_SOLVED, "resolv|risol|solved" },
};

/* Conditions, contrasts, doubts, the future: with one of them a yes is none. */
static const char say_doubts[] =
	" se desde contanto somente apenas so caso quando depois antes assim"
	" talvez acho parece depende pensar pensando duvida duvidas entretanto"
	" mas porem contudo todavia embora apesar exceto menos salvo ressalva"
	" ressalvas parcialmente parte metade enquanto ate condicao ou"
	" forcado forcada jeito alternativa espero esperando gostaria poderia"
	" precisaria prefiro prazo"
	" if unless provided providing only until once when after before maybe"
	" perhaps might consider considering think thinking depends would could"
	" should but however although though except yet partially partly half"
	" while condition conditions or forced hope hoping prefer whether"
	" assuming still later"
	" purche qualora solo soltanto finche quando dopo prima forse penso"
	" dipende vediamo valutare valuto ma pero tuttavia tranne eppure"
	" parzialmente meta condizione oppure costretto costretta spero"
	" preferirei vorrei ancora appena ~ "
	;
/* "the case", not "in case". */
static const char say_case_before[] = " o meu este esse no do ao nosso deste"
	" desse neste ";
static const char say_denials[] =
	" nao nunca jamais nem sem nada ninguem nenhum nenhuma"
	" not no never none nothing nobody neither nor dont cant wont didnt isnt"
	" doesnt cannot couldnt wouldnt havent hasnt wasnt arent without"
	" non mai nessun nessuno nessuna niente nulla senza neanche nemmeno"
	" infelizmente unfortunately purtroppo "
	;
/* Nobody who means it says it with these. */
static const char say_irony[] =
	" absurdo palhacada piada ridiculo ridicula vergonha mentira enganacao"
	" parabens ironia kkk kkkk kkkkk rs rsrs haha hahaha lol nojo desrespeito"
	" maravilha otimo joke ridiculous shame shameful scam insult insulting"
	" sarcasm disgrace brilliant wonderful congratulations"
	" barzelletta vergogna ridicolo ridicola truffa presa complimenti"
	" scherzo figurati magari "
	;
/* clang-format on */

#endif

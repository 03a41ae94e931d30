/*
 * lang_words.h - words and word ends by which six languages are told apart
 *
 * Folded as mail_plain() does.  Function words and what consumers and
 * companies write; a word that several languages have stands in each of them
 * and then counts less.
 */
#ifndef OUV_MAIL_LANG_WORDS_H
#define OUV_MAIL_LANG_WORDS_H

/* clang-format off */

/* OTHER: their neighbours, so that a letter from there is none of the six. */
enum {
	LANG_PT, LANG_IT, LANG_EN, LANG_ES, LANG_FR, LANG_DE, LANG_OTHER,
	LANG__COUNT
};

static const char *const lang_names[LANG__COUNT] = {
	"pt", "it", "en", "es", "fr", "de", "und",
};

static const char *const lang_words[LANG__COUNT] = {
	[LANG_PT] =
	"a ao aos as ate agora agradeco ainda algo alguem alguma alguns ali ano anos antes apenas aqui assim "
	"atenciosamente atendimento aguardo aguardando bem boa boas bom cada caso cliente coisa com comigo como comprei "
	"compra comprado comprovante conta contato contrato conversei da das data de defeito deixei dela dele deles "
	"depois desde dessa desse desta deste devolver devolucao dia dias dinheiro disse disso do dois dos duas durante e "
	"ela elas ele eles em empresa enquanto entao entre entrega entregue entregar era espero essa essas esse esses esta "
	"estao estava este estes estou eu fatura favor faz fazer fazem fez fica ficou foi for foram fui geladeira gostaria ha "
	"hoje ir isso isto ja la loja logo mais mas me meio melhor mes meses mesma mesmo meu meus minha minhas "
	"muita muito na nada nao nas nem nenhum nenhuma ninguem no nos nome nossa nosso nota numa num numero nunca o "
	"obrigada obrigado ola onde ontem os ou outra outro ouvidoria pago paguei pagamento para parcelas pela pelas "
	"pelo pelos pedi pedido peco pois por porque pode podem poderia pra prazo precisa preciso prezados preco "
	"problema produto protocolo quando quanto quase que quem quero queria recebi receber reclamacao reclamar "
	"reembolso resolver resolvido resposta sabe sao se segue segunda seja sem semana semanas sempre senhor senhora "
	"senhores ser sera seu seus site so sobre solicito solicitei sou sua suas tambem tanto tarde tem tempo tenho ter "
	"teria teve tinha toda todo todos trocar troca tudo um uma umas uns vai valor vez vezes vir voce voces vou "
	"cobranca cobrado cobrada cartao cancelar cancelamento liguei ligar telefone nenhuma veio chegou quebrado "
	"quebrada funciona oi cade fiz consegui conseguir atraso atrasado segunda sexta feira anexo deu dar ver "
	"estamos temos senhora orcamento conserto assistencia tecnica garantia desconto nao sim abracos aceito proposta "
	"seguinte sido haver houve mandaram mandei passou faltam faltando ligacoes boleto pix frete correios "
	"alguns ajuda ajudar aparelho apareceu caiu cai conforme consertar devolva devolvam encomenda entregaram "
	"entregador estorno fiscal gerente informem instalacao internet manda mandou mora moro multa oficina operadora "
	"passagem podiam prometeu promessa quitei reajuste reais recusou rua sinal tarifa tentei ultima ultimo venda "
	"vendedor viagem voo absurdo urgente ainda agora retorno gentileza informar cobrando roteador reiniciar tela ",
	[LANG_IT] =
	"a abbiamo acquistato acquisto ad adesso ai al alla alle allo allora altra altre altri altro anche ancora anno anni "
	"anticipo arrivato arrivata assistenza attendo attesa azienda bene bolletta buona buonasera buongiorno c caso che "
	"chi chiedo chiesto ci cio cliente codice coi col come comprato con conto contratto cordiali cortese cosa cosi "
	"cui da dagli dai dal dalla dalle dallo danno dato degli dei del dell della delle dello denaro dentro detto deve "
	"devo di dice dopo dove due e ed era erano essere fa fare fatto fattura fino fosse fra fu gia gentile gentili giorni "
	"giorno gli gradirei grazie guasto ha hanno ho i il in infatti invece invio io l la lavatrice lavoro le lei li lo "
	"loro ma mai male mancato me meno mentre mese mesi mi mia mie miei mio molto ne nei nel nell nella nelle nello "
	"nemmeno nessun nessuna nessuno niente no noi non nostra nostro nulla numero nuovo o oggi ogni oltre ora ordinato "
	"ordine ormai pacco pagamento pagare pagato parte per perche pero piu poi possibile posso potete prego presso "
	"prezzo prima prodotto proprio punto qualche qualcuno quale quando quanto quattro quello questa queste questi "
	"questo qui quindi reclamo ricevuto ricevuta riguardo rimborso rimborsare rispondere risposta risolvere rotto rotta "
	"saluti sara scrivo se sei sempre senza servizio settimana settimane si sia siamo signor signora solo sono "
	"sopra sostituzione sotto spedito spedizione sta stata stato stessa stesso su sua sue sugli sul sulla suo suoi "
	"telefonato telefono tempo ti tra tre troppo tutta tutte tutti tutto un una uno va vi via vogliono voglio volevo "
	"volta volte vorrei vostra vostro funziona consegna consegnato garanzia negozio soldi euro ieri domani mandato "
	"salve addebito addebitato disdetta bolletta sito tecnico chiamato accetto ringrazio spettabile "
	"allego allegata allegato allegati annullato apre aprire aiuto albergo biglietto cambiare carta chiamare ciao "
	"consegnare corriere corso difetto disservizio entro errore fornitore gestore idraulico importo indirizzo "
	"invece mail mancano mancava negato nuova offerta operatore pezzo pratica proposta provveduto quota recesso "
	"rete riavere ricevere richiesta richiesto rifiutato rimandato riparare riparazione rispondete rispondono "
	"ritardo scatola scaduta scontrino scuola restituire restituisce sollecito somma spesa spiegato truffa ufficio "
	"vergogna versato vecchio volo vorremmo spero dovuto potrei potreste ",
	[LANG_EN] =
	"a about after again all already also always am an and another any anyone are as ask asked at back be because been "
	"before being bought bill both broken but buy by call called came can cannot card charge charged company "
	"complaint contact could customer date day days dear delivered delivery did do does doing done down each email "
	"even ever every faulty first for from get gets getting give given go going got guarantee had has have having he "
	"hello help her here hi him his hope how however i if in into invoice is it its just keep kind know last later least "
	"let like longer look made make many me mine money month months more most much must my name need never new no nobody "
	"none nor not nothing now number of off on once one only or order ordered other our out over own paid pay "
	"payment people phone please price problem product promised purchase receipt received refund refused regards "
	"reply repair replace replacement request resolve response returned said same say says see send sent service "
	"several shall she shop should since so some somebody someone something soon still stop store such sure take "
	"tell than thank thanks that the their them then there these they thing this those three time to told too took "
	"tried two under until up us use used very waiting want wanted was way we website week weeks well went were what when "
	"where which while who why will wish with within without work working works would write writing wrong year "
	"years yes yesterday yet you your yours sincerely faithfully parcel arrived accept cancel cancelled account "
	"agree amount answer answered appeared arrive asked attached booked bought checked closed contract court "
	"date deal delay disgrace email evening explained fee fixed flight friday friend fridge friendly full good hour "
	"hours internet item left letter lost manager missing morning moved noise note offer old paper parts phoned "
	"promise proof provider reading rent router rude sale sell seller settle shame shipping sorry support talk "
	"times tomorrow train try unable unit urgent warranty young ",
	[LANG_ES] =
	"a adjunto ahora al algo alguien alguna algun ambos ano anos ante antes aqui asi asunto atencion atentamente aun "
	"aunque averiado ayer bien buen buena buenas buenos cada caso casi cliente como compra compre comprado compraron con "
	"conmigo contra contrato cosa cual cuando cuanto cuenta da de debe deben decir dejar del desde despues dia dias "
	"dice dicen dijeron dijo dinero donde dos durante e el ella ellas ellos embargo empresa en encuentra entonces entre "
	"entrega entregado era eran es esa ese eso espero esperando esta estaba estado estan este esto estos estoy exijo "
	"factura fecha fue fueron garantia gracias ha haber habia hace hacer hacia han hasta hay he hemos hoy hola importe "
	"incluso la las le les llamado llame llamar llego lo los luego mal mas me mejor menos mes meses mi mientras mis "
	"mismo mucho muchas muy nada nadie necesito ni ningun ninguna no nombre nos nosotros nuestra nuestro nueva nuevo "
	"numero nunca o os otra otro otros pago pague pagado pagar para parte pedi pedido pero persona plazo poco podria "
	"ponerse por porque precio problema producto puede pueden puedo pues que queja quiero quisiera quien reclamacion "
	"reclamar reciba recibi recibido recibir reembolso respuesta respondido responden roto rota saludo saludos se semana "
	"semanas senor senora senores ser servicio si sido siempre sin sino sobre solicito solo solucion son soy su sus "
	"tambien tampoco tan tanto tarde tarjeta telefono tenemos tengo tener tiempo tiene tienda tienen toda todavia todo "
	"todos tras tres tu un una uno unos usted ustedes va vez veces voy y ya yo devolver devolucion cobrado cobro "
	"estropeado funciona lavadora paquete pedido ruego hicieron compania acepto propuesta euros estimados quedo "
	"acabo adelantado alguno anulado aparato arreglo averia avion billete caja calle carta cobraron cobran "
	"coche comision confirmen confirmar contador correo correos cuota dejo deje deuda devolucion devuelvan "
	"direccion encargado enfria enfriar engano entregaron enviado envio escribo expediente falta faltan favor "
	"fallo fueron gerente habia hicimos hotel jamas les llega llegado llegar mando medio mejora movil nevera piden "
	"pieza piso promesa recibieron recibo reparacion respondio retraso robo seguro sigo sigue subida taller tienen "
	"trabajo urgente verguenza viaje vuelo vuelvan ",
	[LANG_FR] =
	"a abord achat achete actuellement adresse afin ai aimerais ainsi ait alors apres argent as attends attente au aucun "
	"aucune aujourd aussi autre autres aux avaient avais avait avant avec avez avoir avons beaucoup bien bonjour bonsoir "
	"bon c car carte cas casse ce cela celle celui ces cet cette chaque chez client colis commande commandee comme "
	"comment commande compte contrat cordialement cordiales d dans date de demande demander depuis dernier derniere des "
	"deux devant devrait dire dit dois doit donc dont du effet elle elles en encore endommage entre entreprise envoi "
	"envoye est et etaient etait ete etes etre eu euros facture faire fait faut fois fonctionne font frais garantie gens "
	"heure hier hui ici il ils j jamais je jour jours jusqu l la laquelle le les leur leurs livraison livre livree loin "
	"lors lui m ma madame magasin mais malgre me meme merci mes messieurs mieux mise mois moi moins mon monsieur n ne ni "
	"nom non nos notre nous nouveau numero on ont ou par parce partir pas paye payer peu peut peux plainte plus pour "
	"pourquoi pourriez pouvez premier prie prix probleme produit puis qu quand que quel quelle quelque qui quoi rappel "
	"recu recevoir reclamation remboursement rembourser remboursee remplacement rendez repondre reponse reponses rien s "
	"sa salutations sans se semaine semaines ses service ses si soit sommes son sont souhaite sous suis suite sur "
	"t telephone tel tous tout toute toutes tres trois trop un une veuillez vers veux voici vos votre voudrais vous y "
	"panne appareil vendeur refuse toujours accepte proposition lave linge machine suis societe "
	"aide appele appeler assurance avion banque billet carton chambre ci colere confirmer courriel "
	"courrier coupure debite debitee delai delais demandons escroquerie echange echanger fait faites frigo gerant "
	"honte hotel impossible joint jointe jointes justificatif livreur matin montant panne piece portable prelevement "
	"prelevements proposee quinze rappeler rembourse reparation resilier resiliation retard retour rompu rue semble "
	"signe solde somme soir souci tarif technicien travaux tribunal urgent vendu virement vol vole voiture ",
	[LANG_DE] =
	"ab aber acht alle allem allen aller alles als also am an andere anderen angebot antwort anruf artikel auch auf "
	"aus bei beim bekommen bereits beschwerde bestellt bestellung betrag bezahlt bin bis bitte da dabei dafur damit danke "
	"dann das dass dem den denn der deren des deshalb dessen die dies diese diesem diesen dieser dieses doch dort drei "
	"du durch ein eine einem einen einer eines einfach einmal er erhalten erst es etwas euch euro fur firma frage freundlichen "
	"frau ganz garantie gar geben gegen gehabt gekauft gekommen geld geliefert gemacht genau gerat gerne gesagt "
	"geschickt gestern gewesen gibt gruss grusse grussen guten hab habe haben hallo hat hatte hatten herr herren heute "
	"hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jahr jahre jede jeden jemand jetzt "
	"kann kein keine keinen kaputt kaufen konnen konnte kosten kunde kunden kundendienst laden lange leider lieferung "
	"machen mal man mehr mein meine meinem meinen meiner mich mir mit mochte monat monate monaten morgen muss mussen nach "
	"nachricht nachdem name neu neue neuen nicht nichts nie niemand noch nochmal nun nur ob oder ohne paket preis "
	"problem produkt rechnung reparatur rueckerstattung ruckerstattung sagen schon sehr seit sein seine seit sich sie "
	"sind so sofort soll sollte sondern sonst statt tag tage tagen telefon trotz trotzdem uber um und unser unsere uns "
	"unter viel vielen vom von vor wann war waren warte warum was weg wegen weil wenn wer werde werden wie wieder "
	"will wir wird wo woche wochen wollen worden wurde wurden zahlen zeit zu zum zur zuruck zwei zwischen "
	"sehr geehrte damen funktioniert waschmaschine defekt vertrag kundigung vorschlag verkaufer "
	"abgebucht ablehnen absage adresse anbei anbieter anliegen annahme anschrift arzt aufschub ausgefallen "
	"bank bearbeitung beleg bereit bescheid besprochen bestatigen bestatigung bezahlen brief defekte deckel dringend "
	"einverstanden eingang erklart erklarung erhalte erstattung erstattet falsch fehlt fehler flug folgende frechheit "
	"fragen gebuhr gegangen gericht gesendet gestrichen gutschrift handy hause heissen hilfe hotel hoch kam kommt "
	"kuhlschrank kundigen liefern losung mail nehme reklamation richtig rucksendung schaden schicken schickte "
	"schreiben seite stand storniert summe techniker teil umtausch umtauschen unterlagen verkauft versprochen "
	"verspatung vertrage weiter werkstatt wert widerruf wohnung zahlung zugestellt ",
	[LANG_OTHER] = /* nl ca gl ro pl sv da no cs fi hu tr */
	"het een ik niet van voor zijn jullie maar naar heb hebben heeft wordt geen graag aan uit bij nog deze mijn uw "
	"winkel bestelling ontvangen terug vriendelijke groet bedankt alstublieft waar wanneer omdat gekocht betaald "
	"telefoon klacht antwoord maanden levert neemt wacht hij zij ook wel goed dag rekening "
	"amb aixo aquest aquesta perque tambe molt meva seva soc estic vull voldria gracies botiga diners encara els dels "
	"vostes sense rebut queixa comprat portat tornin avui ahir ningu fins "
	"unha unhas ata dende moito grazas xa coa coas polo polos lle lles teno cartos tenda merquei ninguen facer hai "
	"trouxeron \310\231i nu sunt pentru care cu din fost catre sau ati aveti vreau banii inapoi magazinul magazin "
	"nimeni raspunde buna ziua multumesc rog comanda primit inca facut produsul acest aceasta cand cumparat livrat "
	"jest ale jak czy mam dla juz mnie przez tylko zostal tego prosze dziekuje sklep pieniadze dnia jeszcze nikt "
	"telefonu kupilam kupilem zwrot reklamacja ze od "
	"och jag inte att det som ar pa med till av fran mig ingen hej tack pengar kopt butiken fatt har og jeg ikke til "
	"penge kobt butikken leveret svarer levererat "
	"jsem ze jsme dobry prosim dekuji obchod penize nikdo jiz dosud nedodal koupila koupil "
	"ei ole etta mutta olen kun niin myos ovat kiitos hei rahat kauppa kukaan eika minun sita ostin "
	"hogy egy az meg mar van volt kerem koszonom penzt bolt senki azt ki fel vettem telefont "
	"ve bir bu icin ama degil cok var yok benim kimse geri siparis lutfen magaza hala etmedi aldim ",
};

/* Word ends; a longer one first. */
struct lang_end {
	const char *end;
	unsigned char lang;
	unsigned char points;
};

static const struct lang_end lang_ends[] = {
	{ "coes", LANG_PT, 3 },  { "cao", LANG_PT, 3 },    { "soes", LANG_PT, 3 },
	{ "sao", LANG_PT, 2 },   { "inho", LANG_PT, 2 },   { "inha", LANG_PT, 2 },
	{ "agem", LANG_PT, 2 },  { "eira", LANG_PT, 2 },   { "eiro", LANG_PT, 2 },
	{ "dade", LANG_PT, 2 },  { "aram", LANG_PT, 1 },   { "ou", LANG_PT, 1 },
	{ "ei", LANG_PT, 1 },    { "lho", LANG_PT, 2 },    { "lha", LANG_PT, 2 },
	{ "zione", LANG_IT, 3 }, { "zioni", LANG_IT, 3 },  { "sione", LANG_IT, 2 },
	{ "aggio", LANG_IT, 2 }, { "tta", LANG_IT, 2 },    { "tto", LANG_IT, 2 },
	{ "tti", LANG_IT, 2 },   { "lla", LANG_IT, 1 },    { "llo", LANG_IT, 1 },
	{ "ssimo", LANG_IT, 2 }, { "glio", LANG_IT, 2 },   { "glia", LANG_IT, 2 },
	{ "ita", LANG_IT, 1 },   { "che", LANG_IT, 1 },    { "zza", LANG_IT, 2 },
	{ "vano", LANG_IT, 1 },  { "cchio", LANG_IT, 2 },  { "ere", LANG_IT, 1 },
	{ "ing", LANG_EN, 3 },   { "tion", LANG_EN, 1 },   { "ed", LANG_EN, 1 },
	{ "ly", LANG_EN, 2 },    { "ght", LANG_EN, 2 },    { "ness", LANG_EN, 2 },
	{ "ould", LANG_EN, 3 },  { "ch", LANG_EN, 1 },     { "'t", LANG_EN, 2 },
	{ "cion", LANG_ES, 3 },  { "ciones", LANG_ES, 3 }, { "idad", LANG_ES, 2 },
	{ "ieron", LANG_ES, 3 }, { "aron", LANG_ES, 2 },   { "iendo", LANG_ES, 2 },
	{ "illo", LANG_ES, 1 },  { "uelta", LANG_ES, 2 },  { "ado", LANG_ES, 1 },
	{ "ado", LANG_PT, 1 },   { "iento", LANG_ES, 2 },  { "ito", LANG_ES, 1 },
	{ "eux", LANG_FR, 2 },   { "eur", LANG_FR, 2 },    { "aux", LANG_FR, 2 },
	{ "ez", LANG_FR, 2 },    { "tion", LANG_FR, 1 },   { "ment", LANG_FR, 2 },
	{ "ais", LANG_FR, 1 },   { "ait", LANG_FR, 2 },    { "oir", LANG_FR, 2 },
	{ "elle", LANG_FR, 1 },  { "ique", LANG_FR, 1 },   { "eau", LANG_FR, 2 },
	{ "ung", LANG_DE, 3 },   { "ungen", LANG_DE, 3 },  { "lich", LANG_DE, 3 },
	{ "keit", LANG_DE, 3 },  { "heit", LANG_DE, 3 },   { "sch", LANG_DE, 2 },
	{ "icht", LANG_DE, 2 },  { "en", LANG_DE, 1 },     { "ich", LANG_DE, 1 },
	{ "tzt", LANG_DE, 2 },   { "rt", LANG_DE, 1 },     { "ier", LANG_DE, 1 },
	{ "mente", LANG_PT, 1 }, { "mente", LANG_IT, 1 },  { "mente", LANG_ES, 1 },
};

/* Letters that only some of them write, looked for before folding. */
struct lang_letter {
	const char *utf8;
	unsigned char lang;
	unsigned char points;
};

static const struct lang_letter lang_letters[] = {
	{ "\303\243", LANG_PT, 3 }, /* a tilde */
	{ "\303\265", LANG_PT, 3 }, /* o tilde */
	{ "\303\247", LANG_PT, 1 }, { "\303\247", LANG_FR, 1 }, /* c cedilla */
	{ "\303\252", LANG_PT, 1 }, { "\303\252", LANG_FR, 1 }, /* e circumflex */
	{ "\303\261", LANG_ES, 4 }, /* n tilde */
	{ "\302\277", LANG_ES, 4 }, { "\302\241", LANG_ES, 4 }, /* ? ! turned */
	{ "\303\262", LANG_IT, 2 }, { "\303\271", LANG_IT, 1 }, /* o, u grave */
	{ "\303\254", LANG_IT, 2 }, /* i grave */
	{ "\303\250", LANG_IT, 1 }, { "\303\250", LANG_FR, 1 }, /* e grave */
	{ "\303\237", LANG_DE, 4 }, /* sharp s */
	{ "\303\244", LANG_DE, 3 }, { "\303\266", LANG_DE, 3 }, /* a, o umlaut */
	{ "\303\274", LANG_DE, 2 }, /* u umlaut */
	{ "\305\223", LANG_FR, 3 }, /* oe */
	/* of their neighbours */
	{ "\303\245", LANG_OTHER, 3 }, { "\303\270", LANG_OTHER, 4 },
	{ "\303\246", LANG_OTHER, 3 }, { "\305\202", LANG_OTHER, 4 },
	{ "\304\205", LANG_OTHER, 4 }, { "\304\231", LANG_OTHER, 4 },
	{ "\305\233", LANG_OTHER, 4 }, { "\305\274", LANG_OTHER, 4 },
	{ "\304\207", LANG_OTHER, 4 }, { "\304\203", LANG_OTHER, 4 },
	{ "\310\231", LANG_OTHER, 4 }, { "\310\233", LANG_OTHER, 4 },
	{ "\305\237", LANG_OTHER, 4 }, { "\304\237", LANG_OTHER, 4 },
	{ "\304\261", LANG_OTHER, 4 }, { "\304\233", LANG_OTHER, 4 },
	{ "\305\241", LANG_OTHER, 3 }, { "\304\215", LANG_OTHER, 3 },
	{ "\305\231", LANG_OTHER, 4 }, { "\305\276", LANG_OTHER, 3 },
	{ "\305\257", LANG_OTHER, 4 }, { "\305\221", LANG_OTHER, 4 },
	{ "\305\261", LANG_OTHER, 4 },
	{ "\303\264", LANG_PT, 1 }, { "\303\264", LANG_FR, 1 },
};

/* clang-format on */

#endif

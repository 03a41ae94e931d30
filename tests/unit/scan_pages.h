/*
 * scan_pages.h - letters drawn as a scanner would hand them over, for the tests
 * and the measurement of reading them
 */
#ifndef TEST_SCAN_PAGES_H
#define TEST_SCAN_PAGES_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <leptonica/allheaders.h>

/* Of A4. */
#define WIDE_INCHES 8.27
#define HIGH_INCHES 11.69

static const char letter_pt[] =
	"Excelentíssimo Senhor Ouvidor,\n"
	"Venho por meio desta carta apresentar reclamação contra a empresa "
	"Lojas Ipiranga S.A., com sede na Avenida Paulista, 1.374, São Paulo, "
	"por motivo de não entrega de uma geladeira adquirida em 14 de março "
	"de 2025, conforme nota fiscal número 004.711-8, no valor de R$ "
	"2.349,90.\n"
	"Decorridos mais de sessenta dias do pagamento, o produto não foi "
	"entregue nem houve devolução da quantia paga. Telefonei por sete "
	"vezes ao serviço de atendimento, que registrou os protocolos 88123-4 "
	"e 90017-2, e em nenhuma das ocasiões obtive resposta satisfatória. A "
	"atendente informou que o pedido se encontrava em separação no "
	"depósito.\n"
	"Requeiro, com fundamento no artigo trinta e cinco do Código de Defesa "
	"do Consumidor, a entrega imediata do bem ou a restituição integral da "
	"quantia, monetariamente atualizada, sem prejuízo de perdas e danos. "
	"Junto cópias da nota, do comprovante de pagamento e da "
	"correspondência trocada com a loja.\n"
	"Sou aposentada, tenho setenta e quatro anos de idade e não disponho "
	"de outro aparelho para conservar os alimentos e os remédios de que "
	"necessito todos os dias. Peço por isso que o caso seja tratado com a "
	"urgência possível.\n"
	"Aguardo manifestação no endereço acima ou pelo telefone (11) "
	"98765-4321.\n"
	"Atenciosamente,\n"
	"Maria da Conceição Araújo\n";

static const char letter_en[] =
	"Dear Sir or Madam,\n"
	"I am writing to complain about the conduct of your branch in Market "
	"Street, where I bought a washing machine on the third of February "
	"2025 for the price of 749.00 pounds, invoice number 55-2291. The "
	"machine stopped working within nine days and flooded my kitchen. Your "
	"engineer visited on two occasions and declared on each that nothing "
	"was wrong with it, although the floor was visibly under water when he "
	"arrived.\n"
	"I have telephoned the customer services line eleven times. I was "
	"promised a replacement on the nineteenth of February and again on the "
	"second of March; neither was delivered. I have kept a note of the "
	"name of each person to whom I spoke.\n"
	"I should be obliged if you would refund the whole of the purchase "
	"price and pay for the damage to the floor, which two builders have "
	"estimated at 1,280 pounds. Copies of both estimates are enclosed with "
	"this letter, together with the receipt and the photographs.\n"
	"If I do not hear from you within fourteen days I shall ask the "
	"ombudsman to look into the matter.\n"
	"Yours faithfully,\n"
	"Margaret Thistlethwaite\n";

static const char letter_it[] =
	"Egregio Difensore civico,\n"
	"mi rivolgo a Lei per segnalare quanto accaduto con la società Energia "
	"Chiara S.p.A., con sede in Torino, la quale ha emesso a mio carico "
	"una bolletta di euro 1.874,35 per il periodo gennaio-marzo 2025, "
	"benché l'appartamento sia rimasto disabitato dal mese di novembre "
	"dell'anno precedente.\n"
	"Ho inviato tre raccomandate con ricevuta di ritorno, rispettivamente "
	"il 7 aprile, il 22 aprile e il 15 maggio, senza ricevere alcuna "
	"risposta. Il servizio clienti, più volte interpellato al numero "
	"verde, si è limitato a sostenere che la lettura del contatore è "
	"corretta, rifiutando però di mandare un tecnico per la verifica.\n"
	"Chiedo pertanto che la bolletta sia annullata e che mi venga "
	"rimborsata la somma già addebitata sul conto corrente, oltre alle "
	"spese postali sostenute. Allego copia delle raccomandate, della "
	"bolletta e della dichiarazione dell'amministratore del condominio, il "
	"quale conferma che nessuno abita nell'alloggio.\n"
	"Resto in attesa di un cortese riscontro e porgo distinti saluti.\n"
	"Giuseppina Dell'Acqua\n";

struct scan_look {
	int inch;     /* dots */
	double angle; /* degrees it lies askew */
	int noise;    /* of 255, that a dot is off at most */
	int turn;     /* quarters, clockwise */
	int times;    /* the text is written so often; 0: once */
};

/* Words one after the other, broken where the line ends. */
static void
scan_write(cairo_t *cr, const char *text, double left, double right, double *y,
	double step)
{
	char word[64];
	double x = left;

	while (*text != '\0') {
		size_t len = strcspn(text, " \n");
		cairo_text_extents_t is;

		if (len >= sizeof(word))
			abort();
		memcpy(word, text, len);
		word[len] = '\0';
		cairo_text_extents(cr, word, &is);
		if (x + is.x_advance > right) {
			x = left;
			*y += step;
		}
		cairo_move_to(cr, x, *y);
		cairo_show_text(cr, word);
		cairo_text_extents(cr, "n", &(cairo_text_extents_t){ 0 });
		x += is.x_advance + step * 0.22;
		text += len;
		if (*text == '\n') {
			x = left;
			*y += step * 1.7;
		}
		text += *text != '\0';
	}
}

static void
scan_spoil(cairo_surface_t *surface, int noise)
{
	unsigned char *rows = cairo_image_surface_get_data(surface);
	const int high = cairo_image_surface_get_height(surface);
	const int stride = cairo_image_surface_get_stride(surface);
	uint32_t state = 4711;

	cairo_surface_flush(surface);
	for (long i = 0; noise > 0 && i < (long)high * stride; i += 4) {
		int off, grey;

		state = state * 1664525U + 1013904223U;
		off = (int)(state >> 16) % (2 * noise + 1) - noise;
		/* Paper is never quite white, ink never quite black. */
		grey = rows[i] * 200 / 255 + 30 + off;
		grey = grey < 0 ? 0 : grey > 255 ? 255 : grey;
		memset(rows + i, grey, 3);
	}
	cairo_surface_mark_dirty(surface);
}

/* Greys, at the look's dots to the inch.  Free it with pixDestroy. */
static PIX *
scan_draw(const char *text, const struct scan_look *look)
{
	const int wide = (int)(WIDE_INCHES * look->inch);
	const int high = (int)(HIGH_INCHES * look->inch);
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, wide, high);
	cairo_t *cr = cairo_create(surface);
	const double size = 12.0 / 72 * look->inch;
	double y = look->inch;
	PIX *pix = pixCreate(wide, high, 8), *turned;

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_translate(cr, wide / 2.0, high / 2.0);
	cairo_rotate(cr, look->angle * 3.14159265 / 180);
	cairo_translate(cr, -wide / 2.0, -high / 2.0);
	cairo_set_source_rgb(cr, 0, 0, 0);
	cairo_select_font_face(cr, "Liberation Serif", CAIRO_FONT_SLANT_NORMAL,
		CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cr, size);
	for (int i = 0; i < (look->times > 0 ? look->times : 1); i++)
		scan_write(cr, text, look->inch, wide - look->inch, &y,
			size * 1.35);
	cairo_destroy(cr);
	scan_spoil(surface, look->noise);
	for (int row = 0; row < high; row++)
		for (int x = 0; x < wide; x++)
			pixSetPixel(pix, x, row,
				cairo_image_surface_get_data(surface)
					[(long)row * cairo_image_surface_get_stride(
							     surface) +
						(long)x * 4]);
	cairo_surface_destroy(surface);
	pixSetResolution(pix, look->inch, look->inch);
	turned = look->turn != 0 ? pixRotateOrth(pix, look->turn)
				 : pixClone(pix);
	pixDestroy(&pix);
	return turned;
}

#endif

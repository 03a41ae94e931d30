/*
 * bench_print.c - how long a page on paper takes, and the sample letter
 *
 * usage: bench_print            figures of letters of one, three and thirty
 * pages bench_print FILE       writes docs/samples' letter of two pages
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ouv/clock.h"
#include "ouv/print.h"

#define MADE_AT INT64_C(1795435200) /* 2026-11-23 12:00 UTC */

static const char *const to[] = { "Áurea Gonçalves Conceição",
	"Rua das Laranjeiras, 123, apto. 401", "Laranjeiras",
	"22240-003 Rio de Janeiro - RJ" };
static const char *const head[] = {
	"Avenida Central, 1000, 01310-100 São Paulo - SP", "+55 11 3000-0000",
	"https://ouvidoria.example"
};
static const char *const enclosures[] = {
	"3.1 resposta-da-loja.pdf (SHA-256 "
	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08)",
	"3.2 nota-fiscal.pdf (SHA-256 "
	"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752)"
};

#define BEGINNING                                                            \
	"Prezada Áurea Gonçalves Conceição,\n\n"                         \
	"Recebemos a sua carta em 3 de novembro de 2026.\n\n"                \
	"# O número do seu caso é 2026-000123-4.\n"                        \
	"Com ele, a nossa equipe encontra tudo o que você já nos contou. " \
	"Guarde este número.\n\n"
#define END "Atenciosamente,\nBeatriz Nogueira\nOuvidora\n"

/* The sample: nobody in it exists. */
static const char sample[] = BEGINNING
	"Você nos contou que a geladeira que comprou da Loja Aurora em 5 de "
	"outubro chegou com a porta amassada, que a loja prometeu por telefone "
	"trocá-la em uma semana e que, desde então, ninguém voltou a falar com "
	"você.\n\n"
	"# O que a loja respondeu\n"
	"Pedimos explicações à loja, e a resposta dela chegou em 19 de "
	"novembro. Ela segue inteira no anexo. Em poucas palavras:\n\n"
	"- a loja reconhece que a porta veio amassada e que a troca foi "
	"prometida;\n"
	"- o modelo que você comprou não é mais fabricado, e por isso a troca "
	"não foi feita;\n"
	"- ela oferece outra geladeira, do mesmo tamanho, ou a devolução do "
	"preço que você pagou.\n\n"
	"# O que você pode escolher\n"
	"- Outra geladeira: a loja entrega a nova e leva a antiga no mesmo "
	"dia, "
	"até 15 de dezembro de 2026, sem nenhum custo para você.\n"
	"- O dinheiro de volta: R$ 2.349,00, na conta que você indicar, em até "
	"dez dias depois da sua resposta.\n"
	"- Nenhuma das duas: diga-nos o que seria justo e por quê. Uma pessoa "
	"da nossa equipe procura então uma solução com os dois lados.\n\n"
	"Nada disso tira de você qualquer direito. Se não houver acordo, "
	"examinamos o caso e damos uma opinião com os motivos dela, que os "
	"dois "
	"lados podem comentar antes de qualquer decisão.\n\n"
	"# Como responder a esta carta\n"
	"Você não precisa de e-mail nem de computador: escreva, telefone ou "
	"venha até nós e informe o número do seu caso, 2026-000123-4.\n\n"
	"- Por carta: Ouvidoria Exemplo, Avenida Central, 1000, 01310-100 São "
	"Paulo - SP\n"
	"- Por telefone: +55 11 3000-0000, de segunda a sexta-feira, das 9h às "
	"18h\n\n"
	"O que você escrever ou disser vale exatamente como uma resposta por "
	"e-mail. Você tem 20 dias para responder, contados a partir do dia "
	"seguinte àquele em que esta carta chegar. Se precisar de mais tempo, "
	"é só pedir.\n\n"
	"# O que você pode enviar\n"
	"Se tiver a nota da entrega, fotografias da porta ou mensagens da "
	"loja, "
	"envie cópias, nunca os originais. Elas ficam no processo, e a loja só "
	"as vê depois que avisarmos você.\n\n"
	"Quem tem acesso à internet vê o andamento do caso em "
	"https://ouvidoria.example/t.\n\n" END;

static const char *
words(struct ouv_arena *arena, int paragraphs)
{
	struct ouv_buf buf;

	ouv_buf_init(&buf, arena, 8192);
	ouv_buf_text(&buf, BEGINNING);
	for (int i = 0; i < paragraphs; i++)
		ouv_buf_text(&buf,
			"A empresa tem dez dias para responder. Assim que a "
			"resposta chegar, ela lhe será enviada por carta, com "
			"o que você pode fazer: aceitar, recusar ou pedir que "
			"uma pessoa da nossa equipe procure uma solução com os "
			"dois lados.\n\n");
	ouv_buf_text(&buf,
		"- Acrescentar documentos: envie cópias, nunca os originais.\n"
		"- Ver o andamento: https://ouvidoria.example/t\n\n" END);
	return buf.data;
}

static enum ouv_err
make(struct ouv_arena *arena, const char *text, struct ouv_print_made *made)
{
	const struct ouv_print_about about = {
		.title = "A resposta da Loja Aurora",
		.author = "Ouvidoria Exemplo",
		.lang = "pt-BR",
		.made_at = MADE_AT
	};
	const struct ouv_print_letter letter = {
		.foot = "2026-000123-4 - {n}/{m}",
		.office = "Ouvidoria Exemplo",
		.head_count = 3,
		.head = head,
		.sender = "Ouvidoria Exemplo, Avenida Central, 1000, "
			  "01310-100 São Paulo - SP",
		.to_count = 4,
		.to = to,
		.place_date = "São Paulo, 23 de novembro de 2026",
		.reference_label = "Protocolo",
		.reference = "2026-000123-4",
		.qr = "2026-000123-4\nhttps://ouvidoria.example/t",
		.subject = "A resposta da Loja Aurora, e o que você pode fazer",
		.words = text,
		.signature = "Beatriz Nogueira",
		.enclosures_label = "Anexos",
		.enclosure_count = 2,
		.enclosures = enclosures
	};
	struct ouv_print *print;
	enum ouv_err err = ouv_print_begin(arena, &about, &print);

	if (err != OUV_OK)
		return err;
	ouv_print_letter(print, &letter);
	return ouv_print_end(print, made);
}

static int
write_sample(const char *path)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	struct ouv_print_made made;
	FILE *file;

	if (make(arena, sample, &made) != OUV_OK)
		return EXIT_FAILURE;
	file = fopen(path, "wb");
	if (file == NULL ||
		fwrite(made.pdf.p, 1, made.pdf.len, file) != made.pdf.len ||
		fclose(file) != 0) {
		perror(path);
		return EXIT_FAILURE;
	}
	ouv_arena_free(&arena);
	return EXIT_SUCCESS;
}

static void
say(const char *unit, const char *what, double value, size_t pages, int rounds)
{
	printf("{\"name\": \"paper_letter_of_%zu%s\", \"value\": %.3f, "
	       "\"unit\": \"%s\", \"n\": %d, \"median_of\": 1}\n",
		pages, what, value, unit, rounds);
}

static int
measure(int paragraphs, int rounds)
{
	int64_t from = ouv_clock_mono_ms();
	size_t pages = 0, bytes = 0;

	for (int i = 0; i < rounds; i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_print_made made;

		if (make(arena, words(arena, paragraphs), &made) != OUV_OK)
			return EXIT_FAILURE;
		pages += made.pages;
		bytes = made.pdf.len;
		ouv_arena_free(&arena);
	}
	from = ouv_clock_mono_ms() - from;
	say("ms", "", (double)from / rounds, pages / (size_t)rounds, rounds);
	say("ms", "_each", (double)from / (double)pages, pages / (size_t)rounds,
		rounds);
	say("bytes", "_size", (double)bytes, pages / (size_t)rounds, rounds);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return write_sample(argv[1]);
	return measure(2, 100) | measure(14, 100) | measure(210, 10);
}

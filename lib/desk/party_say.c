/*
 * party_say.c - what a party's answer decides, if it says so clearly
 *
 * Better ten times too careful than once wrong: a clause counts only when
 * every word of it is known, and a yes only when nothing beside it takes
 * anything back.  Whatever else it may mean, a person reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "party_say.h"
#include "say_clause.h"
#include "say_rules.h"

#define CLAUSES 40
#define FIRST 4     /* among so many clauses a decision must stand */
#define BESIDE 40   /* words beside a yes: more of them are a story */
#define POLITE_TO 6 /* words of a greeting with names */

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* For and against: what contradicts what. */
#define YES_FAMILY (F(ACCEPT) | F(OPTION) | F(YES) | F(DONE) | F(SOLVED))
#define NO_FAMILY                                                  \
	(F(REJECT) | F(NONE) | F(NO) | F(NOT_DONE) | F(UNSOLVED) | \
		F(DECLINE) | F(NO_AGREEMENT))

static unsigned
side_of(const struct say_ask *ask)
{
	return ask->company ? COMPANY : CONSUMER;
}

static bool
needs_met(const struct say_ask *ask, enum needs needs, int option)
{
	switch (needs) {
	case NEEDS_ASKED:
		return ask->asked;
	case NEEDS_OPTION:
		return option >= 1 && option <= ask->options;
	case NEEDS_ONE:
		return ask->options == 1;
	case NEEDS_SHOWN:
		return ask->hearing;
	case NEEDS_NONE:
		break;
	}
	return true;
}

static const struct rule *
find_rule(const struct say_ask *ask, enum saying says, int option)
{
	for (size_t i = 0; i < COUNT(rules); i++)
		if ((rules[i].states & OUV_STATE_BIT(ask->state)) != 0 &&
			(rules[i].sides & side_of(ask)) != 0 &&
			(rules[i].says & (1U << says)) != 0 &&
			needs_met(ask, rules[i].needs, option))
			return &rules[i];
	return NULL;
}

/* ---- what a clause says ----------------------------------------------------
 */

struct clause_sense {
	unsigned says; /* bits; 0: not understood, or nothing */
	int option;    /* the number, with SAYS_OPTION */
	bool polite;
	bool bare; /* its heart is one word */
};

/* How many words of the clause from i on the phrase takes; 0: none. */
static size_t
phrase_fits(const struct clause *c, size_t i, const char *phrase, size_t len)
{
	size_t at = 0, n = 0;

	while (at < len) {
		size_t word = strcspn(phrase + at, " |");

		if (i + n >= c->count || strlen(c->words[i + n]) != word ||
			memcmp(c->words[i + n], phrase + at, word) != 0)
			return 0;
		n++;
		at += word + 1;
	}
	return n;
}

/* The longest heart that begins here. */
static size_t
find_heart(const struct clause *c, size_t i, enum saying *says_out)
{
	size_t best = 0;

	for (size_t h = 0; h < COUNT(say_hearts); h++) {
		const char *p = say_hearts[h].phrases;

		while (*p != '\0') {
			size_t len = strcspn(p, "|");
			size_t n = phrase_fits(c, i, p, len);

			if (n > best) {
				best = n;
				*says_out = say_hearts[h].says;
			}
			p += len + (p[len] == '|');
		}
	}
	return best;
}

/* The number that this word stands for; 0: none. */
static int
number_of(const char *word)
{
	if (word[0] >= '1' && word[0] <= '9' && word[1] == '\0')
		return word[0] - '0';
	if (word[0] >= '0' && word[0] <= '9')
		return 99; /* a number, but of no option */
	for (size_t i = 0; i < COUNT(say_ordinals); i++)
		if (say_among(say_ordinals[i].words, word))
			return say_ordinals[i].n;
	return 0;
}

/* "opcao 2", "a segunda opcao", "2"; the words it takes from i on. */
static size_t
find_option(const struct clause *c, size_t i, bool alone, int *n_out)
{
	int here = number_of(c->words[i]);

	if (i + 1 < c->count && say_among(say_option, c->words[i])) {
		*n_out = number_of(c->words[i + 1]);
		if (*n_out != 0)
			return 2;
		if (i + 2 < c->count && say_among(say_option, c->words[i + 1]))
			*n_out = number_of(c->words[i + 2]);
		return *n_out != 0 ? 3 : 0;
	}
	*n_out = here;
	if (here != 0 && i + 1 < c->count &&
		say_among(say_option, c->words[i + 1]))
		return 2;
	/* A number alone means an option where there are some. */
	return alone && c->words[i][0] >= '0' && c->words[i][0] <= '9' ? 1 : 0;
}

static bool
is_filler(const char *word, unsigned says)
{
	/* "No problem" is no answer. */
	if ((says & ~(F(YES) | F(NO))) != 0 && say_among(say_fillers, word))
		return true;
	for (size_t i = 0; i < COUNT(say_more_fillers); i++)
		if ((says & (1U << say_more_fillers[i].says)) != 0 &&
			say_among(say_more_fillers[i].words, word))
			return true;
	return false;
}

static bool
is_polite(const struct clause *c)
{
	size_t known = 0;

	for (size_t i = 0; i < c->count; i++)
		known += say_among(say_polite, c->words[i]);
	return known == c->count ||
	       (c->count <= POLITE_TO && !c->question &&
		       say_among(say_greetings, c->words[0]));
}

/* What was found in a clause so far. */
struct finding {
	unsigned says;
	int option;
	bool mixed;   /* two options */
	size_t heart; /* words of the longest heart */
	size_t rest[CLAUSES], rest_count;
};

static void
add_option(struct finding *f, int n)
{
	f->mixed |= (f->says & F(OPTION)) != 0 && f->option != n;
	f->says |= F(OPTION);
	f->option = n;
}

/* Hearts and what is left of the clause; false: too much is left. */
static bool
find_all(const struct say_ask *ask, const struct clause *c, struct finding *f)
{
	bool choosing = find_rule(ask, SAYS_OPTION, 1) != NULL;

	for (size_t i = 0; i < c->count;) {
		enum saying says = SAYS__COUNT;
		int option = 0;
		size_t n = choosing
				   ? find_option(c, i,
					     choosing && c->count <= 4, &option)
				   : 0;

		if (n > 0) {
			add_option(f, option);
		} else if ((n = find_heart(c, i, &says)) > 0) {
			f->says |= 1U << says;
			if (n > f->heart)
				f->heart = n;
		} else if (f->rest_count < COUNT(f->rest)) {
			f->rest[f->rest_count++] = i;
			n = 1;
		} else {
			return false;
		}
		i += n;
	}
	return true;
}

/* An English verb that nobody here says of themselves. */
static bool
is_imperative(const struct clause *c)
{
	bool found = false;

	for (size_t i = 0; i < c->count; i++) {
		found |= say_among(say_imperatives, c->words[i]);
		if (say_among(" i we ", c->words[i]))
			return false;
	}
	return found && c->count > 1;
}

static struct clause_sense
sense_of(const struct say_ask *ask, const struct clause *c)
{
	struct finding f = { 0 };
	struct clause_sense sense = { .polite = is_polite(c) };

	if (c->question || c->quotes || !find_all(ask, c, &f) || f.says == 0 ||
		f.mixed)
		return sense;
	/* "Deadline: ten days" asks for nothing, nor does "accept my thanks".
	 */
	if (f.heart <= 1 && (c->heading || is_imperative(c)))
		return sense;
	/* "I accept option 2" is the option's. */
	if ((f.says & F(OPTION)) != 0)
		f.says &= ~(F(ACCEPT) | F(YES));
	for (size_t i = 0; i < f.rest_count; i++)
		if (!is_filler(c->words[f.rest[i]], f.says))
			return sense;
	/* "Yes I accept" says one thing; "not" beside a heart, or two of
	 * them, nobody knows what. */
	if ((f.says & ~(F(YES) | F(NO))) != 0)
		f.says &= ~F(YES);
	if ((f.says & (f.says - 1)) != 0)
		return sense;
	sense.says = f.says;
	sense.bare = f.heart <= 1;
	sense.option = f.option;
	sense.polite = false;
	return sense;
}

/* ---- what stands beside a decision -----------------------------------------
 */

/* Families, as bits, whose words one of these begins like. */
static unsigned
stems_of(const struct clause *c)
{
	unsigned found = 0;

	for (size_t s = 0; s < COUNT(say_stems); s++) {
		const char *p = say_stems[s].stems;

		while (*p != '\0') {
			size_t len = strcspn(p, "|");

			for (size_t i = 0; i < c->count; i++)
				if (strncmp(c->words[i], p, len) == 0)
					found |= 1U << say_stems[s].says;
			p += len + (p[len] == '|');
		}
	}
	return found;
}

static bool
has_doubt(const struct clause *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (!say_among(say_doubts, c->words[i]))
			continue;
		if (strcmp(c->words[i], "caso") == 0 && i > 0 &&
			say_among(say_case_before, c->words[i - 1]))
			continue;
		return true;
	}
	return false;
}

static bool
has_any(const struct clause *c, const char *list)
{
	for (size_t i = 0; i < c->count; i++)
		if (say_among(list, c->words[i]))
			return true;
	return false;
}

/* Does it take back a decision that must be without any doubt? */
static bool
spoils(const struct clause *c)
{
	return c->question || c->quotes || has_doubt(c) ||
	       has_any(c, say_denials) || has_any(c, say_irony) ||
	       stems_of(c) != 0;
}

/* Does it take back a no?  Reasons may be many; a condition, or a yes, not. */
static bool
spoils_no(const struct clause *c, bool near)
{
	if ((stems_of(c) & F(ACCEPT)) != 0)
		return true;
	if (near && (c->question || has_doubt(c)))
		return true;
	return c->sentence && (say_among(say_doubts, c->words[0]) || c->quotes);
}

/* ---- the whole message -----------------------------------------------------
 */

struct reading {
	const struct say_ask *ask;
	struct clause clauses[CLAUSES];
	struct clause_sense senses[CLAUSES];
	size_t count;
	bool more;
	const struct rule *rule;
	int option;
	size_t at; /* clause of the decision */
};

/* The first clauses that decide something here; false: they contradict each
 * other. */
static bool
find_decision(struct reading *r)
{
	size_t seen = 0;

	for (size_t i = 0; i < r->count && seen < FIRST; i++) {
		const struct clause_sense *sense = &r->senses[i];

		seen += !sense->polite;
		for (int s = 0; s < SAYS__COUNT; s++) {
			const struct rule *rule;

			if ((sense->says & (1U << s)) == 0)
				continue;
			rule = find_rule(r->ask, (enum saying)s, sense->option);
			/* One word among others is a heading as likely. */
			if (rule == NULL ||
				(!rule->strict && sense->bare && seen > 1))
				continue;
			if (r->rule == NULL) {
				r->rule = rule;
				r->option = sense->option;
				r->at = i;
			} else if (rule != r->rule ||
				   (rule->choice == NULL &&
					   sense->option != r->option)) {
				return false;
			}
		}
	}
	return r->rule != NULL;
}

static unsigned
family_of(unsigned says)
{
	return (says & YES_FAMILY) != 0  ? YES_FAMILY
	       : (says & NO_FAMILY) != 0 ? NO_FAMILY
					 : says;
}

/* A clause that says something, but nothing that counts here: "yes" beside
 * "I accept" is no harm, "no" is. */
static bool
contradicts(const struct reading *r, const struct clause_sense *sense)
{
	unsigned wanted = family_of(r->rule->says) | F(YES);

	return (sense->says & ~wanted) != 0;
}

/* In the sentence of the decision, or the one behind it. */
static bool
is_near(const struct reading *r, size_t i)
{
	size_t sentences = 0;

	if (i < r->at)
		return true;
	for (size_t k = r->at + 1; k <= i; k++)
		sentences += r->clauses[k].sentence;
	return sentences == 0;
}

/* A line that breaks off before the decision: "... nao" / "aceito". */
static bool
breaks_off(const struct reading *r)
{
	const struct clause *before;

	if (r->at == 0 || r->senses[r->at - 1].says != 0)
		return false;
	before = &r->clauses[r->at - 1];
	return say_among(say_denials, before->words[before->count - 1]);
}

static bool
stands(const struct reading *r)
{
	size_t beside = 0;

	if (breaks_off(r) || (r->rule->strict && r->more))
		return false;
	/* Too easily said in anger. */
	if (r->rule->action == OUV_ACTION_WITHDRAW && r->clauses[r->at].shouts)
		return false;
	for (size_t i = 0; i < r->count; i++) {
		const struct clause *c = &r->clauses[i];

		if (r->senses[i].says != 0) {
			if (contradicts(r, &r->senses[i]))
				return false;
			continue;
		}
		if (r->senses[i].polite)
			continue;
		beside += c->count;
		if (r->rule->strict ? spoils(c) : spoils_no(c, is_near(r, i)))
			return false;
	}
	if (r->rule->action == OUV_ACTION_WITHDRAW && r->senses[r->at].bare)
		return beside == 0;
	return !r->rule->strict || beside <= BESIDE;
}

/* Words of something that this side could decide now, and that moves. */
static bool
sounds_like_deciding(const struct reading *r)
{
	for (size_t i = 0; i < r->count; i++) {
		unsigned says = r->senses[i].says | stems_of(&r->clauses[i]);

		for (int s = 0; s < SAYS__COUNT; s++) {
			const struct rule *rule =
				(says & (1U << s)) == 0
					? NULL
					: find_rule(r->ask, (enum saying)s, 1);

			if (rule != NULL && rule->action != OUV_ACTION_RATE)
				return true;
		}
	}
	return false;
}

static void
take_rule(const struct reading *r, struct said *said)
{
	said->kind = SAY_ACT;
	said->action = r->rule->action;
	if (r->rule->choice != NULL)
		(void)snprintf(said->choice, sizeof(said->choice), "%s",
			r->rule->choice);
	else
		(void)snprintf(
			said->choice, sizeof(said->choice), "%d", r->option);
}

static void
take_otherwise(const struct reading *r, struct said *said)
{
	const struct say_ask *ask = r->ask;

	for (size_t i = 0; i < COUNT(otherwise); i++) {
		if ((otherwise[i].states & OUV_STATE_BIT(ask->state)) == 0 ||
			(otherwise[i].sides & side_of(ask)) == 0 ||
			!needs_met(ask, otherwise[i].needs, 0) ||
			(otherwise[i].owed && ask->chosen))
			continue;
		said->kind = otherwise[i].kind;
		said->action = otherwise[i].action;
		return;
	}
	if (sounds_like_deciding(r))
		said->kind = SAY_LOOK;
}

void
party_say(struct ouv_arena *arena, const struct say_ask *ask, struct said *said)
{
	struct reading *r = ouv_arena_alloc(arena, sizeof(*r));

	*said = (struct said){ .kind = SAY_NOTHING,
		.action = OUV_ACTION_APPEND };
	r->ask = ask;
	r->count = say_clauses(arena, ask->text, r->clauses, CLAUSES, &r->more);
	for (size_t i = 0; i < r->count; i++)
		r->senses[i] = sense_of(ask, &r->clauses[i]);
	if (find_decision(r) && stands(r))
		take_rule(r, said);
	else
		take_otherwise(r, said);
}

bool
party_say_listens(enum ouv_state state, bool company)
{
	unsigned side = company ? COMPANY : CONSUMER;

	for (size_t i = 0; i < COUNT(rules); i++)
		if ((rules[i].states & OUV_STATE_BIT(state)) != 0 &&
			(rules[i].sides & side) != 0)
			return true;
	for (size_t i = 0; i < COUNT(otherwise); i++)
		if ((otherwise[i].states & OUV_STATE_BIT(state)) != 0 &&
			(otherwise[i].sides & side) != 0)
			return true;
	return false;
}

static void
add_choice(struct said *list, size_t most, size_t *count,
	enum ouv_action action, const char *choice)
{
	for (size_t i = 0; i < *count; i++)
		if (list[i].action == action &&
			strcmp(list[i].choice, choice) == 0)
			return;
	if (*count == most)
		return;
	list[*count] = (struct said){ .kind = SAY_ACT, .action = action };
	(void)snprintf(
		list[*count].choice, sizeof(list[*count].choice), "%s", choice);
	(*count)++;
}

size_t
party_say_choices(const struct say_ask *ask, struct said *list, size_t most)
{
	const uint32_t state = OUV_STATE_BIT(ask->state);
	size_t count = 0;

	for (size_t i = 0; i < COUNT(otherwise); i++)
		if ((otherwise[i].states & state) != 0 &&
			(otherwise[i].sides & side_of(ask)) != 0 &&
			otherwise[i].kind == SAY_ACT &&
			needs_met(ask, otherwise[i].needs, 0))
			add_choice(list, most, &count, otherwise[i].action, "");
	for (size_t i = 0; i < COUNT(rules); i++) {
		char number[2] = "1";

		if ((rules[i].states & state) == 0 ||
			(rules[i].sides & side_of(ask)) == 0 ||
			!needs_met(ask, rules[i].needs, 1))
			continue;
		if (rules[i].choice != NULL) {
			add_choice(list, most, &count, rules[i].action,
				rules[i].choice);
			continue;
		}
		for (int n = 1; n <= ask->options && n <= 9; n++) {
			number[0] = (char)('0' + n);
			add_choice(list, most, &count, rules[i].action, number);
		}
	}
	return count;
}

/*
 * search_stop.h - words that stand in every letter, as folding leaves them
 *
 * Sorted.  A word that could name a thing in any of the three languages is not
 * here: "no" and "come" are, "sole" and "amo" are not.
 */
static const char *const stop_words[] = { "agli", "ai", "al", "alla", "alle",
	"allo", "am", "an", "anche", "and", "ao", "aos", "are", "as", "at",
	"be", "been", "but", "by", "che", "chi", "ci", "coi", "col", "com",
	"come", "como", "con", "cui", "da", "dai", "dal", "dalla", "dalle",
	"das", "de", "degli", "dei", "del", "dell", "della", "delle", "dello",
	"di", "do", "dos", "ed", "ela", "elas", "ele", "eles", "em", "era",
	"essa", "esse", "esta", "este", "eu", "foi", "for", "from", "gli", "ha",
	"had", "has", "have", "he", "ho", "il", "in", "is", "isso", "isto",
	"it", "its", "la", "las", "le", "lei", "lhe", "li", "lo", "loro", "los",
	"lui", "ma", "mais", "mas", "me", "mi", "mia", "mio", "my", "na", "nao",
	"nas", "ne", "negli", "nei", "nel", "nella", "nelle", "no", "non",
	"nos", "not", "of", "on", "or", "os", "ou", "our", "para", "pela",
	"pelo", "per", "por", "qual", "que", "quem", "questa", "questo", "re",
	"se", "sem", "ser", "seu", "she", "si", "sia", "sono", "su", "sua",
	"sul", "sulla", "suo", "te", "tem", "that", "the", "their", "they",
	"this", "ti", "to", "um", "uma", "un", "una", "uno", "us", "vi", "voce",
	"was", "we", "were", "with", "you", "your" };

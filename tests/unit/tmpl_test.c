/*
 * tmpl_test.c - plain Mustache, rule by rule
 *
 * Each row of the table is one rule of the public Mustache specification's
 * required modules, in a case of our own.  The strict rules on top of it are
 * in tmpl_strict_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "ouv/tmpl.h"

struct spec_case {
	const char *rule;
	const char *text;
	const char *data;
	const char *want;
	const char *partials[6]; /* name, text, name, text ... */
};

/* clang-format off */
static const struct spec_case comments[] = {
	{ "a comment leaves nothing", "ab{{! note }}cd", "{}", "abcd", { 0 } },
	{ "an empty comment", "ab{{!}}cd", "{}", "abcd", { 0 } },
	{ "a comment of several lines", "ab{{!\n one\n two\n}}cd\n", "{}", "abcd\n", { 0 } },
	{ "a comment alone takes its line along", "one\n{{! note }}\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "indented alone", "one\n   {{! note }}\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "tab-indented alone", "one\n\t{{! note }}\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "blanks after it do not matter", "one\n{{! note }} \t\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "alone with CR LF", "one\r\n{{! note }}\r\ntwo", "{}", "one\r\ntwo", { 0 } },
	{ "alone on the first line", "  {{! note }}\ntwo", "{}", "two", { 0 } },
	{ "alone on the last line", "one\n  {{! note }}", "{}", "one\n", { 0 } },
	{ "alone in the whole text", "{{! note }}", "{}", "", { 0 } },
	{ "several lines, alone", "one\n{{!\nnote\n}}\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "several lines, indented, alone", "one\n  {{!\n  note\n  }}\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "after text it keeps the line", "  12 {{! 34 }}\n", "{}", "  12 \n", { 0 } },
	{ "before text it keeps the blanks", "  {{! 34 }} 12\n", "{}", "   12\n", { 0 } },
	{ "blanks around it stay", "12 {{! 34 }} 56", "{}", "12  56", { 0 } },
	{ "tags in a comment are no tags", "({{! {{a }})", "{\"a\":1}", "()", { 0 } },
	{ "it is no name", "({{! a }}{{!a}})", "{\"a\":1,\"! a\":2,\"!a\":3}", "()", { 0 } },
};

static const struct spec_case delimiters[] = {
	{ "a pair", "{{=<% %>=}}(<%a%>)", "{\"a\":\"x\"}", "(x)", { 0 } },
	{ "single characters", "({{=[ ]=}}[a])", "{\"a\":\"x\"}", "(x)", { 0 } },
	{ "the old ones are text then", "{{=<% %>=}}{{a}}<%a%>", "{\"a\":\"x\"}", "{{a}}x", { 0 } },
	{ "and back again", "{{=| |=}}|a||={{ }}=|{{a}}|a|", "{\"a\":1}", "11|a|", { 0 } },
	{ "every tag follows", "{{=<% %>=}}<%#s%>a<%/s%><%^s%>b<%/s%><%!c%><%&s%>", "{\"s\":true}", "atrue", { 0 } },
	{ "they hold inside a section", "{{#s}}{{=| |=}}|a||/s||a|", "{\"s\":{\"a\":1},\"a\":2}", "12", { 0 } },
	{ "sections before and after", "[\n{{#s}}\n {{d}}\n |d|\n{{/s}}\n{{= | | =}}\n|#s|\n {{d}}\n |d|\n|/s|\n]\n", "{\"s\":1,\"d\":\"D\"}", "[\n D\n |d|\n {{d}}\n D\n]\n", { 0 } },
	{ "inverted sections before and after", "[\n{{^s}}\n {{d}}\n |d|\n{{/s}}\n{{= | | =}}\n|^s|\n {{d}}\n |d|\n|/s|\n]\n", "{\"s\":false,\"d\":\"D\"}", "[\n D\n |d|\n {{d}}\n D\n]\n", { 0 } },
	{ "a partial begins with the usual ones", "[{{>p}}]{{=| |=}}[|>p|]", "{\"v\":\"y\"}", "[.y.][.y.]", { "p", ".{{v}}." } },
	{ "a partial does not change its caller's", "[{{>p}}][.{{v}}. .|v|.]", "{\"v\":\"y\"}", "[.y. .y.][.y. .|v|.]", { "p", ".{{v}}. {{=| |=}}.|v|." } },
	{ "blanks around it stay", "| {{=@ @=}} |", "{}", "|  |", { 0 } },
	{ "after text it keeps the line", " | {{=@ @=}}\n", "{}", " | \n", { 0 } },
	{ "alone it takes its line along", "one\n{{=@ @=}}\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "alone, indented", "one\n  {{=@ @=}}\ntwo\n", "{}", "one\ntwo\n", { 0 } },
	{ "alone with CR LF", "|\r\n{{= @ @ =}}\r\n|", "{}", "|\r\n|", { 0 } },
	{ "alone on the first line", "  {{=@ @=}}\n=", "{}", "=", { 0 } },
	{ "alone on the last line", "=\n  {{=@ @=}}", "{}", "=\n", { 0 } },
	{ "padding inside", "|{{=  @   @  =}}|@a@", "{\"a\":1}", "||1", { 0 } },
	{ "raw tags with other delimiters", "{{=<% %>=}}<%{a}%><%&a%>", "{\"a\":\"<\"}", "<<", { 0 } },
	{ "characters that regular expressions know", "{{=(. .)=}}(.a.)", "{\"a\":7}", "7", { 0 } },
};

static const struct spec_case interpolation[] = {
	{ "no tag, no change", "Bom dia, {mundo}!\n", "{}", "Bom dia, {mundo}!\n", { 0 } },
	{ "an empty text", "", "{}", "", { 0 } },
	{ "a name", "Bom dia, {{who}}!", "{\"who\":\"mundo\"}", "Bom dia, mundo!", { 0 } },
	{ "two names", "{{a}}{{b}}", "{\"a\":\"x\",\"b\":\"y\"}", "xy", { 0 } },
	{ "other scripts", "{{olá}} ção", "{\"olá\":\"né\"}", "né ção", { 0 } },
	{ "four characters are escaped", "{{a}}", "{\"a\":\"& \\\" < >\"}", "&amp; &quot; &lt; &gt;", { 0 } },
	{ "the apostrophe is not", "{{a}}", "{\"a\":\"it's\"}", "it's", { 0 } },
	{ "an entity is escaped again", "{{a}}", "{\"a\":\"&lt;\"}", "&amp;lt;", { 0 } },
	{ "three braces do not escape", "{{{a}}}", "{\"a\":\"& \\\" < >\"}", "& \" < >", { 0 } },
	{ "an ampersand does not escape", "{{&a}}", "{\"a\":\"& \\\" < >\"}", "& \" < >", { 0 } },
	{ "an integer", "\"{{n}} km\"", "{\"n\":85}", "\"85 km\"", { 0 } },
	{ "an integer in three braces", "\"{{{n}}} km\"", "{\"n\":85}", "\"85 km\"", { 0 } },
	{ "an integer after an ampersand", "\"{{&n}} km\"", "{\"n\":85}", "\"85 km\"", { 0 } },
	{ "a negative and a large integer", "{{a}} {{b}}", "{\"a\":-1,\"b\":9007199254740993}", "-1 9007199254740993", { 0 } },
	{ "zero is a number too", "{{n}}", "{\"n\":0}", "0", { 0 } },
	{ "a decimal", "{{n}}", "{\"n\":1.210}", "1.21", { 0 } },
	{ "a decimal in three braces", "{{{n}}}", "{\"n\":1.210}", "1.21", { 0 } },
	{ "a decimal after an ampersand", "{{&n}}", "{\"n\":1.210}", "1.21", { 0 } },
	{ "decimals as they were written", "{{a}} {{b}} {{c}}", "{\"a\":0.1,\"b\":-2.5,\"c\":3.3}", "0.1 -2.5 3.3", { 0 } },
	{ "a decimal that is whole", "{{n}}", "{\"n\":85.0}", "85", { 0 } },
	{ "true and false", "{{a}} {{b}}", "{\"a\":true,\"b\":false}", "true false", { 0 } },
	{ "null is empty", "({{a}})({{{a}}})({{&a}})", "{\"a\":null}", "()()()", { 0 } },
	{ "a missing name is empty", "({{a}})", "{}", "()", { 0 } },
	{ "missing in three braces", "({{{a}}})", "{}", "()", { 0 } },
	{ "missing after an ampersand", "({{&a}})", "{}", "()", { 0 } },
	{ "a dotted name", "{{a.b}} {{#a}}{{b}}{{/a}}", "{\"a\":{\"b\":\"x\"}}", "x x", { 0 } },
	{ "a dotted name in three braces", "{{{a.b}}}", "{\"a\":{\"b\":\"<\"}}", "<", { 0 } },
	{ "a dotted name after an ampersand", "{{&a.b}}", "{\"a\":{\"b\":\"<\"}}", "<", { 0 } },
	{ "a long dotted name", "{{a.b.c.d.e.f}}", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":6}}}}}}", "6", { 0 } },
	{ "a dotted name breaks off", "({{a.b.c}})", "{\"a\":{}}", "()", { 0 } },
	{ "a dotted name through a text", "({{a.b}})", "{\"a\":\"x\"}", "()", { 0 } },
	{ "a dotted name through null", "({{a.b}})", "{\"a\":null}", "()", { 0 } },
	{ "later parts are sought in the former only", "({{a.b.c.name}})", "{\"a\":{\"b\":{}},\"c\":{\"name\":\"x\"}}", "()", { 0 } },
	{ "the first part as any name", "{{#a}}{{b.c.n}}{{/a}}", "{\"a\":{\"b\":{\"c\":{\"n\":\"right\"}}},\"b\":{\"c\":{\"n\":\"wrong\"}}}", "right", { 0 } },
	{ "the first part found decides", "({{#a}}{{b.c}}{{/a}})", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"wrong\"}}", "()", { 0 } },
	{ "a key with a dot is no dotted name", "({{a.b}})", "{\"a.b\":\"x\"}", "()", { 0 } },
	{ "nor does it hide one", "{{a.b}}", "{\"a.b\":\"x\",\"a\":{\"b\":\"y\"}}", "y", { 0 } },
	{ "a leading dot: this context alone", "({{#a}}{{.n}}{{/a}}{{#b}}{{.n}}{{/b}})", "{\"a\":{},\"b\":{\"n\":1,\"z\":1},\"n\":2}", "(1)", { 0 } },
	{ "the whole data, a text", "{{.}}", "\"x < y\"", "x &lt; y", { 0 } },
	{ "the whole data, raw", "{{{.}}}{{&.}}", "\"<\"", "<<", { 0 } },
	{ "the whole data, a number", "{{.}}!", "85", "85!", { 0 } },
	{ "the whole data, a decimal", "{{.}}!", "1.210", "1.21!", { 0 } },
	{ "the whole data, null", "({{.}})", "null", "()", { 0 } },
	{ "names in data that are no object", "({{a}}{{a.b}})", "\"x\"", "()", { 0 } },
	{ "blanks around stay", "| {{a}} |", "{\"a\":\"-\"}", "| - |", { 0 } },
	{ "blanks around three braces stay", "| {{{a}}} |", "{\"a\":\"-\"}", "| - |", { 0 } },
	{ "blanks around an ampersand stay", "| {{&a}} |", "{\"a\":\"-\"}", "| - |", { 0 } },
	{ "a value is never alone on a line", "  {{a}}\n", "{\"a\":\"-\"}", "  -\n", { 0 } },
	{ "three braces neither", "  {{{a}}}\n", "{\"a\":\"-\"}", "  -\n", { 0 } },
	{ "an ampersand neither", "  {{&a}}\n", "{\"a\":\"-\"}", "  -\n", { 0 } },
	{ "a missing value keeps its line", " {{a}}\n", "{}", " \n", { 0 } },
	{ "padding", "|{{ a }}|{{a }}|{{ a}}|", "{\"a\":\"-\"}", "|-|-|-|", { 0 } },
	{ "padding in three braces", "|{{{ a }}}|", "{\"a\":\"-\"}", "|-|", { 0 } },
	{ "padding after the ampersand", "|{{& a }}|", "{\"a\":\"-\"}", "|-|", { 0 } },
	{ "a line break as padding", "|{{\na\n}}|", "{\"a\":\"-\"}", "|-|", { 0 } },
	{ "braces beside a tag", "{{{a}}}} {{{{a}}}", "{\"a\":\"-\",\"{a\":\"+\"}", "-} +", { 0 } },
	{ "a value is not read as a template", "{{a}}", "{\"a\":\"{{b}}\",\"b\":1}", "{{b}}", { 0 } },
	{ "lone closing braces are text", "a }} b", "{}", "a }} b", { 0 } },
};

static const struct spec_case sections[] = {
	{ "true", "({{#a}}x{{/a}})", "{\"a\":true}", "(x)", { 0 } },
	{ "false", "({{#a}}x{{/a}})", "{\"a\":false}", "()", { 0 } },
	{ "null", "({{#a}}x{{/a}})", "{\"a\":null}", "()", { 0 } },
	{ "missing", "({{#a}}x{{/a}})", "{}", "()", { 0 } },
	{ "an empty list", "({{#a}}x{{/a}})", "{\"a\":[]}", "()", { 0 } },
	{ "our choice: an empty text is false", "({{#a}}x{{/a}})", "{\"a\":\"\"}", "()", { 0 } },
	{ "our choice: zero is false", "({{#a}}x{{/a}}{{#b}}x{{/b}})", "{\"a\":0,\"b\":0.0}", "()", { 0 } },
	{ "other numbers are true", "({{#a}}x{{/a}}{{#b}}y{{/b}})", "{\"a\":-1,\"b\":0.5}", "(xy)", { 0 } },
	{ "an empty object is true", "({{#a}}x{{/a}})", "{\"a\":{}}", "(x)", { 0 } },
	{ "an object is the context", "{{#a}}Oi {{n}}.{{/a}}", "{\"a\":{\"n\":\"Ana\"}}", "Oi Ana.", { 0 } },
	{ "what it lacks is sought further down", "{{#s}}{{a}}, {{b}}, {{c.d}}{{/s}}", "{\"a\":\"foo\",\"b\":\"wrong\",\"s\":{\"b\":\"bar\"},\"c\":{\"d\":\"baz\"}}", "foo, bar, baz", { 0 } },
	{ "null on top hides what lies below", "({{#s}}{{a}}{{/s}})", "{\"a\":1,\"s\":{\"a\":null}}", "()", { 0 } },
	{ "a text is its own context", "{{#a}}{{.}} is {{a}}{{/a}}", "{\"a\":\"x\"}", "x is x", { 0 } },
	{ "a text is no list", "({{#a}}x{{/a}})", "{\"a\":\"123\"}", "(x)", { 0 } },
	{ "contexts inside each other", "{{#a}}{{x}}{{#b}}{{x}}{{y}}{{#c}}{{x}}{{y}}{{z}}{{/c}}{{y}}{{/b}}{{x}}{{/a}}", "{\"a\":{\"x\":1,\"b\":{\"y\":2,\"c\":{\"z\":3}}}}", "112123" "21", { 0 } },
	{ "a sibling is reached from inside", "{{#a}}{{#b}}{{x}}{{y}}{{/b}}{{/a}}", "{\"a\":{\"x\":1},\"b\":{\"y\":2}}", "12", { 0 } },
	{ "a list is gone through", "{{#l}}{{n}}{{/l}}", "{\"l\":[{\"n\":1},{\"n\":2},{\"n\":3}]}", "123", { 0 } },
	{ "lists in lists", "{{#l}}{{m.u}}{{#k}}{{m.u}}{{n}}.{{/k}}{{/l}}", "{\"l\":[{\"m\":{\"u\":\"A\"},\"k\":[{\"n\":1},{\"n\":2}]}]}", "AA1.A2.", { 0 } },
	{ "a list of false things is still gone through", "{{#l}}x{{/l}}", "{\"l\":[false,null,\"\"]}", "xxx", { 0 } },
	{ "a list of texts", "{{#l}}({{.}}){{/l}}", "{\"l\":[\"a\",\"b\"]}", "(a)(b)", { 0 } },
	{ "a list of integers", "{{#l}}({{.}}){{/l}}", "{\"l\":[1,2]}", "(1)(2)", { 0 } },
	{ "a list of decimals", "{{#l}}({{.}}){{/l}}", "{\"l\":[1.10,2.20,5.50]}", "(1.1)(2.2)(5.5)", { 0 } },
	{ "a list of lists", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", "{\"l\":[[1,2],[\"a\",\"b\"]]}", "(12)(ab)", { 0 } },
	{ "the iterator escapes", "{{#l}}({{.}}){{/l}}", "{\"l\":[\"&\",\"\\\"\",\"<\",\">\"]}", "(&amp;)(&quot;)(&lt;)(&gt;)", { 0 } },
	{ "the iterator in three braces does not", "{{#l}}({{{.}}}){{/l}}", "{\"l\":[\"&\",\"<\"]}", "(&)(<)", { 0 } },
	{ "the iterator after an ampersand does not", "{{#l}}({{&.}}){{/l}}", "{\"l\":[\"&\",\"<\"]}", "(&)(<)", { 0 } },
	{ "the whole data, a list", "{{#.}}({{v}}){{/.}}", "[{\"v\":\"a\"},{\"v\":\"b\"}]", "(a)(b)", { 0 } },
	{ "the same section twice", "{{#b}}\n* 1\n{{/b}}\n* {{t}}\n{{#b}}\n* 3\n{{/b}}\n", "{\"b\":true,\"t\":\"2\"}", "* 1\n* 2\n* 3\n", { 0 } },
	{ "the same inside itself, true", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "{\"b\":true}", "| A B C D E |", { 0 } },
	{ "the same inside itself, false", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "{\"b\":false}", "| A  E |", { 0 } },
	{ "a dotted name, true", "({{#a.b.c}}x{{/a.b.c}})", "{\"a\":{\"b\":{\"c\":true}}}", "(x)", { 0 } },
	{ "a dotted name, false", "({{#a.b.c}}x{{/a.b.c}})", "{\"a\":{\"b\":{\"c\":false}}}", "()", { 0 } },
	{ "a dotted name that breaks off", "({{#a.b.c}}x{{/a.b.c}})", "{\"a\":{}}", "()", { 0 } },
	{ "blanks around stay", " | {{#b}}\t|\t{{/b}} | \n", "{\"b\":true}", " | \t|\t | \n", { 0 } },
	{ "blanks inside stay", " | {{#b}} {{! note }}\n {{/b}} | \n", "{\"b\":true}", " |  \n  | \n", { 0 } },
	{ "on one line nothing disappears", " {{#b}}YES{{/b}}\n {{#b}}GOOD{{/b}}\n", "{\"b\":true}", " YES\n GOOD\n", { 0 } },
	{ "two tags on a line are not alone", "({{#b}} {{/b}}\n)", "{\"b\":true}", "( \n)", { 0 } },
	{ "alone, the lines disappear", "| a\n{{#b}}\n|\n{{/b}}\n| b\n", "{\"b\":true}", "| a\n|\n| b\n", { 0 } },
	{ "alone and indented", "| a\n  {{#b}}\n|\n  {{/b}}\n| b\n", "{\"b\":true}", "| a\n|\n| b\n", { 0 } },
	{ "alone with CR LF", "|\r\n{{#b}}\r\n{{/b}}\r\n|", "{\"b\":true}", "|\r\n|", { 0 } },
	{ "alone on the first line", "  {{#b}}\n#{{/b}}\n/", "{\"b\":true}", "#\n/", { 0 } },
	{ "alone on the last line", "#{{#b}}\n/\n  {{/b}}", "{\"b\":true}", "#\n/\n", { 0 } },
	{ "alone in a list", "{{#l}}\n- {{.}}\n{{/l}}\n", "{\"l\":[1,2]}", "- 1\n- 2\n", { 0 } },
	{ "empty lines inside stay", "{{#b}}\n\nx\n\n{{/b}}\n", "{\"b\":true}", "\nx\n\n", { 0 } },
	{ "padding", "|{{# b }}={{/ b }}|", "{\"b\":true}", "|=|", { 0 } },
};

static const struct spec_case inverted[] = {
	{ "false", "({{^a}}x{{/a}})", "{\"a\":false}", "(x)", { 0 } },
	{ "true", "({{^a}}x{{/a}})", "{\"a\":true}", "()", { 0 } },
	{ "null", "({{^a}}x{{/a}})", "{\"a\":null}", "(x)", { 0 } },
	{ "missing", "({{^a}}x{{/a}})", "{}", "(x)", { 0 } },
	{ "an object", "({{^a}}x{{n}}{{/a}})", "{\"a\":{\"n\":1}}", "()", { 0 } },
	{ "a list", "({{^a}}x{{/a}})", "{\"a\":[{\"n\":1},{\"n\":2}]}", "()", { 0 } },
	{ "an empty list", "({{^a}}x{{/a}})", "{\"a\":[]}", "(x)", { 0 } },
	{ "an empty text, as for sections", "({{^a}}x{{/a}})", "{\"a\":\"\"}", "(x)", { 0 } },
	{ "zero, as for sections", "({{^a}}x{{/a}})", "{\"a\":0}", "(x)", { 0 } },
	{ "a text", "({{^a}}x{{/a}})", "{\"a\":\"0\"}", "()", { 0 } },
	{ "twice", "{{^b}}\n* 1\n{{/b}}\n* {{t}}\n{{^b}}\n* 3\n{{/b}}\n", "{\"b\":false,\"t\":\"2\"}", "* 1\n* 2\n* 3\n", { 0 } },
	{ "inside itself, false", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "{\"b\":false}", "| A B C D E |", { 0 } },
	{ "inside itself, true", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "{\"b\":true}", "| A  E |", { 0 } },
	{ "both ways", "{{#b}}yes{{/b}}{{^b}}no{{/b}}", "{\"b\":false}", "no", { 0 } },
	{ "it pushes no context", "{{^b}}{{#o}}{{^b}}{{n}}{{/b}}{{/o}}{{/b}}", "{\"b\":false,\"o\":{\"n\":1}}", "1", { 0 } },
	{ "a dotted name, true", "({{^a.b.c}}x{{/a.b.c}})", "{\"a\":{\"b\":{\"c\":true}}}", "()", { 0 } },
	{ "a dotted name, false", "({{^a.b.c}}x{{/a.b.c}})", "{\"a\":{\"b\":{\"c\":false}}}", "(x)", { 0 } },
	{ "a dotted name that breaks off", "({{^a.b.c}}x{{/a.b.c}})", "{\"a\":{}}", "(x)", { 0 } },
	{ "blanks around stay", " | {{^b}}\t|\t{{/b}} | \n", "{\"b\":false}", " | \t|\t | \n", { 0 } },
	{ "blanks inside stay", " | {{^b}} {{! note }}\n {{/b}} | \n", "{\"b\":false}", " |  \n  | \n", { 0 } },
	{ "on one line nothing disappears", " {{^b}}NO{{/b}}\n {{^b}}WAY{{/b}}\n", "{\"b\":false}", " NO\n WAY\n", { 0 } },
	{ "alone, the lines disappear", "| a\n{{^b}}\n|\n{{/b}}\n| b\n", "{\"b\":false}", "| a\n|\n| b\n", { 0 } },
	{ "alone and indented", "| a\n  {{^b}}\n|\n  {{/b}}\n| b\n", "{\"b\":false}", "| a\n|\n| b\n", { 0 } },
	{ "alone with CR LF", "|\r\n{{^b}}\r\n{{/b}}\r\n|", "{\"b\":false}", "|\r\n|", { 0 } },
	{ "alone on the first line", "  {{^b}}\n^{{/b}}\n/", "{\"b\":false}", "^\n/", { 0 } },
	{ "alone on the last line", "^{{^b}}\n/\n  {{/b}}", "{\"b\":false}", "^\n/\n", { 0 } },
	{ "padding", "|{{^ b }}={{/ b }}|", "{\"b\":false}", "|=|", { 0 } },
};

static const struct spec_case partials[] = {
	{ "a partial", "({{>p}})", "{}", "(text)", { "p", "text" } },
	{ "none of that name: empty", "({{>p}})", "{}", "()", { 0 } },
	{ "it sees the context", "{{>p}}", "{\"a\":\"x\"}", "*x*", { "p", "*{{a}}*" } },
	{ "it sees the section's context", "{{#s}}{{>p}}{{/s}}", "{\"a\":1,\"s\":{\"a\":2}}", "2", { "p", "{{a}}" } },
	{ "in a list, once for each", "{{#l}}{{>p}}{{/l}}", "{\"l\":[1,2]}", "(1)(2)", { "p", "({{.}})" } },
	{ "a partial in a partial", "{{>o}}", "{\"a\":\"x\",\"b\":\"y\"}", "*x y!*", { "o", "*{{a}} {{>i}}*", "i", "{{b}}!" } },
	{ "one that includes itself", "{{>n}}", "{\"c\":\"X\",\"k\":[{\"c\":\"Y\",\"k\":[]}]}", "X<Y<>>", { "n", "{{c}}<{{#k}}{{>n}}{{/k}}>" } },
	{ "blanks around stay", "| {{>p}} |", "{}", "| \t|\t |", { "p", "\t|\t" } },
	{ "not alone: no indent", "  {{d}}  {{> p}}\n", "{\"d\":\"|\"}", "  |  >\n>\n", { "p", ">\n>" } },
	{ "text after it: not alone", "  {{>p}} x\n", "{}", "  >\n> x\n", { "p", ">\n>" } },
	{ "alone with CR LF", "|\r\n{{>p}}\r\n|", "{}", "|\r\n>|", { "p", ">" } },
	{ "alone on the first line", "  {{>p}}\n>", "{}", "  >\n  >>", { "p", ">\n>" } },
	{ "alone on the last line", ">\n  {{>p}}", "{}", ">\n  >\n  >", { "p", ">\n>" } },
	{ "alone: each line is indented, values are not", "\\\n {{>p}}\n/\n", "{\"c\":\"<\\n->\"}", "\\\n |\n <\n->\n |\n/\n", { "p", "|\n{{{c}}}\n|\n" } },
	{ "the indent may be a tab", "\t{{>p}}\n", "{}", "\ta\n\tb\n", { "p", "a\nb\n" } },
	{ "empty lines are lines", "  {{>p}}\n", "{}", "  a\n  \n  b\n", { "p", "a\n\nb\n" } },
	{ "lines of CR LF are indented once", " {{>p}}\n", "{}", " a\r\n b\r\n", { "p", "a\r\nb\r\n" } },
	{ "indents add up", " {{>o}}\n", "{}", " a\n   b\n   c\n d\n", { "o", "a\n  {{>i}}\nd\n", "i", "b\nc\n" } },
	{ "a partial within a line keeps the outer indent only", " {{>o}}\n", "{}", " (b\nc)\n", { "o", "({{>i}})\n", "i", "b\nc" } },
	{ "lone tags in an indented partial disappear", " {{>p}}\n", "{\"s\":true}", " a\n b\n c\n", { "p", "a\n{{#s}}\nb\n{{/s}}\nc\n" } },
	{ "sections in an indented partial", "  {{>p}}\n", "{\"l\":[1,2]}", "  - 1\n  - 2\n", { "p", "{{#l}}\n- {{.}}\n{{/l}}\n" } },
	{ "a section that begins a line is indented once", " {{>p}}\n", "{\"l\":[1,2]}", " 12!\n", { "p", "{{#l}}{{.}}{{/l}}!\n" } },
	{ "a value that begins a line is indented", "  {{>p}}\n", "{\"a\":1}", "  1\n  1\n", { "p", "{{a}}\n{{a}}\n" } },
	{ "padding", "|{{> p }}|", "{}", "|[]|", { "p", "[]" } },
	{ "a name with a slash", "{{> a/b }}", "{}", "x", { "a/b", "x" } },
	{ "an empty partial, alone", "a\n  {{>p}}\nb\n", "{}", "a\nb\n", { "p", "" } },
	{ "a missing partial, alone", "a\n  {{>p}}\nb\n", "{}", "a\nb\n", { 0 } },
};
/* clang-format on */

static const char *
case_partial(const char *name, void *user)
{
	const struct spec_case *c = user;

	for (size_t i = 0; i + 1 < 6 && c->partials[i] != NULL; i += 2) {
		if (strcmp(c->partials[i], name) == 0)
			return c->partials[i + 1];
	}
	return NULL;
}

static int
is_met(const struct spec_case *c)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *data = json_loads(c->data, JSON_DECODE_ANY, NULL);
	struct ouv_tmpl_error error = { "", 0, "" };
	struct ouv_str got = { "", 0 };
	enum ouv_err err;
	int met;

	assert_non_null(data);
	err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", c->text, data,
		case_partial, (void *)c, &got, &error);
	met = err == OUV_OK && got.len == strlen(c->want) &&
	      memcmp(got.p, c->want, got.len) == 0;
	if (!met)
		print_error("%s: [%.*s] for [%s]; %s\n", c->rule, (int)got.len,
			got.p, c->want, error.what);
	json_decref(data);
	ouv_arena_free(&arena);
	return met;
}

#define WALK(table)                                                \
	do {                                                       \
		size_t count = sizeof(table) / sizeof((table)[0]); \
		size_t met = 0;                                    \
                                                                   \
		(void)state;                                       \
		for (size_t i = 0; i < count; i++)                 \
			met += is_met(&(table)[i]) ? 1 : 0;        \
		assert_int_equal(met, count);                      \
	} while (0)

static void
comments_leave_nothing(void **state)
{
	WALK(comments);
}

static void
delimiters_hold_for_their_own_text(void **state)
{
	WALK(delimiters);
}

static void
values_are_put_in(void **state)
{
	WALK(interpolation);
}

static void
sections_are_put_in_for_each_true_thing(void **state)
{
	WALK(sections);
}

static void
inverted_sections_are_put_in_for_nothing(void **state)
{
	WALK(inverted);
}

static void
partials_are_put_in_where_they_stand(void **state)
{
	WALK(partials);
}

/* ---- what is no template ------------------------------------------------ */

struct bad_case {
	const char *text;
	int line;
	const char *what; /* a part of the message */
};

/* clang-format off */
static const struct bad_case bad[] = {
	{ "a {{b", 1, "never closed" },
	{ "a\n{{{b}} c", 2, "never closed" },
	{ "a\n\n{{!b", 3, "never closed" },
	{ "{{=<% %>}} x", 1, "never closed" },
	{ "{{}}", 1, "without a name" },
	{ "\n{{ }}", 2, "without a name" },
	{ "{{#}}{{/}}", 1, "without a name" },
	{ "{{>}}", 1, "without a name" },
	{ "{{a b}}", 1, "a space" },
	{ "{{>a b}}", 1, "a space" },
	{ "\n{{#a}}\n\n", 2, "never ended" },
	{ "{{^a}}", 1, "never ended" },
	{ "{{#a}}{{#b}}{{/b}}", 1, "section a is never ended" },
	{ "\n{{/a}}", 2, "not begun" },
	{ "{{#a}}\n{{#b}}\n{{/a}}{{/b}}", 3, "of line 2 must come first" },
	{ "{{#a}}{{/ab}}", 1, "must come first" },
	{ "{{=|=}}", 1, "two" },
	{ "{{= | =}}", 1, "two" },
	{ "{{==}}", 1, "two" },
	{ "{{=| | |=}}", 1, "two, not more" },
	{ "{{=|= |=}}", 1, "equals sign" },
	{ "{{=aaaaaaaaaaaaaaaaa b=}}", 1, "16 bytes" },
};
/* clang-format on */

static void
what_is_no_template_is_refused_with_its_line(void **state)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *data = json_object();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ouv_tmpl_error error = { "", 0, "" };
		struct ouv_str got = { "untouched", 9 };
		enum ouv_err err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC,
			"case", bad[i].text, data, NULL, NULL, &got, &error);

		if (err != OUV_INVALID || error.line != bad[i].line ||
			strstr(error.what, bad[i].what) == NULL)
			fail_msg("[%s]: line %d: %s", bad[i].text, error.line,
				error.what);
		assert_string_equal(error.template, "case");
		assert_string_equal(got.p, "untouched");
	}
	json_decref(data);
	ouv_arena_free(&arena);
}

static enum ouv_err
render_nested(unsigned depth)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *data = json_pack("{s:b}", "a", 1);
	struct ouv_str got;
	struct ouv_buf text;
	enum ouv_err err;

	ouv_buf_init(&text, arena, 1024);
	for (unsigned i = 0; i < depth; i++)
		ouv_buf_text(&text, "{{#a}}");
	for (unsigned i = 0; i < depth; i++)
		ouv_buf_text(&text, "{{/a}}");
	err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", text.data,
		data, NULL, NULL, &got, NULL);
	json_decref(data);
	ouv_arena_free(&arena);
	return err;
}

static void
sections_go_64_deep_and_no_deeper(void **state)
{
	(void)state;
	assert_int_equal(render_nested(64), OUV_OK);
	assert_int_equal(render_nested(65), OUV_INVALID);
}

static enum ouv_err
render_long(size_t len)
{
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	char *text = ouv_arena_alloc(arena, len + 1);
	json_t *data = json_object();
	struct ouv_str got = { "", 0 };
	enum ouv_err err;

	memset(text, 'x', len);
	err = ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", text, data,
		NULL, NULL, &got, NULL);
	if (err == OUV_OK)
		assert_int_equal(got.len, len);
	json_decref(data);
	ouv_arena_free(&arena);
	return err;
}

static void
a_text_may_have_a_mebibyte_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(render_long(1 << 20), OUV_OK);
	assert_int_equal(render_long((1 << 20) + 1), OUV_INVALID);
}

/* {"n":1,"next":{"n":1,"next": ... null}} with depth objects. */
static json_t *
chain(unsigned depth)
{
	json_t *data = json_null();

	for (unsigned i = 0; i < depth; i++)
		data = json_pack("{s:i,s:o}", "n", 1, "next", data);
	return data;
}

static void
partials_go_100_deep_and_no_deeper(void **state)
{
	static const struct spec_case node = { "", "{{>p}}", "", "",
		{ "p", "{{n}}{{#next}}{{>p}}{{/next}}" } };
	struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
	json_t *fits = chain(100);
	json_t *too_deep = chain(101);
	struct ouv_tmpl_error error;
	struct ouv_str got;

	(void)state;
	assert_int_equal(
		ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", node.text,
			fits, case_partial, (void *)&node, &got, &error),
		OUV_OK);
	assert_int_equal(got.len, 100);
	assert_int_equal(
		ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case", node.text,
			too_deep, case_partial, (void *)&node, &got, &error),
		OUV_INVALID);
	assert_string_equal(error.template, "p");
	json_decref(fits);
	json_decref(too_deep);
	ouv_arena_free(&arena);
}

static void
a_partial_without_end_is_ended(void **state)
{
	static const struct spec_case twice = { "", "{{>p}}", "", "",
		{ "p", "x{{>p}}{{>p}}" } };
	static const struct spec_case wide = { "", "{{>p}}", "", "",
		{ "p", "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
		       "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}" } };
	const struct spec_case *cases[] = { &twice, &wide };
	json_t *data = json_pack(
		"{s:[iiiiiiiiii]}", "l", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct ouv_arena *arena = ouv_arena_new(OUV_ARENA_PLAIN);
		struct ouv_str got;

		assert_int_equal(
			ouv_tmpl_render_text(arena, OUV_TMPL_SPEC, "case",
				cases[i]->text, data, case_partial,
				(void *)cases[i], &got, NULL),
			OUV_INVALID);
		ouv_arena_free(&arena);
	}
	json_decref(data);
}

static void
a_template_and_a_partial_of_one_name_are_two(void **state)
{
	static const struct spec_case c = { "", "a{{>case}}b", "{}", "aPb",
		{ "case", "P" } };

	(void)state;
	assert_true(is_met(&c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_leave_nothing),
		cmocka_unit_test(delimiters_hold_for_their_own_text),
		cmocka_unit_test(values_are_put_in),
		cmocka_unit_test(sections_are_put_in_for_each_true_thing),
		cmocka_unit_test(inverted_sections_are_put_in_for_nothing),
		cmocka_unit_test(partials_are_put_in_where_they_stand),
		cmocka_unit_test(what_is_no_template_is_refused_with_its_line),
		cmocka_unit_test(sections_go_64_deep_and_no_deeper),
		cmocka_unit_test(a_text_may_have_a_mebibyte_and_no_more),
		cmocka_unit_test(partials_go_100_deep_and_no_deeper),
		cmocka_unit_test(a_partial_without_end_is_ended),
		cmocka_unit_test(a_template_and_a_partial_of_one_name_are_two),
	};

	return cmocka_run_group_tests_name("tmpl", tests, NULL, NULL);
}

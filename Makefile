# Ouvidoria: the only makefile.  `make help` lists the targets.
#
#   make run     a working office on this machine     make check   every test
#
# SAN=address,undefined builds with sanitizers into a folder of its own.
# LIBS="base mail" builds the archive of those folders alone (work on one).

B       := build/$(or $(SAN),plain)
PREFIX  ?= /usr/local
CC      ?= gcc
VERSION := 0.1.0
LIBS    ?= attach base case fence layout print vault mail ocr store tmpl lint text zip desk

warn := -Wall -Wextra -Wshadow -Wformat=2 -Wvla -Wundef -Wstrict-prototypes \
        -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Werror
hard := -fPIE -fstack-protector-strong -fstack-clash-protection \
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
san  := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
PKGS := libpq libsodium libmicrohttpd gnutls icu-uc icu-i18n \
        jansson liboath

CPPFLAGS  += -Iinclude -D_GNU_SOURCE -DOUV_VERSION='"$(VERSION)"' \
             $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
CFLAGS    ?= -O2 -g
ALL_CFLAGS = -std=c17 $(warn) $(if $(SAN),$(san),$(hard)) $(CFLAGS)
LDFLAGS   += $(if $(SAN),$(san),-pie -Wl,-z,relro,-z,now)
# Debian's libetpan.pc names a linker spec that turns PIE off: plain -letpan.
LDLIBS    += $(shell pkg-config --libs $(PKGS) 2>/dev/null) \
             -letpan -linih -lseccomp -lpthread

src      = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard $(1))))
lib     := $(foreach d,$(LIBS),$(call src,lib/$(d)/*.c))
archive := $(B)/libouv$(if $(filter-out attach base case fence layout print vault mail ocr store tmpl lint text zip desk,$(LIBS)),x).a
programs := ouvidoria ouvidoria-server ouvidoria-mailgw
bins    := $(addprefix $(B)/,$(programs))
unit    := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(sort $(wildcard tests/unit/*_test.c)))
replay  := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
PYTHON  := /usr/bin/python3
sources := $(sort $(wildcard include/ouv/*.h lib/*/*.[ch] server/*.[ch] \
             mailgw/*.[ch] admin/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch] \
             tests/bench/*.[ch]))

.PHONY: all help run check unit fuzz-replay integration browser fuzz bench \
        layers format format-check tidy pie deps deps-check install clean \
        programs cover screens pictures runs samples

all: programs

help:
	@echo "all run check unit integration browser bench fuzz tidy format"
	@echo "format-check layers install clean; SAN=address,undefined"

# ---- building ---------------------------------------------------------------

programs: $(bins)
ifeq ($(SAN),)
	@ln -sf $(addprefix plain/,$(programs)) build/
endif

$(B)/libouv.a: $(lib)
	@rm -f $@
	@$(AR) rcs $@ $^

$(B)/ouvidoria: $(call src,admin/*.c) $(B)/libouv.a
$(B)/ouvidoria-server: $(call src,server/*.c) $(B)/libouv.a
$(B)/ouvidoria-mailgw: $(call src,mailgw/*.c) $(B)/libouv.a
$(bins):
	@echo "  LD  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC  $<"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libouv.a
	@echo "  LD  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

# The picture of an authenticator's secret; copies of cases as archives.
$(B)/ouvidoria-server: LDLIBS += -lqrencode

# Copies of cases as archives, which the console and the operator hand out.
zip := $(addprefix $(B)/,ouvidoria ouvidoria-server tests/unit/unzip_test \
         tests/fuzz/fuzz_unzip)
$(zip): LDLIBS += -larchive -lz

# iCalendar files are read by the operator's command alone.
ical := $(addprefix $(B)/,ouvidoria tests/unit/icalendar_test tests/fuzz/fuzz_ical)
$(ical): LDLIBS += -lical

# Pages on paper: pango and cairo lay them out, qpdf and lcms2 make them last.
paper := pangocairo pangoft2 libqpdf lcms2
printing := $(addprefix $(B)/,ouvidoria-server ouvidoria tests/unit/print_test \
              tests/bench/bench_print)
$(printing): LDLIBS += $(shell pkg-config --libs $(paper) 2>/dev/null) -lqrencode
$(B)/lib/print/%.o: CPPFLAGS += $(subst -I,-isystem ,$(shell pkg-config --cflags $(paper) 2>/dev/null))

# PDFs are read by the console alone, and there behind a fence.
poppler := $(addprefix $(B)/,ouvidoria-server tests/unit/reader_test tests/unit/look_test \
             tests/unit/scanner_test tests/bench/bench_scan)
$(B)/tests/fuzz/fuzz_office $(B)/tests/fuzz/fuzz_picture: LDLIBS += -lz
$(poppler): LDLIBS += $(shell pkg-config --libs poppler-glib 2>/dev/null) -lz -lm
$(B)/lib/attach/pdf.o $(B)/lib/attach/pdf_page.o: CPPFLAGS += $(subst -I,-isystem ,$(shell pkg-config --cflags poppler-glib 2>/dev/null))

# Words of pictures, behind a fence too.
scanning := $(addprefix $(B)/,ouvidoria-server tests/unit/scanner_test \
              tests/bench/bench_scan)
$(scanning): LDLIBS += -ltesseract -llept -lgomp -lm
$(B)/tests/unit/scanner_test.o $(B)/tests/bench/bench_scan.o: CPPFLAGS += $(subst -I,-isystem ,$(shell pkg-config --cflags cairo 2>/dev/null))

# Pages of mails are rebuilt by the console alone, behind a fence.
gumbo := $(addprefix $(B)/,ouvidoria-server tests/unit/layout_test \
           tests/unit/painter_test tests/fuzz/fuzz_layout)
$(gumbo): LDLIBS += -lgumbo

# Readers of others, to compare with; no program needs them.
$(B)/tests/unit/mail_tnef_test: LDLIBS += -lytnef
$(B)/tests/unit/mail_lang_test: LDLIBS += -lexttextcat-2.0
gmime := $(B)/tests/unit/mail_oracle_test $(B)/tests/unit/mail_pass_test $(B)/tests/unit/letters_mail_test \
         $(B)/tests/bench/readers
$(gmime): LDLIBS += $(shell pkg-config --libs gmime-3.0 2>/dev/null)
$(gmime:=.o): CPPFLAGS += $(shell pkg-config --cflags gmime-3.0 2>/dev/null)

$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/tests/fuzz/replay.o $(B)/libouv.a
	@echo "  LD  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/tests/bench/%: $(B)/tests/bench/%.o $(B)/libouv.a
	@echo "  LD  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- tests --------------------------------------------------------------------

unit: $(unit)
	@$(PYTHON) tests/run.py --build $(B) unit

fuzz-replay: $(replay)
	@$(PYTHON) tests/run.py --build $(B) replay

$(B)/tests/integration/net_probe: $(B)/tests/integration/net_probe.o \
    $(patsubst %,$(B)/mailgw/%.o,guard tls imap imap_mail smtp) $(B)/libouv.a
	@echo "  LD  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The gateway with another parser behind the same fence.
$(B)/tests/integration/trapped_gateway: $(B)/tests/integration/trapped_gateway.o \
    $(filter-out $(B)/mailgw/understand.o,$(call src,mailgw/*.c)) $(B)/libouv.a
	@echo "  LD  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Preloaded: another time of day, and somebody who watches passwords stretched.
$(B)/tests/integration/%.so: tests/integration/%.c Makefile
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(CC) $(CPPFLAGS) -std=c17 $(warn) $(CFLAGS) -fPIC -shared -o $@ $<

probes := $(addprefix $(B)/tests/integration/,net_probe trapped_gateway moved_clock.so \
            watched_hash.so) \
          $(B)/tests/bench/office_of
floor  := $(B)/tests/bench/floor $(B)/tests/bench/fence $(B)/tests/bench/readers \
          $(B)/tests/bench/bench_tmpl $(B)/tests/bench/bench_clock \
          $(B)/tests/bench/bench_search $(B)/tests/bench/bench_scan $(B)/tests/bench/office_of \
          $(B)/tests/bench/bench_print

integration: programs $(probes)
	@$(PYTHON) tests/run.py --build $(B) integration

browser: programs
	@$(PYTHON) tests/run.py --build $(B) browser

# Everything, then one line: N passed, N failed.
check: deps-check
	@$(MAKE) --no-print-directory -j2 check-built
	@$(PYTHON) tests/run.py --build $(B) all

.PHONY: check-built
check-built: programs $(unit) $(replay) $(probes) $(floor)

bench: programs $(floor)
	@$(PYTHON) tests/bench/bench.py --build $(B)

# Pictures of the console and of letters, for docs/screens.
screens: programs
	@OUV_BUILD=$(abspath $(B)) $(PYTHON) tools/screens.py
	@OUV_BUILD=$(abspath $(B)) $(PYTHON) tools/mail_screens.py

# What comes out on paper, for docs/samples.
samples: $(B)/tests/bench/bench_print
	@mkdir -p docs/samples
	@$(B)/tests/bench/bench_print docs/samples/letter.pdf
	@OUV_BUILD=$(abspath $(B)) OUV_SAMPLES=$(abspath docs/samples) \
	  $(PYTHON) -m pytest -q -k decision_its_reasons \
	  tests/integration/test_casefile_decided.py

# The picture of the workflow, from the table the programs run on (graphviz).
pictures: programs
	@$(B)/ouvidoria workflow --dot > docs/workflow.dot
	@dot -Tsvg docs/workflow.dot > docs/workflow.svg

# Three whole cases as transcripts, for docs/runs.
runs: programs $(probes)
	@OUV_BUILD=$(abspath $(B)) OUV_RUNS=$(abspath docs/runs) \
		$(PYTHON) -m pytest -q tests/integration/test_runs.py

fuzz:
	@tests/fuzz/fuzz.sh $(SECONDS_EACH)

# ---- checks ---------------------------------------------------------------------

layers:
	@sh tests/layers.sh

# libetpan's linker spec once took PIE away unnoticed.
pie: $(bins)
	@for f in $(bins); do readelf -h $$f | grep -q 'Type:.*DYN' || \
	  { echo "$$f is not position independent"; exit 1; }; done

format:
	clang-format -i $(sources)

format-check:
	@clang-format --dry-run -Werror $(sources)

# The product's own sources; tests include .c files and write as they like.
tidy_sources := $(sort $(wildcard lib/*/*.c server/*.c mailgw/*.c admin/*.c))
tidy:
	@$(PYTHON) tests/tidy.py $(tidy_sources) -- -Iinclude -D_GNU_SOURCE \
	  '-DOUV_VERSION="$(VERSION)"' -std=c17 \
	  $(subst -I/,-isystem /,$(shell pkg-config --cflags $(PKGS) \
	    poppler-glib $(paper) 2>/dev/null))

# ---- running, installing -----------------------------------------------------------

run: deps
	@exec $(PYTHON) tools/office.py run

deps:
	@sh tools/deps.sh run

deps-check:
	@sh tools/deps.sh check

share := $(DESTDIR)$(PREFIX)/share/ouvidoria
install: programs
	install -d $(DESTDIR)$(PREFIX)/bin $(share) \
	  $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 \
	  $(DESTDIR)$(PREFIX)/share/man/man8 $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(bins) $(DESTDIR)$(PREFIX)/bin
	cp -R templates migrations static lint calendars deadlines codes $(share)
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 man/*.8 $(DESTDIR)$(PREFIX)/share/man/man8
	install -m 644 etc/*.service etc/*.timer \
	  $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 644 etc/*.sample $(share)

clean:
	rm -rf build

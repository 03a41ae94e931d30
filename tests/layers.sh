#!/bin/sh
# layers.sh - who may include whom; the picture is in docs/architecture.md
cd "$(dirname "$0")/.." || exit 1
bad=0

# refuse PATTERN FILES... : no file of these may match
refuse() {
	why=$1; pattern=$2; shift 2
	found=$(grep -nE "$pattern" "$@" /dev/null 2>/dev/null)
	[ -z "$found" ] && return
	echo "$why:"; echo "$found"; bad=1
}

inc='^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]'
all=$(find include lib server mailgw admin -name '*.[ch]')
not() { echo "$all" | tr ' ' '\n' | grep -vE "$1"; }

refuse 'libpq belongs to lib/store' "${inc}(libpq-fe|pg_config|postgres)" $(not '^lib/store/')
refuse 'libsodium belongs to lib/vault' "${inc}sodium" $(not '^lib/vault/')
refuse 'libmicrohttpd belongs to server/http.c' "${inc}microhttpd" $(not '^server/http\.c$')
refuse 'libetpan belongs to lib/mail and the network files of mailgw' "${inc}libetpan" \
	$(not '^lib/mail/|^mailgw/(imap|smtp|tls|guard)[a-z_]*\.[ch]$')
refuse 'poppler belongs to lib/attach/pdf*.c' "${inc}(poppler|glib)" $(not '^lib/attach/pdf(_page)?\.c$')
refuse 'tesseract and leptonica belong to lib/ocr' "${inc}(tesseract|leptonica|omp)" $(not '^lib/ocr/')
refuse 'zlib belongs to lib/attach and lib/zip/unzip.c' "${inc}zlib" $(not '^lib/(attach/[a-z_]*|zip/unzip)\.c$')
refuse 'gumbo belongs to lib/layout/tree.c' "${inc}gumbo" $(not '^lib/layout/tree\.c$')
refuse 'pango, cairo, fontconfig, qpdf, lcms2 belong to lib/print' "${inc}(pango|cairo|fontconfig|qpdf|lcms2)" $(not '^lib/print/')
refuse 'pages are rebuilt by server/painter.c alone, behind its fence' "${inc}ouv/layout\.h" $(not '^lib/layout/|^server/painter\.c$')
refuse 'libarchive belongs to lib/zip/zip.c' "${inc}archive" $(not '^lib/zip/zip\.c$')
refuse 'attachments are read by server/reader.c and server/scanner.c alone, behind their fences' "${inc}ouv/attach\.h" $(not '^lib/attach/|^server/(reader|scanner)\.c$')
refuse 'pictures are read by server/scanner.c alone, behind its fences' "${inc}ouv/ocr\.h" $(not '^lib/ocr/|^server/scanner\.c$')
refuse 'lib/attach, lib/layout, lib/print, lib/ocr, lib/zip and lib/fence know base only' "${inc}ouv/(case|vault|mail|store|tmpl|lint|text|desk|gateway|setup|config|clock)\.h" lib/attach/* lib/layout/* lib/print/* lib/ocr/* lib/zip/* lib/fence/*
refuse 'libical belongs to lib/desk/icalendar.c' "${inc}libical" $(not '^lib/desk/icalendar\.c$')
refuse 'lib/base includes nothing of ours above it' "${inc}ouv/(case|vault|mail|store|tmpl|desk|gateway|setup)\.h" lib/base/*
refuse 'lib/case is pure' "${inc}(ouv/(vault|mail|store|tmpl|desk|gateway|setup|clock|log|config|arena)\.h|time\.h|unistd\.h|stdlib\.h)" lib/case/*
for one in store vault mail tmpl lint; do
	for other in store vault mail tmpl lint desk gateway setup; do
		[ "$one" = "$other" ] && continue
		refuse "lib/$one does not know $other" "${inc}ouv/$other\.h" lib/$one/*
	done
done
refuse 'lib/text knows base and case only' "${inc}ouv/(vault|mail|store|tmpl|lint|desk|gateway|setup|config|log|clock)\.h" lib/text/* include/ouv/text.h
refuse 'the programs never meet' "${inc}\.\./" server/*.[ch] mailgw/*.[ch] admin/*.[ch]
refuse 'private headers stay in their folder' "${inc}.*lib/" $(not '^$')
refuse 'the programs reach the database through the desk' "${inc}ouv/store\.h" server/*.[ch] mailgw/*.[ch] admin/*.[ch]

[ $bad = 0 ] && echo "layers hold"
exit $bad

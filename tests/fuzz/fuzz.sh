#!/bin/sh
# fuzz.sh [SECONDS] [TARGET...] - builds the fuzz targets with clang's libFuzzer
# and runs each for so long; finds go to build/fuzz/finds, to become seeds.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- tests/fuzz/fuzz_*.c
pkgs="libpq libsodium libmicrohttpd gnutls icu-uc icu-i18n libxml-2.0 jansson liboath"
san="-fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p build/fuzz/finds
make -s CC=clang B=build/fuzz/lib CFLAGS="-O1 -g -fsanitize=fuzzer-no-link $san" build/fuzz/lib/libouv.a
for source; do
	name=$(basename "$source" .c)
	mkdir -p "build/fuzz/corpus/$name"
	# shellcheck disable=SC2046
	clang -std=c17 -D_GNU_SOURCE -DOUV_VERSION='"fuzz"' -Iinclude -O1 -g -fsanitize=fuzzer $san \
		$(pkg-config --cflags $pkgs) "tests/fuzz/$name.c" build/fuzz/lib/libouv.a \
		$(pkg-config --libs $pkgs) -letpan -linih -lseccomp -lpthread -o "build/fuzz/$name"
	dict=
	[ -f "tests/fuzz/${name#fuzz_}.dict" ] && dict="-dict=tests/fuzz/${name#fuzz_}.dict"
	echo "$name: $seconds s"
	"build/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix=build/fuzz/finds/ -print_final_stats=1 $dict \
		"build/fuzz/corpus/$name" "tests/fuzz/seeds/${name#fuzz_}" 2>&1 |
		grep -E "ERROR|SUMMARY|stat::(number_of_executed_units|peak_rss)" || true
done
if [ -n "$(ls build/fuzz/finds)" ]; then
	ls build/fuzz/finds
	exit 1
fi

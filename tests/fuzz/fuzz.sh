#!/bin/sh
# fuzz.sh [SECONDS] [TARGET...] - builds the fuzz targets with clang's libFuzzer
# and runs each for so long; finds go to FUZZ_DIR/finds, to become seeds.
#
# FUZZ_DIR (build/fuzz) holds programs, growing corpora and finds.
# FUZZ_LOG, when set, gets one line of each run: when, target, seconds,
# executions, edges, features, inputs in the corpus, finds.
set -eu
cd "$(dirname "$0")/../.."
dir=${FUZZ_DIR:-build/fuzz}
log=${FUZZ_LOG:-/dev/null}
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- tests/fuzz/fuzz_*.c
pkgs="libpq libsodium libmicrohttpd gnutls icu-uc icu-i18n jansson liboath"
san="-fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p "$dir/finds"
# Of seccomp's own macro clang says that a field is missing.
make -s CC=clang B="$dir/lib" \
	CFLAGS="-O1 -g -Wno-missing-field-initializers -fsanitize=fuzzer-no-link $san" \
	"$dir/lib/libouv.a"

build() {
	# shellcheck disable=SC2046,SC2086
	clang -std=c17 -D_GNU_SOURCE -DOUV_VERSION='"fuzz"' -Iinclude -O1 -g -fsanitize=fuzzer $san \
		$(pkg-config --cflags $pkgs) "tests/fuzz/$1.c" "$dir/lib/libouv.a" \
		$(pkg-config --libs $pkgs) -letpan -lical -linih -lseccomp -lz -lpthread -o "$dir/$1"
}

# The last number of this kind in the fuzzer's own words.
last() {
	grep -o "$1 [0-9]*" "$dir/$name.out" | tail -n 1 | grep -o '[0-9]*$' || echo 0
}

for source; do
	name=$(basename "$source" .c)
	seeds=tests/fuzz/seeds/${name#fuzz_}
	mkdir -p "$dir/corpus/$name"
	build "$name"
	set --
	[ -f "tests/fuzz/${name#fuzz_}.dict" ] && set -- "-dict=tests/fuzz/${name#fuzz_}.dict"
	begun=$(date +%s)
	good=true
	"$dir/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="$dir/finds/$name-" -print_final_stats=1 "$@" \
		"$dir/corpus/$name" "$seeds" >"$dir/$name.out" 2>&1 || good=false
	line="$(date -u +%FT%TZ) $name seconds=$(($(date +%s) - begun))"
	line="$line runs=$(last 'number_of_executed_units: *') edges=$(last cov:)"
	line="$line features=$(last ft:) corpus=$(ls "$dir/corpus/$name" | wc -l)"
	line="$line finds=$(ls "$dir/finds" | grep -c "^$name-" || true)"
	echo "$line"
	echo "$line" >>"$log"
	$good || grep -E "ERROR|SUMMARY|Test unit written" "$dir/$name.out" || true
done
if [ -n "$(ls "$dir/finds")" ]; then
	ls "$dir/finds"
	exit 1
fi

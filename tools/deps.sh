#!/bin/sh
# deps.sh - installs the Debian packages that building, running or testing needs
#
# usage: deps.sh run|check|list-run|list-check
#
# Asks nothing, and when nothing is missing it only looks.  Our office runs
# its own PostgreSQL, Dovecot and nginx on ports of its own, so the services
# that Debian would start for these packages are kept from starting: by
# policy-rc.d while dpkg works, and by disabling the units of those we brought.
set -eu
LC_ALL=C
export LC_ALL

run='gcc libc6-dev make pkg-config libpq-dev libsodium-dev libmicrohttpd-dev
libetpan-dev libgnutls28-dev libqrencode-dev libarchive-dev cracklib-runtime libgumbo-dev libical-dev libicu-dev libinih-dev libjansson-dev
liboath-dev libpango1.0-dev libqpdf-dev liblcms2-dev fonts-liberation
libtesseract-dev libleptonica-dev tesseract-ocr-por tesseract-ocr-eng tesseract-ocr-ita libpoppler-glib-dev zlib1g-dev libseccomp-dev libsasl2-modules
libsasl2-dev postgresql-15 dovecot-core dovecot-imapd dovecot-lmtpd nginx-light
python3 python3-aiosmtpd python3-psycopg2 ca-certificates tzdata oathtool'
check='libcmocka-dev python3-pytest python3-pytest-xdist python3-nacl python3-selenium
python3-html5lib chromium chromium-driver clang-format clang-tidy
libgmime-3.0-dev libytnef0-dev libexttextcat-dev libclang-rt-14-dev graphviz swaks zbar-tools
curl python3-jsonschema python3-pikepdf poppler-utils qpdf'

# What Debian would start, as package:unit.
services='postgresql-15:postgresql dovecot-core:dovecot nginx-light:nginx'

policy=/usr/sbin/policy-rc.d
marker='# put here by deps.sh of ouvidoria for the time of one installation'

say() {
	echo "deps: $*"
}

# The packages of $@ that are not installed, on one line.
missing() {
	for package in "$@"; do
		state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" \
			2>/dev/null) || state=
		case $state in
		?i\ *) ;;
		*) printf '%s ' "$package" ;;
		esac
	done
}

remove_policy() {
	if [ -f "$policy" ] && grep -qF "$marker" "$policy"; then
		rm -f "$policy"
	fi
}

# As root: installs $@ without starting anything.
install_packages() {
	bring=
	for pair in $services; do
		for package in "$@"; do
			if [ "$package" = "${pair%%:*}" ]; then
				bring="$bring ${pair#*:}"
			fi
		done
	done

	# One that somebody else put there is theirs, and is respected; one of
	# ours may be left from an installation that was killed.
	if [ ! -e "$policy" ] || grep -qF "$marker" "$policy"; then
		trap remove_policy EXIT
		trap 'exit 130' INT
		trap 'exit 143' TERM HUP
		printf '#!/bin/sh\n%s\nexit 101\n' "$marker" >"$policy"
		chmod 755 "$policy"
	fi
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	wait_for='-o DPkg::Lock::Timeout=120'
	# shellcheck disable=SC2086 # one option, two words
	apt-get $wait_for -qq update
	# shellcheck disable=SC2086
	apt-get $wait_for -qq -y --no-install-recommends \
		-o Dpkg::Options::=--force-confold install "$@"
	remove_policy

	if [ -d /run/systemd/system ]; then
		for unit in $bring; do
			systemctl --quiet disable --now "$unit" 2>/dev/null || true
		done
	fi
}

# axe-core, which judges pages in the browser tests, is no Debian package.
# Where npm or its registry is out of reach, those tests say so and are skipped.
fetch_axe() {
	beside=$(dirname "$0")/../tests/browser
	if [ -e "$beside/node_modules/axe-core/axe.min.js" ] ||
		[ -n "${OUV_AXE-}" ]; then
		return
	fi
	if ! command -v npm >/dev/null 2>&1; then
		say "npm is not here: pages are tested without axe-core"
	elif ! npm ci --prefix "$beside" --ignore-scripts --no-audit \
		--no-fund --loglevel=error >&2; then
		say "axe-core could not be fetched: pages are tested without it"
	fi
}

case ${1-} in
run) wanted=$run ;;
check)
	wanted="$run $check"
	fetch_axe
	;;
list-run) echo $run; exit 0 ;;
list-check) echo $run $check; exit 0 ;;
install)
	shift
	install_packages "$@"
	exit 0
	;;
*)
	echo "usage: $0 run|check|list-run|list-check" >&2
	exit 2
	;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	say "this is not Debian: please install what corresponds to: " $wanted
	exit 1
fi
# shellcheck disable=SC2086 # a list of words
need=$(missing $wanted)
if [ -z "$need" ]; then
	exit 0
fi
say "missing Debian packages, to be installed now:" $need
if [ "$(id -u)" -eq 0 ]; then
	# shellcheck disable=SC2086
	install_packages $need
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
	# shellcheck disable=SC2086
	sudo -n sh "$0" install $need
elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then
	# shellcheck disable=SC2086
	sudo sh "$0" install $need
else
	say "cannot: not root, and sudo does not work here.  As root, run:"
	say "apt-get install --no-install-recommends" $need
	exit 1
fi
# shellcheck disable=SC2086
need=$(missing $wanted)
if [ -n "$need" ]; then
	say "still missing after the installation:" $need
	exit 1
fi
say "done"

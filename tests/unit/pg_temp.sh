#!/bin/sh
# A PostgreSQL of its own for one test program: made in a temporary folder,
# reached by a socket in that folder alone, gone afterwards.
#
#   pg_temp.sh start          prints the folder, which is also the socket's
#   pg_temp.sh sql DIR TEXT   runs TEXT as superuser, prints the rows
#   pg_temp.sh dump DIR       prints the schema without versions and comments
#   pg_temp.sh stop DIR       stops the server and removes the folder
#
# The dsn is "host=DIR port=5432 dbname=ouvidoria"; the roles ouv_owner, ouv_gw
# and ouv_srv need no password inside the folder, which only its owner enters.
set -eu

bin=${PG_BIN:-/usr/lib/postgresql/15/bin}

# PostgreSQL refuses root.
as_user() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	else
		"$@"
	fi
}

start() {
	dir=$(mktemp -d /tmp/ouv-pg.XXXXXX)
	trap 'stop "$dir"' EXIT
	if [ "$(id -u)" = 0 ]; then
		chown postgres: "$dir"
	fi
	cd "$dir"
	as_user "$bin/initdb" -D "$dir/data" -U postgres --auth=trust \
		--encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir/log" 2>&1 ||
		fail
	as_user "$bin/pg_ctl" -D "$dir/data" -l "$dir/log.server" -w -s \
		-o "-k $dir -c listen_addresses='' -c log_statement=none ${PG_TEMP_OPTIONS:-}" \
		start >>"$dir/log" 2>&1 || fail
	sql "$dir" "CREATE ROLE ouv_owner LOGIN; CREATE ROLE ouv_gw LOGIN;
		CREATE ROLE ouv_srv LOGIN" postgres
	sql "$dir" "CREATE DATABASE ouvidoria OWNER ouv_owner" postgres
	trap - EXIT
	echo "$dir"
}

fail() {
	cat "$dir/log" "$dir/log.server" >&2 2>/dev/null || true
	exit 1
}

sql() {
	PGOPTIONS='-c client_min_messages=warning' psql -X -q -A -t \
		-v ON_ERROR_STOP=1 -h "$1" -p 5432 -U postgres \
		-d "${3:-ouvidoria}" -c "$2"
}

# What changes from one release of pg_dump to the next is left out.
dump() {
	"$bin/pg_dump" --schema-only -h "$1" -p 5432 -U postgres \
		-d ouvidoria |
		sed -e '/^--/d' -e '/^\\/d' -e '/^SET /d' \
			-e '/^SELECT pg_catalog.set_config/d' |
		cat -s | sed -e '1{/^$/d}'
}

stop() {
	case $1 in
	/tmp/ouv-pg.*) ;;
	*) echo "not a folder of ours: $1" >&2 && exit 2 ;;
	esac
	cd /
	if [ -f "$1/data/postmaster.pid" ]; then
		as_user "$bin/pg_ctl" -D "$1/data" -m immediate -w -s stop \
			>/dev/null 2>&1 || true
	fi
	rm -rf "$1"
}

verb=${1:-}
shift || true
case $verb in
start | sql | dump | stop) "$verb" "$@" ;;
*) echo "usage: pg_temp.sh start | sql DIR TEXT | dump DIR | stop DIR" >&2 && exit 2 ;;
esac

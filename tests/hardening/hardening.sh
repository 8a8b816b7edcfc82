#!/usr/bin/env bash
# hardening.sh HARDENED VMVIEW DEMO
#
# What the flags of meson.build promise of optimised programs is looked for in the programs. HARDENED is
# "true" where the build sets those flags.
# shellcheck disable=SC2317 # check() calls the functions
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
export LC_ALL=C

[ "$1" = true ] || skip_all 'this build is not optimised'
command -v readelf >/dev/null || skip_all 'there is no readelf here'
# shellcheck disable=SC2086 # CC may hold arguments
echo '__GLIBC__' | ${CC:-cc} -E -P -include stdlib.h -x c - 2>/dev/null | grep -q '^[0-9]' ||
	skip_all 'only with the GNU C library is it known how this shows'

segments() { # PROGRAM
	readelf -W -l "$1"
}

imports() { # PROGRAM
	readelf -W --dyn-syms "$1" | awk '$7 == "UND" { sub(/@.*/, "", $8); print $8 }'
}

is_position_independent() {
	readelf -W -d "$1" | grep -q 'FLAGS_1.*PIE'
}

is_bound_at_start() {
	readelf -W -d "$1" | grep -q -E 'BIND_NOW|FLAGS_1.*NOW'
}

has_no_search_path() {
	! readelf -W -d "$1" | grep -q -E 'RPATH|RUNPATH'
}

# GNU_STACK with the flags RW, and no segment that is writable and executable.
has_no_executable_data() {
	segments "$1" | grep -q 'GNU_STACK.* RW ' && ! segments "$1" | grep -q -E 'LOAD.* (RWE|WE) '
}

has_import() { # PROGRAM PATTERN
	imports "$1" | grep -q -x -E "$2"
}

has_segment() { # PROGRAM NAME
	segments "$1" | grep -q "$2"
}

for program in "${@:2}"; do
	name=${program##*/}
	check "$name: its addresses are random (PIE)" is_position_independent "$program"
	check "$name: what was relocated is read-only (RELRO)" has_segment "$program" GNU_RELRO
	check "$name: all is bound at its start (full RELRO)" is_bound_at_start "$program"
	check "$name: nothing is writable and executable" has_no_executable_data "$program"
	check "$name: its stack is guarded" has_import "$program" __stack_chk_fail
	check "$name: calls are checked (_FORTIFY_SOURCE)" has_import "$program" '__.*_chk'
	check "$name: libraries come from the system's folders" has_no_search_path "$program"
done
finish

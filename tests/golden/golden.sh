#!/usr/bin/env bash
# golden.sh VMVIEW
#
# Runs what cases.txt lists and compares standard output, standard error and exit status with what
# stands in NAME.out and NAME.err; where there is no such file nothing must be written.
# With VMVIEW_GOLDEN=update the files are written anew: read the difference before you commit it.
vmview=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/vmview-test.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$here/.." || exit 1

# An environment that nobody's habits reach; sanitizers keep their options.
environment=(PATH="$PATH" LC_ALL=C.UTF-8 HOME=/nonexistent)
for variable in ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS; do
	[ -z "${!variable}" ] || environment+=("$variable=${!variable}")
done

# ARGUMENTS are words, without quotes: VARIABLE=VALUE..., arguments of vmview, `< FILE`.
run_case() { # ARGUMENTS
	local words variables=() input=/dev/null

	read -r -a words <<<"$1"
	while [[ ${words[0]} =~ ^[A-Z_]+= ]]; do
		variables+=("${words[0]}")
		words=("${words[@]:1}")
	done
	if [ ${#words[@]} -gt 2 ] && [ "${words[-2]}" = '<' ]; then
		input=${words[-1]}
		words=("${words[@]:0:${#words[@]} - 2}")
	fi
	env -i "${environment[@]}" "${variables[@]}" "$vmview" "${words[@]}" <"$input" \
		>"$work/out" 2>"$work/err"
	status=$?
	# A new version changes no format.
	sed -i -e '1s/^{"vmview":"[^"]*"/{"vmview":"VERSION"/' \
		-e 's/^vmview_build_info{version="[^"]*"/vmview_build_info{version="VERSION"/' "$work/out"
}

update() { # FILE
	if [ -s "$work/${1##*.}" ]; then
		cp "$work/${1##*.}" "$1"
	else
		rm -f "$1"
	fi
}

compare() { # NAME FILE
	local wanted=$2
	[ -e "$wanted" ] || wanted=/dev/null
	same_files "$1" "$work/${2##*.}" "$wanted"
}

names=
while IFS='|' read -r name arguments wanted_status; do
	case $name in '' | '#'*) continue ;; esac
	name=${name// /} wanted_status=${wanted_status// /}
	names="$names$name"$'\n'
	run_case "$arguments"
	is "$name: exit status" "$status" "$wanted_status"
	if [ "${VMVIEW_GOLDEN-}" = update ]; then
		update "$here/$name.out"
		update "$here/$name.err"
	fi
	compare "$name: standard output" "$here/$name.out"
	compare "$name: standard error" "$here/$name.err"
done <"$here/cases.txt"

is 'no name is used twice' "$(printf %s "$names" | sort | uniq -d)" ''
for file in "$here"/*.out "$here"/*.err; do
	name=${file##*/}
	grep -q -x -F -e "${name%.*}" <<<"$names" || printf '%s\n' "$name"
done >"$work/stray"
is 'each file belongs to a case' "$(cat "$work/stray")" ''
finish

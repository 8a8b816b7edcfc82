#!/usr/bin/env bash
# races.sh changes|execution|reuse VMVIEW HELPERS [VTDRIVER]
#
# A process that maps, unmaps, forks, executes or dies as fast as it can, under everything that looks at one: no crash,
# no hang, mappings in order and disjoint, and never a word of one process under the name of another. VMVIEW_RACES is
# how many looks each form of text gets; what takes its time gets one.
# shellcheck disable=SC2317 # look_at() calls what stands in a table
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"

# Only in a PID namespace of one's own can a PID be chosen.
if [ "$1" = reuse ] && [ $$ -ne 1 ]; then
	why=$("$3/run" processes true 2>&1) || skip_all "$why"
	exec "$3/run" processes bash "$0" "$@"
fi
test=$1 restless=$3/restless vtdriver=${4-}
shift
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=../support/formats.sh
. "$here/../support/formats.sh"

export LC_ALL=C.UTF-8 TERM=dumb
looks=${VMVIEW_RACES:-12}
log=$work/log one=$work/one

# Ways to look at a process that is given by PID or name: functions that write what there is to be seen, and return
# the exit status.
once() { # TARGET OPTION...
	"$vmview" --once "${@:2}" "$1"
}

record() { # TARGET
	local status

	rm -f "$work/recording"
	"$vmview" --record="$work/recording" --interval=0.05 --for=1 "$1"
	status=$?
	[ ! -s "$work/recording" ] || once --from="$work/recording" --json || return
	return "$status"
}

watch() { # TARGET OPTION...
	"$vmview" --watch --interval=0.05 --count=4 "$@"
}

diff_twice() { # TARGET
	"$vmview" --diff "$1" "$1"
}

ways=(record watch 'watch --summary' diff_twice)
for format in "${formats[@]}"; do
	for ((number = 0; number < looks; number++)); do
		ways+=("once $format")
	done
done

# Look in all ways, and note in $log what was seen.
look_at() { # TARGET
	local way words

	for way in "${ways[@]}"; do
		read -r -a words <<<"$way"
		"${words[0]}" "$1" "${words[@]:1}" >"$one" 2>"$work/err" </dev/null
		printf '=== %s %s\n' "$way" "$?"
		cat "$work/err" "$one"
	done >"$log"
}

# Something of life was seen, and nothing that must not be.
seen() { # NAME [VARIABLE-OF-RACES.AWK]
	local runs rows lives

	awk -v "${2:-name=}" -f "$here/races.awk" "$log" >"$one"
	is "$1: nothing that must not be" "$(grep -a -v '^checked' "$one")" ''
	read -r _ runs rows lives < <(grep -a '^checked' "$one")
	is "$1: looks" "$runs" "${#ways[@]}"
	check "$1: mappings" test "$rows" -gt "$looks"
	check "$1: lives" test "$lives" -gt 0
}

# All screens, while it goes on underneath.
view() { # TARGET
	local number

	if [ ! -x "$vtdriver" ]; then
		skip 'live view' 'there is no vtdriver here'
		return
	fi
	echo 'size 90 40' >"$work/view.screen"
	for ((number = 0; number < (looks + 3) / 4; number++)); do
		cat <<-END
			start sh -c '"\$VMVIEW" --interval 0.05 $1; echo "status \$?"; exec cat'
			wait-regex ADDRESS|status
			keys G g j i n i r 2
			keys 3 4 1 Z g
			wait-regex ADDRESS|EXITED|status
			keys q
			wait-regex status (0|42)
		END
	done >>"$work/view.screen"
	if VMVIEW=$vmview "$vtdriver" "$work/view.screen" >"$one" 2>"$work/err"; then
		ok 'live view'
	else
		not_ok 'live view'
		note <"$work/err"
	fi
}

# Sets $pid to what it says is to be looked at.
start_restless() { # MODE [ARGUMENT]
	local input

	exec {input}< <(exec "$restless" "$@" </dev/null 2>"$work/err")
	started+=("$!")
	pid=
	read -r -t 120 -u "$input" _ pid || skip_all "$(head -n 1 "$work/err")"
}

case $test in
changes)
	start_restless stay
	look_at "$pid"
	seen changes
	;;
execution)
	start_restless exec
	look_at "$pid"
	seen execution executes=1
	;;
reuse)
	start_restless again 300
	look_at "$pid"
	seen 'reuse of a PID'
	look_at odd
	seen 'reuse of a PID, by name' name=odd
	;;
esac
view "$pid"
finish

# shellcheck shell=bash
# A folder of their own for demos, and what they leave behind. Source this with the arguments of the
# test, which are DEMO VMVIEW.

unset TMUX TMUX_PANE NO_COLOR COLORTERM
# shellcheck disable=SC2034 # for those who source this
demo=$1 vmview=$2

work=$(mktemp -d "${TMPDIR:-/tmp}/demo-test.XXXXXX") || exit 1
mkdir "$work/tmp" "$work/home" "$work/tmux"
# Every process that a demo starts has these too: by them they are found.
export TMPDIR="$work/tmp" HOME="$work/home" TMUX_TMPDIR="$work/tmux" LC_ALL=C.UTF-8

clean_up() {
	local process

	for process in $(processes); do
		kill -KILL "$process" 2>/dev/null
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# All processes that live in this folder, but for this shell and those that it runs to ask. A child
# of a demo has its environment.
processes() {
	local folder pid

	for folder in /proc/[0-9]*; do
		pid=${folder#/proc/}
		[ "$pid" != $$ ] && [ "$pid" != "$BASHPID" ] && is_ours "$pid" && echo "$pid"
	done
}

is_ours() { # PID
	local name=

	{ read -r name <"/proc/$1/comm"; } 2>/dev/null
	case $name in
	vmview* | demo-keeper | tmux*) ;;
	*) return 1 ;;
	esac
	grep -q -z -x -F "TMPDIR=$work/tmp" "/proc/$1/environ" 2>/dev/null
}

no_processes() {
	[ -z "$(processes)" ]
}

# Whatever exists is told: processes, files, shared memory objects of process $1.
left_overs() { # PID
	local pid

	for pid in $(processes); do
		echo "process $pid: $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")"
	done
	find "$work/tmp" -mindepth 1
	find /dev/shm -name "vmview-demo-$1*" 2>/dev/null
	awk -v pid="$1" '$5 == pid { print "segment " $2 }' /proc/sysvipc/shm 2>/dev/null
}

# Nothing is left of the demo $2. Whoever clears up may need a moment.
leaves_nothing() { # NAME PID
	await nothing_left "$2"
	is "$1" "$(left_overs "$2")" ''
}

nothing_left() {
	[ -z "$(left_overs "$1")" ]
}

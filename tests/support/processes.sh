# shellcheck shell=bash
# Temporary folder and target processes; all ends when the test does. Source this with the arguments
# of the test, which are VMVIEW HELPERS: the program, and the folder of target, run and harmless.

unset POSIXLY_CORRECT NO_COLOR COLORTERM LANGUAGE LIBPROC_HIDE_KERNEL
# shellcheck disable=SC2034 # for those who source this
run=$2/run harmless=$2/harmless

work=$(mktemp -d "${TMPDIR:-/tmp}/vmview-test.XXXXXX") || exit 1
started=()

clean_up() {
	local process

	for process in "${started[@]}"; do
		kill -KILL "$process" 2>/dev/null
		rm -f "/dev/shm/vmview-target.$process"
	done
	chmod -R u+rwx "$work" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

export HOME="$work/home"
mkdir "$work/bin" "$work/files" "$HOME"
chmod 755 "$work" "$work/bin"
chmod 1777 "$work/files"

# Copies: another user need not be able to read the build folder; and pages of a target that only this
# test runs are not shared with others, so that its numbers stand still.
vmview=$work/bin/vmview
target=$work/bin/target
pmap_link=$work/bin/pmap
cp "$1" "$vmview" && cp "$2/target" "$target" && ln -s vmview "$pmap_link" || exit 1

has_pmap() {
	case $(pmap -V 2>/dev/null) in
	*procps*) return 0 ;;
	esac
	return 1
}

# Sets $state to the letter that the kernel has for process or thread $1, or to nothing.
get_state() {
	local stat=

	state=
	{ IFS= read -r -d '' stat <"/proc/$1/stat"; } 2>/dev/null
	[ -n "$stat" ] || return 1
	stat=${stat##*) }
	state=${stat:0:1}
}

# Wait until $1 is stopped, or a zombie.
await_rest() {
	local end=$((SECONDS + 60))

	while get_state "$1" && [ "$SECONDS" -lt "$end" ]; do
		case $state in T | t | Z) return 0 ;; esac
	done
	printf '# process %s did not come to rest\n' "$1"
	return 1
}

# Whether these circumstances of `run` can be had here; where not, the test is skipped.
possible() { # NAME CIRCUMSTANCE...
	"$run" "${@:2}" true 2>"$work/why"
	[ $? -eq 77 ] || return 0
	skip "$1" "$(head -n 1 "$work/why")"
	return 1
}

# A command that runs targets and what looks at them, as `"$run" nobody`.
as=()

# Run a target. Sets $pid to what it says is to be looked at, and $starter to the process itself.
start() { # MODE [ARGUMENT]
	start_command "$target" "$@"
}

start_command() {
	local word="" input

	pid=""
	exec {input}< <(exec "${as[@]}" "$@" </dev/null)
	starter=$!
	started+=("$starter")
	read -r -t 120 -u "$input" word pid
	exec {input}<&-
	[ "$word" = ready ] && await_rest "$pid"
}

stop() { # PROCESS...
	local process

	for process; do
		kill -KILL "$process" 2>/dev/null
		wait "$process" 2>/dev/null
		rm -f "/dev/shm/vmview-target.$process"
	done
}

# A number that no process has.
missing_pid() {
	local number

	read -r number </proc/sys/kernel/pid_max
	while [ -e "/proc/$number" ]; do
		number=$((number - 1))
	done
	printf '%s\n' "$number"
}

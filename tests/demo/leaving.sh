#!/usr/bin/env bash
# leaving.sh DEMO VMVIEW
#
# However a demo is left, nothing stays: no process, no file, no shared memory object.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$here/support.sh"

# Run SCENE in the background until it has told of STEPS steps. It waits behind each for a moment that is long
# enough for a signal; $process is its PID, $input where its lines come from.
begin() { # SCENE STEPS
	exec {input}< <(exec "$demo" --json --auto=0.5 "$1" </dev/null 2>/dev/null)
	process=$!
	for ((i = 0; i < $2; i++)); do
		read -r -t 60 -u "$input" || return
	done
}

# Its exit status, as a shell tells it.
end() { # SIGNAL
	kill "-$1" "$process"
	wait "$process"
	status=$?
	exec {input}<&-
}

test_signal() { # SCENE STEPS SIGNAL STATUS
	begin "$1" "$2"
	check "$1, $3: has begun" test -e "/proc/$process"
	end "$3"
	is "$1, $3: status" "$status" "$4"
	leaves_nothing "$1, $3: leaves nothing" "$process"
}

# A folder of a demo that nobody cleared up behind, one of a living demo, and one that only looks so.
test_left_over() {
	mkdir "$TMPDIR/vmview-demo-1-1-dead00" "$TMPDIR/vmview-demo-nonsense"
	: >"$TMPDIR/vmview-demo-1-1-dead00/file"
	ln -s / "$TMPDIR/vmview-demo-1-1-link00"
	begin anon-private 1
	first=$process
	"$demo" --quiet --auto=0 fixed >/dev/null
	is 'left-overs: of the dead only' "$(cd "$TMPDIR" && echo vmview-demo-*)" \
		"$(cd "$TMPDIR" && echo vmview-demo-1-1-link00 "vmview-demo-$first"-* vmview-demo-nonsense)"
	end TERM
	rm "$TMPDIR/vmview-demo-1-1-link00"
	rmdir "$TMPDIR/vmview-demo-nonsense"
	leaves_nothing 'left-overs: all gone' "$first"
}

test_keeper_killed() {
	local keeper

	begin anon-shared 1
	keeper=$(processes | while read -r pid; do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = demo-keeper ] && echo "$pid"
	done)
	kill -KILL "$keeper"
	cat <&"$input" >/dev/null
	wait "$process"
	is 'the keeper killed: status' $? 1
	exec {input}<&-
	leaves_nothing 'the keeper killed: leaves nothing' "$process"
}

test_hold() {
	local process

	mkfifo "$work/keys"
	"$demo" --json --hold fixed <"$work/keys" >"$work/out" 2>/dev/null &
	process=$!
	exec 8>"$work/keys"
	await test -s "$work/out"
	check 'hold: waits' test -e "/proc/$process"
	echo >&8
	wait "$process"
	is 'hold: goes on at Enter' $? 0
	exec 8>&-
	leaves_nothing 'hold: leaves nothing' "$process"
}

while read -r scene _; do
	test_signal "$scene" 1 TERM 143
done < <("$demo" --list)
for scene in anon-shared posix-shm sysv-shm fork-cow; do
	test_signal "$scene" 3 INT 130
	test_signal "$scene" 3 HUP 129
	test_signal "$scene" 3 KILL 137
done
test_left_over
test_keeper_killed
test_hold
finish

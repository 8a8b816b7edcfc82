#!/usr/bin/env bash
# diff.sh VMVIEW HELPERS SCHEMA
#
# `--diff` on processes whose mappings change on command. What captures get is tested in golden/.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$here/support.sh"

export LC_ALL=C.UTF-8 TZ=UTC0 PATH="$work/bin:$PATH"
page=$(($(getconf PAGESIZE) / 1024))

# The row that begins with the mark and address.
row_is() { # NAME MARK ADDRESS WANTED
	is "$1" "$(grep -F -e "$2 $3 " "$out" | tr -s ' ')" "$4"
}

# A capture first, the process later. All pages of a mapping are touched: what the kernel adds to some is its own affair.
test_later() {
	local one grown

	start_mutator
	tell map one 400
	one=$at
	tell map shrinking 9
	cat "/proc/$pid/smaps" >"$work/before"
	tell touch one 0 400
	tell remap shrinking 5
	tell map two 16
	tell touch two 0 16
	grown=$at
	see vmview --diff -o address,size,rss,perms,kind,mapping "$work/before" "$pid"
	is 'a capture and its process: status' "$status" 0
	is 'a capture and its process: silence' "$(cat "$err")" ''
	is 'a capture and its process: the first' "$(sed -n 1p "$out")" "--- $work/before"
	matches 'a capture and its process: the second, with its time' "$(sed -n 2p "$out")" \
		"^\+\+\+ $pid $mutator $orders  20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8}$"
	is 'a capture and its process: how' "$(sed -n 3p "$out")" \
		'by address: both are of one address space'
	row_is 'memory that came into use' . "$one" ". $one 0 +$((400 * page)) rw-p anon [anon]"
	row_is 'a new mapping' + "$grown" \
		"+ $grown +$((16 * page)) +$((16 * page)) rw-p anon [anon]"
	is 'a mapping that shrank' "$(grep '^v' "$out" | tr -s ' ' | cut -d ' ' -f 3,4)" \
		"-$((4 * page)) 0"
	is 'most first' "$(sed -n 5p "$out" | tr -s ' ' | cut -d ' ' -f 1,2)" ". $one"
	matches 'totals' "$(tail -n 1 "$out")" "^ +total +\+$((12 * page)) +\+[0-9]+$"
	see vmview --diff -o address,size "$pid" "$pid"
	is 'a process and itself' "$status $(sed -n '5,$p' "$out" | tr -s ' ')" '0  total 0'
	stop "$pid"
}

# A child of fork(2) has the addresses of its parent, a program that was executed others.
test_two_processes() {
	local first child name="vmd$$"

	cp "$mutator" "$work/bin/$name"
	start_mutator "$work/bin/$name"
	first=$pid
	tell map one 4
	tell fork
	child=$at
	tell map two 8
	see vmview --diff "$child" "$pid"
	is 'parent and child' "$(sed -n 3p "$out")" 'by address: both are of one address space'
	matches 'parent and child: what is new' "$(grep "$at" "$out" | tr -s ' ')" \
		"^\+ $at \+$((8 * page)) 0 0 0 rw-p anon"
	see vmview --diff "$name" "$pid"
	is 'a name that two have: status' "$status" 1
	matches 'a name that two have: sentence' "$(cat "$err")" \
		"^vmview: '$name': 2 processes are called that, [0-9]+ and [0-9]+ among them; give a PID$"
	tell end-fork
	start_mutator
	see vmview --diff "$name" "$pid"
	is 'two programs: status' "$status" 0
	is 'two programs: how' "$(sed -n 3p "$out")" 'by name: their address spaces are not the same'
	matches 'two programs: the new one' "$(grep -c -E "^\+ +\+[0-9]+ .* mutator$" "$out")" '^[1-9]'
	matches 'two programs: the old one' "$(grep -c -E "^- +-[0-9]+ .* $name$" "$out")" '^[1-9]'
	is 'two programs: one vdso each' "$(grep -c -F '[vdso]' "$out")" 0
	stop "$first" "$pid"
}

# The process has gone when its frames are compared.
test_frames() {
	local recorder tape=$work/tape@home

	start_mutator
	vmview --record "$tape" --interval 0.05 "$pid" >"$out" 2>"$err" </dev/null &
	recorder=$!
	started+=("$recorder")
	await frame_or_none
	if grep -q 'without recordings' "$err"; then
		skip 'frames' 'vmview was built without recordings (zstd)'
		stop "$pid"
		return
	fi
	tell map grown 16
	tell touch grown 0 16
	await frame_has -1 "^ *$at  *$((16 * page)) "
	stop "$pid"
	wait "$recorder"
	see vmview --diff -o address,size,rss,perms,kind,mapping "$tape@1" "$tape"
	is 'frames: status' "$status $(cat "$err")" '0 '
	row_is 'frames: a mapping between two' + "$at" \
		"+ $at +$((16 * page)) +$((16 * page)) rw-p anon [anon]"
	matches 'frames: with their times' "$(head -n 2 "$out")" \
		"^--- $tape@1  20[0-9-]{8} [0-9:]{8}
\+\+\+ $tape  20[0-9-]{8} [0-9:]{8}$"
	see vmview --watch --from "$tape"
	is 'frames: their story: status' "$status $(cat "$err")" '0 '
	matches 'frames: their story' "$(cat "$out")" "[+] new .* $at .* rw-p "
	see vmview --watch --json --from "$tape"
	is 'frames: their story as JSON' "$status" 0
	see vmview --diff --json "$tape@1" "$tape@-1"
	valid 'frames: JSON' diff
	see vmview --diff "$tape@1" "$tape@1000000"
	is 'frames: no such one: status' "$status" 1
	matches 'frames: no such one: sentence' "$(cat "$err")" \
		"there is no frame '1000000': it has [0-9]+, the first is 1"
	see vmview --diff "$tape" "$here/../fixtures/sleep@1"
	is 'frames: of what has none' "$status $(cat "$err")" \
		"1 vmview: $here/../fixtures/sleep: it is not a recording: frames are of recordings"
}

# shellcheck disable=SC2317 # `await` calls it
frame_or_none() {
	frame_has 1 mutator || grep -q 'without recordings' "$err"
}

# shellcheck disable=SC2317 # `await` calls it
frame_has() { # FRAME PATTERN
	vmview --no-headings -o address,rss,mapping --from "$tape" --frame "$1" 2>&1 | grep -q -e "$2"
}

test_bad_luck() {
	local missing

	missing=$(missing_pid)
	start_mutator
	see vmview --diff "$pid" "$missing"
	is 'no such process' "$status $(cat "$out" "$err")" "42 vmview: $missing: there is no such process"
	see vmview --diff no-such-thing "$pid"
	is 'neither a process nor a capture: status' "$status $(cat "$out")" '42 '
	is 'neither a process nor a capture: sentences' "$(cat "$err")" "vmview: no process is called 'no-such-thing'
vmview: and there is no capture 'no-such-thing'"
	see vmview --diff /proc/self/mem "$pid"
	is 'not the text of maps' "$status $(wc -l <"$out")" '1 0'
	vmview --diff "$pid" "$here/../fixtures/sleep" >/dev/full 2>"$err"
	is 'full disk' "$? $(cat "$err")" \
		'1 vmview: cannot write to standard output: No space left on device'
	see "$run" pipe-ignored broken-pipe vmview --diff "$pid" "$here/../fixtures/sleep"
	is 'closed pipe' "$status $(cat "$err")" '0 '
	see "$run" nobody vmview --diff "$pid" "$here/../fixtures/sleep"
	if [ "$status" -eq 77 ]; then
		skip 'not permitted' 'only root can become another user'
	else
		is 'not permitted: status' "$status $(wc -l <"$out")" '1 0'
		matches 'not permitted: sentence' "$(cat "$err")" 'not permitted to read its smaps'
	fi
	stop "$pid"
}

# Names of all sorts of bytes.
test_hostile() {
	start names "$work/files"
	see vmview --diff -o all "$here/../fixtures/sleep" "$pid"
	is 'hostile names: status' "$status" 0
	"$harmless" "$out" "$err" >"$work/harm"
	is 'hostile names: harmless' "$(cat "$work/harm")" ''
	see vmview --diff --json "$here/../fixtures/sleep" "$pid"
	valid 'hostile names: valid JSON' diff
	see vmview --diff --ndjson --by address "$here/../fixtures/names" "$pid"
	valid 'hostile names: valid lines' differences
	stop "$starter"
}

test_later
test_two_processes
test_frames
test_bad_luck
test_json() {
	local before=$here/../golden/input/server-1 after

	for after in 1 2 maps restarted; do
		see vmview --diff --json "$before" "$here/../golden/input/server-$after"
		valid "JSON, $after" diff
		see vmview --diff --json -o rss "$here/../golden/input/server-$after" "$before"
		valid "JSON, $after first" diff
	done
	if command -v jq >/dev/null; then
		is 'JSON: differences add up' "$(jq '[.differences[].rss.delta] | add == 0' "$out")" false
		is 'JSON: to the totals' "$(jq '([.differences[].rss.delta] | add) == .totals.rss.delta' "$out")" true
	else
		skip 'JSON: differences add up' 'there is no jq here'
	fi
}

test_hostile
test_json
finish

#!/usr/bin/env bash
# watch.sh VMVIEW HELPERS SCHEMA
#
# `--watch` on processes whose mappings change on command: what each change is told as, how it ends.
#
# shellcheck disable=SC2317 # `await` calls what nobody else does
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$here/support.sh"

export LC_ALL=C.UTF-8 TZ=UTC0 PATH="$work/bin:$PATH"
clock='[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}'

# Watch in the background: sets $watcher.
watch() { # ARGUMENT...
	vmview --watch --interval 0.05 "$@" >"$out" 2>"$err" &
	watcher=$!
	started+=("$watcher")
}

# What was there with the first reading is no change, and there is no sign of that reading: map and unmap until it is
# told.
await_first_reading() { # OPTION... of the mapping
	local end=$((SECONDS + 60)) i=0

	while [ "$SECONDS" -lt "$end" ]; do
		tell map "probe$((++i))" 1 "$@"
		sleep 0.3
		tell unmap "probe$i"
		if told "$at"; then
			await told "gone.*$at"
			return
		fi
	done
	return 1
}

told() { # REGEX
	grep -q -E -e "$1" "$out"
}

has_ended() {
	get_state "$watcher"
	[ -z "$state" ] || [ "$state" = Z ]
}

# Sets $status once the watcher has ended by itself.
await_end() {
	await has_ended
	wait "$watcher"
	status=$?
}

# An order, and the line that it makes.
makes() { # NAME REGEX ORDER...
	tell "${@:3}"
	await told "^$clock  ${2//@/$at}"
	matches "$1" "$(grep -e "$at" "$out" | tail -n 1)" "^$clock  ${2//@/$at}"
}

test_changes() {
	start_mutator
	watch "$pid" -H
	await_first_reading
	makes 'mmap' '\+ new +@ +16K rw-p anon +\[anon\]$' map one 4
	makes 'mremap to more' '\^ grown \+8K +@ +24K rw-p anon +\[anon\]$' remap one 6
	makes 'mremap to less' 'v shrunk -12K +@ +12K rw-p anon +\[anon\]$' remap one 3
	makes 'mprotect of all' '~ perms was rw-p +@ +12K r--p anon +\[anon\]$' protect one 0 3 r
	makes 'mprotect of a part' '/ split into 3 +@ +12K r--p anon +\[anon\]$' protect one 1 1 rw
	makes 'mprotect to the same' '= merged of 3 +@ +12K r--p anon +\[anon\]$' protect one 0 3 r
	makes 'munmap of the middle' '/ split -4K into 2 +@ +12K r--p anon +\[anon\]$' unmap one 1 1
	makes 'a file' "\+ new +@ +8K r--s mapped-file +$work/data$" map data 2 shared file "$work/data" prot r
	makes 'munmap' "- gone +@ +8K r--s mapped-file +$work/data$" unmap data
	tell grow-heap 5
	await told '\[heap\]$'
	matches 'brk' "$(tail -n 1 "$out")" '\^ grown \+20K +[0-9a-f]+ +[0-9]+K rw-p heap +\[heap\]$'

	tell map before 7
	await told "$at"
	printf 'exec %s %s\n' "$mutator" "$orders" >"$orders"
	await told '\* executed'
	matches 'execve' "$(tail -n 1 "$out")" "^$clock  \* executed mutator: the list starts afresh$"
	await_first_reading
	makes 'mmap by the new program' '\+ new +@ +12K rw-p anon +\[anon\]$' map after 3
	is 'the mappings of the old one are not told as gone' "$(grep -c -- '- gone .* 28K' "$out")" 0

	tell exit 3
	await_end
	matches 'its end' "$(tail -n 1 "$out")" "^$clock  \* the process has ended$"
	is 'its end: status' "$status" 0
	is 'its end: once' "$(grep -c 'has ended' "$out")" 1
	is 'nothing else was said' "$(cat "$err")" ''
	is 'every line has its time' "$(grep -v -c -E "^$clock  " "$out")" 0
	stop "$pid"
}

reads_maps() {
	readlink "/proc/$watcher"/fd/* 2>/dev/null | grep -q -x "/proc/$pid/maps"
}

test_selection() {
	local hidden

	start_mutator
	watch "$pid" --perms x --min-rss 0
	await_first_reading prot rx
	tell map hidden 4
	hidden=$at
	tell map seen 5 prot rx
	await told "\\+ new +$at"
	ok 'a selection: what matches is told'
	tell protect hidden 0 4 r
	tell protect seen 0 5 r
	await told "was r-xp +$at"
	ok 'a selection: what matched before is told'
	tell unmap hidden
	tell protect seen 0 5 rw
	tell protect seen 0 5 x
	await told "was .* +$at +20 --xp"
	is 'a selection: what does not match is not told' "$(grep -c "$hidden" "$out")" 0
	stop "$pid"
	await_end
	is 'a selection: status' "$status" 0
}

# Objects, one a line, which programs read.
test_json() {
	start_mutator
	watch "$pid" --json
	await_first_reading
	tell map one 4 shared file "$work/$(printf 'caf\303\251\377')"
	await told '"event":"new".*"path":"[^"]*/caf'
	tell protect one 1 2 r
	await told '"event":"split"'
	matches 'JSON: a split' "$(tail -n 1 "$out")" "^\\{\"time\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T${clock}Z\",\"pid\":$pid,\
\"event\":\"split\",\"delta\":0,\"pieces\":3,\"start\":\"0x$at\",.*\"size\":$((4 * 4096)),\"perms\":\"rw-s\",.*\
\"kind\":\"mapped-file\",.*\"path_hex\":\"[0-9a-f]*636166c3a9ff\"\\}$"
	tell protect one 0 4 r
	await told '"event":"merged","delta":0,"pieces":3,"old_perms":"rw-s"'
	ok 'JSON: a merge tells the old permissions'
	printf 'exec %s %s\n' "$mutator" "$orders" >"$orders"
	await told "\"pid\":$pid,\"event\":\"executed\",\"command\":\"mutator\"}"
	ok 'JSON: execve'
	stop "$pid"
	await_end
	matches 'JSON: the end' "$(tail -n 1 "$out")" "^\\{\"time\":\"[^\"]*\",\"pid\":$pid,\"event\":\"ended\"\\}$"
	valid 'JSON: valid' events
	if command -v jq >/dev/null; then
		is 'JSON: each line is an object' \
			"$(jq -r 'type' "$out" | sort | uniq -c | tr -s ' ')" " $(wc -l <"$out") object"
	else
		skip 'JSON: each line is an object' 'there is no jq here'
	fi
}

# What smaps has of a field, bytes, of mappings with these permissions.
sum_of() { # FIELD [PERMS]
	awk -v field="$1:" -v perms="${2-}" '/^[0-9a-f]+-/ { wanted = !perms || $2 == perms }
		wanted && $1 == field { sum += $2 }
		END { printf "%d\n", sum * 1024 }' "/proc/$pid/smaps"
}

# Lines of totals, the first at once.
test_sums() {
	local rss

	start_mutator
	tell map one 400
	see vmview --watch --summary --interval 0.05 --count 3 --bytes "$pid"
	is 'totals: status' "$status$(cat "$err")" 0
	is 'totals: titles' "$(head -n 1 "$out" | tr -s ' ')" 'TIME MAPS SIZE RSS PSS USS SWAP'
	is 'totals: a line for each reading' "$(grep -c -E "^$clock +[0-9]+( +[0-9]+){5}$" "$out")" 3
	is 'totals: nothing else' "$(wc -l <"$out")" 4
	see vmview --watch --summary --count 1 --no-headings --bytes --perms rw-p "$pid"
	is 'totals: of what is selected' "$(tr -s ' ' <"$out" | cut -d ' ' -f 2,3,4)" \
		"$(grep -c ' rw-p ' "/proc/$pid/maps") $(sum_of Size rw-p) $(sum_of Rss rw-p)"
	vmview --watch --summary --interval 0.05 --json "$pid" >"$out" 2>"$err" &
	watcher=$!
	started+=("$watcher")
	await told '"event":"totals"'
	tell touch one 0 400
	rss=$(sum_of Rss)
	await told "\"rss\":$rss,"
	matches 'totals: as JSON' "$(tail -n 1 "$out")" \
		"\"pid\":$pid,\"event\":\"totals\",\"mappings\":[0-9]+,\"size\":[0-9]+,\"rss\":$rss,\"pss\":[0-9]+,\"uss\":[0-9]+,\"swap\":[0-9]+}$"
	stop "$pid"
	await_end
	valid 'totals: valid' events
	matches 'totals: the end' "$(tail -n 1 "$out")" '"event":"ended"}$'
	is 'totals: the end: status' "$status" 0
}

test_count() {
	local missing

	missing=$(missing_pid)
	start_mutator
	see vmview --watch --interval 0.05 --count 2 "$pid"
	saw 'a count' 0 '' ''
	see vmview --watch --interval 0.05 --count 2 "$pid" "$missing"
	saw 'a count, and one that is not there' 42 "vmview: $missing: there is no such process" ''
	see vmview --watch "$missing"
	saw 'nobody there' 42 "vmview: $missing: there is no such process" ''
	stop "$pid"
}

saw() { # NAME STATUS SENTENCE OUTPUT
	is "$1: status" "$status" "$2"
	is "$1: sentence" "$(cat "$err")" "$3"
	is "$1: output" "$(cat "$out")" "$4"
}

# By name, which finds both.
test_several() {
	local first second name="vmw$$"

	cp "$mutator" "$work/bin/$name"
	start_mutator "$work/bin/$name"
	first=$pid
	start_mutator "$work/bin/$name"
	second=$pid
	watch "$name"
	await_first_reading
	tell map one 4
	await told "^$clock  +$second  \+ new +$at +16 "
	ok 'several: each line has the PID'
	stop "$first"
	await told "^$clock  +$first  \* the process has ended$"
	ok 'several: the end of one is told'
	tell unmap one
	await told "^$clock  +$second  - gone +$at"
	ok 'several: the others are watched on'
	stop "$second"
	await_end
	is 'several: status' "$status" 0
	is 'several: the last line' "$(tail -n 1 "$out" | cut -c 15-)" \
		"$(printf '%7d  * the process has ended' "$second")"
}

test_output() {
	start_mutator
	for signals in pipe-kills:141 pipe-ignored:0; do
		see "$run" "${signals%:*}" broken-pipe vmview --watch --interval 3600 "$pid"
		is "closed pipe, ${signals%:*}: status" "$status" "${signals#*:}"
		is "closed pipe, ${signals%:*}: silence" "$(cat "$err")" ''
	done
	vmview --watch --interval 0.05 "$pid" >/dev/full 2>"$err" &
	watcher=$!
	started+=("$watcher")
	await fails_to_tell
	await_end
	is 'full disk: status' "$status" 1
	is 'full disk: sentence' "$(cat "$err")" \
		'vmview: cannot write to standard output: No space left on device'
}

# The first change that it sees is the last.
fails_to_tell() {
	tell map lost 1
	sleep 0.1
	tell unmap lost
	has_ended
}

# A reader that has seen enough is noticed although nothing changes any more.
test_reader_leaves() {
	start_mutator
	mkfifo "$work/pipe"
	"$run" pipe-ignored vmview --watch --interval 0.05 "$pid" >"$work/pipe" 2>"$err" &
	watcher=$!
	started+=("$watcher")
	exec {reader}<"$work/pipe"
	await reads_maps
	exec {reader}<&-
	await_end
	is 'a reader that leaves: status' "$status" 0
	is 'a reader that leaves: silence' "$(cat "$err")" ''
	stop "$pid"
}

test_signal() {
	start_mutator
	watch "$pid"
	await reads_maps
	kill -TERM "$watcher"
	await_end
	is 'SIGTERM: status' "$status" 143
	is 'SIGTERM: silence' "$(cat "$out" "$err")" ''
	stop "$pid"
}

# The others share its memory.
test_main_thread() {
	start_mutator
	watch "$pid"
	await_first_reading
	tell leave-main
	makes 'the main thread has ended: changes by others are told' '\+ new +@ +8 ' map two 2
	stop "$pid"
	await_end
	matches 'the main thread has ended: the end' "$(tail -n 1 "$out")" \
		"^$clock  \* the process has ended$"
}

# A thread has no memory but the process's, of which it is told.
test_thread() {
	start_mutator
	tell thread
	watch "$at" --json
	await_first_reading
	tell map one 4
	await told "\"pid\":$pid,\"event\":\"new\",.*\"start\":\"0x$at\""
	ok 'a thread: its process is told of'
	stop "$pid"
	await_end
	matches 'a thread: the end' "$(tail -n 1 "$out")" "\"pid\":$pid,\"event\":\"ended\"}$"
}

# What cannot be watched says why.
test_unreadable() {
	start zombie
	see vmview --watch "$pid"
	is 'a zombie: status' "$status$(cat "$err")" 0
	matches 'a zombie: it has ended' "$(cat "$out")" "^$clock  \* the process has ended$"
	stop "$starter"
	see vmview --watch --from "$here/../fixtures/sleep"
	saw 'a capture' 1 "vmview: $here/../fixtures/sleep: it is not a recording: --watch looks at processes and recordings, --diff compares captures" ''
	if [ "$(cat /proc/2/comm 2>/dev/null)" = kthreadd ]; then
		see vmview --watch 2
		saw 'a kernel thread' 0 \
			'vmview: 2 (kthreadd): it is a kernel thread: it has no address space of its own' ''
	fi
	start_mutator
	see "$run" nobody vmview --watch "$pid"
	if [ "$status" -eq 77 ]; then
		skip 'not permitted' 'only root can become another user'
	else
		saw 'not permitted' 1 "vmview: $pid (mutator): not permitted to read its maps: it belongs to \
user root; try sudo, or CAP_SYS_PTRACE" ''
	fi
	stop "$pid"
}

# What cannot be read for a while is neither gone nor new.
test_hidden() {
	"$run" nobody true 2>"$err"
	[ $? -eq 77 ] || as=("$run" nobody)
	start_mutator
	"${as[@]}" vmview --watch --interval 0.05 "$pid" >"$out" 2>"$err" &
	watcher=$!
	started+=("$watcher")
	as=()
	await_first_reading
	tell hide
	await grep -q 'not permitted' "$err"
	tell map unseen 3
	tell show
	await_first_reading
	is 'hidden: said once' "$(wc -l <"$err") $(grep -c 'it is yours, but it protects itself' "$err")" '1 1'
	is 'hidden: nothing is gone, and nothing new' "$(grep -v ' 4 ' "$out")" ''
	tell hide
	await two_sentences
	stop "$pid"
	await_end
	matches 'hidden: the end is noticed' "$(tail -n 1 "$out")" "^$clock  \* the process has ended$"
	is 'hidden: status' "$status" 1
}

two_sentences() {
	[ "$(wc -l <"$err")" -eq 2 ]
}

# That reading takes long is said, once.
test_slowness() {
	local limit

	read -r limit </proc/sys/vm/max_map_count
	if [ "$limit" -lt 65530 ]; then
		skip 'many mappings' 'the kernel does not allow so many'
		return
	fi
	start_mutator
	tell many 64000
	watch --count 2 "$pid"
	await_end
	is 'many mappings: status' "$status" 0
	is 'many mappings: a sentence' "$(wc -l <"$err")" 1
	matches 'many mappings: the sentence' "$(cat "$err")" \
		'^vmview: a reading takes [0-9]+ ms of a processor: it is done every [0-9.]+ s, so that it costs at most 5 %$'
	stop "$pid"
}

test_changes
test_selection
test_json
test_sums
test_count
test_several
test_output
test_reader_leaves
test_signal
test_main_thread
test_thread
test_unreadable
test_hidden
test_slowness
finish

#!/usr/bin/env bash
# sums.sh VMVIEW HELPERS
#
# --summary and --group of real processes: what they say is what the kernel's smaps add up to.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"

export LC_ALL=C.UTF-8 TERM=xterm PATH="$work/bin:$PATH"
out=$work/out err=$work/err

# One line for each value of KEY, "perms" or "all": KEY, mappings, and the kB of what is summed.
add_up() { # KEY PID...
	local key=$1 process
	for process in "${@:2}"; do
		cat "/proc/$process/smaps"
	done | awk -v key="$key" '
	$1 ~ /^[0-9a-f]+-[0-9a-f]+$/ {
		at = key == "perms" ? $2 : "all"
		mappings[at]++
	}
	$1 == "Rss:" { rss[at] += $2 }
	$1 == "Pss:" { pss[at] += $2 }
	$1 ~ /^Private_(Clean|Dirty):/ { uss[at] += $2 }
	$1 ~ /^Shared_(Clean|Dirty):/ { shared[at] += $2 }
	$1 ~ /_Dirty:/ && $1 != "Pss_Dirty:" { dirty[at] += $2 }
	$1 == "Swap:" { swap[at] += $2 }
	END {
		for (at in mappings)
			print at, mappings[at], rss[at], pss[at], uss[at], shared[at], dirty[at], swap[at]
	}' | sort
}

# The same from comma-separated values with names in their first line, whose names and paths need no quotes.
add_up_csv() { # KEY
	tr -d '\r' | awk -F , -v key="$1" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			column[$i] = i
		next
	}
	{
		at = key == "perms" ? $column["name"] : "all"
		mappings[at] += $column["mappings"]
		rss[at] += $column["rss"] / 1024
		pss[at] += $column["pss"] / 1024
		uss[at] += $column["uss"] / 1024
		shared[at] += $column["shared"] / 1024
		dirty[at] += $column["dirty"] / 1024
		swap[at] += $column["swap"] / 1024
	}
	END {
		for (at in mappings)
			print at, mappings[at], rss[at], pss[at], uss[at], shared[at], dirty[at], swap[at]
	}' | sort
}

# Pages of a stopped process are still written back, or mapped by others: a difference counts only where nothing moved.
agree() { # NAME KEY "PID..." ARGUMENT...
	local before got try pids
	read -r -a pids <<<"$3"

	for ((try = 0; try < 30; try++)); do
		before=$(add_up "$2" "${pids[@]}")
		see vmview "${@:4}" --csv "${pids[@]}"
		got=$(add_up_csv "$2" <"$out")
		[ "$got" != "$before" ] || break
		[ "$(add_up "$2" "${pids[@]}")" != "$before" ] || break
	done
	is "$1" "$got" "${before:-something}"
	is "$1: status" "$status" 0
}

# The fields of the line that begins with WORD, in what has been seen; the first one only.
line() { # WORD
	awk -v word="$1" '$1 == word { $1 = $1; print; exit }' "$out"
}

test_agreement() {
	local key
	start all "$work/files"
	first=$pid
	start many-files 40
	agree 'summary' all "$first" --summary
	for key in kind file perms; do
		agree "group $key" all "$first" --group "$key"
		agree "group $key, two processes" all "$first $pid" --group "$key"
	done
	agree 'each of the permissions' perms "$first" --group perms
	agree 'each of the permissions, two processes' perms "$first $pid" --group perms
	agree 'summary, two processes' all "$first $pid" --summary
	stop "$first" "$pid"
}

# What is counted, apart from what is in memory.
test_counts() {
	local maps
	start plain
	first=$pid
	start plain
	maps=$(cat "/proc/$first/maps" "/proc/$pid/maps" | wc -l)

	see vmview --group kind "$first" "$pid"
	is 'group: each process has a heading' "$(grep -c '^[0-9]*:   ' "$out")" 2
	matches 'group: the total' "$(line total)" "^total 2 $maps "
	matches 'group: the stacks of both' "$(line stack)" '^stack 2 2 '
	check 'group: what sums mean' grep -q 'PSS and USS add up' "$out"

	see vmview --group file "$first" "$pid"
	matches 'group: a file of both is one' "$(grep -c "$target\$" "$out")" '^1$'
	matches 'group: and has both' "$(grep "$target\$" "$out")" '^ *2 '

	see vmview --summary "$first" "$pid"
	is 'summary: each, and all together' "$(grep -c '^total' "$out")" 3
	check 'summary: all together' grep -qx '2 processes together' "$out"
	is 'summary: what limits each' "$(grep -c 'vm.max_map_count' "$out")" 2
	matches 'summary: the total of both' "$(grep '^total' "$out" | tail -n 1)" "^total +2 +$maps "

	see vmview --group kind "$first" "$first" "/proc/$first"
	matches 'a process that is named twice counts once' "$(line total)" \
		"^total $(wc -l <"/proc/$first/maps") "
	see vmview --summary "$first" "$first"
	is 'and is told once' "$(grep -c '^total' "$out")" 1
	stop "$first" "$pid"
}

# The line about WHAT: now, limit and used.
limit() { # WHAT
	awk -v what="$1" 'index($0, what) { print $1, $2, $3; exit }' "$out"
}

test_limits() {
	# shellcheck disable=SC2016
	start_command bash -c 'ulimit -S -s 2048 && ulimit -S -v 4000000 && exec "$0" plain' "$target"
	see vmview --summary "$pid"
	matches 'stack' "$(limit RLIMIT_STACK)" \
		"^$(awk '$1 == "VmStk:" { print $2 }' "/proc/$pid/status") 2048 [0-9]+%\$"
	matches 'address space' "$(limit RLIMIT_AS)" \
		"^$(awk '$1 == "VmSize:" { print $2 }' "/proc/$pid/status") 4000000 (<1|[0-9]+)%\$"
	matches 'mappings' "$(limit max_map_count)" \
		"^$(wc -l <"/proc/$pid/maps") $(cat /proc/sys/vm/max_map_count) (<1|[0-9]+)%\$"
	see vmview --summary --bytes "$pid"
	matches 'in bytes' "$(limit RLIMIT_STACK)" " $((2048 * 1024)) "
	stop "$starter"
}

test_not_permitted() {
	possible 'not permitted' nobody || return
	start plain
	first=$pid
	see "$run" nobody vmview --summary "$first"
	is 'not permitted: status' "$status" 1
	is 'not permitted: sentence' "$(cat "$err")" "vmview: $first (target): not permitted to read its smaps: it \
belongs to user root; try sudo, or CAP_SYS_PTRACE"
	is 'not permitted: no sums' "$(grep -c '^total' "$out")" 0
	matches 'not permitted: limits are told all the same' "$(limit max_map_count)" '^n/a [0-9]+ -$'
	see "$run" nobody vmview --group kind "$first"
	is 'not permitted, group: status' "$status" 1
	is 'not permitted, group: nothing is shown' "$(wc -c <"$out")" 0

	as=("$run" nobody)
	start plain
	as=()
	see "$run" nobody vmview --group kind "$first" "$pid"
	is 'not permitted, and ours: status' "$status" 1
	matches 'not permitted, and ours: the sums of ours' "$(line total)" \
		"^total $(wc -l <"/proc/$pid/maps") "
	stop "$first" "$starter"
}

test_missing() {
	local missing
	missing=$(missing_pid)
	start plain
	see vmview --summary "$missing" "$pid"
	is 'no such process: status' "$status" 42
	is 'no such process: sentence' "$(cat "$err")" "vmview: $missing: there is no such process"
	is 'no such process: the other is told' "$(grep -c '^total' "$out")" 1
	see vmview --group file "$missing"
	is 'no such process, group: status' "$status" 42
	is 'no such process, group: nothing is shown' "$(wc -c <"$out")" 0
	stop "$starter"
}

test_zombie() {
	start zombie
	see vmview --summary "$pid"
	is 'zombie: status' "$status" 0
	check 'zombie: sentence' grep -q 'it is a zombie' "$err"
	matches 'zombie: no mappings' "$(line total)" '^total 0 0 - - - - - -$'
	stop "$starter"
}

# What a reader of JSON finds.
test_json() {
	local missing filter
	if ! command -v jq >/dev/null; then
		skip 'JSON' 'there is no jq here'
		return
	fi
	missing=$(missing_pid)
	start plain
	first=$pid
	start plain
	see vmview --summary --json "$first" "$pid" "$missing"
	is 'JSON of a summary: status' "$status" 42
	is 'JSON of a summary: processes' "$(jq -c '[.processes[].pid]' "$out")" "[$first,$pid,$missing]"
	is 'JSON of a summary: the one that is missing' "$(jq -c '.processes[2]' "$out")" \
		"{\"pid\":$missing,\"limited\":[\"there is no such process\"]}"
	is 'JSON of a summary: mappings' "$(jq .processes[1].totals.count "$out")" "$(wc -l <"/proc/$pid/maps")"
	is 'JSON of a summary: their limit' "$(jq .processes[0].limits.mappings.limit "$out")" \
		"$(cat /proc/sys/vm/max_map_count)"
	for filter in '.processes[0]' .together; do
		is "JSON of a summary: kinds of $filter add up" \
			"$(jq "[$filter.kinds[].rss] | add" "$out")" "$(jq "$filter.totals.rss" "$out")"
	done
	is 'JSON of a summary: together' "$(jq .together.totals.rss "$out")" \
		"$(jq '[.processes[].totals.rss // 0] | add' "$out")"

	see vmview --group file --json "$first" "$pid"
	is 'JSON of groups: the file of both' \
		"$(jq --arg name "$target" '.groups[] | select(.name == $name) | .processes' "$out")" 2
	is 'JSON of groups: they add up' "$(jq '[.groups[].pss] | add' "$out")" "$(jq .totals.pss "$out")"
	see vmview --group file --json "$missing"
	is 'JSON of groups: of nobody' "$(jq -c '[.groups, .totals.count]' "$out")" '[[],0]'
	stop "$first" "$pid"
}

test_output() {
	local arguments
	start plain
	for arguments in --summary '--summary --csv' '--group file' '--group kind --csv' '--summary --json' '--group file -J' --openmetrics; do
		# shellcheck disable=SC2086
		vmview $arguments "$pid" >/dev/full 2>"$err"
		is "full disk, $arguments: status" $? 1
		is "full disk, $arguments: sentence" "$(cat "$err")" \
			'vmview: cannot write to standard output: No space left on device'
		# shellcheck disable=SC2086
		see "$run" pipe-ignored broken-pipe vmview $arguments "$pid"
		is "closed pipe, $arguments: status" "$status" 0
		is "closed pipe, $arguments: silence" "$(cat "$err")" ''
	done
	stop "$starter"
}

test_agreement
test_counts
test_limits
test_not_permitted
test_missing
test_zombie
test_json
test_output
finish

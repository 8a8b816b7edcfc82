#!/usr/bin/env bash
# format.sh VMVIEW HELPERS ROOT
#
# --openmetrics of real processes: the numbers are the kernel's, the text is what Prometheus reads, and what cannot be
# read is told without numbers.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$here/support.sh"

export LC_ALL=C.UTF-8 TERM=xterm PATH="$work/bin:$PATH"
out=$work/out err=$work/err

# The value of NAME of process PID, without a kind.
value() { # NAME PID
	samples_of "$2" "$out" | awk -v name="vmview_process_$1" '$1 == name && $2 == "-" { print $3 }'
}

# Bytes of these fields, summed over the text of smaps in $before.
summed() { # FIELD...
	awk -v fields=" $* " 'index(fields, " " $1 " ") { sum += $2 * 1024 } END { print sum + 0 }' \
		<<<"$before"
}

# Every line is a comment of a kind that both formats know, or a sample; families are not torn; no series is there twice.
valid() { # NAME
	local wrong
	wrong=$(awk '
	/^# (HELP|TYPE|UNIT) / {
		if ($3 != family && seen[$3]++)
			print "torn: " $0
		family = $3
		if ($2 == "TYPE" && $4 != "gauge")
			print "type: " $0
		if ($2 == "UNIT" && $3 !~ "_" $4 "$")
			print "unit: " $0
		next
	}
	$0 == "# EOF" { ends++; last = NR; next }
	{
		name = $0
		sub(/\{.*/, "", name)
		series = $0
		sub(/ [0-9]+$/, "", series)
		if ($0 !~ /^[a-z_]+\{[a-z]+="([^"\\]|\\["\\n])*"(,[a-z]+="([^"\\]|\\["\\n])*")*\} [0-9]+$/)
			print "no sample: " $0
		if (name != family)
			print "without a head: " $0
		if (there[series]++)
			print "twice: " $0
	}
	END {
		if (ends != 1 || last != NR)
			print "no end, or lines behind it"
	}' "$out")
	is "$1: valid" "$wrong" ''
	is "$1: status" "$status" 0
}

# What others make of it, where they are here.
accepted() { # NAME
	if command -v promtool >/dev/null; then
		is "$1: promtool has nothing to say" "$(promtool check metrics <"$out" 2>&1)" ''
	else
		skip "$1: promtool" 'there is no promtool here (script/setup --ci fetches it)'
	fi
	if python3 -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
		is "$1: the reference parser of OpenMetrics reads it" "$(python3 -c '
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
text = open(sys.argv[1], encoding="utf-8", newline="").read()
print(sum(len(family.samples) for family in text_string_to_metric_families(text)))' "$out" 2>&1)" \
			"$(grep -c '^vmview_' "$out")"
	else
		skip "$1: the reference parser of OpenMetrics" \
			'there is no prometheus_client for Python here (script/setup --ci fetches it)'
	fi
}

test_numbers() {
	local try before
	start all "$work/files"
	# Pages of a stopped process are still written back, or mapped by others: what counts is what stood still.
	for ((try = 0; try < 30; try++)); do
		before=$(cat "/proc/$pid/smaps")
		see vmview --openmetrics "$pid"
		[ "$before" != "$(cat "/proc/$pid/smaps")" ] || break
	done
	valid numbers
	accepted numbers
	is 'RSS' "$(value resident_memory_bytes "$pid")" "$(summed Rss:)"
	is 'USS' "$(value unique_memory_bytes "$pid")" \
		"$(summed Private_Clean: Private_Dirty:)"
	is 'swap' "$(value swapped_memory_bytes "$pid")" "$(summed Swap:)"
	is 'PSS' "$(value proportional_memory_bytes "$pid")" "$(summed Pss:)"
	is 'mappings' "$(value mappings "$pid")" "$(wc -l <"/proc/$pid/maps")"
	is 'most mappings' "$(value max_mappings "$pid")" "$(cat /proc/sys/vm/max_map_count)"
	is 'readable' "$(value readable "$pid")" 1
	is 'kinds add up' "$(samples_of "$pid" "$out" |
		awk '$1 == "vmview_process_kind_resident_memory_bytes" { sum += $3 } END { print sum }')" \
		"$(summed Rss:)"
	check 'the user' grep -q "^vmview_process_info{pid=\"$pid\",command=\"target\",uid=\"$(id -u)\"} 1\$" "$out"
	see vmview --once --openmetrics "$pid"
	valid 'with --once'
	stop "$starter"
}

test_several() {
	local missing
	missing=$(missing_pid)
	start plain
	first=$pid
	# A name that no other process has.
	cp "$target" "$work/bin/twin$$"
	start_command "$work/bin/twin$$" plain
	see vmview --openmetrics "$first" "$pid" "/proc/$first" "twin$$" "$missing"
	valid 'several, some twice and one gone'
	accepted 'several, some twice and one gone'
	is 'each has one series' "$(grep -c '^vmview_process_mappings{' "$out")" 2
	matches 'the first' "$(value mappings "$first")" '^[0-9]+$'
	matches 'the second' "$(value mappings "$pid")" '^[0-9]+$'
	is 'the one that is gone is left out' "$(grep -c "\"$missing\"" "$out")" 0
	is 'and is said to be' "$(cat "$err")" "vmview: $missing: there is no such process"

	see vmview --openmetrics no-such-process-here
	valid 'nobody of this name'
	accepted 'nobody of this name'
	is 'nobody of this name: said' "$(cat "$err")" "vmview: no process is called 'no-such-process-here'"
	is 'nobody of this name: no process' "$(grep -c '^vmview_process' "$out")" 0
	stop "$first" "$pid"
}

test_not_permitted() {
	possible 'not permitted' nobody || return
	as=("$run" nobody)
	start plain
	first=$pid
	as=()
	start plain
	see "$run" nobody vmview --openmetrics "$first" "$pid"
	valid 'not permitted'
	accepted 'not permitted'
	is 'not permitted: the one that may be read' "$(value readable "$first")" 1
	is 'not permitted: the other' "$(value readable "$pid")" 0
	is 'not permitted: no number of it, 0 least of all' "$(samples_of "$pid" "$out" |
		grep -v -e '_max_mappings ' -e '_readable ')" ''
	check 'not permitted: said' grep -q "^vmview: $pid (target): not permitted" "$err"
	stop "$first" "$pid"
}

test_zombie() {
	start zombie
	see vmview --openmetrics "$pid"
	valid zombie
	accepted zombie
	is 'zombie: no mappings' "$(value mappings "$pid")" 0
	is 'zombie: nothing is told of memory in use' "$(value resident_memory_bytes "$pid")" ''
	stop "$starter"
}

# Whoever starts a process chooses its name.
test_names() {
	start comm $'a"b\\c\n\xc3\xa4\xff\x1b[1m'
	see vmview --openmetrics "$pid"
	valid 'hostile name'
	accepted 'hostile name'
	is 'hostile name' "$(sed -n 's/^vmview_process_readable{pid="[0-9]*",command=\(.*\)} 1$/\1/p' "$out")" \
		$'"a\\"b\\\\c\\n\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd[1m"'
	stop "$starter"
}

test_numbers
test_several
test_not_permitted
test_zombie
test_names
finish

#!/usr/bin/env bash
# json.sh VMVIEW HELPERS SCHEMA
#
# What `vmview --json` and `--ndjson` write is what the schema tells, of captures, of live processes, of hostile names
# and of what cannot be read, by another program's judgement; and jq finds in it what is in the text.
schema=$3
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"

export LC_ALL=C.UTF-8 PATH="$work/bin:$PATH"
cd "$here/../fixtures" || exit 1
out=$work/out err=$work/err

# The system's, or one that stands before it: either may have the module.
python=
for candidate in /usr/bin/python3 python3; do
	"$candidate" -c 'import jsonschema' >/dev/null 2>&1 && python=$candidate && break
done

has_jq() {
	command -v jq >/dev/null
}

# Check the document that COMMAND writes. Nothing of foreign names reaches a terminal.
see_document() { # NAME STATUS COMMAND...
	see "${@:3}"
	is "$1: status" "$status" "$2"
	is "$1: no control characters" "$(LC_ALL=C tr -d '\n' <"$out" | LC_ALL=C tr -dc '\000-\037\177' | wc -c)" 0
	valid "$1" document
}

# What is kept for the validator, which takes long to start.
kept=()
mkdir "$work/kept"

valid() { # NAME document|lines|summary|groups
	cp "$out" "$work/kept/${#kept[@]}.$2"
	kept+=("$1")
}

# What it says of each that was kept.
validate() {
	local i

	if [ -z "$python" ]; then
		skip 'valid' 'there is no jsonschema for Python here'
		return
	fi
	(cd "$work/kept" && "$python" "$here/validate.py" "$schema" ./*) >"$work/complaints" 2>&1
	is 'the validator runs' "$?" 0
	for i in "${!kept[@]}"; do
		is "${kept[i]}: valid" "$(grep "^\./$i\." "$work/complaints")" ''
	done
}

# What jq makes of the output.
find_in() { # NAME FILTER WANTED
	if has_jq; then
		is "$1" "$(jq -r "$2" "$out" 2>&1)" "$3"
	else
		skip "$1" 'there is no jq here'
	fi
}

# Keys that every mapping has.
whole='["start","end","size","perms","backing","sharing","kind","flags","deleted","offset","device","inode","path"]'

test_captures() {
	local capture

	for capture in *; do
		[ -d "$capture" ] || continue
		see_document "$capture" 0 vmview --json --from "$capture"
		find_in "$capture: nothing is left out" \
			"all(.processes[].mappings[]; . as \$m | $whole | all(\$m[.] != null))" true
		# shellcheck disable=SC2016 # these are jq's
		find_in "$capture: sums" '.processes[0] | .mappings as $m | [.totals | to_entries[] | . as $t | select(
			if .key == "count" then $m | length else [$m[][$t.key] // 0] | add // 0 end != .value)]' '[]'
		see vmview --ndjson --from "$capture"
		valid "$capture, lines" lines
		is "$capture: an object a line" "$status $(wc -l <"$out")" \
			"0 $(vmview --json --from "$capture" | grep -c '^{"start"')"
	done 2>"$err"
	for options in '-o all' '-o rss,rss,address' '--sort rss' '--kind heap,stack' '--at 400000 --around 1'; do
		# shellcheck disable=SC2086
		see_document "$options" 0 vmview --json $options --from kinds
	done
	see_document 'a file' 0 vmview --json --from sleep/smaps
	see_document 'text without numbers' 0 vmview --json --from sleep/maps
	find_in 'text without numbers: none' '[.processes[].mappings[] | has("rss")] | any' false
}

test_sums() {
	local capture key

	for capture in *; do
		[ -d "$capture" ] || continue
		see vmview --summary --json --from "$capture"
		valid "$capture, summary" summary
		find_in "$capture, summary: sums" '.processes[0] | [(.kinds | map(.count) | add // 0), .totals.count] | unique | length' 1
		for key in kind file perms; do
			see vmview --group "$key" --json --from "$capture"
			valid "$capture, by $key" groups
		done
	done
	start all "$work/files"
	see vmview --summary --json "$pid" "$(missing_pid)"
	valid 'a live process, summary' summary
	find_in 'a live process, summary: its limits' '.processes[0].limits | has("mappings") and has("stack")' true
	see vmview --group file --json "$pid" "$(missing_pid)"
	valid 'a live process, by file' groups
	stop "$starter"
}

# The text tells the same numbers, in kB.
test_text() {
	local columns=size,rss,pss,uss,dirty,swap,shared_clean,kernel_size

	vmview --bytes --no-headings -o "address,$columns,perms,kind,path" --from kinds |
		awk '{ $1 = $1 } 1' >"$work/text"
	see vmview --json --from kinds
	find_in 'the text tells the same' "def or_dash: if . == \"\" then \"-\" else . end; .processes[0].mappings[] |
		[(.start[2:] | if length < 8 then \"0\" * (8 - length) + . else . end),
		.${columns//,/, .}, .perms, .kind, (.path | or_dash)] | join(\" \")" "$(cat "$work/text")"
}

# In the order of addresses while they are read, or in another one after all have been read.
test_order() {
	see vmview --json --from kinds
	if ! has_jq; then
		skip 'the same in any order' 'there is no jq here'
		return
	fi
	jq -S '.processes[].mappings |= sort_by(.start)' "$out" >"$work/streamed"
	vmview --json --sort rss --from kinds | jq -S '.processes[].mappings |= sort_by(.start)' >"$work/sorted"
	same_files 'the same in any order' "$work/sorted" "$work/streamed"
	vmview --ndjson --from kinds | jq -cS 'del(.source, .pid, .command)' >"$work/lines"
	jq -cS '.processes[].mappings[]' "$out" >"$work/mappings"
	same_files 'the same in lines' "$work/lines" "$work/mappings"
	vmview --json -o all --from kinds | jq -S '.processes[].mappings[] |= del(.mapping)' >"$work/chosen"
	jq -S . "$out" >"$work/whole"
	same_files 'the same with -o all' "$work/chosen" "$work/whole"
}

test_pipe() {
	see_document 'a pipe' 0 bash -c 'cat kinds/smaps | vmview --json --from -'
	find_in 'a pipe: kinds' '[.processes[0].mappings[].kind] | unique | contains(["code", "data", "heap", "stack"])' true
}

test_live() {
	start all "$work/files"
	see_document 'a live process' 0 vmview --json "$pid"
	find_in 'a live process: who it is' '.processes[0] | "\(.pid) \(.command) \(.user) \(.state) \(.limited)"' \
		"$pid target $(id -un) T []"
	find_in 'a live process: as many as there are' '.processes[0].totals.count' "$(wc -l <"/proc/$pid/maps")"
	find_in 'a live process: numbers' 'all(.processes[0].mappings[]; has("rss") or .kind == "kernel")' true
	see vmview --ndjson "$pid" "$pid"
	valid 'two live processes, lines' lines
	is 'two live processes, lines: all' "$(wc -l <"$out")" $((2 * $(wc -l <"/proc/$pid/maps")))
	stop "$starter"
}

test_hostile() {
	local mode name=$'\e[31m"\\\n\xff' bytes='1b5b3331 6d 22 5c 0a ff'

	for mode in names long-name long-path; do
		start "$mode" "$work/files"
		see_document "names, $mode" 0 vmview --json "$pid"
		see vmview --ndjson "$pid"
		valid "names, $mode, lines" lines
		stop "$starter"
	done
	start comm $'\e[2J\xe9'
	see_document 'a name of its own' 0 vmview --json "$pid"
	find_in 'a name of its own: its bytes' '.processes[0].command_hex' 1b5b324ae9
	stop "$starter"
	for mode in hostile utf8 invalid empty blank none nul title; do
		start cmdline "$mode"
		see_document "arguments, $mode" 0 vmview --json "$pid"
		stop "$starter"
	done
	cp "$target" "$work/bin/$name"
	start_command "$work/bin/$name" plain
	see_document 'a hostile command' 0 vmview --json "$pid"
	find_in 'a hostile command: its bytes' '.processes[0].command_hex' "${bytes// /}"
	find_in 'a hostile command: its characters' '.processes[0].command | explode | map(tostring) | join(" ")' \
		'27 91 51 49 109 34 92 10 65533'
	# The kernel writes a newline as \012, and a backslash as it is.
	find_in 'a hostile command: its path' '[.processes[0].mappings[] | select(.kind == "code") | .path_hex[-26:]][0]' \
		2f1b5b33316d225c5c303132ff
	stop "$starter"
}

# Known is what is known; the rest is absent, and says why.
test_unreadable() {
	local other

	see_document 'no such process' 42 vmview --json "$(missing_pid)"
	find_in 'no such process: why' '.processes[0].limited[0]' 'there is no such process'
	see_document 'no such name' 42 vmview --json no-such-process-here
	find_in 'no such name: nobody' '.processes | length' 0
	see_document 'no such capture' 1 vmview --json --from "$work/none"
	find_in 'no such capture: why' '.processes[0] | "\(.source): \(.limited[0])"' "$work/none: No such file or directory"
	printf '%s\n' '1000-2000 rw-p 00000000 00:00 0 ' nonsense >"$work/broken"
	see_document 'a broken capture' 1 vmview --json --from "$work/broken"
	find_in 'a broken capture: what comes before' '.processes[0] | "\(.mappings | length) \(.totals.size) \(.limited[0])"' \
		'1 4096 line 2: neither a mapping nor a field: this is not the text of maps or smaps'
	see vmview --ndjson --from "$work/broken"
	valid 'a broken capture, lines' lines
	is 'a broken capture, lines: what comes before' "$status $(wc -l <"$out")" '1 1'
	{
		echo '1000-2000 rw-p 00000000 00:00 0 '
		printf 'Odd%d: 1\n' {1..300}
	} >"$work/odd"
	see_document 'too many odd fields' 1 vmview --json --from "$work/odd"
	find_in 'too many odd fields: why' '.processes[0] | "\(.mappings) \(.limited[0])"' \
		'[] the capture has more different fields than any kernel prints'
	start zombie
	see_document 'a zombie' 0 vmview --json "$pid"
	find_in 'a zombie: why' '.processes[0] | "\(.state) \(.mappings) \(.limited[0][:14])"' 'Z [] it is a zombie'
	stop "$starter"
	start thread-group
	see_document 'an ended main thread' 0 vmview --json "$starter"
	find_in 'an ended main thread: the others' '.processes[0] | .mappings | length' "$(wc -l <"/proc/$pid/maps")"
	for words in --json --ndjson --csv '--summary --csv' '--summary --json' --openmetrics; do
		# shellcheck disable=SC2086 # these are words
		vmview $words "$pid" >"$work/thread" 2>&1
		matches "a thread: $words tells its process" "$(cat "$work/thread")" "(pid\":|pid=\"|
)${starter}[,\"]"
	done
	stop "$starter"

	possible 'not permitted' nobody || return
	start plain
	other=$pid
	as=("$run" nobody)
	start plain
	as=()
	see_document 'not permitted, and ours' 1 "$run" nobody vmview --json "$other" "$pid"
	find_in 'not permitted: who and why' '.processes[0] | "\(.command) \(.user) \(has("mappings")) \(.limited[0])"' \
		'target root false not permitted to read its smaps: it belongs to user root; try sudo, or CAP_SYS_PTRACE'
	find_in 'not permitted, and ours: all of that' '.processes[1] | .limited + [.totals.count] | .[0]' \
		"$(wc -l <"/proc/$pid/maps")"
	is 'not permitted: said as well' "$(grep -c 'not permitted' "$err")" 1
	stop "$starter" "$other"
}

# A validator that finds nothing anywhere would not be noticed.
refused() { # NAME DOCUMENT
	printf '%s\n' "$2" >"$work/refused.document"
	if [ -n "$python" ]; then
		matches "$1" "$("$python" "$here/validate.py" "$schema" "$work/refused.document" 2>&1)" '^/.*: .'
	else
		skip "$1" 'there is no jsonschema for Python here'
	fi
}

test_schema() {
	local kinds

	refused 'what the schema does not tell is refused' '{"vmview":"1","processes":[{"pid":1,"limited":[],
		"mappings":[{"start":4096}],"totals":{"count":1}}]}'
	refused 'a key that stands twice is refused' '{"vmview":"1","vmview":"1","processes":[]}'

	see vmview --json --from kinds
	find_in 'the version is told' .vmview "$(vmview --version | cut -d ' ' -f 2)"
	if ! has_jq; then
		skip 'the schema tells of each column' 'there is no jq here'
		return
	fi
	is 'the schema tells of each column' "$(jq -r '."$defs".mapping.properties | keys[]' "$schema" |
		grep -v '_hex$' | sort)" "$(vmview --list-columns | cut -d ' ' -f 1 | sed 's/^address$/start/' | sort)"
	kinds=$(jq -r '."$defs".mapping.properties.kind.enum | join(", ")' "$schema")
	matches 'the schema tells of each kind' "$(vmview --once --kind nonsense 1 2>&1)" "there are $kinds\$"
}

test_captures
test_sums
test_text
test_order
test_pipe
test_live
test_hostile
test_unreadable
test_schema
validate
finish

#!/usr/bin/env bash
# scenes.sh DEMO VMVIEW
#
# Every step of every scene is as promised, or cannot be done here for a reason that is known. And what
# the command line says and takes.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$here/support.sh"

out=$work/out err=$work/err

# What a machine may lack: swap, huge pages, permission to lock memory, a kernel or a processor that can do it.
known_reasons='[Ss]wap|[Hh]uge|RLIMIT_|MEMLOCK|CAP_|[Pp]ermission|privilege|root|malloc|ENOSYS|EPERM|kernel|processor|machine|file ?system|tmpfs|sanitizer|Sanitizer'

# Lines of JSON whose result is no "ok", less what is skipped for a reason that is known.
unexpected() { # FILE
	grep -v '"result":"ok"' "$1" |
		grep -v -E "\"result\":\"skipped\",\"reason\":\"[^\"]*($known_reasons)"
}

# One object a line, with all its keys in order.
malformed() { # FILE SCENE
	local shape='^\{"scene":"'$2'","step":[0-9]+,"call":".*","pid":[0-9]+,"address":("0x[0-9a-f]+"|null),"size":([0-9]+|null),"expect":\{.*\},"result":"(ok|skipped|failed)","reason":("([^"\\]|\\.)*"|null)\}$'

	grep -v -E "$shape" "$1"
	if command -v jq >/dev/null; then
		jq -e -s 'all(type == "object")' "$1" 2>&1 | grep -v -x true
	fi
}

test_scene() { # NAME
	see "$demo" --json "$1"
	is "$1: status" "$status" 0
	is "$1: nothing to complain of" "$(cat "$err")" ''
	is "$1: every step is as promised" "$(unexpected "$out")" ''
	is "$1: JSON" "$(malformed "$out" "$1")" ''
	check "$1: has steps" test "$(wc -l <"$out")" -ge 1
	is "$1: steps are counted" "$(sed 's/.*"step":\([0-9]*\),.*/\1/' "$out" | tr '\n' ' ')" \
		"$(seq -s ' ' "$(wc -l <"$out")") "
	is "$1: leaves nothing" "$(left_overs none)" ''
}

test_list() {
	see "$demo" --list
	is 'list: status' "$status" 0
	listed=$(awk '{ print $1 }' "$out")
	is 'list: every scene, in order' "$(tr '\n' ' ' <<<"$listed")" \
		'anon-private anon-shared file-private file-shared read-like-an-array posix-shm sysv-shm memfd protections fixed locked fork-cow munmap bigger-than-memory cannot-map growing huge swapped reclaimed deleted '
}

usage() { # NAME SENTENCE ARGUMENTS...
	see "$demo" "${@:3}"
	is "$1: status" "$status" 2
	is "$1: sentence" "$(cat "$err")" "vmview-demo: $2; \`vmview-demo --help\` shows what there is"
	is "$1: nothing else" "$(cat "$out")" ''
}

test_usage() {
	usage 'unknown option' "'--nonsense' is no option" --nonsense
	usage 'unknown letter' "'-x' is no option" -x
	usage 'unknown scene' "there is no scene 'nonsense' (--list lists them)" nonsense
	usage 'no number' "'soon' is not a number of seconds from 0 to 86400" --auto=soon
	usage 'negative number' "'-1' is not a number of seconds from 0 to 86400" --auto=-1
	usage 'no finite number' "'nan' is not a number of seconds from 0 to 86400" --auto=nan
	usage 'two outputs' '--json and --quiet exclude each other' --json --quiet
	usage 'split and JSON' '--split goes without --json and --quiet' --split --json
	see "$demo" --split
	is 'split without a terminal: status' "$status" 2
	see "$demo" --help
	is 'help: status' "$status" 0
	check 'help: tells of --follow' grep -q -e --split "$out"
	see "$demo" --version
	matches 'version' "$status $(cat "$out")" '^0 vmview-demo [0-9.]+$'
	see env PATH=/nonexistent "$demo" --split
	is 'split without tmux: status' "$status" 0
	matches 'split without tmux: two commands' "$(cat "$out")" 'vmview-demo.*vmview vmview-demo'
}

test_output() {
	see "$demo" --quiet anon-private fixed
	is 'quiet: status' "$status" 0
	is 'quiet: a line a scene' "$(awk '{ print $1 }' "$out" | tr '\n' ' ')" 'anon-private fixed all '
	see "$demo" anon-private
	is 'no escapes into a file' "$(grep -c $'\033' "$out")" 0
	is 'nothing wider than 80 columns' "$(grep -v follow-demo "$out" | grep -E '^.{81}')" ''
	is 'a line ends each step' "$(grep -c -x ok "$out")" \
		"$("$demo" --json anon-private | grep -c '"result":"ok"')"
	"$demo" --json anon-private >/dev/full 2>"$err" </dev/null
	is 'output that is full: status' $? 1
	leaves_nothing 'output that is full: leaves nothing' none
	"$demo" --json anon-private 2>"$err" </dev/null | head -n 1 >"$out"
	is 'a reader that leaves' "$(wc -l <"$out")" 1
	leaves_nothing 'a reader that leaves: leaves nothing' none
}

# A folder's name may hold any bytes.
test_bytes() {
	local folder=$TMPDIR/$'a"\\\n\033\377\u00e9'

	mkdir "$folder"
	TMPDIR=$folder see "$demo" --json deleted
	is 'strange folder: status' "$status" 0
	is 'strange folder: JSON' "$(malformed "$out" deleted)" ''
	matches 'strange folder: escaped' "$(grep unlink "$out")" 'a\\"\\\\\\n\\u001b\\ufffdé/vmview-demo-'
	check 'strange folder: UTF-8' iconv -f UTF-8 -t UTF-8 -o /dev/null "$out"
	TMPDIR=$folder see "$demo" deleted
	is 'strange folder: no escapes' "$(grep -c $'\033' "$out")" 0
	rmdir "$folder"
}

listed=
test_list
test_usage
for scene in $listed; do
	test_scene "$scene"
done
test_output
test_bytes
finish

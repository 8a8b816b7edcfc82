#!/usr/bin/env bash
# record.sh VMVIEW HELPERS
#
# What is recorded of a process is, frame by frame, what was seen of it then.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"

file=$work/recording out=$work/out err=$work/err

# shellcheck disable=SC2317 # await calls these
has_frame() { # NUMBER
	"$vmview" --once --from "$file" --frame "$1" >/dev/null 2>&1
}

# shellcheck disable=SC2317
is_larger() { # SIZE
	[ "$(stat -c %s "$file")" -gt "$1" ]
}

"$vmview" --record "$work/none" $$ --for 1 2>"$err" >"$out"
if grep -q 'without recordings' "$err"; then
	check 'without zstd: no file is made' test ! -e "$work/none"
	printf 'vmview recording 1\n' >"$file"
	see "$vmview" --once --from "$file"
	is 'without zstd: status' "$status" 1
	is 'without zstd: sentence' "$(cat "$err")" \
		"vmview: $file: it is a recording: this vmview was built without recordings (zstd)"
	finish
fi

# Mappings with their numbers, of which the kernel may count some otherwise a moment later.
facts() { # ARGUMENT...
	"$vmview" --no-headings -o address,end,perms,kind,offset,device,inode,deleted,rss,anonymous,path "$@"
}

start all "$work/files" || exit 1
"$vmview" --record "$file" --interval 0.05 "$pid" >"$work/said" 2>&1 </dev/null &
recorder=$!
started+=("$recorder")
check 'frames are written while it runs' await has_frame 3
facts "$pid" >"$work/live"
facts --from "$file" --frame 2 >"$work/frame"
same_files 'a frame tells what the process was' "$work/frame" "$work/live"
"$vmview" -x "$pid" | tail -n +2 >"$work/live"
"$vmview" -x --from "$file" | tail -n +2 >"$work/frame"
same_files 'the last frame is shown, in any format' "$work/frame" "$work/live"
is 'whose it was' "$("$vmview" --once --from "$file" | head -n 1 | cut -d : -f 1)" "$pid"
see "$vmview" --record "$file" "$pid"
is 'two cannot write one file: status' "$status" 1
matches 'two cannot write one file: sentence' "$(cat "$err")" 'somebody else is recording into it'
stop "$starter"
wait "$recorder"
is 'it ends with the process: status' $? 0
is 'it says nothing that nobody asked for' "$(cat "$work/said")" ''

see "$vmview" --once --from "$file" --frame 1
is 'the first frame: status' "$status" 0
see "$vmview" --once --from "$file" --frame 100000
is 'no such frame: status' "$status" 1
matches 'no such frame: sentence' "$(cat "$err")" "there is no frame '100000': it has [0-9]+, the first is 1"
see "$vmview" --once --from "$file" --frame "$(date '+%Y-%m-%d %H:%M:%S')"
is 'the frame of a time: status' "$status" 0
see "$vmview" --once --from "$file" --frame '2001-01-01 00:00'
matches 'a time before all frames' "$status $(cat "$err")" "^0 vmview: $file: its first frame is of 20[0-9-]{8} [0-9:]{8}$"
see "$vmview" --once --from "$file" --frame '2199-01-01T00:00:00'
matches 'a time behind all frames' "$status $(cat "$err")" "^0 vmview: $file: its last frame is of 20[0-9-]{8} [0-9:]{8}$"
see "$vmview" --once --from "$file" --frame '0000-01-01 00:00'
matches 'a time before all that nanoseconds reach' "$status $(cat "$err")" "^0 .*: its first frame is of 20"
see "$vmview" --once --from "$file" --frame '9999-12-31 00:00'
matches 'a time behind them' "$status $(cat "$err")" "^0 .*: its last frame is of 20"
see "$vmview" --ndjson --from "$file" --frame 1
matches 'JSON has its time' "$(head -n 1 "$out")" \
	'"time":"20[0-9-]{8}T[0-9:]{8}[.][0-9]{3}Z"'
time=$(head -n 1 "$out" | sed 's/.*"time":"\([^."]*\).*/\1/')
TZ=UTC0 see "$vmview" --ndjson --from "$file" --frame "$time"
matches 'by this time it is found' "$status$(cat "$err")$(head -n 1 "$out")" "^0[{].*\"time\":\"$time"
see "$vmview" -o rss --from "$file" --frame 1
matches 'tables have it' "$(head -n 1 "$out")" "^$pid: .*  20[0-9-]{8} [0-9:]{8}$"
see "$vmview" --watch --frame 1 --from "$file"
is 'its story has all frames: status' "$status" 2
see "$vmview" --watch --interval 1 --from "$file"
is 'its story has its own times: status' "$status" 2
{
	printf 'vmview recording 9\n'
	tail -c +20 "$file"
} >"$work/later"
for words in --once --json '--frame 1' --watch; do
	# shellcheck disable=SC2086 # these are words
	see "$vmview" $words --from "$work/later"
	is "of a later vmview: $words" "$status $(cat "$err")" "1 vmview: $work/later: byte 17: it is of a later vmview"
done
see "$vmview" --once --frame 0 --from "$file"
is 'a number that is none: status' "$status" 2
see "$vmview" --once --frame 1 "$$"
is 'a frame of a process: status' "$status" 2
printf 'vmview recording 9\n' >"$work/later"
see "$vmview" --once --from "$work/later"
is 'a later format' "$status $(cat "$err")" "1 vmview: $work/later: byte 17: it is of a later vmview"
see "$vmview" --once --frame 1 --from "$here/record.sh"
matches 'a frame of what is no recording' "$(cat "$err")" 'it is not a recording: frames are of recordings'

# Cut in its last frame, as by a crash.
size=$(stat -c %s "$file")
head -c $((size - 10)) "$file" >"$work/cut"
see "$vmview" --once --from "$work/cut"
is 'cut short: status' "$status" 0
matches 'cut short: sentence' "$(cat "$err")" ': byte [0-9]+: .* is whole: [0-9]+ of its frames'
check 'cut short: shown' test -s "$out"
see "$vmview" --watch --from "$work/cut"
is 'cut short: its story: status' "$status" 0
matches 'cut short: its story: sentence' "$(cat "$err")" ': byte [0-9]+: .* is whole: [0-9]+ of its frames'
see "$vmview" --watch --summary --count 2 --from "$file"
is 'the sums of two frames: status' "$status $(cat "$err")" '0 '
is 'the sums of two frames' "$(tail -n +2 "$out" | wc -l)" 2
see "$vmview" --watch --from - <"$file"
is 'a story from a pipe: status' "$status" 1
matches 'a story from a pipe: sentence' "$(cat "$err")" '-: a recording is not read from standard input'

start plain || exit 1
see "$vmview" --record "$work/cut" --interval 0.05 --for 1 "$pid"
is 'for a second: status' "$status" 0
matches 'for a second: what was torn is told' "$(cat "$err")" 'its last frame is not whole, from byte [0-9]+ on: it is written over'
see "$vmview" --once --from "$work/cut"
is 'appended: the other process' "$(head -n 1 "$out" | cut -d : -f 1)" "$pid"
is 'appended: whole again' "$(cat "$err")" ''
see "$vmview" --watch --summary --no-headings --from "$work/cut"
is 'appended: each line tells whose it is' "$(awk '{ print $2 }' "$out" | uniq | wc -l)" 2
is 'appended: the last one' "$(tail -n 1 "$out" | awk '{ print $2 }')" "$pid"

before=$(stat -c %s "$file")
"$vmview" --record "$file" --interval 60 "$pid" >"$work/said" 2>&1 </dev/null &
recorder=$!
started+=("$recorder")
await is_larger "$before"
kill -TERM "$recorder"
wait "$recorder"
is 'SIGTERM ends it' $? 143
see "$vmview" --once --from "$file"
is 'SIGTERM leaves a whole recording' "$status$(cat "$err")" 0

before=$(stat -c %s "$file")
(trap '' HUP && exec "$vmview" --record "$file" --interval 60 "$pid") >"$work/said" 2>&1 </dev/null &
recorder=$!
started+=("$recorder")
await is_larger "$before"
kill -HUP "$recorder"
kill -TERM "$recorder"
wait "$recorder"
is 'with nohup SIGHUP does not end it' $? 143

for words in '--for 1' '--record x' '--record x 1 2' '--record x --json 1' '--record x --for soon 1'; do
	# shellcheck disable=SC2086 # these are words
	see "$vmview" $words
	is "wrong use: $words" "$status" 2
done
printf 'hello\n' >"$work/text"
see "$vmview" --record "$work/text" "$pid"
is 'a file of something else: status' "$status" 1
is 'a file of something else: left alone' "$(cat "$work/text")" hello
see "$vmview" --record "$work/nowhere/file" "$pid"
is 'no such folder' "$status $(cat "$err")" "1 vmview: '$work/nowhere/file': cannot record into it: No such file or directory"
(ulimit -f 8 && see "$vmview" --record "$work/limited" --interval 0.05 "$pid" && exit "$status")
is 'a file that may not grow: status' $? 1
is 'a file that may not grow: sentence' "$(cat "$err")" \
	"vmview: $work/limited: File too large; what was recorded before is whole"
(ulimit -f 1 && see timeout 60 "$vmview" --record "$work/small" --interval 1800 --for 20m "$pid" && exit "$status")
is 'a file that may not grow: nobody waits for the next frame' $? 1
see "$vmview" --once --from "$work/limited"
is 'a file that may not grow: what there is' "$status$(cat "$err")" 0
if [ "$(cat /proc/2/comm 2>/dev/null)" = kthreadd ]; then
	see "$vmview" --record "$work/kernel" 2
	is 'a kernel thread' "$status $(cat "$err")" \
		'1 vmview: 2 (kthreadd): it is a kernel thread: it has no address space of its own'
	check 'a kernel thread: no file' test ! -e "$work/kernel"
fi
chmod 777 "$work"
see "$run" nobody "$vmview" --record "$work/hidden" "$pid"
if [ "$status" -eq 77 ]; then
	skip 'not permitted' 'only root can become another user'
else
	matches 'not permitted' "$status $(cat "$err")" "^1 vmview: $pid \\(.*\\): not permitted to read its maps"
	check 'not permitted: no file' test ! -e "$work/hidden"
fi
see "$vmview" --record /dev/null "$pid"
matches 'no regular file' "$status $(cat "$err")" '^1 .*it is not a regular file'
finish

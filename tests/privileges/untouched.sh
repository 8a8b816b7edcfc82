#!/usr/bin/env bash
# untouched.sh VMVIEW HELPERS [VTDRIVER]
#
# strace tells that a process is only looked at, in every form of text, over time and in the live view: all below /proc is
# opened for reading, nothing traces or signals, nothing is executed or written where the process could see it.
# shellcheck disable=SC2317 # innocent() calls the functions
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=../support/formats.sh
. "$here/../support/formats.sh"

export LC_ALL=C.UTF-8 TERM=dumb
# LeakSanitizer traces its own process.
export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
out=$work/out err=$work/err calls=$work/calls

command -v strace >/dev/null || skip_all 'there is no strace here'
traced=(strace -f -y -s 200 -o "$calls")
"${traced[@]}" true 2>"$err" || skip_all "strace cannot trace here: $(head -n 1 "$err")"

# Calls of those that are named by an extended regular expression; the first of all is strace's own, of the program.
calls_of() { # NAMES
	sed 1d "$calls" | grep -E "^[0-9]+ +($1)\("
}

# Each of these prints what it has found in $calls.

opened_for_writing() {
	calls_of 'open(at2?)?|creat' | grep '[<"]/proc' |
		grep -E 'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|creat\('
}

not_opened_for_reading() {
	calls_of 'open(at2?)?' | grep '[<"]/proc' | grep -v -F 'O_RDONLY'
}

written_below_proc() {
	calls_of 'p?write(v|64|v2)?|ftruncate|fallocate|ioctl' | grep '([0-9]*<[^>]*/proc/'
}

# vmview ends itself by a signal at most.
tracing_or_signalling() {
	calls_of 'ptrace|process_vm_(readv|writev)|process_madvise|kcmp|pidfd_(send_signal|getfd)'
	calls_of '(t|tg)?kill|rt_(tg)?sigqueueinfo' | grep "[( ]${pid}[,)]"
}

# What changes another process, or a file.
changing() {
	calls_of 'prlimit64|sched_set.*|setpriority|ioprio_set|(move|migrate)_pages|setns' |
		grep "[( ]${pid}[,)]"
	calls_of '(unlink|rename|link|symlink|f?ch(mod|own)|mkdir|mknod)(at2?)?|f?truncate' | grep -F '/proc'
}

executed() {
	calls_of 'execve(at)?' | grep -v -F '/vmview"'
}

outside_of_its_folder() {
	calls_of 'open(at2?)?' | grep -F "\"/proc/$pid/"
}

innocent() { # NAME
	local check found bad=''

	grep -q -E "\"/proc/$pid\".*= [0-9]" "$calls" || bad='[it was not looked at] '
	for check in opened_for_writing not_opened_for_reading written_below_proc tracing_or_signalling changing \
		executed outside_of_its_folder; do
		found=$("$check" | head -n 3)
		[ -z "$found" ] || bad+="[$check: $found] "
	done
	is "$1: only looks" "$bad" ''
}

test_text() {
	local format

	start "$@"
	for format in "${formats[@]}"; do
		# shellcheck disable=SC2086
		"${traced[@]}" "$vmview" --once $format "$pid" >"$out" 2>"$err" </dev/null
		is "$1, '$format': status" $? 0
		innocent "$1, '$format'"
	done
	stop "$starter"
}

# What looks more than once. A difference tells of two.
test_more_looks() {
	local words way name

	start plain
	for way in "--watch --summary --interval 0.1 --count 3 $pid" "--watch --interval 0.1 --count 2 $pid" \
		"--diff $pid $pid" "--record=$work/recording --interval 0.1 --for 1 $pid"; do
		read -r -a words <<<"$way"
		name=${way%% --interval*} name=${name%%[ =][0-9/]*}
		"${traced[@]}" "$vmview" "${words[@]}" >"$out" 2>"$err" </dev/null
		is "'$name': status" $? 0
		innocent "'$name'"
	done
	stop "$starter"
}

# By name: those of all processes are asked for.
test_name() {
	start plain
	"${traced[@]}" "$vmview" --once target >"$out" 2>"$err" </dev/null
	innocent 'by name'
	stop "$starter"
}

# Look at it in the live view, on all screens.
view() { # NAME TEXT-THAT-IT-SHOWS
	cat >"$work/view.screen" <<-'END'
		size 100 50
		start strace -f -y -s 200 -o $CALLS $VMVIEW --interval 0.1 $TARGET
		wait-regex rss [0-9]
		wait $SHOWN
		keys i
		wait What
		keys i 2
		wait KIND
		keys 3
		wait FILE
		keys 4 1 r
		wait ADDRESS
		keys q
		wait-exit 0
		expect-restored
	END
	if VMVIEW=$vmview TARGET=$pid CALLS=$calls SHOWN=$2 "$vtdriver" "$work/view.screen" >"$out" 2>"$err"; then
		ok "$1: all screens"
	else
		not_ok "$1: all screens"
		note <"$err"
	fi
	innocent "$1"
}

test_live_view() {
	if [ ! -x "$vtdriver" ]; then
		skip 'live view' 'there is no vtdriver here'
		return
	fi
	start all "$work/files"
	view 'live view' '[stack]'
	stop "$starter"
	start names "$work/files"
	view 'live view of hostile names' '/esc ?[31mred?[0m'
	stop "$starter"
	start comm $'e\e[31m\a\177'
	view 'live view of a hostile command' 'e?[31m??'
	stop "$starter"
}

vtdriver=${3-}
test_text all "$work/files"
test_text names "$work/files"
test_text cmdline hostile
test_more_looks
test_name
test_live_view
finish

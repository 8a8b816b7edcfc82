#!/usr/bin/env bash
# errors.sh VMVIEW HELPERS
#
# What bad input and bad luck get: a sentence that tells who, what and what would help, the exit status,
# and everything that can be shown. What saved files get is tested in golden/.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"

export LC_ALL=C.UTF-8 TERM=xterm PATH="$work/bin:$PATH"
out=$work/out err=$work/err

# The same, called by another name.
see_as() { # NAME COMMAND...
	(exec -a "$1" "${@:2}") >"$out" 2>"$err" </dev/null
	status=$?
}

# What has been seen: its status, the one line it said, and how many lines it showed.
saw() { # NAME STATUS SENTENCE LINES
	is "$1: status" "$status" "$2"
	is "$1: sentence" "$(cat "$err")" "$3"
	is "$1: lines shown" "$(wc -l <"$out")" "$4"
}

# How many lines the list of process $1 has, with heading and total.
lines_of() {
	echo $(($(wc -l <"/proc/$1/maps") + 2))
}

test_missing() {
	local missing
	missing=$(missing_pid)
	see vmview --once "$missing"
	saw 'no such process' 42 "vmview: $missing: there is no such process" 0
	see vmview --once -X "/proc/$missing"
	saw 'no such process in /proc' 42 "vmview: $missing: there is no such process" 0
	start plain
	see vmview --once "$missing" "$pid"
	saw 'no such process, and one' 42 "vmview: $missing: there is no such process" "$(lines_of "$pid")"
	see vmview --once "$pid" /proc/self no-such-process-here
	saw 'no such name, and a process' 42 "vmview: no process is called 'no-such-process-here'" \
		"$(lines_of "$pid")"
	see vmview --once "$pid" 12x
	saw 'no PID, after a process' 1 \
		"vmview: '12x' is not a PID (a number from 1 to 2147483647), and no process is called that" 0
	stop "$starter"
}

test_not_permitted() {
	local other

	if ! possible 'not permitted' nobody; then
		test_not_permitted_to_user
		return
	fi
	start plain
	other=$pid
	see "$run" nobody vmview --once "$pid"
	saw 'not permitted' 1 "vmview: $pid (target): not permitted to read its maps: it belongs to \
user root; try sudo, or CAP_SYS_PTRACE" 1
	see "$run" nobody vmview --once -x "$pid"
	saw 'not permitted, -x' 1 "vmview: $pid (target): not permitted to read its smaps: it belongs to \
user root; try sudo, or CAP_SYS_PTRACE" 1
	see "$run" nobody vmview --once -X "$pid"
	saw 'not permitted, -X' 1 "vmview: $pid (target): not permitted to read its smaps: it belongs to \
user root; try sudo, or CAP_SYS_PTRACE" 1
	see "$run" powerless vmview --once "$pid"
	[ "$status" -eq 77 ] || saw 'root without CAP_SYS_PTRACE' 1 "vmview: $pid (target): not permitted to read its maps, even as \
root: it needs CAP_SYS_PTRACE in the user namespace of the process, which belongs to user root" 1

	as=("$run" nobody)
	start plain
	as=()
	see "$run" nobody vmview --once "$other" "$pid"
	is 'not permitted, and ours: status' "$status" 1
	is 'not permitted, and ours: shown' "$(wc -l <"$out")" $((1 + $(lines_of "$pid")))
	stop "$starter" "$other"

	as=("$run" nobody)
	start nondumpable
	as=()
	see "$run" nobody vmview --once "$pid"
	matches 'ours, but protected' "$(cat "$err")" \
		"^vmview: $pid \(target\): not permitted to read its maps: it .*CAP_SYS_PTRACE"
	is 'ours, but protected: status' "$status" 1
	if cat "/proc/$pid/maps" >/dev/null 2>&1; then
		see vmview --once "$pid"
		saw 'protected, for root' 0 '' "$(lines_of "$pid")"
	fi
	stop "$starter"
}

test_not_permitted_to_user() {
	if cat /proc/1/maps >/dev/null 2>&1; then
		skip 'not permitted' 'process 1 is no secret here'
		return
	fi
	see vmview --once 1
	matches 'not permitted' "$(cat "$err")" \
		'^vmview: 1 \(.*\): not permitted to read its maps: it belongs to user .*sudo.*CAP_SYS_PTRACE'
	is 'not permitted: status' "$status" 1
}

# The kernel's own threads keep names of any length.
test_long_kernel_thread() {
	local comm name=''

	for comm in /proc/[0-9]*/comm; do
		read -r comm < "$comm" 2>/dev/null || continue
		[ "${#comm}" -le 15 ] || case $comm in *[!a-z_]*) ;; *) name=$comm ;; esac
	done
	if [ -z "$name" ]; then
		skip 'kernel thread with a long name' 'none is to be seen here'
		return
	fi
	see vmview --once "$name"
	check 'kernel thread with a long name' grep -qF "($name): it is a kernel thread" "$err"
}

test_two_captures() {
	see vmview --once --from /dev/null --from /dev/null
	saw 'two captures' 1 "vmview: --from reads one capture, not several; \`vmview --help\` shows \
what there is" 0
}

test_kernel_thread() {
	if [ "$(cat /proc/2/comm 2>/dev/null)" != kthreadd ]; then
		skip 'kernel thread' 'none is to be seen here'
		return
	fi
	see vmview --once 2
	saw 'kernel thread' 0 'vmview: 2 (kthreadd): it is a kernel thread: it has no address space of its own' 2
	see vmview --once -X 2
	saw 'kernel thread, -X' 0 'vmview: 2 (kthreadd): it is a kernel thread: it has no address space of its own' 1
	see vmview --once kthreadd
	saw 'kernel thread by name' 0 'vmview: 2 (kthreadd): it is a kernel thread: it has no address space of its own' 2
}

test_zombie() {
	start zombie
	see vmview --once "$pid"
	saw zombie 0 "vmview: $pid (target): it is a zombie: it has ended and its memory is gone; it waits \
for its parent, process $starter, to notice" 2
	stop "$starter"
}

test_ended_main_thread() {
	local program once

	start thread-group
	for program in vmview pmap; do
		# What is called pmap needs no option for that.
		once=' --once'
		[ "$program" = vmview ] || once=''
		see "$program" -q "$starter"
		saw "main thread ended, $program" 0 "$program: $starter (target): its main thread has ended, \
so its maps is empty; the others share its memory: $program$once $pid" 1
		# The sentence names a command.
		read -r -a words < <(sed 's/.*: //' "$err")
		see "${words[@]}"
		saw "main thread ended, the command named by $program" 0 '' "$(lines_of "$pid")"
	done
	stop "$starter"
}

# As of kernels without CONFIG_PROC_PAGE_MONITOR.
test_no_smaps() {
	local sentence look=(env ABSENT=smaps LD_PRELOAD="${run%/*}/stuck.so" vmview)

	if grep -q -e __asan_init -e __tsan_init -e __msan_init "$vmview"; then
		skip 'no smaps' 'nothing can be loaded before a sanitizer'
		return
	fi
	start plain
	sentence="vmview: $pid (target): its kernel has no smaps (CONFIG_PROC_PAGE_MONITOR): only maps was read"
	see "${look[@]}" -x "$pid"
	saw 'no smaps, -x' 1 "$sentence" $(($(lines_of "$pid") + 2))
	check 'no smaps: no number is made up' grep -qE '^total kB +[0-9]+ +- +-$' "$out"
	see "${look[@]}" --watch --summary --interval 0.05 --count 3 "$pid"
	saw 'no smaps, --watch' 1 "$sentence" 4
	"$vmview" "$pid" >"$work/live"
	"$vmview" --record "$work/recorded" --for 1 "$pid" 2>"$err"
	if grep -q 'without recordings' "$err"; then
		skip 'no smaps, --record' 'vmview was built without recordings'
	else
		"${look[@]}" --record "$work/recording" --for 1 "$pid"
		see vmview --once --from "$work/recording"
		same_files 'no smaps, --record' "$out" "$work/live"
	fi
	stop "$starter"
}

# The heading, 70000 good lines, and one that is none.
test_long_capture() {
	awk 'BEGIN {
		for (i = 1; i <= 70000; i++)
			printf "%x000-%x800 rw-p 00000000 00:00 0 \n", i, i
		print "here it ends"
	}' >"$work/capture"
	see vmview --once -q --from "$work/capture"
	saw 'malformed at its end' 1 "vmview: $work/capture: line 70001: neither a mapping nor a field: \
this is not the text of maps or smaps" 70001
}

# Output that fits into a buffer, and output that does not.
test_output() {
	local format small large size

	start many 3000
	large=$pid
	start plain
	small=$pid
	for size in small large; do
		for format in '' -x -X '-d -q'; do
			# shellcheck disable=SC2086
			cannot_write "$size output, '$format'" --once $format "${!size}"
		done
	done
	cannot_write 'two processes' --once "$small" "$large"
	cannot_write help --help
	cannot_write version --version

	vmview --once "$small" <&- >"$out" 2>&-
	is 'neither input nor errors: status' $? 0
	is 'neither input nor errors: shown' "$(wc -l <"$out")" "$(lines_of "$small")"
	vmview --once "$(missing_pid)" <&- >"$out" 2>&-
	is 'an error without standard error: status' $? 42
	is 'an error without standard error: nothing shown' "$(wc -c <"$out")" 0
	vmview --once "$small" <&- >&- 2>&-
	is 'nothing open: status' $? 1
	stop "$small" "$large"
}

# One sentence where output is lost; none where its reader had enough.
cannot_write() { # NAME ARGUMENT...
	vmview "${@:2}" >/dev/full 2>"$err"
	is "full disk, $1: status" $? 1
	is "full disk, $1: sentence" "$(cat "$err")" \
		'vmview: cannot write to standard output: No space left on device'
	vmview "${@:2}" >&- 2>"$err"
	is "no standard output, $1: status" $? 1
	is "no standard output, $1: sentence" "$(cat "$err")" \
		'vmview: cannot write to standard output: Bad file descriptor'
	see "$run" pipe-kills broken-pipe vmview "${@:2}"
	is "closed pipe, $1: status" "$status" 141
	is "closed pipe, $1: silence" "$(cat "$err")" ''
	see "$run" pipe-ignored broken-pipe vmview "${@:2}"
	is "closed pipe, SIGPIPE ignored, $1: status" "$status" 0
	is "closed pipe, SIGPIPE ignored, $1: silence" "$(cat "$err")" ''
}

# Without --once, where there is no terminal to show it on.
test_pipe() {
	start plain
	vmview "$pid" 2>"$err" | cat >"$out"
	is 'in a pipe: status' "${PIPESTATUS[0]}" 0
	is 'in a pipe: silence' "$(cat "$err")" ''
	vmview --once "$pid" >"$work/once"
	same_files 'in a pipe: as with --once' "$out" "$work/once"
	see vmview -X "$pid"
	is 'into a file, -X' "$status $(grep -c Referenced "$out")" '0 1'
	stop "$starter"
}

test_terminal() {
	local TERM

	"$run" terminal true
	if [ $? -eq 77 ]; then
		skip 'on a terminal' 'there is none to be had'
		return
	fi
	export TERM
	start plain
	TERM=xterm-256color see "$run" terminal vmview --once "$pid"
	check 'on a terminal: colours' grep -q $'\e\\[38;5;' "$out"
	is 'on a terminal: status' "$status" 0
	TERM=xterm see "$run" terminal vmview --once "$pid"
	check 'on a terminal of 8 colours' grep -q $'\e\\[33m' "$out"
	for setting in TERM=dumb TERM= NO_COLOR=1; do
		see env TERM=xterm "$setting" "$run" terminal vmview --once "$pid"
		check "on a terminal, $setting: no colours" test -z "$(tr -dc '\033' <"$out")"
	done
	see env -u TERM "$run" terminal vmview --once "$pid"
	check 'on a terminal without TERM: no colours' test -z "$(tr -dc '\033' <"$out")"
	TERM=xterm see "$run" terminal vmview --once --color=never "$pid"
	check 'on a terminal, --color=never: no colours' test -z "$(tr -dc '\033' <"$out")"
	TERM=xterm see "$run" terminal "$pmap_link" "$pid"
	check 'on a terminal, called pmap: colours' grep -q $'\e\\[' "$out"
	stop "$starter"
}

test_names() {
	local name="vmv$$" first second other

	cp "$target" "$work/bin/$name"
	start_command "$work/bin/$name" plain
	first=$pid
	see vmview --once "$name"
	saw 'by name' 0 '' "$(lines_of "$pid")"
	is 'by name: the one' "$(sed 's/:.*//;q' "$out")" "$first"
	start_command "$work/bin/$name" plain
	second=$pid
	see vmview --once "$name"
	saw 'by name, two' 0 '' $((2 * $(lines_of "$pid")))
	is 'by name, two: both' "$(grep -o '^[0-9]*:' "$out" | sort -n | tr -d '\n')" \
		"$(printf '%s:\n' "$first" "$second" | sort -n | tr -d '\n')"
	see vmview --once "${name%?}"
	saw 'by a part of the name' 42 "vmview: no process is called '${name%?}'" 0
	see vmview --once "$name" "$second"
	is 'by name and PID' "$status $(wc -l <"$out")" "0 $((3 * $(lines_of "$second")))"
	see pmap "$name"
	saw 'by name, called pmap' 1 \
		"pmap: '$name' is not a PID: that is a number from 1 to 2147483647" 0
	see vmview --once "/proc/$name"
	saw 'a folder of that name' 1 'vmview: none of the folders given is that of a process' 0
	stop "$first" "$second"

	cp "$target" "$work/bin/7$name"
	start_command "$work/bin/7$name" plain
	see vmview --once "7$name"
	saw 'by a name that begins with a digit' 0 '' "$(lines_of "$pid")"
	stop "$starter"

	# The kernel keeps 15 bytes of a name.
	cp "$target" "$work/bin/$name-with-a-tail"
	cp "$target" "$work/bin/$name-with-a-trunk"
	start_command "$work/bin/$name-with-a-tail" plain
	first=$pid
	start_command "$work/bin/$name-with-a-trunk" plain
	other=$pid
	see vmview --once "$name-with-a-tail"
	saw 'by a long name' 0 '' "$(lines_of "$first")"
	is 'by a long name: the one' "$(sed 's/:.*//;q' "$out")" "$first"
	name=$name-with-a-tail
	if [ "${#name}" -gt 16 ]; then
		see vmview --once "${name:0:15}"
		is 'by what the kernel keeps of a long name' "$status $(wc -l <"$out")" \
			"0 $((2 * $(lines_of "$first")))"
	fi
	see vmview --once "${name}s"
	saw 'by a longer name than that' 42 "vmview: no process is called '${name}s'" 0
	stop "$first" "$other"
}

# Whether all that was seen can be shown on a terminal without harm.
harmless_is() { # NAME
	"$harmless" "$out" "$err" >"$work/harm"
	is "harmless: $1" "$(cat "$work/harm")" ''
}

evil=$'e\e[31m\302\233m\177\a\342\200\256\377'

test_hostile_arguments() {
	local file=$work/$evil locale

	cp "$here/../golden/input/hostile" "$file"
	for locale in C C.UTF-8; do
		local -x LC_ALL=$locale
		see vmview --once --from "$file"
		harmless_is "path of a capture [$locale]"
		is "path of a capture: status [$locale]" "$status" 1
		see vmview --once --from "$file.none"
		harmless_is "path of no capture [$locale]"
		see vmview --once -C "$file" $$
		harmless_is "path of an rc file [$locale]"
		see vmview --once -C "$file.none" $$
		harmless_is "path of no rc file [$locale]"
		see vmview -N "$file.rc" && rm "$file.rc"
		harmless_is "path of a new rc file [$locale]"
		see env HOME="$file" "$vmview" -c $$
		harmless_is "home [$locale]"
		see vmview --once "$evil"
		harmless_is "name of a process [$locale]"
		is "name of a process: status [$locale]" "$status" 42
		see vmview --once "1$evil"
		harmless_is "PID [$locale]"
		see vmview --once "/proc/1$evil"
		harmless_is "path of a process [$locale]"
		see vmview --once "--$evil" $$
		harmless_is "long option [$locale]"
		see vmview --once "-$evil" $$
		harmless_is "option [$locale]"
		see vmview --once $'-\377' $$
		harmless_is "option of a byte [$locale]"
		see vmview --once -A "$evil" $$
		harmless_is "range [$locale]"
		see vmview --once "--color=$evil" $$
		harmless_is "colour [$locale]"
		see_as "$evil" vmview --once 12x
		harmless_is "name of the program [$locale]"
		see_as "$evil" vmview --help
		harmless_is "name of the program in the help [$locale]"
		see_as '' vmview --once 12x
		matches "no name of the program [$locale]" "$(cat "$err")" '^vmview: '
	done
}

# Colours aside, the same must be printed in colour.
same_in_colour() { # NAME ARGUMENT...
	vmview --once "${@:2}" >"$work/plain" 2>/dev/null
	TERM=xterm vmview --once --color=always "${@:2}" 2>/dev/null |
		sed $'s/\e\\[[0-9;]*m//g' >"$work/stripped"
	same_files "harmless: $1 in colour" "$work/stripped" "$work/plain"
}

in_all_formats() { # NAME PID
	local locale format

	for locale in C C.UTF-8; do
		local -x LC_ALL=$locale
		for format in '' -x -X -XX -d -p -k '-X -p' '-x -p -k'; do
			# shellcheck disable=SC2086
			see vmview --once $format "$2"
			is "$1: status with '$format' [$locale]" "$status" 0
			harmless_is "$1 with '$format' [$locale]"
			# shellcheck disable=SC2086
			same_in_colour "$1 with '$format' [$locale]" $format "$2"
		done
	done
}

test_hostile_processes() {
	local kind

	start names "$work/files"
	in_all_formats 'names of files' "$pid"
	stop "$starter"
	for kind in hostile utf8 invalid empty nul; do
		start cmdline "$kind"
		see vmview --once "$pid"
		harmless_is "command line, $kind [C.UTF-8]"
		LC_ALL=C see vmview --once -X "$pid"
		harmless_is "command line, $kind [C]"
		stop "$starter"
	done
	start zombie "$evil"
	see vmview --once "$pid"
	harmless_is 'name of a zombie'
	matches 'name of a zombie in a sentence' "$(cat "$err")" "^vmview: $pid \(e\?\[31m.*it is a zombie"
	LC_ALL=C see vmview --once "$pid"
	harmless_is 'name of a zombie [C]'
	stop "$starter"
	start comm "$evil"
	see vmview --once "${evil:0:15}"
	is 'by a hostile name' "$status" 0
	harmless_is 'by a hostile name'
	see "$run" nobody vmview --once "$pid"
	[ "$status" -eq 77 ] || harmless_is 'name of what may not be read'
	stop "$starter"
}

test_odd_files() {
	local path

	start plain
	for path in /dev/null /dev/zero /dev/full /dev/tty; do
		see vmview --once --from "$path"
		saw "--from $path" 1 "vmview: $path: it is neither a file nor a folder with a capture" 0
	done
	see vmview --once --from <(cat "/proc/$pid/maps")
	is '--from a pipe' "$status $(wc -l <"$out")" "0 $(lines_of "$pid")"
	mkfifo "$work/fifo"
	cat "/proc/$pid/maps" >"$work/fifo" &
	see vmview --once --from "$work/fifo"
	wait $!
	saw '--from a FIFO' 0 '' "$(lines_of "$pid")"
	mkdir "$work/fifos" "$work/links" "$work/none"
	mkfifo "$work/fifos/maps"
	see vmview --once --from "$work/fifos"
	saw '--from a folder with a FIFO' 1 "vmview: $work/fifos/maps: it is not a regular file" 0
	ln -s /dev/zero "$work/links/maps"
	see vmview --once --from "$work/links"
	saw '--from a folder with a link' 1 "vmview: $work/links/maps: it is not a regular file" 0
	mkdir "$work/facts"
	cat "/proc/$pid/maps" >"$work/facts/maps"
	ln -s /dev/zero "$work/facts/cmdline"
	see vmview --once --from "$work/facts"
	saw '--from a folder with a link among the facts' 1 \
		"vmview: $work/facts/cmdline: it is not a regular file" "$(lines_of "$pid")"
	see vmview --once --from "$work/none"
	saw '--from an empty folder' 1 "vmview: $work/none: there is neither a maps nor a smaps in it" 0
	see vmview --once --from "/proc/$pid"
	is '--from a living folder' "$status $(wc -l <"$out")" "0 $(lines_of "$pid")"
	vmview --once --from - <"$work/none" >"$out" 2>"$err"
	status=$?
	saw '--from a folder as standard input' 1 'vmview: -: there is neither a maps nor a smaps in it' 0
	vmview --once --from - <&- >"$out" 2>"$err"
	status=$?
	is '--from no standard input: status' "$status" 1
	matches '--from no standard input: sentence' "$(cat "$err")" '^vmview: -: '
	vmview --once --from - < <(yes 2>/dev/null | tr -d '\n' 2>/dev/null) >"$out" 2>"$err"
	status=$?
	saw '--from a line without end' 1 \
		'vmview: -: line 1: a line longer than any kernel prints: this is not the text of maps or smaps' 0
	vmview --once -q -A 1000 --from - >"$out" 2>"$err" < <(awk 'BEGIN {
		for (i = 1; ; i++)
			printf "%x000-%x800 r--p 0 0:0 0\n", i, i
	}' 2>/dev/null)
	status=$?
	saw '--from mappings without end' 1 'vmview: -: cannot read it: File too large' 2
	: >"$work/secret"
	chmod 0 "$work/secret"
	see "$run" nobody vmview --once --from "$work/secret"
	if [ "$status" -eq 77 ]; then
		see vmview --once --from "$work/secret"
	fi
	saw '--from a file that may not be read' 1 "vmview: $work/secret: Permission denied" 0
	stop "$starter"
}

test_rc() {
	see env -u HOME "$vmview" -c $$
	saw 'no HOME' 1 'vmview: HOME is not set: there is no place for the rc file' 0
	see env HOME= "$vmview" -n
	saw 'empty HOME' 1 'vmview: HOME is not set: there is no place for the rc file' 0
	see vmview -c $$
	saw 'no rc file' 1 "vmview: $HOME/.vmviewrc: cannot read the rc file: No such file or directory" 0
	see pmap -c $$
	saw 'no rc file, called pmap' 1 \
		"pmap: $HOME/.pmaprc: cannot read the rc file: No such file or directory" 0
	see vmview -n
	saw 'new rc file' 0 "vmview: $HOME/.vmviewrc: created; edit it to choose columns" 0
	see vmview -n
	saw 'rc file exists' 1 "vmview: $HOME/.vmviewrc: it exists already; move it away first" 0
	ln -s "$work/elsewhere" "$work/link"
	see vmview -N "$work/link"
	is 'new rc file behind a link: status' "$status" 1
	check 'new rc file behind a link: none' test ! -e "$work/elsewhere"
	see vmview -N "$work/no/where"
	saw 'new rc file nowhere' 1 \
		"vmview: $work/no/where: cannot create it: No such file or directory" 0
	see vmview -C /dev/zero $$
	saw 'endless rc file' 1 'vmview: /dev/zero: cannot read the rc file: File too large' 0
	see vmview -C "$here/../golden/input/bad-rc" -q $$
	is 'bad rc file: lines' "$(sed -n 's/.*line \([0-9]*\):.*/\1/p' "$err" | tr '\n' ' ')" '1 2 4 5 7 '
	is 'bad rc file: status' "$status" 0
	awk 'BEGIN { for (i = 0; i < 2000; i++) printf "x"; print "\n[Mapping]\nShowPath junk" }' \
		>"$work/long.rc"
	see vmview -C "$work/long.rc" -q $$
	is 'rc file with a long line: lines' "$(sed -n 's/.*line \([0-9]*\):.*/\1/p' "$err" | tr '\n' ' ')" '1 3 '
}

test_missing
test_not_permitted
test_kernel_thread
test_long_kernel_thread
test_two_captures
test_zombie
test_ended_main_thread
test_no_smaps
test_long_capture
test_output
test_pipe
test_terminal
test_names
test_hostile_arguments
test_hostile_processes
test_odd_files
test_rc
finish

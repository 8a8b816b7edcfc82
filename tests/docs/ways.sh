# shellcheck shell=bash
# Ways to run a command of a document, by the names in commands.txt. Each runs $command, which is $text with what its
# words stand for, and tells what is wrong with `problem`, or in $lack why it cannot be run here.
# shellcheck disable=SC2034,SC2153,SC2154,SC2317 # from and for commands.sh, which calls these

way_text() {
	run_command "$command"
	judge 0
}

# Nothing on standard output; on standard error the sentence that commands.txt has.
way_quiet() {
	run_command "$command"
	if [ -n "$argument" ] && [ "$(cat "$err")" = "$argument" ]; then
		: >"$err"
	fi
	judge 0 nothing
}

way_fail() {
	run_command "$command"
	judge "$argument"
}

# The shell has nothing to be found, another process has.
way_wx() {
	local pid starter

	run_command "$command"
	judge 0 nothing
	start all "$work/files"
	command=${command//'$$'/$pid}
	way_text
	stop "$starter"
}

way_option() {
	command="vmview -x $editor $command"
	way_text
}

way_nobody() {
	if ! "$run" nobody true 2>/dev/null; then
		lack='only root can become somebody else'
		return
	fi
	run_command "$run nobody ${command%%#*}"
	judge "$argument"
}

way_thread() {
	if [ "$(cat /proc/2/comm 2>/dev/null)" = kthreadd ]; then
		run_command "$command"
		judge "$argument"
	else
		lack='process 2 is no kernel thread here'
	fi
}

not_run() {
	case $text in
	script/*)
		sh -n "$root/${text%% *}" 2>"$err" || problem "$(cat "$err")"
		[ -x "$root/${text%% *}" ] || problem 'it cannot be executed'
		;;
	esac
	[ -n "$problems" ] || lack=$argument
}

# In a terminal

has_terminal() {
	[ -n "$vtdriver" ] && return
	lack='there is no libvterm here'
	return 1
}

in_terminal() { # LINE... for vtdriver
	has_terminal || return
	run_in_terminal "$command" "$@"
	[ "$status" -eq 0 ] || problem "$(cat "$out" "$err")"
}

leave=('keys q' 'wait-exit 0' 'expect-restored' 'expect-no-process')

way_live() { # [LINE...]
	in_terminal 'wait-regex (LIVE|SAVED|FRAME)' 'wait Mappings' "$@" "${leave[@]}"
}

# What the program prints goes to a file.
way_output() {
	way_live "wait-run grep -qx argument $folder/log"
}

way_picker() {
	in_terminal 'wait COMMAND' 'keys <Esc>' "${leave[@]:1}"
}

way_started() {
	words[FILE]=$work/started.log
	fill_in
	command="vmview $command -- ./program something"
	way_live "wait-run grep -qx something $work/started.log"
	words[FILE]=$work/editor.smaps
}

way_pager() {
	in_terminal 'wait Address' 'keys G' 'wait (END)' 'keys q' 'wait-exit 0'
}

way_split() {
	command -v tmux >/dev/null || lack='there is no tmux here'
	[ -n "$lack" ] || in_terminal 'wait LIVE' 'wait-regex (Enter: begin| 1\. )' 'keys q' 'wait-exit 0' expect-main-screen
}

# The demo says which command to type. Sets $told to that, and $demo.
start_demo() {
	mkfifo "$work/keys.$1"
	vmview-demo --hold anon-private <>"$work/keys.$1" >"$work/demo.$1" 2>&1 &
	demo=$!
	started+=("$demo")
	await grep -q -- '--follow-demo' "$work/demo.$1"
	told=$(sed -n 's/^ *\(vmview --follow-demo .*\)/\1/p' "$work/demo.$1")
	await grep -q 'ok$' "$work/demo.$1"
}

end_demo() {
	kill -TERM "$demo"
	wait "$demo"
}

form_of_follow() {
	sed 's|[A-Za-z0-9]*/follow|X/follow|' | form
}

way_follow() {
	start_demo "$document"
	[[ $text == *FILE* || $(form_of_follow <<<"${told//"$TMPDIR"//tmp}") == "$(form_of_follow <<<"$text")" ]] ||
		problem "the demo prints: $told"
	command=$told
	in_terminal 'wait LIVE' "${leave[@]}"
	end_demo
}

# What goes on

# A process of its own, to be changed and ended.
start_watched() {
	local word

	start_named "docs$$.$mutators"
	for word in PID NAME bash daemon nginx; do
		words["$word"]=docs$$.$((mutators - 1))
	done
	words[PID]=$pid words[FILE]=$work/recording.$mutators
	fill_in
}

# The words are for all again.
forget_watched() {
	local word

	for word in NAME bash daemon nginx; do
		words["$word"]=docs$$
	done
	words[PID]=$editor words[FILE]=$work/editor.smaps
	tell exit 0
}

# What was there at first is no change, and there is no sign of that first reading.
changes_are_told() {
	tell grow-heap 1
	[ -s "$out" ]
}

way_changes() {
	start_watched
	type_command "$command"
	await changes_are_told || problem 'no change is told'
	forget_watched
	await_command
	judge 0
}

# In the document's own recording nothing need have happened: another one, in which something has, is told of as well.
way_story() {
	local story="vmview --watch --from $work/story"

	run_command "$command"
	[ -s "$out" ] || echo nothing >"$out"
	judge 0
	start_watched
	type_command "vmview --record $work/story --interval 0.05 $pid"
	await has_frame "$work/story" 1
	tell grow-heap 64
	await is_told "$story" || problem 'no change is told'
	forget_watched
	await_command
	run_command "$story"
	judge 0
}

is_told() { # COMMAND
	[ -n "$($1 2>/dev/null)" ]
}

has_frame() { # FILE NUMBER
	(cd "$folder" && vmview --once --from "$1" --frame "$2") >/dev/null 2>&1
}

# As long as its process lives, or, where that is the shell itself, until Ctrl-C.
way_record() {
	local file

	start_watched
	file=${command#*--record }
	file=${file%% *}
	type_command "$command"
	if [[ $command == *'$$'* ]]; then
		await has_frame "$file" 2 || problem 'there is no second frame'
		kill -INT "$(typed_process)"
		forget_watched
		await_command
		judge 130 nothing
	else
		await has_frame "$file" 1 || problem 'there is no frame'
		forget_watched
		await_command
		judge 0 nothing
	fi
	# The time that is asked for further down has to be one of the recording.
	words["03:15"]=$(cd "$folder" && vmview --diff "$file" "$file" | sed -n '1s/.* //p')
}

# What cron and systemd run

read_metrics() {
	[ ! -e "$folder/metrics/vmview.tmp" ] || problem 'vmview.tmp is still there'
	grep -q "^vmview_process_readable{pid=\"[0-9]*\",command=\"docs$$\"} 1$" "$folder/metrics/vmview.prom" ||
		problem 'vmview.prom tells nothing of the process'
	command -v promtool >/dev/null || return
	promtool check metrics <"$folder/metrics/vmview.prom" >"$out" 2>&1 || problem "$(cat "$out")"
}

way_cron() {
	local minute hour day month weekday user rest

	read -r minute hour day month weekday user rest <<<"$command"
	mkdir -p "$folder/metrics"
	[[ $rest != *%* ]] || problem 'cron ends the line at a %'
	run_command "(${rest//\/var\/lib\/prometheus\/node-exporter/metrics})"
	judge 0 nothing
	read_metrics
	rm -r "$folder/metrics"
}

# Building and installing

in_build() { # COMMAND: nothing is installed but in the test's folder
	run_command "export DESTDIR=$work/installed; $1"
}

way_build() {
	in_build "$command"
	judge 0
}

way_install() {
	way_build
	[ "$("$work"/installed/usr/local/bin/vmview --version)" = "$(vmview --version)" ] ||
		problem 'the installed vmview does not run'
}

way_uninstall() {
	local left

	way_build
	left=$(find "$work/installed" 2>/dev/null)
	[ -z "$left" ] || problem "this is still there: $left"
}

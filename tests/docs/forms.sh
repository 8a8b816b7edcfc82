# shellcheck shell=bash
# What the documents show that is no command: that it looks so. By the names in commands.txt; each compares $shown and
# tells what is wrong with `problem`.
# shellcheck disable=SC2034,SC2154,SC2317 # from and for commands.sh, which calls these

# Each line that is shown, of those that match, is one of the text, by its form.
is_shown() { # TEXT [REGEX]
	local line

	form <"$1" | sed -E 's/^> ?//' >"$work/forms"
	while IFS= read -r line; do
		grep -q -x -F -e "$line" "$work/forms" || problem "not there: $line"
	done < <(grep -E -e "${2-.}" <<<"$shown" | form | sed -E 's/^> ?//')
	[ -z "$problems" ] || problem "there is:"$'\n'"$(cat "$1")"
}

# Lines of a vtdriver script that leave a screen in a file.
draw() { # SCREEN ROWS LINE...
	printf '%s\n' "size 80 $2" "env PATH=$PATH" 'case it' 'limit 60' "${@:3}" "dump $work/screen.$1" >"$work/script"
	"$vtdriver" "$work/script" >"$out" 2>&1 || problem "$(cat "$out")"
	# Within the frame that is drawn around it.
	cat "$work/screen.$1"* | sed -n 's/^ *[0-9]* |\(.*\)|$/\1/p' >"$work/screen"
}

# All that happened in the log that is shown, one at a time.
draw_log() {
	draw log 24 "spawn editor $mutator" "start vmview \$editor_PID" 'wait ms  up' 'keys 4' \
		'tell editor grow-heap 178' 'wait ^ grown' 'tell editor map anon 1024' 'wait + new' \
		'tell editor protect anon 256 256 r' 'wait / split' \
		'tell editor protect anon 256 256 rw' 'wait = merged' 'tell editor protect anon 0 1024 r' 'wait ~ perms' \
		'tell editor remap anon 768' 'wait v shrunk' 'tell editor unmap anon' 'wait - gone'
}

# As the README has it: four steps. How much of the file is in memory then is the kernel's affair.
draw_demo() {
	draw demo 40 'start vmview-demo --split file-private' 'wait Enter: begin' 'keys <Enter>' 'wait  1. ' \
		'keys <Enter>' 'wait  2. ' 'keys <Enter>' 'wait  3. ' 'keys <Enter>' 'wait  4. ' \
		'wait After fork(2) parent and child' 'wait SIZE, PERM and MAPPING' 'wait Enter: next step'
}

form_screen() {
	has_terminal || return
	case $argument in
	demo)
		if ! command -v tmux >/dev/null; then
			lack='there is no tmux here'
			return
		fi
		draw_demo
		;;
	# How much of the header there is room for depends on the names.
	list) draw list 24 'size 120 24' "start vmview $editor" 'wait-regex smaps [0-9.]+ ms  up' \
		"dump $work/screen.list.wide" 'size 80 24' 'wait F4FilterF5Group' ;;
	files) draw files 24 "start vmview $editor" 'wait smaps' 'keys 3' 'wait FILE' ;;
	log) draw_log ;;
	esac
	case $argument in
	log) is_shown "$work/screen" ;;
	demo) is_shown "$work/screen" \
		'^ VIRT|─ 1|ADDRESS|What is this|^  (A |Pages|After)|F1Help|^ [0-9]+\. |^  =|look: |SIZE, PERM|^Enter' ;;
	*) is_shown "$work/screen" '^ vmview|^ VIRT|─ 1|ADDRESS|FILE|mappings  size|F1Help' ;;
	esac
}

form_watch() {
	start_named server
	type_command "vmview --watch -H $pid"
	await changes_are_told || problem 'no change is told'
	tell grow-heap 32
	tell map anon 1024
	await grep -q "new.*$at" "$out"
	tell protect anon 256 256 r
	await grep -q 'split into' "$out"
	tell exec sleep 1000
	await grep -q 'executed' "$out"
	stop "$pid"
	await_command
	is_shown "$out"
}

# The last of its rows is of a mapping that was touched, whichever.
form_diff() {
	start_named server
	tell grow-heap 1
	tell map split 1024
	tell map touched 9
	cat "/proc/$pid/smaps" >"$folder/server.smaps"
	tell grow-heap 512
	tell touch split 0 36
	tell protect split 256 256 r
	tell touch touched 0 1
	run_command "vmview --diff server.smaps $pid | sed 's/anon  *\[anon\]$/stack [stack]/'"
	shown=${shown//anon  \[anon\]/stack [stack]}
	is_shown "$out"
	stop "$pid"
}

form_json() {
	if ! command -v jq >/dev/null; then
		lack='there is no jq here'
		return
	fi
	start all "$work/files"
	run_command "vmview --json $pid | jq -r 'paths | map(strings) | last' | sort -u"
	grep -o '"[a-z_]*"' <<<"$shown" | tr -d '"' | sort -u | comm -23 - "$out" >"$work/missing"
	[ ! -s "$work/missing" ] || problem "no such keys: $(cat "$work/missing")"
	stop "$starter"
}

form_config() {
	mkdir -p "$folder/settings/vmview"
	printf '%s\n' "$shown" >"$folder/settings/vmview/config"
	command="XDG_CONFIG_HOME=$folder/settings vmview $editor"
	in_terminal 'wait LIVE 0.5s' 'wait by rss' 'wait-regex ADDRESS +SIZE +RSS +USS +SWAP +PERM +T +MAPPING' "${leave[@]}"
}

# The service is run; both are checked as soon as they are there.
form_unit() {
	local run_by_systemd

	mkdir -p "$folder/metrics"
	printf '%s\n' "${shown//\/var\/lib\/prometheus\/node-exporter/$folder/metrics}" >"$folder/$argument"
	run_by_systemd=$(sed -n 's/^ExecStart=//p' "$folder/$argument")
	if [ -n "$run_by_systemd" ]; then
		run_command "(cd metrics; ${run_by_systemd//nginx/docs$$})"
		judge_unit
		read_metrics
	elif ! command -v systemd-analyze >/dev/null; then
		lack='there is no systemd-analyze here'
	else
		run_command 'systemd-analyze verify --man=no ./vmview.service ./vmview.timer'
		judge_unit
	fi
}

judge_unit() {
	shown=
	judge 0 nothing
}

form_follow() {
	local pattern file

	pattern=${shown/PID/[0-9]+}
	pattern=${pattern/ADDRESS/[0-9a-f]+}
	pattern=${pattern/NUMBER/[0-9]+}
	start_demo form
	file=${told#*--follow-demo }
	grep -q -x -E -e "$pattern" "${file% *}" || problem "it has: $(cat "${file% *}")"
	end_demo
}

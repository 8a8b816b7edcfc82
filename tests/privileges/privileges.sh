#!/usr/bin/env bash
# privileges.sh VMVIEW HELPERS
#
# Whoever may not see a process is told what is missing and what would lift it, in every form of text, and no
# number is claimed that nobody knows.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=../support/formats.sh
. "$here/../support/formats.sh"

export LC_ALL=C.UTF-8 TERM=dumb PATH="$work/bin:$PATH"
out=$work/out err=$work/err

# Zeros in what was seen, but for those that are known: user 0, `readable 0`, and what status tells of locked memory.
zeros() {
	sed -e 's/"uid":0//' -e 's/uid="0"//' -e '/^# /d' -e '/^vmview_process_readable/d' \
		-e '/RLIMIT_MEMLOCK/d' "$out" |
		grep -E '(^|[^[:alnum:]._])0+([^[:alnum:]._]|$)'
}

# In each form of text: the exit status, the sentence (`FILE` stands for maps or smaps), that nothing is mapped and
# nothing 0.
told() { # NAME STATUS SENTENCE COMMAND...
	local name=$1 status=$2 sentence=$3 format got
	local bad_status='' bad_sentence='' bad_zero='' bad_rows=''
	shift 3

	for format in "${formats[@]}"; do
		# shellcheck disable=SC2086
		"$@" $format >"$out" 2>"$err" </dev/null
		got=$?
		# What collects metrics wants all that there are, and an exit status of its own for failures.
		[ "$format" = --openmetrics ] && [ "$got" -eq 0 ] && got=$status
		[ "$got" -eq "$status" ] || bad_status+="[$format: $got] "
		sed -E -e 's/read its s?maps/read its FILE/' -e 1q "$err" >"$work/sentence"
		[ "$(cat "$work/sentence")" = "$sentence" ] || bad_sentence+="[$format: $(cat "$err")] "
		zeros >"$work/zeros" && bad_zero+="[$format: $(cat "$work/zeros")] "
		grep -q -E 'r[w-][x-][-ps]|"kind"' "$out" && bad_rows+="[$format] "
	done
	is "$name: status" "$bad_status" ''
	is "$name: sentence" "$bad_sentence" ''
	is "$name: no unknown 0" "$bad_zero" ''
	is "$name: no mappings" "$bad_rows" ''
}

even_root="not permitted to read its FILE, even as root: it needs CAP_SYS_PTRACE in the user namespace of \
the process, which belongs to"
hides="/proc hides it, as it does with processes of others (hidepid); try sudo, or CAP_SYS_PTRACE"

test_another_user() {
	possible 'another user' nobody || return
	start plain
	told 'another user' 1 "vmview: $pid (target): not permitted to read its FILE: it belongs to user root; \
try sudo, or CAP_SYS_PTRACE" "$run" nobody vmview --once "$pid"
	stop "$starter"
}

test_root_without_capability() {
	possible 'root without CAP_SYS_PTRACE' powerless || return
	start plain
	told 'root without CAP_SYS_PTRACE' 1 "vmview: $pid (target): $even_root user root" \
		"$run" powerless vmview --once "$pid"
	stop "$starter"
}

test_user_namespace() {
	possible 'user namespace' user-namespace || return
	start plain
	told 'user namespace' 1 "vmview: $pid (target): $even_root user root" \
		"$run" user-namespace vmview --once "$pid"
	if possible 'user namespace of another user' nobody user-namespace; then
		told 'user namespace of another user' 1 \
			"vmview: $pid (target): $even_root a user outside of your user namespace" \
			"$run" nobody user-namespace vmview --once "$pid"
	fi
	stop "$starter"
}

mkfifo "$work/ready"

# In namespaces where a target is process 2, run by $of.
of=()
beside_target() { # HIDEPID COMMAND...
	# shellcheck disable=SC2016
	"$run" hidden bash -c '
		words=$2
		"${@:3:words}" plain >"$0" &
		read -r _ _ <"$0"
		mount -o "remount,hidepid=$1" /proc || exit 77
		"${@:3+words}"' "$work/ready" "$1" $((${#of[@]} + 1)) "${of[@]}" "$target" "${@:2}"
}

test_hidden_processes() {
	local option

	possible 'hidden processes' hidden nobody || return
	beside_target 2 true || { skip 'hidden processes' 'hidepid cannot be set' && return; }
	for option in 2 4; do
		beside_target "$option" true || continue
		told "hidepid=$option" 1 "vmview: 2: $hides" beside_target "$option" "$run" nobody vmview --once 2
	done
	told 'hidepid=1' 1 "vmview: 2: not permitted to read its FILE: it belongs to another user; \
try sudo, or CAP_SYS_PTRACE" beside_target 1 "$run" nobody vmview --once 2
	for option in --watch "--record=$work/none"; do
		beside_target 1 "$run" nobody vmview "$option" 2 >"$out" 2>"$err"
		is "hidepid=1, ${option%=*}" "$(cat "$err")" "vmview: 2: not permitted to read its maps: it belongs to \
another user; try sudo, or CAP_SYS_PTRACE"
	done
	told 'hidepid=2, none' 42 'vmview: 1000: there is no such process' \
		beside_target 2 "$run" nobody vmview --once 1000
	told 'hidepid=2, by name' 42 "vmview: no process that /proc shows is called 'target'; it hides those of \
others (hidepid): try sudo, or CAP_SYS_PTRACE" beside_target 2 "$run" nobody vmview --once target
	beside_target 2 "$run" powerless vmview --once 2 >"$out" 2>"$err"
	is 'hidepid=2, root without CAP_SYS_PTRACE' "$(cat "$err")" \
		"vmview: 2 (target): ${even_root/FILE/maps} user root"
	of=("$run" nobody)
	if beside_target 4 true; then
		beside_target 4 "$run" powerless vmview --once 2 >"$out" 2>"$err"
		is 'hidepid=4, whatever the group' "$(cat "$err")" "vmview: 2: $hides"
	fi
	of=()
	beside_target 2 vmview --once 2 >"$out" 2>"$err"
	is 'hidepid=2, root: status' $? 0
	check 'hidepid=2, root: mappings' grep -q -F '[ stack ]' "$out"
	beside_target 2 vmview --once nobody-is-called-that >"$out" 2>"$err"
	is 'hidepid=2, root, by name' "$(cat "$err")" "vmview: no process is called 'nobody-is-called-that'"
}

test_no_proc() {
	possible 'no /proc' no-proc || return
	told 'no /proc' 1 "vmview: $$: there is no /proc here; try mount -t proc proc /proc" \
		"$run" no-proc vmview --once $$
	told 'no /proc, by name' 1 \
		"vmview: cannot look for 'bash': there is no /proc here; try mount -t proc proc /proc" \
		"$run" no-proc vmview --once bash
}

test_another_user
test_root_without_capability
test_user_namespace
test_hidden_processes
test_no_proc
finish

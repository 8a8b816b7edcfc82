# shellcheck shell=bash
# What the documents' commands are run on: processes by the names in the documents, a shell that reads what is typed,
# a terminal. Source this behind tests/changes/support.sh, with the arguments of the test, which are
# VMVIEW HELPERS SCHEMA ROOT DEMO VTDRIVER.
# shellcheck disable=SC2034,SC2154 # for those who source this, and from what this is sourced behind

root=$4 vtdriver=$6
cp "$5" "$work/bin/vmview-demo" || exit 1
mkdir "$work/programs" "$work/tmp" "$work/tmux"
unset TMUX TMUX_PANE XDG_CONFIG_HOME DESTDIR
# CFLAGS: what is built here need not be fast.
export CFLAGS=-O0 LC_ALL=C.UTF-8 TZ=UTC0 PATH="$work/bin:$PATH:$root/build/prometheus/usr/bin" TMPDIR="$work/tmp" TMUX_TMPDIR="$work/tmux"

# A process whose command is called so, which obeys `tell` from now on. Sets $pid. As if started with ./NAME in its folder.
start_named() { # NAME
	[ -e "$work/programs/$1" ] || cp "$mutator" "$work/programs/$1" || exit
	orders=$work/orders.$((++mutators))
	answers=$work/answers.$mutators
	mkfifo "$orders"
	: >"$answers"
	(cd "$work/programs" && exec "./$1" <>"$orders" >"$answers") &
	pid=$!
	disown "$pid"
	started+=("$pid")
	await grep -q '^ready' "$answers"
}

# The one that the documents show, or nearly so. Sets $editor, and $heap to where its heap begins.
start_editor() {
	start_named editor
	editor=$pid
	tell thread
	tell map words 1536
	tell touch words 0 1536
	tell map notes 400
	tell touch notes 0 400
	heap=$(sed -n 's/^0*\([0-9a-f]*\)-.* \[heap\]$/\1/p' "/proc/$editor/maps")
}

# Of the sources as they are, what is needed to build. It makes no tests; setup is somebody else's affair, who may use
# the network; and compilers need not take pains.
copy_sources() {
	(cd "$root" && tar -cf - meson.build meson_options.txt completions demo include man schema script src tests) |
		tar -C "$1" -xf - || exit
	sed -i "/^option('tests'/s/'auto'/'disabled'/" "$1/meson_options.txt"
	printf '#!/bin/sh\n' >"$1/script/setup"
}

# A shell in a folder, the same for all commands of a document.
open_shell() { # FOLDER
	folder=$1
	rm -f "$work/typed"
	mkfifo "$work/typed"
	(cd "$folder" && exec bash --norc --noprofile -o pipefail "$work/typed") &
	shell=$!
	started+=("$shell")
	exec {typing}>"$work/typed"
}

close_shell() {
	exec {typing}>&-
	wait "$shell"
}

# Type it, and do not wait. When it has ended its output is in $out and $err.
type_command() { # COMMAND
	rm -f "$work/status" "$out" "$err"
	printf '%s\n' "$1" >"$work/command"
	printf '. %q >%q 2>%q </dev/null; echo $? >%q\n' "$work/command" "$out" "$err" "$work/status" >&"$typing"
}

# Sets $status. What does not end is ended, with its shell.
await_command() {
	local end=$((SECONDS + 600))

	until [ -s "$work/status" ]; do
		if [ "$SECONDS" -ge "$end" ]; then
			status='none: it did not end'
			stop "$shell"
			open_shell "$folder"
			return
		fi
		sleep 0.01
	done
	status=$(<"$work/status")
}

run_command() { # COMMAND
	type_command "$1"
	await_command
}

# The process that the shell waits for.
typed_process() {
	pgrep -P "$shell"
}

# Run it in a terminal of 80 x 24, and there these lines for vtdriver. Sets $status; what it says is in $err. A script
# builds vmview first.
run_in_terminal() { # COMMAND LINE...
	local limit=60

	[[ $1 != script/* ]] || limit=600
	printf 'cd %q || exit\n%s\n' "$folder" "$1" >"$work/command"
	printf '%s\n' 'size 80 24' "env PATH=${PATH//$/\$\$}" 'case it' "limit $limit" "start bash $work/command" \
		"${@:2}" >"$work/script"
	"$vtdriver" "$work/script" >"$out" 2>"$err"
	status=$?
}

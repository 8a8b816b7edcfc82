#!/usr/bin/env bash
# split.sh DEMO VMVIEW
#
# The split terminal, in real tmux: one tmux is the terminal that a user sits at, the demo starts
# another in it.
# shellcheck disable=SC2317 # `await` and `check` call what nobody else does
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$here/support.sh"

command -v tmux >/dev/null || skip_all 'there is no tmux here'

user_tmux() { tmux -L outer -f /dev/null "$@"; }

screen() { user_tmux capture-pane -p -t user; }

shows() { # TEXT
	screen | grep -q -F -e "$1"
}

press() { # KEY...
	user_tmux send-keys -t user "$@"
}

# A terminal of 100 x 40 that runs a command; it stays when that has ended.
open_terminal() { # COMMAND
	user_tmux new-session -d -s user -x 100 -y "${rows:-40}" "$1; echo STATUS=\$?; exec cat"
}

close_terminal() {
	user_tmux kill-server 2>/dev/null
	await no_processes
}

# The tmux that the demo started.
inner() { tmux -S "$(echo "$TMUX_TMPDIR"/tmux-*/vmview-demo-*)" "$@"; }

# In vmview's pane.
vmview_shows() { # PATTERN, a regular expression
	inner capture-pane -p -t '{top}' | grep -q -E -e "$1"
}

panes() {
	inner list-panes -F '#{pane_active} #{pane_current_command}' 2>/dev/null
}

has_panes() { # LINES
	[ "$(panes)" = "$1" ]
}

demo_pid() {
	screen | sed -n 's/^vmview-demo, process \([0-9]*\).*/\1/p'
}

# TMUX is that of whoever runs the test, unless it is the demo's.
alone="env -u TMUX -u TMUX_PANE"

test_split() {
	local pid

	open_terminal "$alone $demo --split anon-private"
	await shows 'Enter: begin'
	check 'split: the demo is there' shows '[1/1] anon-private'
	check 'split: vmview above, demo below, which has the focus' \
		await has_panes $'0 vmview\n1 vmview-demo'
	pid=$(demo_pid)
	check 'split: vmview shows the demo' await shows " vmview  $pid"
	press Enter
	check 'split: Enter makes the first mapping' await shows ' 1. char *p = mmap('
	check 'split: it is marked as new' await vmview_shows '^\+>|^>\+|^> .* 64K .*\[anon\] +new'
	check 'split: it is selected' await vmview_shows '^>.* 64K .*\[anon\]'
	check 'split: it is explained' await vmview_shows '^ *Private anonymous memory'
	press Enter
	check 'split: Enter does the second step' await shows " 2. p[0] = 'x'"
	check 'split: what changed is marked' await vmview_shows '^>.*\[anon\] +\+4K'
	check 'split: how to get there is told' shows 'to vmview: click, or Ctrl-B Up'
	press C-b Up
	check 'split: Ctrl-B Up leads to vmview' await has_panes $'1 vmview\n0 vmview-demo'
	press 4
	check 'split: the Log tells of it' await vmview_shows '^ *[0-9:.]+ .*64K.*new|new.*64K'
	press C-b Down
	check 'split: and Ctrl-B Down back' await has_panes $'0 vmview\n1 vmview-demo'
	press q
	check 'split: leaving closes both' await shows 'STATUS=0'
	leaves_nothing_but_outer 'split: leaves nothing' "$pid"
	close_terminal
}

# The user's tmux is still there.
leaves_nothing_but_outer() { # NAME PID
	await has_only_outer "$2"
	is "$1" "$(left_but_outer "$2")" ''
}

left_but_outer() {
	left_overs "$1" | grep -v 'process [0-9]*: tmux -L outer'
	find "$TMUX_TMPDIR" -name 'vmview-demo-*'
}

has_only_outer() {
	[ -z "$(left_but_outer "$1")" ]
}

# In the user's own tmux: a pane is added, and taken away again.
test_inside() {
	local pid

	open_terminal "$demo --split anon-private"
	check 'inside: a pane more' await_panes 2
	outer_bottom
	check 'inside: the demo has the focus' await shows_bottom 'Enter: begin'
	pid=$(user_tmux capture-pane -p -t "$bottom" | sed -n 's/^vmview-demo, process \([0-9]*\).*/\1/p')
	user_tmux send-keys -t "$bottom" Enter
	check 'inside: steps' await shows_bottom ' 1. char *p = mmap('
	user_tmux send-keys -t "$bottom" q
	check 'inside: leaving closes its pane' await_panes 1
	check 'inside: the user is back' await shows_bottom 'STATUS=0'
	leaves_nothing_but_outer 'inside: leaves nothing' "$pid"
	close_terminal
}

outer_bottom() {
	bottom=$(user_tmux list-panes -t user -F '#{pane_active} #{pane_id}' | sed -n 's/^1 //p')
}

shows_bottom() {
	user_tmux capture-pane -p -t "$bottom" | grep -q -F -e "$1"
}

has_panes_outside() {
	[ "$(user_tmux list-panes -t user | wc -l)" = "$1" ]
}

await_panes() {
	await has_panes_outside "$1"
}

# The terminal goes away, or the demo is killed: nothing stays either.
test_lost() { # NAME COMMAND..., which gets the PID
	local pid

	open_terminal "$alone $demo --split anon-shared"
	await shows 'Enter: begin'
	await has_panes $'0 vmview\n1 vmview-demo'
	pid=$(demo_pid)
	press Enter
	await shows ' 1. '
	"${@:2}" "$pid"
	leaves_nothing_but_outer "$1: leaves nothing" "$pid"
	close_terminal
}

kill_demo() { kill -KILL "$1"; }
end_demo() { kill -TERM "$1"; }
close_window() { user_tmux kill-server; }

# The demo that started tmux and waits for it.
find_starter() { # PID of the other
	local process

	for process in $(processes); do
		[ "$process" != "$1" ] && [ "$(cat "/proc/$process/comm" 2>/dev/null)" = vmview-demo ] &&
			echo "$process"
	done
}

end_starter() { kill -TERM "$(find_starter "$1")"; }

# As where a terminal goes away: the kernel and the terminal's program both tell.
pester_starter() {
	local starter

	starter=$(find_starter "$1")
	while kill -HUP "$starter" 2>/dev/null; do :; done
}

# In a pane that is as small as they come, and keys of a terminal.
test_keys() {
	rows=12
	open_terminal "$demo anon-private fixed"
	unset rows
	await shows 'Enter: begin'
	check 'keys: the intro tells how to watch it' shows 'anon-private'
	press Enter
	check 'keys: Enter' await shows ' 1. '
	press x
	press Space
	check 'keys: blank' await shows ' 2. '
	press n
	check 'keys: n goes to the next scene' await shows '[2/2] fixed'
	press q
	check 'keys: q' await shows 'STATUS=0'
	leaves_nothing_but_outer 'keys: leaves nothing' none
	close_terminal
	open_terminal "$demo anon-private"
	await shows 'Enter: begin'
	press C-c
	check 'keys: Ctrl-C' await shows 'STATUS=130'
	leaves_nothing_but_outer 'keys: Ctrl-C leaves nothing' none
	close_terminal
}

# What --follow-demo is told to read may be anything.
test_hostile() { # NAME FILE
	open_terminal "$vmview --follow-demo $2 $$"
	check "follow $1: the view is there" await shows 'Mappings'
	press q
	check "follow $1: and can be left" await shows 'STATUS=0'
	close_terminal
}

test_split
test_inside
test_lost 'the demo killed' kill_demo
test_lost 'the demo told to end' end_demo
test_lost 'the terminal closed' close_window
test_lost 'the starter told to end' end_starter
test_lost 'the starter told again and again' pester_starter
test_keys
mkfifo "$work/fifo"
head -c 100000 /dev/zero >"$work/large"
printf 'vmview-demo -1 zzz\n' >"$work/garbage"
printf 'vmview-demo 1 1 1\n' >"$work/target"
ln -s "$work/target" "$work/link"
for file in fifo large garbage link missing; do
	test_hostile "$file" "$work/$file"
done
finish

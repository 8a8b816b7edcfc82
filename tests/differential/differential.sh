#!/usr/bin/env bash
# differential.sh VMVIEW HELPERS
#
# The system's pmap and vmview look at the same stopped processes, in every mode. Standard output and
# exit status must be the same, byte for byte. What may differ stands in differences.txt and is kept
# out of here; differences.sh is about it.

here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"

has_pmap || skip_all 'there is no pmap of procps here'

# Comparing

# What must not change while both look at processes.
snapshot() {
	local subject files=()

	for subject in "${subjects[@]}"; do
		files+=("/proc/$subject/smaps" "/proc/$subject/cmdline")
	done
	cat "${files[@]}" 2>/dev/null </dev/null
}

# Sets $words to $@ with its placeholders replaced.
expand() {
	local word octal hex

	printf -v octal '0%o' "${pid:-0}"
	printf -v hex '0x%X' "${pid:-0}"
	words=()
	for word; do
		word=${word//MISSING/$missing}
		word=${word//OTHER/$other}
		word=${word//OCTAL/$octal}
		word=${word//HEX/$hex}
		word=${word//TID/$tid}
		word=${word//PID/$pid}
		words+=("${word//WORK/$work}")
	done
}

run_both() { # WORD...
	LC_ALL=$locale "${as[@]}" pmap "$@" >"$work/wanted" 2>/dev/null
	printf '\nexit status %d\n' $? >>"$work/wanted"
	LC_ALL=$locale "${as[@]}" "${ours[@]}" "$@" >"$work/got" 2>/dev/null
	printf '\nexit status %d\n' $? >>"$work/got"
}

# A difference counts only where nothing moved: pages of a stopped process are still written back, or
# mapped by others.
compare_once() { # LABEL WORD...
	local words try name="$1: ${*:2} [$context]"

	expand "${@:2}"
	run_both "${words[@]}"
	for ((try = 0; try < 30; try++)); do
		cmp -s "$work/wanted" "$work/got" && break
		snapshot >"$work/before"
		run_both "${words[@]}"
		snapshot >"$work/after"
		cmp -s "$work/before" "$work/after" && break
	done
	same_files "$name" "$work/got" "$work/wanted"
}

set_context() { # LOCALE NAME
	context="$1 $2"
	locale=$1
	ours=("$pmap_link")
	[ "$2" = pmap ] || ours=("$vmview" --once)
}

compare() { # LABEL WORD...
	set_context C vmview
	compare_once "$@"
	set_context C.UTF-8 vmview
	compare_once "$@"
	set_context C.UTF-8 pmap
	compare_once "$@"
}

# Only as pmap: `vmview` takes names of processes where pmap wants a number.
compare_as_pmap() { # LABEL WORD...
	set_context C pmap
	compare_once "$@"
}

# Options

cat >"$work/some.rc" <<'END'
# some columns
   [Fields Display]   # a remark
Size
	Rss	# another
Pss
Perm
Unknown_Field
Mapping
Rss
END
cat >"$work/odd.rc" <<'END'
Rss
[Mapping] ShowPath
# ShowPath
[Unheard of] junk
Size
[Fields Display] Size
 Swap junk
Inode Device
[unclosed
Offset#remark
VmFlags
Mapping
END
printf '[Fields Display]\nMapping\nVmFlags\nAddress\nsize' >"$work/unended.rc"
printf '[Mapping]\nShowPath\nShowPath\nShowPath\n[Fields Display]\nMapping\nRss\n' >"$work/path.rc"
: >"$work/empty.rc"
cp "$work/some.rc" "$HOME/.pmaprc"
cp "$work/some.rc" "$HOME/.vmviewrc"

formats=('' -x -X -XX -d -c '-C WORK/some.rc' '-C WORK/odd.rc' '-C WORK/path.rc')
modifiers=('' -q -p '-q -p')

in_every_format() { # LABEL PID...
	local format modifier
	for format in "${formats[@]}"; do
		for modifier in "${modifiers[@]}"; do
			# shellcheck disable=SC2086
			compare "$1" $format $modifier "${@:2}"
		done
	done
}

# The formats that show mappings line by line, without widths of columns.
in_row_formats() { # LABEL WORD...
	local format
	for format in '' -x -d -p '-x -q' '-d -p'; do
		# shellcheck disable=SC2086
		compare "$1" $format "${@:2}"
	done
}

# Processes

missing=$(missing_pid)
other=$$ tid=0

test_all() {
	start all "$work/files" || { not_ok 'a process with all kinds of mappings starts'; return; }
	subjects=("$pid")
	for tid in "/proc/$pid/task"/*; do
		tid=${tid##*/}
	done
	in_every_format all PID
	test_rc_files
	test_spelling
	test_numbers
	test_ranges
	test_kernel_names
	test_several
	stop "$starter"
}

test_rc_files() {
	local rc
	for rc in unended empty; do
		compare 'rc file' -C "WORK/$rc.rc" PID
		compare 'rc file' -C "WORK/$rc.rc" -q PID
	done
	compare 'rc file that is not there' -C WORK/none.rc PID
	HOME=$work/files compare 'rc file that is not there' -c PID
	HOME='' compare 'rc file without a home' -c PID
}

test_spelling() {
	compare spelling --extended --quiet PID
	compare spelling --device --show-path PID
	compare spelling --e --q PID
	compare spelling --read-rc-from=WORK/some.rc PID
	compare spelling --read-rc PID
	compare spelling PID -x
	compare spelling -xqp PID
	compare spelling -xx PID
	compare spelling -XXX PID
	compare spelling -X -X PID
	compare_as_pmap spelling -x -- PID
	compare spelling -r PID
	compare spelling -rx PID
	POSIXLY_CORRECT=1 compare_as_pmap 'POSIXLY_CORRECT' PID -x
}

test_numbers() {
	compare number OCTAL
	compare number -x HEX
	compare number TID
	compare number -x TID
	compare number -XX TID
	compare number /proc/PID
	compare number /proc/OCTAL -d
	compare number /proc/TID
	compare number /proc/meminfo PID
	compare number /proc/self
	compare number /proc/PID/
	compare number /proc/12x PID
	compare number MISSING
	compare number -x MISSING
	compare number -X MISSING
	compare number 2147483647
	compare number 2147483648
	compare number 99999999999
	compare number 99999999999999999999999
	compare number 0
	compare number 08
	compare number 0x
	compare number 12x
	compare number -1
	compare number ''
	compare number 'PID '
	compare_as_pmap number ' PID'
	compare_as_pmap number +PID
	compare_as_pmap number target
	compare_as_pmap number PID target
	compare_as_pmap number -- -x
}

test_ranges() {
	local range
	for range in 401000 0x401000 400fff 400fff,401000 0,401000 ',48d000' '4bf000,' ',' '' 0 0,0 \
		4bf000,401000 ffffffffff600000 'ffffffffff600fff,' 7fffffffffff,ffffffffffffffff \
		0XFFFFFFFFFF600000 ffffffffffffffff 00000000000000401000; do
		compare range -A "$range" PID
		compare range -d -A "$range" PID
		compare range -x -q -p -A "$range" PID
	done
	compare range -A 401000 -A 4bf000, PID
	compare range --range 401000 PID
	compare range --range=401000,48d000 -d PID
	for range in zz 1,2,3 401000x 0x 401000,zz '401000 '; do
		compare 'bad range' -A "$range" PID
	done
}

# Newer pmaps have it; golden/ has the expected text where this one does not.
test_kernel_names() {
	local format

	if ! pmap -h | grep -q -e --use-kernel-name; then
		skip 'names of the kernel' 'this pmap has no -k'
		return
	fi
	for format in -k -xk -dk '-k -p' '-X -k'; do
		# shellcheck disable=SC2086
		compare 'names of the kernel' $format PID
	done
}

test_several() {
	local first=$starter

	other=$pid
	start plain
	subjects=("$pid" "$other")
	in_row_formats several PID OTHER
	in_row_formats several OTHER PID OTHER
	in_row_formats several PID MISSING OTHER
	compare several -X -q PID OTHER
	compare several -XX -q OTHER PID
	compare several -c -q OTHER PID PID
	compare several /proc/PID /proc/version OTHER /proc/MISSING
	compare several MISSING MISSING
	stop "$starter"
	pid=$other starter=$first
}

test_many() {
	start many 3000
	subjects=("$pid")
	in_every_format many PID
	compare many -d -A "7f0000000000," PID
	stop "$starter"
}

test_resident() {
	start resident 64
	subjects=("$pid")
	in_every_format resident PID
	stop "$starter"
}

# Widths of the columns that come from a process and go on to the next one.
test_widths() {
	start resident 64
	other=$pid
	local first=$starter
	start plain
	subjects=("$pid" "$other")
	compare widths -X -q OTHER PID OTHER
	compare widths -XX -q PID OTHER
	stop "$starter" "$first"
}

test_states() {
	subjects=()
	start zombie
	in_every_format zombie PID
	stop "$starter"
	start zombie $'z) R \t(x'
	in_row_formats 'zombie with a strange name' PID
	stop "$starter"
	start thread-group
	pid=$starter
	in_every_format 'main thread ended' PID
	stop "$starter"
	pid=2
	if [ -z "$(cat /proc/2/maps 2>&1)" ] && [ "$(</proc/2/comm)" = kthreadd ]; then
		in_every_format 'kernel thread' PID
	else
		skip 'kernel thread' 'none is to be seen here'
	fi
}

test_commands() {
	local kind
	for kind in invalid empty blank none nul title open long; do
		start cmdline "$kind"
		subjects=("$pid")
		compare "command line, $kind" PID
		compare "command line, $kind" -X PID
		stop "$starter"
	done
	for kind in hostile utf8; do
		start cmdline "$kind"
		set_context C vmview
		compare_once "command line, $kind" PID
		set_context C pmap
		compare_once "command line, $kind" -x PID
		stop "$starter"
	done
	for kind in $'tab\tnew\nline' $'gr\303\274n' $'\377\376x' ' ' ') S (' $'\033[31m'; do
		start comm "$kind"
		compare 'name of a process' PID
		compare 'name of a process' -XX PID
		stop "$starter"
	done
}

test_wrong_use() {
	local first second
	pid=$$
	for first in -c '-C WORK/some.rc' -d -n '-N WORK/new.rc' -x -X -XX; do
		for second in -c '-C WORK/some.rc' -d -n '-N WORK/new.rc' -x -X; do
			[ "${first:0:2}" = "${second:0:2}" ] && continue
			# shellcheck disable=SC2086
			compare_as_pmap 'exclusive options' $first $second MISSING
		done
	done
	compare 'wrong use'
	compare 'wrong use' -x
	compare 'wrong use' -c
	compare 'wrong use' -A 0,
	compare 'wrong use' -A
	compare 'wrong use' -C
	compare 'wrong use' -N
	compare 'wrong use' -Z MISSING
	compare 'wrong use' --no-such-option MISSING
	compare 'wrong use' --extended=yes MISSING
	compare 'wrong use' --re MISSING
	compare 'wrong use' -a MISSING
	compare 'wrong use' -l MISSING
	compare 'wrong use' -n -q
	compare 'wrong use' -N WORK/new.rc -p
	compare 'wrong use' -n MISSING
	compare 'wrong use' -N WORK/new.rc MISSING
	check 'no rc file came of wrong use' test ! -e "$work/new.rc"
}

# Files are created once, so that neither must find what the other made.
test_create() {
	local program path name

	for program in pmap "$vmview"; do
		name=${program##*/}
		for path in new.rc new.rc files/none/new.rc; do
			"$program" -N "$work/$name.$path" >"$work/out" 2>/dev/null
			echo "status $?, $(wc -c <"$work/out") bytes" >>"$work/$name.results"
		done
		rm -f "$HOME/.${name}rc"
		for _ in first second; do
			"$program" -n >"$work/out" 2>/dev/null
			echo "status $?, $(wc -c <"$work/out") bytes" >>"$work/$name.results"
		done
		[ -f "$HOME/.${name}rc" ] && echo created >>"$work/$name.results"
	done
	same_files 'results of -n and -N' "$work/vmview.results" "$work/pmap.results"
}

# Somebody else's process, and a missing one: 1, 42 and both.
test_unreadable() {
	local format

	possible 'not permitted' nobody || return
	start plain
	subjects=()
	as=("$run" nobody)
	for format in '' -x -X -d -q '-X -q'; do
		# shellcheck disable=SC2086
		compare 'not permitted' $format PID
		# shellcheck disable=SC2086
		compare 'not permitted' $format PID MISSING
		# shellcheck disable=SC2086
		compare 'not permitted' $format MISSING PID PID
	done
	as=()
	start nondumpable
	compare 'protected, but we are root' -x PID
	stop "$starter"
	as=("$run" nobody)
	start nondumpable
	compare 'protected, and ours' -x PID
	start plain
	subjects=("$pid")
	compare ours -x PID
	as=()
}

subjects=()
test_all
test_many
test_resident
test_widths
test_states
test_commands
test_wrong_use
test_create
test_unreadable
finish

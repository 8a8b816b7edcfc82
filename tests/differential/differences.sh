#!/usr/bin/env bash
# differences.sh VMVIEW HELPERS
#
# One test for each line of differences.txt: vmview is right, and pmap is wrong in the way listed, or,
# where it is newer than 4.0.2, right as well.

here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"

export LC_ALL=C
list=$here/differences.txt
have_pmap=no
! has_pmap || have_pmap=yes
tested=

begin() { # KEY
	key=$1
	tested="$tested$key"$'\n'
}

# pmap's output to $work/pmap, vmview's to $work/vmview, while the process keeps still.
look() { # WORD...
	local try before after
	for ((try = 0; try < 30; try++)); do
		before=$(cat "/proc/$pid/smaps" 2>/dev/null)
		"$vmview" --once "$@" >"$work/vmview" 2>"$work/vmview.err"
		vmview_status=$?
		: >"$work/pmap"
		[ "$have_pmap" = no ] || pmap "$@" >"$work/pmap" 2>"$work/pmap.err"
		pmap_status=$?
		after=$(cat "/proc/$pid/smaps" 2>/dev/null)
		[ "$before" != "$after" ] || return
	done
}

vmview_is() { # CLAIM GOT WANTED
	is "$key: $1" "$2" "$3"
}

# Wrong as listed, or right by now.
pmap_is() { # CLAIM GOT WRONG RIGHT
	local name="$key: pmap: $1"
	if [ "$have_pmap" = no ]; then
		skip "$name" 'there is no pmap of procps here'
	elif [ "$2" = "$3" ]; then
		ok "$name"
	elif [ "$2" = "$4" ]; then
		skip "$name" 'this pmap is right'
	else
		not_ok "$name"
		printf 'pmap:     %s\nlisted:   %s\nor right: %s\n' "$2" "$3" "$4" | note
	fi
}

# But for lines that match PATTERN the outputs are the same.
rest_is_same() { # PATTERN
	if [ "$have_pmap" = no ]; then
		skip "$key: the rest is the same" 'there is no pmap of procps here'
		return
	fi
	grep -a -v -E -e "$1" "$work/pmap" >"$work/pmap.rest"
	grep -a -v -E -e "$1" "$work/vmview" >"$work/vmview.rest"
	same_files "$key: the rest is the same" "$work/vmview.rest" "$work/pmap.rest"
}

# Sum of column $2 of the rows of file $1 whose address lies between $3 and $4.
sum() {
	awk -v column="$2" -v low="${3:-0}" -v high="${4:-g}" '
		$1 ~ /^[0-9a-f]+$/ && length($1) >= 8 {
			address = substr("0000000000000000" $1, length($1) + 1)
			if (address >= low && address <= high)
				sum += $column
		}
		END { printf "%d\n", sum }' "$1"
}

# Addresses of rows.
addresses() {
	awk '$1 ~ /^[0-9a-f]+$/ && length($1) >= 8 { print $1 }' "$1"
}

# The first number below the `====` of -X: the total of Size.
full_total() {
	awk '/^ *==/ { below = 1; next } below { print $1; below = 0 }' "$1"
}

test_long_path() {
	local address size page
	page=$(($(getconf PAGESIZE) / 1024))

	begin long-path
	start long-path "$work/files"
	size=$(awk '/deep.dat/ { print $1 }' "/proc/$pid/maps")
	printf -v address '%016x' "0x${size%-*}"

	look "$pid"
	vmview_is 'one row' "$(awk '/deep.dat/ { print $1, $2, $3, $4 }' "$work/vmview")" \
		"$address ${page}K r--s- deep.dat"
	vmview_is 'the right total' "$(awk '/total/ { print $2 }' "$work/vmview")" \
		"$(sum "$work/vmview" 2)K"
	pmap_is 'an address of all ones' "$(awk '/deep.dat/ { print $1 }' "$work/pmap")" \
		ffffffffffffffff "$address"
	rest_is_same "$address|ffffffffffffffff .*deep|total"

	look -x "$pid"
	vmview_is 'one row with -x' "$(awk '/deep.dat/ { print $1, $2, $5, $6 }' "$work/vmview")" \
		"$address $page r--s- deep.dat"
	rest_is_same 'deep.dat|total'

	address=${size%-*}
	look -X "$pid"
	vmview_is 'its name with -X' "$(awk -v a="$address" '$1 == a { print $NF }' "$work/vmview")" \
		deep.dat
	pmap_is 'a folder with -X' \
		"$(awk -v a="$address" '$1 == a { print substr($NF, 1, 8) }' "$work/pmap")" \
		aaaaaaaa deep.dat
	rest_is_same "$address"
	stop "$starter"
}

test_long_name() {
	local name line

	begin long-name
	start long-name "$work/files"
	line=$(grep ttttttttt "/proc/$pid/maps")
	name=${line##*/}
	look -X "$pid"
	line=$(grep aaaaaaaaa "$work/vmview")
	vmview_is 'the whole name' "${line#*" 0 "*aaaaaaaaa}" "${name#aaaaaaaaa}"
	vmview_is 'it is long enough' "${#name}" 200
	line=$(grep aaaaaaaaa "$work/pmap")
	pmap_is 'cut' "$([[ $line = *"$name" ]] && echo whole || echo cut)" cut whole
	rest_is_same aaaaaaaaa
	stop "$starter"
}

test_range_totals() {
	begin range-totals
	start all "$work/files"
	look -x -A 401000,48cfff "$pid"
	vmview_is 'sums of the rows' \
		"$(awk '/^total/ { print $3, $4, $5 }' "$work/vmview")" \
		"$(sum "$work/vmview" 2) $(sum "$work/vmview" 3) $(sum "$work/vmview" 4)"
	pmap_is 'sums of more than the rows' \
		"$(awk -v rows="$(sum "$work/vmview" 3)" '/^total/ {
			print ($4 > rows ? "more" : $4 == rows ? "right" : "less")
		}' "$work/pmap")" more right
	rest_is_same '^total'
	stop "$starter"
}

test_range_full() {
	local option low high

	begin range-full
	printf '[Fields Display]\nSize\nRss\nMapping\n' >"$work/some.rc"
	start all "$work/files"
	low=0000000000401000 high=00000000004bafff
	for option in -X -XX "-C $work/some.rc"; do
		# shellcheck disable=SC2086
		look $option "$pid"
		mv "$work/pmap" "$work/pmap.all"
		mv "$work/vmview" "$work/vmview.all"
		# shellcheck disable=SC2086
		look $option -A "$low,$high" "$pid"
		vmview_is "${option%% *}: the rows in the range" "$(addresses "$work/vmview")" \
			"$(addresses "$work/vmview.all" |
				awk -v low="$low" -v high="$high" '
				{ address = substr("0000000000000000" $1, length($1) + 1) }
				address >= low && address <= high')"
		if cmp -s "$work/pmap" "$work/pmap.all"; then
			pmap_is "${option%% *}: all rows" all all range
		else
			same_files "$key: ${option%% *}: pmap has the same" "$work/vmview" "$work/pmap"
		fi
	done
	look -C "$work/some.rc" -A "$low,$high" "$pid"
	vmview_is 'the total of these rows' "$(full_total "$work/vmview")" "$(sum "$work/vmview" 2)"
	stop "$starter"
}

test_several_totals() {
	local first total

	begin several-totals
	start plain
	first=$pid
	start plain
	look -X "$first"
	mv "$work/vmview" "$work/alone"
	total=$(full_total "$work/alone")
	look -X "$pid"
	cat "$work/vmview" >>"$work/alone"
	look -X "$first" "$pid"
	vmview_is 'each its own' "$(full_total "$work/vmview")" "$total"$'\n'"$total"
	same_files "$key: as of one after the other" "$work/vmview" "$work/alone"
	pmap_is 'the second includes the first' "$(full_total "$work/pmap" | tail -n 1)" \
		"$((2 * total))" "$total"
	stop "$starter" "$first"
}

# What the files of `target names` are called, and how that is shown in ASCII and in UTF-8.
raw=() ascii=() utf8=()
add_name() {
	raw+=("$1") ascii+=("$2") utf8+=("${3-$2}")
}
add_name $'gr\303\274n \342\202\254 \360\237\230\200' 'gr??n ??? ????' \
	$'gr\303\274n \342\202\254 \360\237\230\200'
add_name $'invalid \377\376 \303' 'invalid ?? ?'
add_name $'overlong \300\257 surrogate \355\240\200' 'overlong ?? surrogate ???'
add_name $'esc \e[31mred\e[0m' 'esc ?[31mred?[0m'
add_name $'title \e]0;owned\a' 'title ?]0;owned?'
add_name $'bell \a delete \177 tab \t' 'bell ? delete ? tab ?'
add_name $'c1 \302\23331m' 'c1 ??31m'
add_name $'bidi \342\200\256txt.exe' 'bidi ???txt.exe'
add_name $'isolate \342\201\246x\342\201\251' 'isolate ???x???'

# What pmap printed, were it to print names as they are shown by `$1`, ascii or utf8.
mend_names() {
	local text i
	local -n shown=$1
	text=$(cat "$work/pmap" && echo .)
	for i in "${!raw[@]}"; do
		text=${text//"${raw[i]}"/"${shown[i]}"}
	done
	printf '%s' "${text%.}" >"$work/pmap.mended"
}

# Names that vmview does not show as it should.
lacking() { # ascii or utf8
	local i
	local -n shown=$1
	for i in "${!raw[@]}"; do
		grep -a -q -F -e "${shown[i]}" "$work/vmview" || printf '%s\n' "${ascii[i]}"
	done
}

test_hostile_name() {
	local locale option

	begin hostile-name
	start names "$work/files"
	for locale in C C.UTF-8; do
		local -x LC_ALL=$locale
		for option in '' -x -d -p; do
			# shellcheck disable=SC2086
			look $option "$pid"
			LC_ALL=C mend_names ascii
			[ "$have_pmap" = no ] || same_files "$key: ascii, format '$option' [$locale]" \
				"$work/vmview" "$work/pmap.mended"
			vmview_is "names that are not shown right with '$option' [$locale]" \
				"$(lacking ascii)" ''
			check "$key: harmless with '$option' [$locale]" "$harmless" "$work/vmview"
		done
		for option in -X -XX '-X -p' '-X -q'; do
			# shellcheck disable=SC2086
			look $option "$pid"
			LC_ALL=C mend_names utf8
			[ "$have_pmap" = no ] || same_files "$key: the rest is the same, $option [$locale]" \
				"$work/vmview" "$work/pmap.mended"
			vmview_is "names that are not shown right with $option [$locale]" \
				"$(lacking utf8)" ''
			check "$key: harmless with $option [$locale]" "$harmless" "$work/vmview"
		done
	done
	look -X "$pid"
	pmap_is 'an escape sequence' "$(LC_ALL=C grep -a -o $'\e\[31m' "$work/pmap" | head -n 1)" \
		$'\e[31m' ''
	stop "$starter"
}

# C1 and bidirectional controls, one ? a byte.
mend_command() {
	local text
	text=$(cat "$work/pmap" && echo .)
	text=${text//$'\302\233'/??}
	text=${text//$'\342\200\256'/???}
	printf '%s' "${text%.}" >"$work/pmap.mended"
}

test_hostile_command() {
	begin hostile-command
	local -x LC_ALL=C.UTF-8
	if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
		skip "$key" 'there is no locale C.UTF-8'
		return
	fi
	start cmdline hostile
	look "$pid"
	mend_command
	vmview_is 'C1 in a command line' "$(head -n 1 "$work/vmview")" \
		"$pid:   evil?]0;owned? ?[31mred c1??m ? tab? new line ?"
	pmap_is 'C1 in a command line' "$(grep -a -o $'c1\302\233m' "$work/pmap")" $'c1\302\233m' ''
	[ "$have_pmap" = no ] || same_files "$key: the rest is the same" "$work/vmview" "$work/pmap.mended"
	stop "$starter"

	start cmdline utf8
	look "$pid"
	mend_command
	vmview_is 'bidirectional override in a command line' "$(head -n 1 "$work/vmview")" \
		"$pid:   "$'gr\303\274n \342\202\254 \360\237\230\200 bidi???cod'
	pmap_is 'bidirectional override in a command line' \
		"$(grep -a -o $'bidi\342\200\256cod' "$work/pmap")" $'bidi\342\200\256cod' ''
	[ "$have_pmap" = no ] || same_files "$key: the rest is the same" "$work/vmview" "$work/pmap.mended"
	stop "$starter"

	start zombie $'\302\233a\342\200\256b'
	look "$pid"
	mend_command
	vmview_is 'both in a name' "$(head -n 1 "$work/vmview")" "$pid:   [??a???b] <defunct>"
	[ "$have_pmap" = no ] || same_files "$key: the rest is the same" "$work/vmview" "$work/pmap.mended"
	stop "$starter"
}

test_slash_in_name() {
	begin slash-in-name
	pid=$$
	echo '7f0000000000-7f0000004000 rw-p 00000000 00:00 0   [anon:a/b]' >"$work/maps"
	vmview_is 'anonymous memory' "$("$vmview" --once -q --from "$work/maps" | tail -n 1)" \
		'00007f0000000000     16K rw---   [ anon ]'
	vmview_is 'with -p' "$("$vmview" --once -q -p --from "$work/maps" | tail -n 1)" \
		'00007f0000000000     16K rw---   [ anon ]'
	vmview_is 'with -k' "$("$vmview" --once -q -k --from "$work/maps" | tail -n 1)" \
		'00007f0000000000     16K rw--- [anon:a/b]'
	vmview_is 'with -X' "$("$vmview" --once -q -X --from "$work/maps" | awk 'END { print $NF }')" \
		'[anon:a/b]'
	if ! start anonymous-name a/b 2>/dev/null; then
		skip "$key: pmap: the end of its name" 'this kernel has no names for anonymous memory'
		return
	fi
	look "$pid"
	pmap_is 'the end of its name' "$(grep -c 'b\]$' "$work/pmap")" 1 0
	rest_is_same 'b\]$|rw---   \[ anon \]$'
	stop "$starter"
}

test_uneven_fields() {
	begin uneven-fields
	printf '%s\n' '7f0000000000-7f0000004000 rw-p 00000000 00:00 0 ' 'Size: 16 kB' 'Rss: 4 kB' \
		'7f0000008000-7f000000c000 rw-p 00000000 00:00 0 ' 'Size: 16 kB' 'Pss: 8 kB' >"$work/smaps"
	vmview_is 'a dash' "$("$vmview" --once -X --from "$work/smaps" |
		awk '/^ *7f/ { print $6, $7, $8 } END { print $1, $2, $3 }')" \
		$'16 4 -\n16 - 8\n32 4 8'
}

test_ended_thread() {
	begin ended-thread
	start thread-group
	look "$pid"
	vmview_is 'its mappings' "$(sed 1d "$work/vmview" | awk '!/total/ { print $1 }')" \
		"$(while IFS=- read -r start _; do printf '%016x\n' "0x$start"; done <"/proc/$pid/maps")"
	vmview_is 'under the heading of the process' "$(awk -F: 'NR == 1 { print $1 }' "$work/vmview")" \
		"$starter"
	pmap_is 'none' "$(grep -a -c target "$work/pmap")" 1 "$(grep -a -c target "$work/vmview")"
	stop "$starter"
}

test_help() {
	local program

	begin help
	for program in "$pmap_link" pmap; do
		if [ "$program" = pmap ] && [ "$have_pmap" = no ]; then
			continue
		fi
		is "$key: status of ${program##*/} -h, and the usage" \
			"$("$program" -h 2>&1 | sed 5q; "$program" --help >"$work/out"; echo $?)" \
			$'\nUsage:\n pmap [options] PID [PID ...]\n\nOptions:\n0'
	done
	check "$key: vmview -h on standard output" grep -q -e --once <("$vmview" -h 2>/dev/null)
	check "$key: called pmap no --once" test -z "$("$pmap_link" -h | grep -e --once)"
}

test_version() {
	begin version
	matches "$key: called vmview" "$("$vmview" -V 2>/dev/null; echo $?)" $'^vmview [0-9.]+\n0$'
	matches "$key: called pmap" "$("$pmap_link" -V 2>/dev/null; echo $?)" \
		$'^pmap from vmview [0-9.]+\n0$'
	pmap_is 'procps-ng' "$(pmap -V | sed 's/ng.*/ng/')" 'pmap from procps-ng' ''
}

# Entries of an rc file, whether commented out or not.
entries() {
	sed -n 's/^#*\(\[*[A-Z][A-Za-z_]*\( Display\)*\]*\)$/\1/p' "$1"
}

test_rc_text() {
	begin rc-text
	"$vmview" -N "$work/vmview.rc" 2>/dev/null
	if [ "$have_pmap" = no ]; then
		skip "$key: the same entries" 'there is no pmap of procps here'
		return
	fi
	pmap -N "$work/pmap.rc" 2>/dev/null
	entries "$work/vmview.rc" >"$work/vmview.entries"
	entries "$work/pmap.rc" >"$work/pmap.entries"
	same_files "$key: the same entries" "$work/vmview.entries" "$work/pmap.entries"
	start plain
	look -C "$work/vmview.entries" "$pid"
	same_files "$key: which show the same" "$work/vmview" "$work/pmap"
	check "$key: and all of them" grep -q 'Rss.*VmFlags.*Mapping' "$work/vmview"
	look -C "$work/vmview.rc" "$pid"
	mv "$work/vmview" "$work/vmview.first"
	look -C "$work/pmap.rc" "$pid"
	same_files "$key: the same as written" "$work/vmview.first" "$work/vmview"
	stop "$starter"
}

test_rc_folder() {
	begin rc-folder
	pid=$$
	look -C "$work/files" "$pid"
	vmview_is 'an error' "$vmview_status $(wc -c <"$work/vmview")" '1 0'
	pmap_is 'none' "$pmap_status" 0 1
}

test_names() {
	begin names
	pid=$$
	look no-such-process-here
	vmview_is 'no process of that name' "$vmview_status $(wc -c <"$work/vmview")" '42 0'
	pmap_is 'not a number' "$pmap_status $(wc -c <"$work/pmap")" '1 0' '42 0'
	"$pmap_link" no-such-process-here >"$work/out" 2>/dev/null
	vmview_is 'called pmap not a number' "$? $(wc -c <"$work/out")" '1 0'
}

test_command() {
	begin command
	pid=$$
	"$vmview" -- "$pid" >"$work/out" 2>/dev/null
	vmview_is 'no number of a process' "$? $(wc -c <"$work/out")" '1 0'
	"$pmap_link" -q -- "$pid" >"$work/out"
	vmview_is 'called pmap a number' "$? $(sed 's/:.*//;q' "$work/out")" "0 $pid"
}

test_language() {
	local -x LANGUAGE=de LC_ALL=C.UTF-8

	begin language
	pid=$$
	look -x "$pid"
	vmview_is English "$(awk 'NR == 2 { print $1, $2 }' "$work/vmview")" 'Address Kbytes'
	pmap_is 'another language' "$(awk 'NR == 2 { print $1, $2 }' "$work/pmap")" 'Adresse kByte' \
		'Address Kbytes'
}

test_messages() {
	begin messages
	pid=$(missing_pid)
	look "$pid"
	vmview_is 'a sentence' "$(cat "$work/vmview.err")" "vmview: $pid: there is no such process"
	pmap_is 'nothing' "$(cat "$work/pmap.err" 2>/dev/null)" '' 'a sentence'
}

test_long_path
test_long_name
test_range_totals
test_range_full
test_several_totals
test_hostile_name
test_hostile_command
test_slash_in_name
test_uneven_fields
test_ended_thread
test_help
test_version
test_rc_text
test_rc_folder
test_names
test_command
test_language
test_messages
is 'each line of the list has a test, each test a line' "$(printf %s "$tested" | sort)" \
	"$(sed -n '/^#/d; s/ *|.*//p' "$list" | sort)"
finish

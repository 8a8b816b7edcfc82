#!/usr/bin/env bash
# bench.sh CASE VMVIEW HELPERS TOOLS BUILDTYPE
#
# Measures what commands.txt, screens.txt and watchers.txt list, on the targets of CASE, and prints Markdown.
# The limits are ratios within one run; see measure.h for what is a failure. HELPERS and TOOLS are the folders of
# tests/support and tests/bench in the build. The environment can set how much is done:
#
#   VMVIEW_BENCH_RUNS=9           of each command; medians are told
#   VMVIEW_BENCH_SECONDS=5        after which a command is not run again, once it has three times
#   VMVIEW_BENCH_MAPPINGS='...'   sizes of growth-mappings
#   VMVIEW_BENCH_GIB='...'        and of growth-resident
#   VMVIEW_BENCH_RESERVE=4096     MiB of available memory to leave to others
case=$1 tools=$4 build_type=$5
shift
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# The settings of whoever measures are not what is measured, nor are any to be written for them.
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME="$work/config"
unset HTOPRC

runs=${VMVIEW_BENCH_RUNS:-9} seconds=${VMVIEW_BENCH_SECONDS:-5}
failed=0

say() { printf '\n%s\n' "$*"; }

begin() { # TITLE
	printf '\n### %s\n\n' "$1"
	case $build_type in
	release | debugoptimized | minsize) ;;
	*) printf '**This build is not optimised:** configure with --buildtype=release.\n\n' ;;
	esac
}

available_mib() {
	local kib

	read -r _ kib _ < <(grep MemAvailable /proc/meminfo)
	printf '%s\n' $((kib / 1024 - ${VMVIEW_BENCH_RESERVE:-4096}))
}

# The tables

trim() { # NAME of a variable
	local -n trimmed=$1

	trimmed=${trimmed#"${trimmed%%[! ]*}"}
	trimmed=${trimmed%"${trimmed##*[! ]}"}
}

# Whether the command at $1 can be run here. Only root may use pagemon.
is_here() {
	case $1 in
	pmap) has_pmap ;;
	pagemon) [ "$(id -u)" -eq 0 ] && command -v pagemon >/dev/null ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# Sets $words to the words of command $1 with what they stand for.
expand() {
	local word

	read -ra words <<<"$1"
	for word in "${!words[@]}"; do
		words[word]=${words[word]//PID/${pid-PID}}
		words[word]=${words[word]//TARGET/$target}
		words[word]=${words[word]//WORK/$work}
		[ "${words[word]}" != vmview ] || words[word]=$vmview
	done
	# shellcheck disable=SC2016 # for the other shell
	[ "${words[0]}" != again ] ||
		words=(sh -c 'while "$@"; do :; done >/dev/null' sh "${words[@]:1}")
}

# Sets $list to the arguments that ratio, live or slowdown take: what FILE lists, and has in COLUMN.
# $left_out gets the names of what is not here.
read_table() { # FILE COLUMN
	local line cells name program spec

	list=()
	while IFS= read -r line; do
		case $line in '#'* | '') continue ;; esac
		IFS='|' read -ra cells <<<"$line"
		name=${cells[0]} spec=${cells[$2]-yes}
		trim name
		trim spec
		[ "$spec" != - ] || continue
		[ "$spec" != yes ] || spec=
		expand "${cells[1]}"
		program=${words[0]}
		[ "$program" != sh ] || program=${words[4]}
		if ! is_here "$program"; then
			case " $left_out" in *" $program "*) ;; *) left_out+="$program " ;; esac
			continue
		fi
		case $1 in
		screens.txt)
			trim 'cells[2]'
			name+=@${cells[2]}
			;;
		esac
		list+=("$name$spec" "${words[@]}" --)
	done <"$here/$1"
}

measure_commands() { # TITLE COLUMN [RUNS]
	read_table commands.txt "$2"
	"$tools/ratio" "${3:-$runs}" "$seconds" "$1" "${list[@]}"
}

measure_screens() { # TITLE COLUMN [RUNS [SECONDS]]
	read_table screens.txt "$2"
	"$tools/live" "${3:-$runs}" "${4:-$seconds}" "$1" "$pid" "${list[@]}"
}

# Of 64,000 mappings the live view makes a refresh only every few seconds.
measure_both() { # COMMANDS_COLUMN SCREENS_COLUMN [RUNS]
	measure_commands 'text' "$1" "${3-}" || failed=1
	echo
	measure_screens 'live' "$2" "$runs" $((seconds * 3)) || failed=1
}

# The cases

measure_mappings() { # MODE TITLE
	start "$1" 64000 || exit 77
	begin "$2: $(wc -l <"/proc/$pid/maps") mappings"
	measure_both 2 3
}

measure_resident() {
	local mib=8192 available

	available=$(available_mib)
	if [ "$mib" -gt "$available" ]; then
		mib=$available
		say "8 GiB are more than is available here: $mib MiB instead."
	fi
	start resident "$mib" || exit 77
	begin "A process with $mib MiB of memory"
	measure_both 3 4
}

measure_small() {
	start plain
	begin 'A small process'
	measure_both 4 5 $((runs * 5))
}

measure_slowdown() {
	local mappings=20000 mib=1024

	unset pid
	begin "A process that maps, touches and unmaps memory; $mappings mappings, $mib MiB"
	read_table watchers.txt 2
	"$tools/slowdown" $(((runs + 2) / 3)) "$seconds" "$mappings" "$mib" "${list[@]}" || failed=1
}

# Of a table on standard input the values of column NUMBER, each with its name: `pmap=12.30`.
column_of() { # NUMBER
	awk -F '|' -v number="$1" 'NR > 2 && NF > 2 {
		name = $2
		value = $(number + 1)
		gsub(/^ +| +$/, "", name)
		gsub(/ /, "", value)
		print name "=" value
	}'
}

# One row of a table of growth; before the first, its titles.
grow() { # WHAT SIZE COLUMN_OF_COMMANDS COLUMN_OF_SCREENS
	local walls first memory cell title

	if ! measure_commands "$1" "$3" "$grow_runs" >"$work/commands" ||
		! measure_screens "$1" "$4" "$grow_runs" 1 >"$work/screens"; then
		failed=1
		return
	fi
	mapfile -t walls < <(column_of 2 <"$work/commands")
	mapfile -t first < <(column_of 2 <"$work/screens" | sed 's/=/, first picture=/')
	mapfile -t memory < <(column_of 7 <"$work/screens" | sed 's/=/, MiB=/')
	walls+=("${first[@]}" "${memory[@]}")
	if [ -z "$titled" ]; then
		printf '| %12s |' "$1"
		printf ' %s |' "${walls[@]%=*}"
		printf '\n|--:|'
		printf '%.0s--:|' "${walls[@]}"
		echo
		titled=yes
	fi
	printf '| %12s |' "$2"
	for cell in "${walls[@]}"; do
		title=${cell%=*}
		printf ' %*s |' "${#title}" "${cell##*=}"
	done
	echo
}

grow_mappings() {
	local size more=

	begin 'How cost grows with mappings (milliseconds)'
	for size in ${VMVIEW_BENCH_MAPPINGS:-100 1000 10000 64000}; do
		if start many "$size" 2>/dev/null; then
			grow mappings "$size" 5 6
		else
			more+=" $size"
		fi
		stop "$starter"
	done
	[ -z "$more" ] || say "vm.max_map_count does not allow:$more."
}

grow_resident() {
	local gib mib more=

	begin 'How cost grows with memory (milliseconds)'
	for gib in ${VMVIEW_BENCH_GIB:-0.1 1 4 8 16}; do
		mib=$(awk -v gib="$gib" 'BEGIN { print int(gib * 1024) }')
		if [ "$mib" -gt "$(available_mib)" ]; then
			more+=" $gib"
			continue
		fi
		start resident "$mib" && grow 'GiB' "$gib" 5 6
		stop "$starter"
	done
	[ -z "$more" ] || say "There is not so much memory available, in GiB:$more."
}

grow_runs=$((runs < 5 ? runs : 5)) titled='' left_out=''
case $case in
mappings) measure_mappings many 'Anonymous memory' ;;
mapped-files) measure_mappings many-files 'A file' ;;
resident) measure_resident ;;
small) measure_small ;;
slowdown) measure_slowdown ;;
growth-mappings) grow_mappings ;;
growth-resident) grow_resident ;;
esac
[ -z "$left_out" ] || say "Not here, and left out: $left_out"
exit "$failed"

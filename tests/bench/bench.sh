#!/usr/bin/env bash
# bench.sh CASE VMVIEW HELPERS RATIO LIVE BUILDTYPE
#
# Wall time of vmview against `cat` of what it reads, which is the kernel's own share, and against
# pmap. The limits are ratios within one run; see ratio.c for what is a failure.
case=$1 ratio=$4 live=$5 build_type=$6
shift
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
export LC_ALL=C.UTF-8

runs=${VMVIEW_BENCH_RUNS:-9}

# Sets $with_pmap to the arguments that measure pmap too, where there is one.
with_pmap() { # NAME BASE OPTION...
	with_pmap=()
	has_pmap || return
	with_pmap=(-- "$1@$2" pmap "${@:3}" "$pid")
}

begin() { # TITLE
	printf '%s; build type %s, medians of %s\n' "$1" "$build_type" "$runs"
	case $build_type in
	release | debugoptimized | minsize) ;;
	*) echo 'WARNING: this build is not optimised: configure with --buildtype=release' ;;
	esac
}

# One format against what it reads.
measure() { # FILE LIMIT MIB OPTION...
	local name="vmview $4"
	with_pmap "pmap $4" "cat $1" "${@:4}"
	"$ratio" "$runs" "cat $1" cat "/proc/$pid/$1" -- \
		"$name@cat $1<$2${3:+^$3}" "$vmview" --once "${@:4}" "$pid" "${with_pmap[@]}"
}

measure_mappings() { # MODE
	start "$1" 64000 || exit 77
	begin "$(wc -l <"/proc/$pid/maps") mappings ($1)"
	measure maps 1.6 24 || failed=1
	measure smaps 1.3 24 -x || failed=1
	measure smaps 1.6 24 -X || failed=1
	stop "$starter"
}

measure_resident() {
	local available mib=8192

	read -r _ available _ < <(grep MemAvailable /proc/meminfo)
	if [ $((mib * 2048)) -gt "$available" ]; then
		mib=$((available / 2048))
		echo "8 GiB are more than half of the memory that is available: $mib MiB instead"
	fi
	start resident "$mib" || exit 77
	begin "$mib MiB resident"
	measure smaps 1.05 '' -x || failed=1
	measure smaps 1.05 '' -X || failed=1
	stop "$starter"
}

# Nothing slower than pmap.
measure_small() {
	local option

	has_pmap || { echo 'there is no pmap of procps here'; exit 77; }
	runs=$((runs * 5))
	start plain
	begin 'a small process'
	for option in '' -x -X; do
		# shellcheck disable=SC2086
		"$ratio" "$runs" "pmap $option" pmap $option "$pid" -- \
			"vmview $option@pmap $option<1" "$vmview" --once $option "$pid" || failed=1
	done
	stop "$starter"
}

# The live view: first paint, keys, memory, processor time.
measure_live() { # TITLE PAINT_LIMIT MEMORY_LIMIT PROCESSOR_LIMIT
	begin "live view, $1"
	"$live" "$vmview" "$pid" "${@:2}" || failed=1
	stop "$starter"
}

failed=0
case $case in
mappings) measure_mappings many ;;
live-mappings) start many 64000 && measure_live '64,000 mappings' 0 48 5 ;;
live-resident) start resident 4096 && measure_live '4 GiB resident' 50 8 5 ;;
live-small) start plain && measure_live 'a small process' 50 8 0.5 ;;
mapped-files) measure_mappings many-files ;;
resident) measure_resident ;;
small) measure_small ;;
esac
exit "$failed"

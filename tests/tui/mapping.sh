#!/bin/sh
# What the kernel says of one mapping.
#
#   mapping.sh PID ADDRESS|NAME             print its facts: address= pages= perms= rss= name=
#   mapping.sh PID ADDRESS|NAME FACT...     is it so? Also `absent`. Prints the facts when not
#   mapping.sh PID count                    how many mappings there are
set -eu

pid=$1 what=$2
shift 2
page=$(($(getconf PAGESIZE) / 1024))

if [ "$what" = count ]; then
	wc -l <"/proc/$pid/maps"
	exit
fi

facts=$(awk -v what="$what" -v page="$page" '
	/^[0-9a-f]+-[0-9a-f]+ / {
		split($1, range, "-")
		name = $0
		sub(/^[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ */, "", name)
		wanted = range[1] == what || name == what
		if (wanted)
			line = "address=" range[1] " perms=" $2 " name=" name
	}
	wanted && $1 == "Size:" { line = line " pages=" $2 / page }
	wanted && $1 == "Rss:" { line = line " rss=" $2 / page }
	END { print line }
' "/proc/$pid/smaps")
[ -n "$facts" ] || facts=absent

if [ $# -eq 0 ]; then
	echo "$facts"
	exit
fi
for fact; do
	case " $facts " in
	*" $fact "*) ;;
	*)
		echo "$what: not $fact: $facts"
		exit 1
		;;
	esac
done

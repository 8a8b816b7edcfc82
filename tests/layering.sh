#!/usr/bin/env bash
# Data flows one way: what a folder may include, who may call curses, print or exit.
#
#   tests/layering.sh [ROOT]      $CC compiles each header alone
#
# Results in TAP. A new public header needs a row in layer_of, a new folder one in may_include.
set -u

root=$(cd "${1:-$(dirname "$0")/..}" && pwd) || exit 1
cd "$root" || exit 1
export LC_ALL=C
count=0 failed=0

# The layer of each header of include/vmview/.
declare -A layer_of=(
	[arena.h]=base [buf.h]=base [clock.h]=base [safe.h]=base [scan.h]=base [size.h]=base [str.h]=base
	[build_id.h]=proc [input.h]=proc [recorder.h]=proc [recording.h]=proc [shm.h]=proc [source.h]=proc
	[space.h]=proc
	[parser.h]=parse [stat.h]=parse
	[changes.h]=model [column.h]=model [difference.h]=model [field.h]=model [kind.h]=model [mapping.h]=model [process.h]=model
	[selection.h]=model [snapshot.h]=model [totals.h]=model
	[program.h]=sample [sample.h]=sample
	[capture.h]=view [colour.h]=view [difference_table.h]=view [event.h]=view [explain.h]=view [json.h]=view [json_mapping.h]=view [output.h]=view [pmap.h]=view
	[table.h]=view
	[cgroup.h]=proc [limits.h]=model [limits_parser.h]=parse [metrics.h]=view [tally.h]=model
	[tally_text.h]=view
)

# What each layer may include. `config` is the generated config.h.
declare -A may_include=(
	[base]='base'
	[proc]='base proc'
	[parse]='base model parse'
	[model]='base model'
	[sample]='base proc parse model sample'
	[view]='base model view'
	[tui]='base proc model view sample tui'
	[cli]='base proc parse model sample view tui cli config'
	[main]='cli config'
)

# All that libvmview is made of.
library=(src/base src/proc src/parse src/model src/view src/sample*.[ch] include/vmview)

# The layer that a file belongs to, or nothing.
layer_of_file() { # PATH
	case $1 in
	include/vmview/*) printf '%s' "${layer_of[${1#include/vmview/}]-}" ;;
	src/*/*) path=${1#src/} && printf '%s' "${path%%/*}" ;;
	src/sample*.[ch]) printf sample ;;
	src/*.c) path=${1#src/} && printf '%s' "${path%.c}" ;;
	esac
}

# The layer of what FILE includes as NAME, without its quotes.
layer_of_include() { # FILE NAME
	case $2 in
	*..*) printf 'outside' ;;
	vmview/*) layer_of_file "include/$2" ;;
	*)
		if [ -e "$(dirname "$1")/$2" ]; then
			layer_of_file "$(dirname "$1")/$2"
		elif [ -e "src/$2" ]; then
			layer_of_file "src/$2"
		elif [ "$2" = config.h ]; then
			printf 'config'
		fi
		;;
	esac
}

sources() { # PATH...; all that are there
	find "$@" -name '*.[ch]' 2>/dev/null | sort
}

# "FILE:LINE NAME" for every include of a project's header; system headers are in angle brackets.
own_includes() { # FILE...
	grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*("|<vmview/)' "$@" </dev/null |
		sed -E 's/^([^:]*:[0-9]+):[^"<]*["<]([^">]*).*/\1 \2/'
}

# Fail with what stands on standard input, if anything does.
none() { # NAME
	local found
	found=$(cat)
	count=$((count + 1))
	if [ -z "$found" ]; then
		printf 'ok %d - %s\n' "$count" "$1"
		return
	fi
	failed=$((failed + 1))
	printf 'not ok %d - %s\n' "$count" "$1"
	cat -v <<<"$found" | sed 's/^/#   /'
}

headers_without_layer() {
	for header in include/vmview/*.h; do
		[ -n "${layer_of[${header##*/}]-}" ] || echo "$header has no row in layer_of"
	done
	for name in "${!layer_of[@]}"; do
		[ -e "include/vmview/$name" ] || echo "include/vmview/$name is gone, its row is still there"
	done
}

files_without_layer() {
	sources src | while read -r file; do
		layer=$(layer_of_file "$file")
		[ -n "$layer" ] && [ -n "${may_include[$layer]-}" ] || echo "$file is in no layer"
	done
}

wrong_includes() { # LAYER FILE...
	local layer=$1
	shift
	[ $# -eq 0 ] || own_includes "$@" | while read -r place name; do
		found=$(layer_of_include "${place%:*}" "$name")
		case " ${may_include[$layer]} " in
		*" ${found:-?} "*) ;;
		*) echo "$place: $name (${found:-in no layer})" ;;
		esac
	done
}

# Code without comments, and without what stands in quotes; lines stay where they are.
code_only() { # FILE
	awk '{
		line = $0
		code = ""
		while (line != "") {
			if (inside) {
				if (!(at = index(line, "*/")))
					break
				line = substr(line, at + 2)
				inside = 0
			} else if (match(line, /^("([^"\\]|\\.)*"|'"'"'([^'"'"'\\]|\\.)*'"'"')/)) {
				code = code "\"\""
				line = substr(line, RLENGTH + 1)
			} else if (substr(line, 1, 2) == "/*") {
				inside = 1
				line = substr(line, 3)
			} else {
				code = code substr(line, 1, 1)
				line = substr(line, 2)
			}
		}
		print FILENAME ":" FNR ": " code
	}' "$1"
}

# Lines of the library's code in which PATTERN stands as a word of its own.
library_lines() { # PATTERN
	sources "${library[@]}" | while read -r file; do
		code_only "$file"
	done | grep -E "^[^ ]* (.*[^A-Za-z0-9_])?($1)"
}

# The project has headers of such names, too: those stand in quotes.
curses_files() {
	grep -rlE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<(ncursesw?/)?(n?curses|term|panel|menu|form)\.h>' \
		src include | sort
}

# What the build uses, too.
flags=(-std=c17 -D_GNU_SOURCE -Iinclude -Isrc -fsyntax-only -Werror -Wall -Wextra -Wpedantic
	-Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum -Wvla -Wundef
	-Wwrite-strings -Wformat=2 -Wcast-qual -Wpointer-arith)

compile_alone() { # HEADER
	# shellcheck disable=SC2086
	printf '#include "%s"\nextern int something;\n' "$root/$1" | ${CC:-cc} "${flags[@]}" -x c - 2>&1
}

# Programs that use the library need not ask for the GNU functions.
public_flags=(-std=c17 -Iinclude -fsyntax-only -Werror -Wall -Wextra -x c -)

without_gnu() {
	local header

	for header in include/vmview/*.h; do
		# shellcheck disable=SC2086
		printf '#include "%s"\nextern int something;\n' "$root/$header" |
			${CC:-cc} "${public_flags[@]}" 2>&1
	done
}

none 'every public header belongs to a layer' < <(headers_without_layer)
none 'every source belongs to a layer' < <(files_without_layer)

for layer in base proc parse model sample view tui cli main; do
	files=()
	while read -r file; do
		[ "$(layer_of_file "$file")" != "$layer" ] || files+=("$file")
	done < <(sources src include/vmview)
	none "$layer includes only: ${may_include[$layer]}" < <(wrong_includes "$layer" "${files[@]}")
done

none 'main.c has less than 80 lines' \
	< <(awk 'END { if (NR >= 80) print FILENAME " has " NR }' src/main.c)
none 'only src/tui includes curses' < <(curses_files | grep -v '^src/tui/')
none 'at most two files include curses' \
	< <(curses_files | awk '{ all = all $0 "\n" } END { if (NR > 2) printf "%s", all }')
none 'the library prints nothing' \
	< <(library_lines '(v?printf|puts|putchar(_unlocked)?|perror|psignal)[[:space:]]*\(|stdout|stderr')
none 'the library ends no program' \
	< <(library_lines '(exit|_exit|_Exit|quick_exit|abort)[[:space:]]*\(|include[[:space:]]*<(err|error)\.h>')
none 'the library starts no thread' \
	< <(library_lines 'include[[:space:]]*<(pthread|threads)\.h>')

none 'public headers compile without the GNU functions' < <(without_gnu)

while read -r header; do
	none "$header compiles alone" < <(compile_alone "$header")
done < <(sources include src | grep '\.h$')

printf '1..%d\n' "$count"
[ "$failed" -eq 0 ]

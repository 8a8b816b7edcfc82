#!/usr/bin/env bash
# options.sh VMVIEW ROOT
#
# The manual pages and the completions tell of exactly the options that `vmview --help` and
# `vmview-demo --help` list.
vmview=$1 root=$2
# The build folder has it beside the folder of vmview.
demo=$(dirname "$vmview")/../demo/vmview-demo
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
export LC_ALL=C

# Each `sort`ed, one option a line, with its dashes. NAME is vmview or vmview-demo.

help_options() { # PROGRAM
	"$1" --help | sed -n '/^Options:/,$p' | grep -E '^ +-' |
		grep -o -E -e '^ +-[A-Za-z]+' -e '--[a-z-]+' | tr -d ' ' | sort
}

# What the entries of its lists begin with. `Fl x` is -x, `Fl -extended` and `Fl Fl extended` --extended,
# `Fl x , -extended` both. Another macro, two letters such as Ar, ends that.
manual_options() { # NAME
	awk '$1 == ".It" && $2 == "Fl" {
		dashes = ""
		for (i = 2; i <= NF; i++) {
			if ($i == "Fl")
				dashes = $(i - 1) == "Fl" ? dashes "-" : "-"
			else if ($i ~ /^[A-Z][a-z]$/)
				dashes = ""
			else if (dashes != "" && $i != ",")
				print dashes $i
		}
	}' "$root/man/$1.1" | sort
}

# What it really offers for a word that begins so.
bash_offers() { # NAME PROGRAM WORD
	(
		# shellcheck source=/dev/null # another file checks it
		. "$root/completions/$1.bash"
		COMP_WORDS=("$2" "$3") COMP_CWORD=1
		"_${1//-/_}" "$2" "$3" "$2"
		printf '%s\n' "${COMPREPLY[@]}"
	) | sed 's/=$//' | sort
}

# Before the `[` of each description: (what it excludes), braces or one word. A `*` may be repeated.
zsh_options() { # NAME
	sed -n '/_arguments/,/^}/s/^  *["'\'']\(([^)]*)\)*["'\'']*\([^[]*\)\[.*/\2/p' \
		"$root/completions/_$1" |
		sed -e 's/^\*\(-.\)$/\1\n&/' -e 's/\*-\(.\)$/-\1\1/' |
		tr -d "{}'\"" | tr ',' '\n' | sed 's/[-+=]*$//' | sort
}

fish_options() { # NAME
	awk '$1 == "complete" {
		for (i = 2; i < NF; i++) {
			if ($i == "-d" || $i == "-a" || $i == "-n")
				break
			if ($i == "-s" || $i == "-o")
				print "-" $(i + 1)
			if ($i == "-l")
				print "--" $(i + 1)
		}
	}' "$root/completions/$1.fish" | sort
}

# Both ways round: nothing is missing, nothing is there that the program has not.
compare() { # WHERE OPTIONS
	is "$1: lacks no option" "$(comm -23 <(echo "$listed") <(echo "$2"))" ''
	is "$1: has no others" "$(comm -13 <(echo "$listed") <(echo "$2"))" ''
}

syntax() { # SHELL FILE
	if ! command -v "$1" >/dev/null; then
		skip "$2: syntax" "there is no $1 here"
		return
	fi
	is "$2: syntax" "$("$1" -n "$root/completions/$2" 2>&1)" ''
}

clean_manual() { # FILE
	if command -v mandoc >/dev/null; then
		is "$1: clean" "$(mandoc -T lint -W warning "$root/man/$1" 2>&1)" ''
	else
		skip "$1: clean" 'there is no mandoc here'
	fi
}

documented() { # NAME PROGRAM, which has at least so many OPTIONS
	listed=$(help_options "$2")
	check "$1: the help lists options" test "$(wc -l <<<"$listed")" -ge "$3"
	is "$1: the help lists each once" "$(uniq -d <<<"$listed")" ''
	compare "$1: manual page" "$(manual_options "$1")"
	compare "$1: completion of bash" "$(bash_offers "$1" "$2" -)"
	compare "$1: completion of zsh" "$(zsh_options "$1")"
	compare "$1: completion of fish" "$(fish_options "$1")"
	syntax bash "$1.bash"
	syntax zsh "_$1"
	syntax fish "$1.fish"
	clean_manual "$1.1"
}

documented vmview "$vmview" 20
documented vmview-demo "$demo" 10
is 'completion of bash: the scenes' "$(bash_offers vmview-demo "$demo" '')" \
	"$("$demo" --list | cut -d ' ' -f 1 | sort)"
finish

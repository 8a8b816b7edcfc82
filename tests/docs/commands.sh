#!/usr/bin/env bash
# commands.sh VMVIEW HELPERS SCHEMA ROOT DEMO VTDRIVER
#
# Every command that README.md and the manual pages show is taken out of them and run, in a folder of its own and on
# processes that are made here. It has to succeed in silence, or as the document says, and to print what the document
# shows, but for the numbers. commands.txt tells how each is run.
#
# shellcheck disable=SC2034,SC2154,SC2317 # between this and the other files names go both ways
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=../changes/support.sh
. "$here/../changes/support.sh"
for part in stage ways forms; do
	# shellcheck source=/dev/null # these are checked as they are
	. "$here/$part.sh"
done

read_ways() {
	local way pattern argument

	ways=() patterns=() arguments=() used=()
	while IFS=$'\t' read -r way pattern argument; do
		case $way in '' | '#'*) continue ;; esac
		ways+=("$way") patterns+=("$pattern") arguments+=("$argument") used+=(no)
	done <"$here/commands.txt"
}

# Sets $way and $argument: a form of a block that begins so, or the way to run a command.
find_way() { # form|command TEXT
	local i

	for i in "${!ways[@]}"; do
		case $1:${ways[i]} in form:form_* | command:way_* | command:not_run) ;; *) continue ;; esac
		# shellcheck disable=SC2053 # it is a pattern
		if [[ $2 == ${patterns[i]} ]]; then
			way=${ways[i]} argument=${arguments[i]} used[i]=yes
			return 0
		fi
	done
	return 1
}

# Results: what is wrong with a command, in `problems`, becomes one.

problem() { # TEXT...
	problems+="$*"$'\n'
}

report() { # NAME
	if [ -z "$problems" ]; then
		ok "$1"
		return
	fi
	not_ok "$1"
	printf '%s' "$problems" | note
}

# Numbers, decimal and hexadecimal, differ, and so do the names of whoever runs this.
form() { # of the lines on standard input
	sed -E -e 's/\bdocs[0-9]+\b/NAME/g' -e 's/user [a-z0-9_-]+/user USER/' -e 's/\b[0-9.]+m?s\b/TIME/g' \
		-e 's/[-+]?\b(0x)?[a-f]*[0-9][0-9a-f]*([.:,-][0-9]+)*[KMGT]?\b/N/g' \
		-e 's/-{3,}/-/g' -e 's/[[:space:]]+/ /g' -e 's/^ //' -e 's/ $//'
}

# What ran as $command: its status, its silence unless the document shows what it says, its output.
judge() { # STATUS [nothing]
	local wanted got

	[ "$status" = "$1" ] || problem "status: $status, wanted: $1"
	if [ -n "$shown" ]; then
		wanted=$(form <<<"$shown") got=$(cat "$out" "$err" | form)
		[ "$got" = "$wanted" ] || problem "printed:"$'\n'"$got"$'\n'"shown:"$'\n'"$wanted"
		[ "$status" = "$1" ] || problem "$(cat "$err")"
		return
	fi
	[ ! -s "$err" ] || problem "standard error: $(head -n 20 "$err")"
	case ${2-}:$(head -c 1 "$out" | tr '\n' .) in
	:) problem 'it printed nothing' ;;
	nothing:?*) problem "it printed: $(head -n 20 "$out")" ;;
	esac
}

# Words of the documents that stand for something. Sets $command.
fill_in() {
	local word

	command=" $text "
	for word in "${!words[@]}"; do
		while [[ $command == *[\ =]"$word "* ]]; do
			command=${command/" $word "/" ${words[$word]} "}
			command=${command/"=$word "/"=${words[$word]} "}
		done
	done
	command=${command//8194/$editor}
	command=${command//557953c34000/$heap}
	command=${command//7f12a000/$heap}
	command=${command# }
	command=${command% }
}

# Why this machine cannot run it, if so.
find_lack() {
	local tool

	lack=''
	for tool in jq less man tmux meson ninja; do
		[[ " $command" == *[\ \(]"$tool "* ]] && ! command -v "$tool" >/dev/null &&
			lack="there is no $tool here"
	done
	if [ "$recordings" = no ]; then
		case $text in *--record* | *night.vmr* | *tape*) lack='vmview was built without recordings (zstd)' ;; esac
	fi
	[ -n "$lack" ]
}

# A command and what the document shows below it.
test_command() { # LINE TEXT SHOWN
	local name

	text=$2 shown=$3 problems='' lack=''
	name="$document:$1: ${text//$'\n'/ }"
	if ! find_way command "$text"; then
		not_ok "$name"
		echo 'commands.txt does not tell how to run this' | note
		return
	fi
	fill_in
	find_lack || "$way"
	if [ -n "$lack" ]; then
		skip "$name" "$lack"
	else
		report "$name"
	fi
}

# A block that shows something else than commands.
test_form() { # LINE TEXT
	problems='' lack='' shown=$2
	"$way"
	if [ -n "$lack" ]; then
		skip "$document:$1: what is shown" "$lack"
	else
		report "$document:$1: what is shown: $(head -n 1 <<<"$2" | sed 's/^ *//')"
	fi
}

is_whole() { # COMMAND
	bash -n <<<"$1" 2>/dev/null
}

# Commands with their output, behind a `$`; or, without one, nothing but commands. In a README something may stand
# beside them.
test_block() { # LINE TEXT
	local line=$1 at=$1 text='' output='' row has_prompt=no

	if find_way form "${2%%$'\n'*}"; then
		test_form "$1" "$2"
		return
	fi
	[[ $'\n'$2 != *$'\n$ '* ]] || has_prompt=yes
	while IFS= read -r row; do
		if [ -n "$text" ] && is_whole "$text" && { [ $has_prompt = no ] || [[ $row == '$ '* ]]; }; then
			test_command "$at" "$text" "$output"
			text='' output='' at=$line
		fi
		if [ -n "$text" ] && is_whole "$text"; then
			output+=${output:+$'\n'}$row
		else
			[[ $document == *.md && $row != *'  #'* ]] && row=${row%%   *}
			text+=${text:+$'\n'}${row#'$ '}
		fi
		line=$((line + 1))
	done <<<"$2"
	test_command "$at" "$text" "$output"
}

test_document() { # FILE READER FOLDER
	local row line='' block=''

	document=${1##*/}
	mkdir "$3"
	printf '#!/bin/sh\necho "$@"\nexec sleep 1000\n' >"$3/program"
	chmod +x "$3/program"
	[[ $document != *.md ]] || copy_sources "$3"
	open_shell "$3"
	while IFS= read -r row; do
		if [[ $row == '@ '* ]]; then
			[ -z "$line" ] || test_block "$line" "$block"
			line=${row#@ } block=''
		else
			block+=${block:+$'\n'}${row#$'\t'}
		fi
	done < <(awk -f "$here/$2.awk" "$1" && echo '@ end')
	close_shell
}

# Nothing is told how to run that is not there any more.
test_ways() {
	local i

	for i in "${!ways[@]}"; do
		[ "${used[i]}" = yes ] || printf '%s %s\n' "${ways[i]}" "${patterns[i]}"
	done
}

# What documents name within their text: files that are here, options that some --help has, or, of other programs, those
# below. An X or * in a file's name stands for something.
# shellcheck disable=SC2016 # this is no expansion
list_files() { # FILE
	grep -o '`[^` ]*`' "$1" | tr -d '`' | grep -E '^(src|include|demo|tests|schema|script|man|completions)/' |
		grep -v '[X*]' | sort -u
}

list_options() { # FILE
	sed -e 's/Fl -\([a-z]\)/--\1/g' "$1" | grep -o -E -e '(^|[^a-z-])--[a-z][a-z-]+' | sed 's/^[^-]//' | sort -u
}

test_names() {
	local file

	for file in README.md CONTRIBUTING.md; do
		# The tarball lacks what is about the repository.
		if [ ! -e "$root/.gitattributes" ]; then
			skip "$file: the files that it names are there" 'this is not all of the repository'
			continue
		fi
		is "$file: the files that it names are there" \
			"$(cd "$root" && list_files "$file" | while read -r name; do ls -d "$name" 2>&1 >/dev/null; done)" ''
	done
	{ vmview --help; vmview-demo --help; } | list_options - >"$work/known"
	printf '%s\n' --buildtype --collector --now | sort -m - "$work/known" >"$work/options"
	for file in README.md man/vmview.1 man/vmview-demo.1; do
		is "$file: the options that it names are known" "$(list_options "$root/$file" | comm -23 - "$work/options")" ''
	done
}

start_editor
start_named "docs$$"
declare -A words=(
	[PID]=$editor [NAME]=docs$$ [bash]=docs$$ [nginx]=docs$$ [daemon]=docs$$
	[FILE]=$work/editor.smaps [BEFORE]=$work/editor.smaps [AFTER]=$editor
	[COMMAND]=./program [ARGUMENT...]=1000 [SECS]=0.05 [DURATION]=2h
)
cp "/proc/$editor/smaps" "$work/editor.smaps"
recordings=yes
vmview --record "$work/none" --for 1 $$ 2>&1 </dev/null | grep -q 'without recordings' && recordings=no
read_ways
test_document "$root/README.md" markdown "$work/readme"
for page in vmview vmview-demo; do
	test_document "$root/man/$page.1" mdoc "$work/$page"
done
test_names
is 'commands.txt: each of its lines is used' "$(test_ways)" ''
finish

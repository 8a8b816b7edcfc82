# shellcheck shell=bash
# Results in the Test Anything Protocol: source this, report cases, call `finish` last.
# Foreign bytes are shown by `cat -v`, so that no log is garbled by what a test is about.

tap_count=0
tap_failed=0

ok() { # NAME
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

not_ok() { # NAME; what helps to understand comes from `note`
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
	printf 'not ok %d - %s\n' "$tap_count" "$1" >&2
}

skip() { # NAME REASON
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# On standard error too: Meson prints that of a test that failed, and not its standard output.
note() { # lines on standard input
	local text
	text=$(cat -v | cut -c 1-300 | sed -e '60,$d' -e 's/^/#   /')
	printf '%s\n' "$text"
	printf '%s\n' "$text" >&2
}

finish() {
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}

skip_all() { # REASON
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# Ask again until COMMAND holds. Nothing waits for a time: what is waited for will be so, or 60 seconds are over.
await() { # COMMAND...
	local end=$((SECONDS + 60))

	until "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then
			printf '# waited in vain for: %s\n' "$*"
			return 1
		fi
		sleep 0.01
	done
}

# Run a command: output in the files $out and $err, its exit status in $status.
see() { # COMMAND...
	# shellcheck disable=SC2154 # who sources this names them
	"$@" >"$out" 2>"$err" </dev/null
	# shellcheck disable=SC2034
	status=$?
}

check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		ok "$name"
	else
		not_ok "$name"
		printf 'does not hold: %s\n' "$*" | note
	fi
}

is() { # NAME GOT WANTED
	if [ "$2" = "$3" ]; then
		ok "$1"
		return
	fi
	not_ok "$1"
	printf 'got:    %s\nwanted: %s\n' "$2" "$3" | note
}

matches() { # NAME GOT PATTERN, an extended regular expression
	if [[ $2 =~ $3 ]]; then
		ok "$1"
		return
	fi
	not_ok "$1"
	printf 'got:    %s\nwanted: %s\n' "$2" "$3" | note
}

same_files() { # NAME GOT WANTED
	if cmp -s "$2" "$3"; then
		ok "$1"
		return
	fi
	not_ok "$1"
	diff -a -u --label wanted --label got "$3" "$2" | note
}

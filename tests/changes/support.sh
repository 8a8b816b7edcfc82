# shellcheck shell=bash
# A process whose mappings change on command. Source this behind processes.sh, which knows $work and $started, with the
# arguments of the test, which are VMVIEW HELPERS SCHEMA.
# shellcheck disable=SC2034,SC2154 # for those who source this

schema=$3
mutator=$work/bin/mutator
cp "$2/mutator" "$mutator" || exit 1
out=$work/out err=$work/err

# Whether what was written is what the schema tells, by another program's judgement.
valid() { # NAME events|diff|differences
	local python

	cp "$out" "$work/valid.$2"
	for python in /usr/bin/python3 python3; do
		"$python" -c 'import jsonschema' >/dev/null 2>&1 || continue
		is "$1" "$("$python" "$here/../json/validate.py" "$schema" "$work/valid.$2" 2>&1)" ''
		return
	done
	skip "$1" 'there is no jsonschema for Python here'
}

# Start a mutator. Sets $pid; the numbers of what it has answered begin at 0.
start_mutator() { # [PROGRAM]
	orders=$work/orders.$((++mutators))
	answers=$work/answers.$mutators
	mkfifo "$orders" && chmod 666 "$orders"
	: >"$answers"
	# shellcheck disable=SC2154 # as others start
	"${as[@]}" "${1:-$mutator}" "$orders" >"$answers" &
	pid=$!
	started+=("$pid")
	await grep -q '^ready' "$answers"
}
mutators=0

# Give an order; returns when it is done. Sets $at to the address that it answers.
tell() { # ORDER...
	local before after

	before=$(grep -c -E '^(ok|error|ready)' "$answers")
	printf '%s\n' "$*" >"$orders"
	await has_answers $((before + 1))
	after=$(tail -n 1 "$answers")
	read -r _ _ at _ <<<"$after"
	case $after in
	ok*) return 0 ;;
	esac
	printf '# %s: %s\n' "$*" "$after"
	return 1
}

has_answers() { # COUNT
	[ "$(grep -c -E '^(ok|error|ready)' "$answers")" -ge "$1" ]
}

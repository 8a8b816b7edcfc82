# bash completion for vmview(1)

# PIDs, and names of commands. Both belong to whoever runs the process: only printable ASCII is
# offered, quoted, and never evaluated. A list of several may say which command a PID is.
_vmview_targets()
{
	local current=$1 LC_ALL=C folder pid name quoted
	local -A seen=()

	for folder in /proc/[0-9]*; do
		pid=${folder#/proc/}
		# Without arguments: a kernel thread or a zombie, which has no memory to show.
		{
			IFS= read -r -d '' -n 1 _ <"$folder/cmdline" &&
				IFS= read -r name <"$folder/comm"
		} 2>/dev/null || continue
		[[ -z $name || $name == *[![:print:]]* ]] && name='?'
		if [[ $pid == "$current"* ]]; then
			[[ ${COMP_TYPE-} == 63 ]] && pid+=" ($name)"
			COMPREPLY+=("$pid")
		fi
		printf -v quoted %q "$name"
		if [[ $name != '?' && -z ${seen[$name]-} && $quoted == "$current"* ]]; then
			seen[$name]=1
			COMPREPLY+=("$quoted")
		fi
	done
	# What is left alone is inserted, not listed.
	[[ ${#COMPREPLY[@]} == 1 ]] && COMPREPLY=("${COMPREPLY[0]%% (*}")
}

_vmview_options()
{
	local options='--once -x --extended -X -XX -d --device -c --read-rc -C --read-rc-from
		-n --create-rc -N --create-rc-to -q --quiet -p --show-path -k --use-kernel-name
		-A --range -o --columns --list-columns --no-headings -H --human --bytes --csv
		-J --json --ndjson
		--summary --group --openmetrics
		--kind --backing --sharing --perms --match --min-rss --filter --at --around
		--sort --reverse --watch --count --diff --by --from --frame --record --for --color= --interval --output
		--no-mouse --ascii --follow-demo -r -h --help -V --version'

	mapfile -t COMPREPLY < <(compgen -W "$options" -- "$1")
	[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
}

# The word at $1 is a command, what follows are its arguments: as the command itself has them completed,
# where bash-completion is there to ask.
_vmview_command()
{
	local offset

	for offset in _comp_command_offset _command_offset; do
		if declare -F "$offset" >/dev/null; then
			"$offset" "$1"
			return
		fi
	done
	if ((COMP_CWORD == $1)) && [[ $2 != */* ]]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$2" | sort -u)
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$2")
		compopt -o filenames -o default 2>/dev/null
	fi
}

# Captures are compared with each other, or with a process.
_vmview_captures()
{
	local -a files

	mapfile -t files < <(compgen -f -- "$1")
	COMPREPLY+=("${files[@]}")
	compopt -o filenames 2>/dev/null
}

_vmview()
{
	local current=${COMP_WORDS[COMP_CWORD]} i option= diff=

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- ]]; then
			_vmview_command $((i + 1)) "$current"
			return
		fi
		[[ ${COMP_WORDS[i]} == --diff ]] && diff=1
	done
	((COMP_CWORD >= 1)) && option=${COMP_WORDS[COMP_CWORD - 1]}
	# bash makes three words of `--from=PATH`.
	if [[ $option == '=' ]] && ((COMP_CWORD >= 2)); then
		option=${COMP_WORDS[COMP_CWORD - 2]}=
	elif [[ $current == '=' ]]; then
		option+='=' current=
	fi

	case $option in
	--from | --from= | --output | --output= | --read-rc-from | --read-rc-from= | \
		--create-rc-to | --create-rc-to= | --follow-demo | --follow-demo= | -[CN] | -[!-]*[CN])
		# Where this finds nothing, readline's own completion knows how to undo quotes.
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames -o default 2>/dev/null
		;;
	--group | --group=)
		mapfile -t COMPREPLY < <(compgen -W 'kind file perms' -- "$current")
		;;
	--color=)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current")
		;;
	--by | --by=)
		mapfile -t COMPREPLY < <(compgen -W 'address name' -- "$current")
		;;
	--range | --range= | -A | -[!-]*A | --interval | --count | *=) ;;
	*)
		if [[ $current == -* ]]; then
			_vmview_options "$current"
		else
			_vmview_targets "$current"
			[[ $diff ]] && _vmview_captures "$current"
		fi
		;;
	esac
}

complete -F _vmview vmview

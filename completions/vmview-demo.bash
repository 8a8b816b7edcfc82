# bash completion for vmview-demo(1)

# Called with the command as it was typed, which knows its scenes.
_vmview_demo()
{
	local current=${COMP_WORDS[COMP_CWORD]} words

	COMPREPLY=()
	# bash makes three words of `--auto=SECS`.
	[[ $current == '=' || ${COMP_WORDS[COMP_CWORD - 1]} == '=' ]] && return
	if [[ $current == -* ]]; then
		words='--split --list --auto --hold --quiet --json -h --help -V --version'
	else
		words=$("${1/#\~\//$HOME/}" --list 2>/dev/null | cut -d ' ' -f 1)
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _vmview_demo vmview-demo

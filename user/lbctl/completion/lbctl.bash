# SPDX-License-Identifier: GPL-2.0
# Completion of lbctl for bash. What may come next is lbctl's own knowledge: its grammar, and
# the services and destinations that are running.

_lbctl()
{
	local cur words cword prefix

	# An address has colons, at which bash would split words.
	if declare -F _get_comp_words_by_ref > /dev/null; then
		_get_comp_words_by_ref -n : cur words cword
	else
		cur=${COMP_WORDS[COMP_CWORD]}
		words=("${COMP_WORDS[@]}")
		cword=$COMP_CWORD
	fi

	mapfile -t COMPREPLY < <("${words[0]}" __complete "${words[@]:1:cword-1}" "$cur" 2> /dev/null)
	if [ ${#COMPREPLY[@]} = 0 ] && [[ ${words[1]} == @(restore|import|diff|commit) ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi

	# Bash replaces only what follows the last colon.
	if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
		prefix=${cur%"${cur##*:}"}
		COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
	fi
}

complete -F _lbctl lbctl

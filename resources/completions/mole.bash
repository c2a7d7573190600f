# bash completion for mole (3.2 and later, without the bash-completion package). Made by: mole completion bash
# https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html

_mole_verbs() {
  case $1 in
    #@verbs@
  esac
}

_mole_options() {
  case $1 in
    #@options@
  esac
}

# What follows "VERB OPTION", or stands at "VERB NUMBER": a kind, and words it may be.
_mole_wanted() {
  case $1 in
    #@wanted@
  esac
}

# Offers those of the lines on stdin that begin like the word under the cursor.
_mole_offer() {
  local line
  while IFS= read -r line; do
    [[ $line == "$cur"* ]] && COMPREPLY+=("$prefix$line")
  done
}

_mole_offer_wanted() {
  local words=
  [[ $1 == *' '* ]] && words=${1#* }
  [[ -n $words ]] && _mole_offer < <(printf '%s\n' $words)
  case ${1%% *} in
    profile) _mole_offer < <("$mole" profiles --names 2>/dev/null) ;;
    file)
      compopt -o filenames 2>/dev/null
      _mole_offer < <(compgen -f -- "$cur")
      ;;
    directory)
      compopt -o filenames 2>/dev/null
      _mole_offer < <(compgen -d -- "$cur")
      ;;
    program) _mole_offer < <(compgen -c -- "$cur") ;;
  esac
}

_mole() {
  local mole=$1 cur=${COMP_WORDS[COMP_CWORD]} prefix= verb=mole wanted= operand=1 free= i word
  [[ $mole == '~/'* ]] && mole=$HOME/${mole#'~/'}
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      # Where "=" breaks words, "--target=lab" is three of them.
      continue
    elif [[ -n $wanted ]]; then
      wanted=
    elif [[ -n $free ]]; then
      operand=$((operand + 1))
    elif [[ $word == -- ]]; then
      free=1
    elif [[ $word == -* ]]; then
      wanted=$(_mole_wanted "$verb $word")
    elif _mole_verbs "$verb" | grep -qxF -e "$word"; then
      verb="$verb $word"
    else
      operand=$((operand + 1))
    fi
  done
  [[ $cur == '=' ]] && cur=
  if [[ -n $wanted ]]; then
    _mole_offer_wanted "$wanted"
  elif [[ -z $free && $cur == --*=* ]]; then
    prefix=${cur%%=*}=
    wanted=$(_mole_wanted "$verb ${cur%%=*}")
    cur=${cur#*=}
    _mole_offer_wanted "$wanted"
  elif [[ -z $free && $cur == -* ]]; then
    _mole_offer < <(_mole_options "$verb")
  else
    [[ -z $free && $operand == 1 ]] && _mole_offer < <(_mole_verbs "$verb")
    _mole_offer_wanted "$(_mole_wanted "$verb $operand")"
  fi
  return 0
}

complete -F _mole mole

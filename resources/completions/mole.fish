# fish completion for mole (3.1 and later). Made by: mole completion fish
# https://fishshell.com/docs/current/completions.html

function __mole_profiles
    mole profiles --names 2>/dev/null
end

# Prints the verb the line has come to, and the number of the operand under the cursor.
function __mole_state
    #@verbs@
    #@options with a value@
    set -l verb mole
    set -l operand 1
    set -l takes ''
    set -l free ''
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test -n "$takes"
            set takes ''
        else if test -n "$free"
            set operand (math $operand + 1)
        else if test "$word" = --
            set free 1
        else if string match -q -- '-*' $word
            contains -- "$verb $word" $with_value; and set takes 1
        else if contains -- "$verb $word" $known
            set verb "$verb $word"
        else
            set operand (math $operand + 1)
        end
    end
    printf '%s\n' $verb $operand
end

# Whether the line has come to a verb, and, where a number is given, to that operand.
function __mole_at
    set -l state (__mole_state)
    test "$state[1]" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test "$argv[2]" = any; or test "$state[2]" = "$argv[2]"
end

complete -c mole -f
#@completions@

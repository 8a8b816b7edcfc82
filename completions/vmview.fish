# fish completion for vmview(1)

# PIDs with their commands, and names of commands. Both belong to whoever runs the process: only
# printable ASCII is offered.
function __vmview_targets
    set -l names
    for pid in (string replace -rf '^/proc/(\d+)/comm$' '$1' /proc/*/comm)
        set -l name
        set -l argument
        test -r /proc/$pid/comm -a -r /proc/$pid/cmdline; or continue
        # Without arguments: a kernel thread or a zombie, which has no memory to show.
        read -lz argument </proc/$pid/cmdline; or test -n "$argument"; or continue
        read -l name </proc/$pid/comm; or continue
        if string match -qr '^[\x20-\x7e]+$' -- "$name"
            set -a names $name
        else
            set name '?'
        end
        printf '%s\t%s\n' $pid $name
    end
    test (count $names) -gt 0; and printf '%s\tcommand\n' $names | sort -u
end

# The last word of a list of columns.
function __vmview_columns
    set -l before (commandline -ct | string replace -r '^(--[a-z]+=|-o)?' '' | string replace -r '[^,+]*$' '')
    vmview --list-columns 2>/dev/null | string replace -r '^(\\S+) +\\S+ +(.*)' "$before"'$1\t$2'
end

function __vmview_has_command
    contains -- -- (commandline -opc)
end

# What stands behind -- is a command with its arguments: completed as if nothing stood before it.
function __vmview_command
    set -l words (commandline -opc)
    set -e words[1..(contains -i -- -- $words)]
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

complete -c vmview -f
complete -c vmview -n 'not __vmview_has_command; and not string match -q -- "--from*" (commandline -opc)' -a '(__vmview_targets)'
complete -c vmview -n 'not __vmview_has_command; and contains -- --diff (commandline -opc)' -F
complete -c vmview -n __vmview_has_command -a '(__vmview_command)'
complete -c vmview -l once -d 'Print the mappings as text and exit'
complete -c vmview -s x -l extended -d 'Add RSS and dirty memory'
complete -c vmview -s X -d 'Add most of what smaps tells'
complete -c vmview -o XX -d 'Add all of what smaps tells'
complete -c vmview -s d -l device -d 'Add offset and device'
complete -c vmview -s c -l read-rc -d 'The columns that the rc file names'
complete -c vmview -s C -l read-rc-from -rF -d 'The columns that a file names'
complete -c vmview -s n -l create-rc -d 'Create an rc file and exit'
complete -c vmview -s N -l create-rc-to -rF -d 'Create a file as an rc file and exit'
complete -c vmview -s q -l quiet -d 'No column titles, no totals'
complete -c vmview -s p -l show-path -d 'Whole paths instead of file names'
complete -c vmview -s k -l use-kernel-name -d "The kernel's names: [heap], [vdso]"
complete -c vmview -s A -l range -x -d 'Only what touches these addresses'
complete -c vmview -s o -l columns -x -a '(__vmview_columns)' -d 'These columns, + adds to the usual ones'
complete -c vmview -l list-columns -d 'Explain the columns and exit'
complete -c vmview -l no-headings -d 'No titles above the columns'
complete -c vmview -s H -l human -d 'Sizes as 4K, 1.2M, 3G'
complete -c vmview -l bytes -d 'Sizes in bytes instead of kB'
complete -c vmview -l csv -d 'Comma-separated values'
complete -c vmview -s J -l json -d 'One JSON document'
complete -c vmview -l ndjson -d 'A JSON object a mapping, each on a line'
complete -c vmview -l summary -d 'Sums by kind, and what limits the process'
complete -c vmview -l group -x -a 'kind file perms' -d 'Sums of all processes named'
complete -c vmview -l openmetrics -d 'Metrics, as Prometheus reads them'
complete -c vmview -l kind -x -d 'These kinds: heap,stack,anon'
complete -c vmview -l backing -x -a 'file anonymous special' -d 'With this backing'
complete -c vmview -l sharing -x -a 'shared private' -d 'Shared or private'
complete -c vmview -l perms -x -d 'With these permissions: w, wx, rw-p'
complete -c vmview -l match -x -d 'Whose name matches a regular expression'
complete -c vmview -l min-rss -x -d 'With so much in memory'
complete -c vmview -l filter -x -d 'As the live view filters'
complete -c vmview -l at -x -d 'The one that holds this address'
complete -c vmview -l around -x -d 'And so many on either side'
complete -c vmview -l sort -x -a '(__vmview_columns)' -d 'Sizes largest first, the rest ascending'
complete -c vmview -l reverse -d 'The other way round'
complete -c vmview -l watch -d 'A line for each change, until the process ends'
complete -c vmview -l count -x -d 'With --watch: end after so many intervals'
complete -c vmview -l diff -d 'What differs between two: PIDs, names or captures'
complete -c vmview -l by -x -a 'address name' -d 'With --diff: pair by this'
complete -c vmview -l from -rF -d 'Read a saved capture'
complete -c vmview -l frame -x -d 'Of a recording this frame'
complete -c vmview -l record -rF -d 'Record the process into a file'
complete -c vmview -l for -x -d 'Record so long'
complete -c vmview -l color -a 'auto always never' -d Colours
complete -c vmview -l interval -x -d 'Seconds between two readings'
complete -c vmview -l output -rF -d 'Where the output of a started command goes'
complete -c vmview -l no-mouse -d 'Live view: leave the mouse alone'
complete -c vmview -l ascii -d 'Live view: ASCII characters only'
complete -c vmview -l follow-demo -rF -d 'Live view: select what vmview-demo shows'
complete -c vmview -s r -d 'Ignored, for SunOS scripts'
complete -c vmview -s h -l help -d 'Show the help and exit'
complete -c vmview -s V -l version -d 'Show the version and exit'

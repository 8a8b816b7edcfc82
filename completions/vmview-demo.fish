# fish completion for vmview-demo(1)

# The command that is being completed knows its scenes: NAME, blanks, TITLE.
function __vmview_demo_scenes
    set -l program (commandline -opc)[1]
    $program --list 2>/dev/null | string replace -r ' +' '\t'
end

complete -c vmview-demo -f
complete -c vmview-demo -a '(__vmview_demo_scenes)'
complete -c vmview-demo -l split -d 'With vmview beside it, in a split terminal'
complete -c vmview-demo -l list -d 'List the scenes and exit'
complete -c vmview-demo -l auto -d 'Go on by itself, every 3 seconds; or --auto=SECS'
complete -c vmview-demo -l hold -d 'Stay at the end of each scene until Enter'
complete -c vmview-demo -l quiet -d 'Only what differs, and one line a scene'
complete -c vmview-demo -l json -d 'One JSON object a step'
complete -c vmview-demo -s h -l help -d 'Show the help and exit'
complete -c vmview-demo -s V -l version -d 'Show the version and exit'

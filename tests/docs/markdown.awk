# What a Markdown document shows literally: `@ LINE` and the lines of it, each behind a tab. Blocks are indented
# by four blanks or fenced; code within a line is a block of its own where it begins with a program or an option
# and has more than one word.

function show(text) {
	if (!inside)
		printf "@ %d\n", NR
	inside = 1
	printf "\t%s\n", text
}

function show_code(line,    code) {
	while (match(line, /`[^`]+`/)) {
		code = substr(line, RSTART + 1, RLENGTH - 2)
		line = substr(line, RSTART + RLENGTH)
		inside = 0
		if (code ~ /^(vmview|vmview-demo|script\/[a-z]+|man|meson|ninja|sudo|--[a-z-]+) ./)
			show(code)
	}
	inside = 0
}

/^```/ {
	fenced = !fenced
	inside = 0
	next
}

fenced { show($0); next }
/^    / { show(substr($0, 5)); next }
{ inside = 0; show_code($0) }

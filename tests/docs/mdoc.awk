# What a manual page shows literally: `@ LINE` and the lines of it, each behind a tab. These are displays, and quoted
# words that begin with a program and have more than one word. An argument (Ar) is in capitals.

function show(text) {
	if (!inside)
		printf "@ %d\n", NR
	inside = 1
	gsub(/\\&/, "", text)
	gsub(/\\e/, "\\", text)
	printf "\t%s\n", text
}

# A line of macros, from its second word on, as it is read.
function render(    i, text, glue, argument) {
	glue = argument = ""
	for (i = 2; i <= NF; i++) {
		if ($i == "Ns") {
			glue = ""
		} else if ($i ~ /^(Ar|Fl|Li)$/) {
			argument = $i
			if ($i == "Fl") {
				text = text glue "-"
				glue = ""
			}
		} else {
			text = text glue (argument == "Ar" ? toupper($i) : $i)
			glue = " "
		}
		if ($i == "=")
			argument = ""
	}
	return text
}

/^\.Bd -literal/ { inside = 0; display = 1; next }
/^\.Ed/ { inside = 0; display = 0; next }
display { show($0); next }
{ inside = 0 }
/^\.D[1l] / || /^\.(Li|Ql) "?(vmview|vmview-demo|systemctl|sudo|man|mount) [^-]/ || /^\.(Li|Ql) "?vmview -[^-]/ {
	show(render())
}

# What vmview printed, one run after the other, each headed by `=== WAY STATUS`: says what must not be.
#
#   awk [-v name=odd] [-v executes=1] -f races.awk FILE...
#
# name: of whom nothing else may be told; executes: what is followed for a while may tell of several lives.
#
# The mappings of a process ascend and share no address. All that is told of one is of one life, unless vmview says
# that it executed another program meanwhile; so is each side of a difference. Ends with `checked RUNS ROWS LIVES`.

function hex(text,    i, value) {
	value = 0
	text = tolower(text)
	for (i = 1; i <= length(text); i++)
		value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return value
}

function complain(what) {
	if (++complaints <= 20)
		print what ": " run ": " $0
}

# What comes now is of another process, or of another run.
function begin() {
	if (mixed != "" && !executed && !(executes && follows))
		complain(mixed)
	mixed = ""
	last = 0
	split("", seen)
}

function row(start, end) {
	if (end < start)
		complain("ends before it begins")
	if (start < last)
		complain("overlaps the one before it, or comes too late")
	last = end
	rows++
}

# A number that is not in the same run, or on the same side, as others.
function look_for_lives(text,    life, side) {
	side = compares ? substr(text, 1, 1) : ""
	while (match(text, /life-[0-9]+/)) {
		life = substr(text, RSTART + 5, RLENGTH - 5)
		text = substr(text, RSTART + RLENGTH)
		if (!(side in seen))
			lives++
		else if (seen[side] != life)
			mixed = "of life " seen[side] " and life " life
		seen[side] = life
		if (name != "" && name != (life % 2 ? "odd" : "even"))
			complain("asked for " name)
	}
}

/^=== / {
	begin()
	run = $0
	follows = /^=== (watch|diff)/
	compares = /^=== diff/
	executed = 0
	process = ""
	runs++
	if ($NF !~ /^(0|1|42|43)$/)
		complain("status")
	next
}

/^vmview: / {
	if (/it executed another program/)
		executed = 1
	next
}

# Headings, and JSON or CSV of another process than the line before
/^[0-9]+: / || match($0, /^{"pid":[0-9]+/) && substr($0, 1, RLENGTH) != process || /^[0-9]+,/ && $1 + 0 != process {
	begin()
	process = /^[0-9]+,/ ? $1 + 0 : substr($0, 1, RLENGTH)
}

{ look_for_lives($0) }

# Changes and differences are not told in the order of addresses.
follows {
	next
}

# JSON
match($0, /"start":"0x[0-9a-f]+","end":"0x[0-9a-f]+"/) {
	split(substr($0, RSTART, RLENGTH), part, "\"")
	row(hex(substr(part[4], 3)), hex(substr(part[8], 3)))
	next
}

# CSV, in bytes
/^[0-9]+,0x[0-9a-f]+,[0-9]+,/ {
	split($0, part, ",")
	row(hex(substr(part[2], 3)), hex(substr(part[2], 3)) + part[3])
	next
}

$1 !~ /^[0-9a-f]+$/ || length($1) < 8 {
	next
}

# -X
$2 ~ /^[r-][w-][x-][ps]$/ && $6 ~ /^[0-9]+$/ {
	row(hex($1), hex($1) + $6 * 1024)
	next
}

# All others
$2 ~ /^[0-9]+K?$/ {
	row(hex($1), hex($1) + $2 * 1024)
}

END {
	begin()
	print "checked", runs + 0, rows + 0, lives + 0
}

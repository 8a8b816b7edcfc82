# shellcheck shell=bash
# Every form of text that `vmview --once` has, as its options: for tests of what must hold in each.
# shellcheck disable=SC2034 # for those who source this
formats=('' -x -d -X -XX '-x -q' '-X -p' --columns=+rss '--csv --columns=+rss' --json --ndjson --summary
	--group=file --openmetrics)

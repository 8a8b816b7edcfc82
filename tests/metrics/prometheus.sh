#!/usr/bin/env bash
# prometheus.sh VMVIEW HELPERS ROOT
#
# The whole way: the line of the manual writes a file, a node exporter serves it, a Prometheus server scrapes that and
# answers with the numbers that vmview printed; with others when they have changed, and with none when the process is gone.
# Both servers are this test's own, on ports that the kernel chooses.
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
# shellcheck source-path=SCRIPTDIR source=../support/processes.sh
. "$here/../support/processes.sh"
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$here/support.sh"

export LC_ALL=C.UTF-8 PATH="$work/bin:$PATH"
root=$3
for program in prometheus promtool prometheus-node-exporter; do
	command -v "$program" >/dev/null ||
		skip_all "there is no $program here (script/setup --ci fetches it)"
done

# How long a state may take that comes by itself.
patience=120

# Start a server. Sets $server to its number and $address to where it listens, which it logs. Servers are in
# $started: the test ends them, whatever happens.
serve() { # NAME COMMAND...
	local log=$work/$1.log end=$((SECONDS + patience))

	"${@:2}" >"$log" 2>&1 </dev/null &
	server=$!
	started+=("$server")
	address=
	while [ -z "$address" ] && [ "$SECONDS" -lt "$end" ] && kill -0 "$server" 2>/dev/null; do
		address=$(sed -n 's/.*msg="Listening on".* address=\([0-9.]*:[0-9]*\).*/\1/p' "$log")
		[ -n "$address" ] || sleep 0.1
	done
	if [ -z "$address" ]; then
		note <"$log"
		not_ok "$1 serves"
		finish
	fi
	ok "$1 serves"
}

# `NAME KIND VALUE` of every sample of process PID that the server knows now.
ask() { # PID
	{
		promtool query instant "http://$prometheus" "{__name__=~\"vmview_process_.*\",pid=\"$1\"}" \
			2>"$work/asked" || echo 'no answer'
	} | sed -e '/kind="/!s/{/{kind="-"/' -e 's/^\([a-z_]*\){.*kind="\([a-z-]*\)".*} => \([0-9]*\) @.*/\1 \2 \3/' |
		grep -v '^vmview_process_info ' | sort
}

# Wait until the server knows of PID exactly what the file says.
await_samples() { # NAME PID
	local wanted got end=$((SECONDS + patience))

	wanted=$(samples_of "$2" "$metrics")
	while got=$(ask "$2") && [ "$got" != "$wanted" ] && [ "$SECONDS" -lt "$end" ]; do
		sleep 0.2
	done
	is "$1" "$got" "$wanted"
	[ "$got" = "$wanted" ] || cat "$work/asked" "$work"/*.log | note
}

# The line for crontab(5) that the manual shows, for our process and folder.
line=$(sed -n 's/^\* \* \* \* \* root //p' "$root/man/vmview.1" | sed 's/\\&//g; s/\\e/\\/g')
check 'the manual has a line for cron' test -n "$line"
line=${line//nginx/subject}
line=${line//\/var\/lib\/prometheus\/node-exporter/$work\/metrics}
write() {
	sh -c "$line"
	is "the line of the manual: status" $? 0
}

mkdir "$work/metrics"
cp "$target" "$work/bin/subject$$"
line=${line//subject/subject$$}
subject=$work/bin/subject$$
metrics=$work/metrics/vmview.prom

serve 'node exporter' prometheus-node-exporter --web.listen-address=127.0.0.1:0 \
	--collector.disable-defaults --web.disable-exporter-metrics \
	--collector.textfile --collector.textfile.directory="$work/metrics"
exporter_process=$server
cat >"$work/prometheus.yml" <<END
global:
  scrape_interval: 2s
scrape_configs:
  - job_name: vmview
    static_configs:
      - targets: ['$address']
END
is 'promtool: the configuration' "$(promtool check config "$work/prometheus.yml" >/dev/null 2>&1; echo $?)" 0
serve 'Prometheus' prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
	--web.listen-address=127.0.0.1:0
prometheus=$address

# What is asked for is read from the file: the process may change, the file does not.
start_command "$subject" resident 4
first=$pid
write
check 'promtool: the file' promtool check metrics <"$metrics"
is 'nothing but the file is left' "$(ls "$work/metrics")" 'vmview.prom'
matches 'vmview printed numbers' "$(samples_of "$first" "$metrics" | wc -l)" '^[1-9][0-9]+$'
await_samples 'Prometheus answers with them' "$first"
is 'the node exporter found no fault' \
	"$(promtool query instant "http://$prometheus" node_textfile_scrape_error | sed 's/.*=> \([0-9]*\) .*/\1/')" 0
matches 'one of them is RSS' "$(ask "$first")" $'\n'"vmview_process_resident_memory_bytes - [1-9][0-9]+"$'\n'

start_command "$subject" resident 8
second=$pid
write
await_samples 'another process of that name is there next time' "$second"
await_samples 'and the first one still' "$first"

stop "$first"
write
is 'a process that is gone is not in the file' "$(samples_of "$first" "$metrics")" ''
await_samples 'and is gone' "$first"
await_samples 'and the other one is not' "$second"

stop "$second"
write
is 'when all are gone nothing is in the file' "$(samples_of "$second" "$metrics")" ''
await_samples 'and nothing is left of them' "$second"

stop "$server" "$exporter_process"
is 'both servers have ended' "$(kill -0 "$server" 2>/dev/null || kill -0 "$exporter_process" 2>/dev/null; echo $?)" 1
finish

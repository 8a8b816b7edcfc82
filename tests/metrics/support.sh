# shellcheck shell=bash
# What tests of metrics share. Source this with their arguments, VMVIEW HELPERS ROOT, after processes.sh.

# Where script/setup --ci unpacks Prometheus's programs, unless they are installed.
tools=$3/build/prometheus/usr
[ ! -d "$tools/bin" ] || PATH=$PATH:$tools/bin
export PATH PYTHONPATH="$tools/lib/python3/dist-packages"

# `NAME KIND VALUE` of every sample of process PID in vmview's text, - where there is no kind.
samples_of() { # PID FILE
	sed -n "s/^\\([a-z_]*\\){pid=\"$1\",command=\"[^\"]*\"\\(,kind=\"\\([a-z-]*\\)\"\\)\\{0,1\\}} /\\1 \\3 /p" "$2" |
		sed 's/^\([a-z_]*\)  /\1 - /' | sort
}

#!/bin/sh
# install.sh FOLDER
#
# Install the packages in FOLDER into a new Debian 12, run what debian/tests/ has, and remove them: nothing
# may stay. All mounts and processes are in namespaces of their own, which end with this, however it ends.
set -eu

suite=bookworm

say() { printf '\n== %s\n' "$*"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

if [ "${1-}" != --inside ]; then
	[ $# -eq 1 ] || die 'usage: install.sh FOLDER'
	work=$(mktemp -d "${TMPDIR:-/var/tmp}/vmview-debian.XXXXXX")
	trap 'rm -rf --one-file-system "$work"' EXIT
	unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
		"$0" --inside "$work" "$(readlink -f "$1")" &
	trap 'kill -KILL "$!"; wait; exit 1' HUP INT TERM
	wait "$!"
	exit
fi
work=$2 packages=$3
new=$work/debian

# Where this machine gets its packages from, or else from Debian.
find_mirror() {
	# shellcheck disable=SC2016 # apt-get's own variables
	found=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null | sed -n "s/^$suite main //p" | head -n 1)
	printf '%s\n' "${found:-http://deb.debian.org/debian/}"
}

find_proxy() {
	apt-config shell proxy Acquire::http::Proxy | sed "s/^proxy='\(.*\)'$/\1/"
}

inside() { # COMMAND...
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=xterm \
		DEBIAN_FRONTEND=noninteractive chroot "$new" "$@"
}

make_debian() {
	proxy=$(find_proxy)
	[ -z "$proxy" ] || export http_proxy="$proxy"
	debootstrap --variant=minbase "$suite" "$new" "$(find_mirror)" >"$work/log" 2>&1 ||
		{ tail -n 30 "$work/log" >&2; die 'debootstrap failed'; }
	[ -z "$proxy" ] || printf 'Acquire::http::Proxy "%s";\n' "$proxy" >"$new/etc/apt/apt.conf.d/proxy"
	cp /etc/hosts "$new/etc/hosts"
	mount -t proc proc "$new/proc"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$new/dev/pts"
	ln -sf pts/ptmx "$new/dev/ptmx"
	mkdir -p "$new/dev/shm" "$new/packages"
	mount -t tmpfs -o mode=1777 tmpfs "$new/dev/shm"
	cp "$packages"/vmview_*.deb "$packages"/libvmview-dev_*.deb "$new/packages"
	inside apt-get -q update
}

# Everything but what package managers keep for themselves, which includes the log of what they did.
list_files() {
	(cd "$new" && find . \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./var/cache -o \
		-path ./var/log -o -path ./var/lib/apt \) -prune -o -printf '%M %U:%G %p -> %l\n') | sort
}

install_and_remove() {
	inside sh -c 'apt-get -q -y --no-install-recommends install /packages/*.deb'
	inside vmview --version
	inside vmview --once 1 | tail -n 1
	inside apt-get -q -y --autoremove purge vmview libvmview-dev
}

say "a new Debian ($suite)"
make_debian
list_files >"$work/before"

say 'installing and removing'
install_and_remove
list_files >"$work/after"
diff "$work/before" "$work/after" || die 'removing the packages leaves files (>), or takes others (<)'
echo 'nothing is left'

say 'tests of the installed packages'
autopkgtest --output-dir "$work/results" "$packages"/vmview_*.dsc "$packages"/*.deb -- \
	chroot "$new"

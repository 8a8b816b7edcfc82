#!/usr/bin/env bash
# install.sh ROOT BUILD PREFIX PART...
#
# `meson install` puts down what it should and nothing else, what is installed works from there, and
# `ninja uninstall` takes all of it away. PART: what the build is configured to install besides programs and
# library, man and completion. $CC with $CFLAGS compiles a program against the installed library.
root=$1 build=$2 prefix=$3
parts=" ${*:4} "
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"
export LC_ALL=C

for tool in meson ninja pkg-config; do
	command -v "$tool" >/dev/null || skip_all "there is no $tool here"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/vmview-install.XXXXXX") || exit 1
log=$build/meson-logs/install-log.txt
sleeper=

# shellcheck disable=SC2317 # the trap calls it
# What the build folder knows of an earlier installation is its user's, who may want to undo it.
clean_up() {
	[ -z "$sleeper" ] || { kill -KILL "$sleeper" && wait "$sleeper"; } 2>/dev/null
	rm -f "$log"
	[ ! -e "$work/log" ] || mv "$work/log" "$log"
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
[ ! -e "$log" ] || cp -p "$log" "$work/log" || exit 1

dest=$work/dest
installed=$dest$prefix

# Relative to the prefix. Systems differ in where libraries and bash's completions are.
list_installed() {
	(cd "$installed" && find . ! -type d) |
		sed -E -e 's,^\./,,' -e 's,^lib[^/]*/(.*/)*,lib/,' \
			-e 's,^(share|etc)/.*bash.*/,bash/,' | sort
}

list_expected() {
	cd "$root" || return
	printf '%s\n' bin/vmview bin/vmview-demo lib/libvmview.a lib/vmview.pc include/vmview/*.h \
		share/vmview/vmview.schema.json
	case $parts in *' man '*) printf 'share/%s\n' man/*.1 | sed 's|man/|man/man1/|' ;; esac
	case $parts in
	*' completion '*)
		printf '%s\n' completions/* | sed -n -e 's|.*/\(.*\)\.bash$|bash/\1|p' \
			-e 's|.*/\(.*\.fish\)$|share/fish/vendor_completions.d/\1|p' \
			-e 's|.*/\(_.*\)|share/zsh/site-functions/\1|p'
		;;
	esac
}

# Programs may be executed, all may be read, nobody but the owner may write.
list_odd_modes() {
	(
		cd "$installed" || exit
		find . -type f \( -path './bin/*' ! -perm 0755 -o ! -path './bin/*' ! -perm 0644 \)
		find . -type d ! -perm 0755
	)
}

# Where it lies now, as for a package that is being made.
packages() { # OPTION...
	PKG_CONFIG_PATH=$(dirname "$(find "$installed" -name vmview.pc)") \
		PKG_CONFIG_SYSROOT_DIR=$dest pkg-config "$@" vmview
}

# Lists of words: compilers, and what pkg-config prints. `check` calls it.
# shellcheck disable=SC2046,SC2086,SC2317
compile() { # SOURCE PROGRAM
	${CC:-cc} ${CFLAGS-} -std=c17 -Wall -Wextra -Werror $(packages --cflags) -o "$2" "$1" \
		$(packages --static --libs)
}

count_bytes() { # of maps on standard input
	local start end sum=0

	while IFS='- ' read -r start end _; do
		sum=$((sum + 0x$end - 0x$start))
	done
	printf '%s\n' "$sum"
}

(umask 022 && meson install -C "$build" --no-rebuild --destdir "$dest") >"$work/out" 2>&1
is 'meson install: succeeds' "$?" 0
[ -d "$installed" ] || { note <"$work/out"; finish; }
is 'meson install: all of it, nothing else' "$(list_installed)" "$(list_expected | sort)"
is 'meson install: modes' "$(list_odd_modes)" ''

is 'the installed vmview: runs' "$("$installed/bin/vmview" --version 2>&1)" \
	"vmview $(packages --modversion)"
check 'the installed vmview-demo: runs' grep -q . <("$installed/bin/vmview-demo" --list)

sleep 1000 &
sleeper=$!
# Until it is sleep, and no longer the shell that becomes it.
until [ "$(cat "/proc/$sleeper/comm")" = sleep ]; do :; done

if ${CC:-cc} --version >/dev/null 2>&1; then
	check 'the installed library: a program compiles and links' \
		compile "$here/program.c" "$work/program"
	# Twice the same: it may still be mapping its libraries.
	for _ in {1..600}; do
		before=$(cat "/proc/$sleeper/maps")
		read -r count size _ < <("$work/program" "$sleeper")
		[ "$before" != "$(cat "/proc/$sleeper/maps")" ] || break
	done
	is 'the installed library: that program counts mappings' "$count" "$(wc -l <<<"$before")"
	is 'the installed library: and their bytes' "$size" "$(count_bytes <<<"$before")"
else
	skip 'the installed library: a program compiles and links' 'there is no compiler here'
fi

ninja -C "$build" uninstall >"$work/out" 2>&1
is 'ninja uninstall: succeeds' "$?" 0
is 'ninja uninstall: leaves nothing' "$(find "$dest" 2>/dev/null)" ''
finish

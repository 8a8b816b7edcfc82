#!/usr/bin/env bash
# corpus.sh VMVIEW FOLDER
#
# See corpus.py. FOLDER, or $VMVIEW_CORPUS where that is set, has the captures.
vmview=$1 corpus=${VMVIEW_CORPUS:-$2}
here=$(cd "$(dirname "$0")" && pwd) || exit 1
# shellcheck source-path=SCRIPTDIR source=../support/tap.sh
. "$here/../support/tap.sh"

[ -e "$corpus/expected.json" ] || skip_all "there are no captures in $corpus"
for python in /usr/bin/python3 python3; do
	command -v "$python" >/dev/null && exec "$python" "$here/corpus.py" "$vmview" "$corpus"
done
skip_all 'there is no python3 here'

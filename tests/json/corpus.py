"""corpus.py VMVIEW CORPUS

Sums of every field, and what else is counted in CORPUS/expected.json, through `vmview --json` of each capture.
Results in TAP. Only the standard library is needed.
"""

import json
import os
import subprocess
import sys
from collections import Counter


def key_of(field):
    return "kernel_size" if field == "Size" else field.lower()


def found_in(mappings, wanted):
    """The same numbers as @wanted has, of the same fields."""
    return {
        "mappings": len(mappings),
        "size_kib": sum(m["size"] for m in mappings) // 1024,
        "shared": sum(m["sharing"] == "shared" for m in mappings),
        "private": sum(m["sharing"] == "private" for m in mappings),
        "perms": dict(Counter(m["perms"] for m in mappings)),
        "vmflags": dict(Counter(flag for m in mappings for flag in m.get("vm_flags", []))),
        "kb_sums": {f: sum(m.get(key_of(f), 0) for m in mappings) // 1024 for f in wanted.get("kb_sums", {})},
        "plain_number_sums": {
            f: sum(m.get(key_of(f), 0) for m in mappings) for f in wanted.get("plain_number_sums", {})
        },
    }


def complaints(vmview, path, wanted):
    run = subprocess.run([vmview, "--json", "--from", path], capture_output=True, check=False)
    process = json.loads(run.stdout)["processes"][0]
    if "skipped" in wanted:
        line = " ".join(wanted["skipped"].split()[:2])
        good = run.returncode == 1 and any(line in reason for reason in process["limited"])
        return [] if good else ["status %d, limited: %s" % (run.returncode, process["limited"])]
    found = found_in(process["mappings"], wanted)
    wrong = ["%s: found %s, wanted %s" % (k, v, wanted[k]) for k, v in found.items() if k in wanted and wanted[k] != v]
    totals = process["totals"]
    for field, sum_kib in wanted.get("kb_sums", {}).items():
        if not field.endswith("PageSize") and totals.get(key_of(field)) != sum_kib * 1024:
            wrong.append("total of %s: %s" % (field, totals.get(key_of(field))))
    if run.returncode or process["limited"]:
        wrong.append("status %d, limited: %s" % (run.returncode, process["limited"]))
    return wrong


def main(vmview, corpus):
    with open(os.path.join(corpus, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    failed = 0
    for number, (name, wanted) in enumerate(sorted(expected.items()), 1):
        wrong = complaints(vmview, os.path.join(corpus, "open", name), wanted)
        for complaint in wrong:
            print("#   " + complaint[:300])
        print("%s %d - %s" % ("not ok" if wrong else "ok", number, name))
        failed += bool(wrong)
    print("1..%d" % len(expected))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

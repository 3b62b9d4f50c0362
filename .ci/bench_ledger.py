"""The usage ledger: rows a second with group commit, and how long its sums take.

Usage: bench_ledger.py LEDGER_BENCH
"""

import subprocess
import sys
import tempfile

from bench_common import environment, row

GOAL = 5_000  # rows a second, many at a time

with tempfile.TemporaryDirectory(prefix="bench-ledger-") as folder:
    lines = subprocess.run([sys.argv[1], "bench", folder], env=environment(), check=True, capture_output=True,
                           text=True).stdout.splitlines()
for line in lines:
    kind, value, name = line.split(" ", 2)
    if kind == "rows_per_second":
        row(f"ledger, requests booked and settled, {name}", float(value), "/s", least=None if "one" in name else GOAL, digits=0)
    else:
        row(f"ledger, sums of 40,000 requests by {name}", float(value), "ms")

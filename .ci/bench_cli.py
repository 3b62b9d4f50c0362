"""CPU of `ask` against curl for the same stream, and start-up. Usage: bench_cli.py PROGRAM EVENT_SERVER"""

import os
import subprocess
import sys
import time

from bench_common import EventServer, environment, median, percentile, row

EVENTS = 200_000
RUNS = 5
TEXT_PER_EVENT = len("word ")


def spawn(arguments, variables):
    """Runs to the end with input and output on /dev/null: wall seconds, CPU seconds, exit status."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
    ]
    start = time.perf_counter()
    child = os.posix_spawnp(arguments[0], arguments, variables, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status)


def stream(program, server):
    variables = environment()
    body = '{"model":"bench","stream":true,"messages":[{"role":"user","content":"hi"}]}'
    ask = [program, "ask", "--base-url", server.base_url, "-m", "bench", "hi"]
    curl = ["curl", "-sN", "-H", "content-type: application/json", "-d", body, server.base_url + "/chat/completions"]

    answer = subprocess.run(ask, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    received = answer.stdout.count(b"word ")
    if answer.returncode != 0 or received != EVENTS:
        sys.exit(f"bench: ask ended with {answer.returncode} and {received} of {EVENTS} events; nothing to compare")

    runs = {"curl": [], "ask": []}
    for _ in range(RUNS):
        for name, arguments in (("curl", curl), ("ask", ask)):
            wall, cpu, status = spawn(arguments, variables)
            if status != 0:
                sys.exit(f"bench: {name} ended with {status}")
            runs[name].append((cpu, wall))
    cpu = {name: median([c for c, _ in values]) for name, values in runs.items()}
    wall = {name: median([w for _, w in values]) for name, values in runs.items()}
    row(f"curl -sN, {EVENTS:,} events, CPU (median of {RUNS})", cpu["curl"] * 1e3, "ms")
    row("ask to /dev/null, the same, CPU", cpu["ask"] * 1e3, "ms")
    row("ask / curl, CPU", cpu["ask"] / cpu["curl"], "x", limit=3, digits=2)
    row("ask / curl, wall", wall["ask"] / wall["curl"], "x", digits=2)
    row("ask, events a second", EVENTS / wall["ask"], digits=0)


def start_up(program):
    variables = environment()
    baseline = [spawn(["/bin/true"], variables)[0] * 1e3 for _ in range(30)]
    walls = [spawn([program, "--version"], variables)[0] * 1e3 for _ in range(30)]
    row("/bin/true, spawn to exit, p50 of 30", median(baseline), "ms")
    row("--version, spawn to exit, p50 of 30", median(walls), "ms", limit=30)
    row("--version, spawn to exit, p95", percentile(walls, 0.95), "ms")
    helps = [spawn([program, "--help"], variables)[0] * 1e3 for _ in range(30)]
    row("--help, spawn to exit, p50 of 30", median(helps), "ms", limit=30)


if __name__ == "__main__":
    with EventServer(sys.argv[2], EVENTS) as running:
        stream(sys.argv[1], running)
    start_up(sys.argv[1])

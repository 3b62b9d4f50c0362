"""The live screen of a run in a pseudo-terminal of 200x50: CPU and key to paint while 64 streams come in.

Usage: bench_screen.py PROGRAM EVENT_SERVER
"""

import os
import random
import sys
import tempfile
import time

from bench_common import EventServer, environment, median, percentile, row
from bench_suite import write_suite
from bench_ui import Workspace, core_share
from bench_workspace import memory

STREAMS = 64
RATE = 200  # tokens a second, each stream
WATCHING = 8.0  # seconds without keys, for the CPU alone
TYPING = 15.0  # seconds with keys
MOST_CORES = 1.2
CHOSEN = "▸".encode()
# What the key that sorts writes into the rule above the table: only what differs from the word before is sent.
ORDERS = (b"accuracy", b"speed", b"cost", b"lef", "─".encode())


def ticks_of(pid):
    """CPU time in clock ticks of another process."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def echo(workspace, key, expected):
    """Milliseconds from writing a key to what only it paints."""
    seen = b""
    start = time.perf_counter()
    workspace.write(key)
    while expected not in seen:
        if time.perf_counter() - start > 2:
            sys.exit(f"bench: {key!r} did not paint {expected!r} within 2 s")
        seen = seen[-16:] + workspace.read(2)
    return (time.perf_counter() - start) * 1e3


def type_keys(workspace):
    """Moves the choice up and down among the trials that run, and sorts the table."""
    times, place, order = [], 0, 0
    end = time.perf_counter() + TYPING
    while time.perf_counter() < end:
        workspace.drain(random.uniform(0.02, 0.06))
        if len(times) % 8 == 7:
            times.append(echo(workspace, b"s", ORDERS[order]))
            order = (order + 1) % len(ORDERS)
        else:
            step = 1 if place == 0 else -1 if place == 12 else random.choice((1, -1))
            times.append(echo(workspace, b"j" if step > 0 else b"k", CHOSEN))
            place += step
    return times


def watched(workspace, server, name, seconds, keys=None):
    """CPU of the program, and of it and the server, over a while; what `keys` returns."""
    ticks, theirs, painted, start = workspace.ticks(), ticks_of(server.process.pid), workspace.bytes, time.perf_counter()
    result = keys(workspace) if keys else workspace.drain(seconds)
    seconds = time.perf_counter() - start
    program = core_share(workspace.ticks() - ticks, seconds) / 100
    both = program + core_share(ticks_of(server.process.pid) - theirs, seconds) / 100
    row(f"{name}: cores, the program alone", program, "cores", limit=MOST_CORES, digits=2)
    row(f"{name}: cores, with the server", both, "cores", digits=2)
    row(f"{name}: written to the terminal", (workspace.bytes - painted) / seconds / 1024, "KiB/s")
    return result


def screen(program, event_server):
    events = int(RATE * (WATCHING * 2 + TYPING + 60))
    with EventServer(event_server, events, RATE) as server, tempfile.TemporaryDirectory(prefix="bench-screen-") as folder:
        suite = write_suite(folder, STREAMS, STREAMS, "word")
        variables = environment(XDG_DATA_HOME=os.path.join(folder, "data"))
        workspace = Workspace(
            [program, "bench", "run", suite, "--base-url", server.base_url, "--runs-dir", os.path.join(folder, "runs")], variables)
        workspace.wait_for(b"RUNNING")
        workspace.wait_for(b"writing")
        workspace.drain(2)
        name = f"{STREAMS} streams of {RATE} tokens/s, live screen"
        watched(workspace, server, name, WATCHING)
        times = watched(workspace, server, f"{name}, keys", TYPING, type_keys)
        row(f"{name}: key to paint, p50 of {len(times)}", median(times), "ms", digits=2)
        row(f"{name}: key to paint, p99", percentile(times, 0.99), "ms", limit=16, digits=2)
        row(f"{name}: key to paint, largest", max(times), "ms", digits=2)
        workspace.write(b"\r")
        workspace.drain(1)
        watched(workspace, server, f"{name}, one stream open", WATCHING)
        row(f"{name}: memory", memory(workspace), "MiB")
        workspace.end()


if __name__ == "__main__":
    screen(sys.argv[1], sys.argv[2])

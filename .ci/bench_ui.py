"""The workspace in a pseudo-terminal of 200x50: first paint, key to paint and CPU under a stream, idle wake-ups.

Usage: bench_ui.py PROGRAM EVENT_SERVER
"""

import errno
import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import sys
import termios
import time

from bench_common import EventServer, environment, median, percentile, row

RATE = 2_000  # tokens a second
STREAM_ONLY = 5.0  # seconds of stream without keys, for the CPU alone
TYPING = 10.0  # seconds of stream with keys
IDLE = 5.0
# Keys that stand in no text of the stream and in none of the panes' changing figures.
KEYS = "QXZJV"
ESCAPES = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[P_^X][^\x1b]*\x1b\\|[ -/][0-~]|[0-OQ-WYZ\\`-~=>])")


class Workspace:
    """The program in a pseudo-terminal, its output kept as text without escape sequences."""

    def __init__(self, arguments, variables, rows=50, columns=200):
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(arguments[0], arguments, variables)
        self.pending = b""
        self.bytes = 0

    def read(self, timeout):
        """New plain output, b"" when none came in time; an unfinished escape sequence waits for its rest."""
        ready, _, _ = select.select([self.fd], [], [], max(0, timeout))
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data:
            sys.exit(f"bench: the program ended early: {os.waitpid(self.pid, 0)[1]}, {self.pending[-200:]!r}")
        self.bytes += len(data)
        plain = ESCAPES.sub(b"", self.pending + data)
        cut = plain.rfind(b"\x1b")
        if cut >= 0 and len(plain) - cut < 4096:
            self.pending, plain = plain[cut:], plain[:cut]
        else:
            self.pending = b""
        return plain

    def wait_for(self, text, limit=10.0):
        """Reads until the text is there; the seconds since the start of the program."""
        seen = b""
        deadline = time.perf_counter() + limit
        while time.perf_counter() < deadline:
            seen = seen[-4096:] + self.read(deadline - time.perf_counter())
            if text in seen:
                return time.perf_counter() - self.started
        sys.exit(f"bench: {text!r} did not appear within {limit} s; last seen: {seen[-200:]!r}")

    def drain(self, seconds):
        """Reads for so long; whether anything came."""
        deadline = time.perf_counter() + seconds
        came = False
        while (left := deadline - time.perf_counter()) > 0:
            came = bool(self.read(left)) or came
        return came

    def write(self, data):
        os.write(self.fd, data)

    def ticks(self):
        """CPU time in clock ticks, all threads, dead ones included."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def switches(self):
        """Context switches of all threads, by thread name."""
        counts = {}
        for task in os.listdir(f"/proc/{self.pid}/task"):
            try:
                with open(f"/proc/{self.pid}/task/{task}/status") as file:
                    fields = dict(line.split(":", 1) for line in file)
            except FileNotFoundError:
                continue
            total = int(fields["voluntary_ctxt_switches"]) + int(fields["nonvoluntary_ctxt_switches"])
            counts[f'{task} {fields["Name"].strip()}'] = total
        return counts

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.perf_counter() + 3
        while time.perf_counter() < deadline and os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            try:
                if select.select([self.fd], [], [], 0.05)[0]:
                    os.read(self.fd, 1 << 16)
            except OSError:
                pass
        else:
            if time.perf_counter() >= deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        os.close(self.fd)


def core_share(ticks, seconds):
    return 100 * ticks / os.sysconf("SC_CLK_TCK") / seconds


def first_paint(program, label, arguments, variables):
    times = []
    for _ in range(20):
        workspace = Workspace([program, *arguments], variables)
        times.append(workspace.wait_for(b"prompt") * 1e3)
        workspace.end()
    row(f"exec to first paint, {label}, p50 of 20", median(times), "ms", limit=50)
    row(f"exec to first paint, {label}, p95", percentile(times, 0.95), "ms")


def idle(workspace, label):
    workspace.drain(1.5)
    ticks, before, start = workspace.ticks(), workspace.switches(), time.perf_counter()
    painted = workspace.drain(IDLE)
    seconds = time.perf_counter() - start
    after = workspace.switches()
    woken = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
    row(f"idle {label}, {IDLE:.0f} s: wake-ups of all threads", sum(woken.values()), limit=0, digits=0)
    row(f"idle {label}: CPU ticks", workspace.ticks() - ticks, limit=0, digits=0)
    if woken:
        print("    woken: " + ", ".join(f"{name} {count}" for name, count in sorted(woken.items())))
    if painted:
        print(f"    and something was painted within these {seconds:.0f} s")


def key_to_paint(workspace):
    """Types keys into the prompt while the stream runs; milliseconds from writing each to its echo."""
    times, typed = [], 0
    end = time.perf_counter() + TYPING
    while time.perf_counter() < end:
        workspace.drain(random.uniform(0.02, 0.06))
        if typed % 60 == 59:
            workspace.write(b"\x15")  # Ctrl-U empties the line
            workspace.drain(0.1)
        key = KEYS[typed % len(KEYS)].encode()
        typed += 1
        start = time.perf_counter()
        workspace.write(key)
        while key not in workspace.read(2):
            if time.perf_counter() - start > 2:
                sys.exit("bench: a typed key was not painted within 2 s")
        times.append((time.perf_counter() - start) * 1e3)
    return times


def under_stream(program, server_program):
    count = int(RATE * (STREAM_ONLY + TYPING + 60))
    with EventServer(server_program, count, RATE) as server:
        workspace = Workspace([program], environment(OPENAI_BASE_URL=server.base_url))
        workspace.wait_for(b"prompt")
        idle(workspace, "before any request")
        workspace.write(b"hi")
        workspace.drain(0.2)
        workspace.write(b"\r")
        workspace.wait_for(b"word")
        workspace.drain(1)

        ticks, painted, start = workspace.ticks(), workspace.bytes, time.perf_counter()
        workspace.drain(STREAM_ONLY)
        seconds = time.perf_counter() - start
        row(f"one stream at {RATE:,} tokens/s: CPU of a core",
            core_share(workspace.ticks() - ticks, seconds), "%", limit=15)
        row("the same: written to the terminal", (workspace.bytes - painted) / seconds / 1024, "KiB/s")

        ticks, start = workspace.ticks(), time.perf_counter()
        times = key_to_paint(workspace)
        seconds = time.perf_counter() - start
        row(f"stream and {len(times) / seconds:.0f} keys/s: CPU of a core",
            core_share(workspace.ticks() - ticks, seconds), "%")
        row(f"key to paint under the stream, p50 of {len(times)}", median(times), "ms", digits=2)
        row("key to paint under the stream, p99", percentile(times, 0.99), "ms", limit=16, digits=2)
        row("key to paint under the stream, largest", max(times), "ms", digits=2)

        workspace.write(b"\x1b")
        workspace.drain(1)
        idle(workspace, "after a cancelled stream")
        workspace.end()


if __name__ == "__main__":
    first_paint(sys.argv[1], "DEMO", ["--demo"], environment())
    first_paint(sys.argv[1], "an endpoint", [], environment(OPENAI_BASE_URL="http://127.0.0.1:9/v1"))
    under_stream(sys.argv[1], sys.argv[2])

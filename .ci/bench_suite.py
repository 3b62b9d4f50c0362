"""Benchmark runs against a loopback server, beside inspect_ai in the same minutes where it can be had.

Usage: bench_suite.py PROGRAM EVENT_SERVER [PYTHON_WITH_INSPECT]
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from bench_common import EventServer, environment, median, row, skip

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = 400
RUNS = 3
MEMORY_SAMPLES = 10_000
STREAMS = 1_000
EVENTS = 400
SUITE = """
suite: 1
name: bench
models: {{m: {{model: gpt-5.4-mini, params: {{max_output_tokens: 100}}}}}}
prompts: {{plain: [{{role: user, text: "{{{{question}}}}"}}]}}
matrix: {{model: [m], prompt: [plain]}}
tasks:
  - id: sums
    data: {{jsonl: data.jsonl}}
    score: {{contains: "{answer}"}}
run: {{concurrency: {{start: {at_once}, max: {at_once}, adapt: false}}}}
"""


class Server:
    """The server of short answers as a process of its own."""

    def __init__(self, delay):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "bench_suite_server.py"), str(delay)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.base_url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/v1"

    def watch(self, pid):
        """From now on the first request is that of this process."""
        self.process.stdin.write(f"watch {pid}\n")
        self.process.stdin.flush()

    def first(self):
        """CPU seconds of the watched process when its first request was here, and the monotonic time."""
        self.process.stdin.write("first\n")
        self.process.stdin.flush()
        return tuple(float(word) for word in self.process.stdout.readline().split())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def measured(arguments, variables, folder, server=None):
    """CPU seconds, wall seconds and the most memory in MiB of a process that has to succeed; its output; CPU and wall seconds until
    the server had its first request."""
    with open(os.path.join(folder, "output"), "w+") as output, open(os.path.join(folder, "errors"), "w+") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(arguments, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=folder)
        if server:
            server.watch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.exit(f"bench: {arguments[:3]} ended with {process.returncode}: {errors.read()[-800:]}")
        cpu, time_first = server.first() if server else (0, began)
        return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, output.read(), (cpu, time_first - began)


def write_suite(folder, samples, at_once, answer):
    """The path of a suite with so many samples."""
    path = os.path.join(folder, "suite.yaml")
    with open(path, "w") as file:
        file.write(SUITE.format(at_once=at_once, answer=answer))
    with open(os.path.join(folder, "data.jsonl"), "w") as file:
        for index in range(samples):
            file.write(json.dumps({"id": f"s{index}", "question": f"What is 2 + 3? ({index})"}) + "\n")
    return path


def ours(program, server, samples, at_once, answer="5", watches=True):
    """CPU, wall, memory and bytes on disk of a run, what its last record says, and CPU and wall until its first request."""
    folder = tempfile.mkdtemp(prefix="bench-suite-")
    try:
        suite = write_suite(folder, samples, at_once, answer)
        variables = environment(XDG_DATA_HOME=os.path.join(folder, "data"))
        cpu, wall, memory, output, first = measured(
            [program, "bench", "run", suite, "--base-url", server.base_url, "-o", "json", "--no-watch"], variables, folder,
            server if watches else None)
        final = json.loads(output.splitlines()[-1])
        if final["trials"]["right"] != samples:
            sys.exit(f"bench: {final['trials']} of {samples} right; nothing to measure")
        runs = os.path.join(folder, ".tickertape", "runs")
        size = sum(os.path.getsize(os.path.join(runs, name)) for name in os.listdir(runs))
        return cpu, wall, memory, size, final, first
    finally:
        shutil.rmtree(folder)


def theirs(python, server, samples):
    """The same of inspect_ai, with its version instead of a record."""
    folder = tempfile.mkdtemp(prefix="bench-inspect-")
    try:
        logs = os.path.join(folder, "logs")
        cpu, wall, memory, output, first = measured(
            [python, os.path.join(HERE, "bench_inspect.py"), server.base_url, str(samples), logs], environment(), folder, server)
        size = sum(os.path.getsize(os.path.join(logs, name)) for name in os.listdir(logs))
        return cpu, wall, memory, size, output.split()[-1], first
    finally:
        shutil.rmtree(folder)


def each(one, many):
    """What one more sample costs, between a run of one and a run of many."""
    return (many - one) / (SAMPLES - 1)


def beside_inspect(program, python):
    with Server(20) as server:
        one = [ours(program, server, 1, 32) for _ in range(RUNS)]
        many = [ours(program, server, SAMPLES, 32) for _ in range(RUNS)]
        start, sample = median([r[5][0] for r in one]), each(median([r[0] for r in one]), median([r[0] for r in many]))
        size = each(median([r[3] for r in one]), median([r[3] for r in many]))
        row("suite, start to first request, CPU", start * 1e3, "ms")
        row("suite, start to first request, wall", median([r[5][1] for r in one]) * 1e3, "ms")
        row("suite, 1 sample from start to end, CPU", median([r[0] for r in one]) * 1e3, "ms")
        row("suite, 1 sample from start to end, wall", median([r[1] for r in one]) * 1e3, "ms")
        row(f"suite, CPU per trivial sample ({SAMPLES} at 32)", sample * 1e3, "ms", digits=2)
        row("suite, bytes on disk per trivial sample", size, "B", limit=2_048, digits=0)
        names = ("inspect_ai / ours, CPU per sample", "inspect_ai / ours, CPU from start to first request",
                 "inspect_ai / ours, wall from start to first request")
        if not python:
            for name in names:
                skip(name, "no inspect_ai")
            return
        their_one, their_many = theirs(python, server, 1), theirs(python, server, SAMPLES)
        row(f"inspect_ai {their_one[4]}, start to first request, CPU", their_one[5][0], "s", digits=2)
        row("inspect_ai, start to first request, wall", their_one[5][1], "s", digits=2)
        row("inspect_ai, 1 sample from start to end, CPU", their_one[0], "s", digits=2)
        row("inspect_ai, CPU per trivial sample", each(their_one[0], their_many[0]) * 1e3, "ms", digits=1)
        row("inspect_ai, bytes of log per trivial sample", each(their_one[3], their_many[3]), "B", digits=0)
        row(names[0], each(their_one[0], their_many[0]) / sample, "x", least=20)
        row(names[1], their_one[5][0] / start, "x", least=30)
        row(names[2], their_one[5][1] / median([r[5][1] for r in one]), "x", least=30)


def memory(program):
    with Server(0) as server:
        cpu, wall, most, *_ = ours(program, server, MEMORY_SAMPLES, 64)
    row(f"suite, {MEMORY_SAMPLES:,} trials, memory", most, "MiB", limit=100)
    row(f"suite, {MEMORY_SAMPLES:,} trials, a second", MEMORY_SAMPLES / wall, "/s", digits=0)
    row(f"suite, {MEMORY_SAMPLES:,} trials, CPU per trial", cpu / MEMORY_SAMPLES * 1e3, "ms", digits=2)


def many_streams(program, event_server):
    with EventServer(event_server, EVENTS) as server:
        cpu, wall, most, *_ = ours(program, server, STREAMS, STREAMS, answer="word", watches=False)
    events = STREAMS * EVENTS
    row(f"suite, {STREAMS:,} streams at once, headless", events / wall, "events/s", least=20_000, digits=0)
    row(f"suite, {STREAMS:,} streams at once, CPU per event", cpu / events * 1e6, "us")
    row(f"suite, {STREAMS:,} streams at once, memory", most, "MiB")


if __name__ == "__main__":
    beside_inspect(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else "")
    memory(sys.argv[1])
    many_streams(sys.argv[1], sys.argv[2])

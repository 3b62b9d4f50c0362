"""The provider library alone: decoding, one fast stream beside curl and openai-python, many slow streams at once.

Usage: bench_provider.py PROVIDER_BENCH EVENT_SERVER [PYTHON_WITH_OPENAI]
"""

import os
import subprocess
import sys

from bench_common import EventServer, environment, median, row, skip

FAST_EVENTS = 200_000
COMPARED_EVENTS = 50_000  # openai-python takes a quarter of a millisecond for each
RUNS = 5
STREAMS = 1_000
MANY_RUNS = 3
SECONDS = 10
HERE = os.path.dirname(os.path.abspath(__file__))


def figures(arguments, **more):
    """What a program prints as `name value` lines."""
    run = subprocess.run(
        arguments, env=environment(**more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"bench: {arguments[0]} {arguments[1]} ended with {run.returncode}")
    return {name: value for name, value in (line.split(" ", 1) for line in run.stdout.splitlines())}


def decode(bench):
    found = {name: float(value) for name, value in figures([bench, "decode"]).items()}
    row(f"decode, {found['usual_bytes']:.0f}-byte chunks from memory", 1e9 / found["usual_ns"], "events/s",
        least=1_000_000, digits=0)
    row("decode, the same, each read by itself", 1e9 / found["single_ns"], "events/s", digits=0)
    row("decode, tool call deltas", 1e9 / found["tool_ns"], "events/s", digits=0)
    row(f"decode, {found['long_bytes']:.0f}-byte chunks with escapes", found["long_bytes"] / found["long_ns"] * 1e3,
        "MB/s", digits=0)


def curl_cpu(server):
    """CPU seconds of `curl -sN` for the stream."""
    body = '{"model":"bench","stream":true,"messages":[{"role":"user","content":"hi"}]}'
    before = os.times()
    subprocess.run(
        ["curl", "-sN", "-H", "content-type: application/json", "-d", body, server.base_url + "/chat/completions"],
        env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def stream_cpu(bench, server, events):
    found = figures([bench, "stream", server.base_url])
    if float(found["events"]) != events:
        sys.exit(f"bench: {found['events']} of {events} events; nothing to compare")
    return float(found["cpu_seconds"])


def one_stream(bench, server_program):
    with EventServer(server_program, FAST_EVENTS) as server:
        pairs = [(curl_cpu(server), stream_cpu(bench, server, FAST_EVENTS)) for _ in range(RUNS)]
    curl, ours = (median([pair[i] for pair in pairs]) for i in (0, 1))
    row(f"one stream of {FAST_EVENTS:,} events, CPU (median of {RUNS})", ours * 1e3, "ms")
    row("one stream / curl -sN, CPU", ours / curl, "x", limit=3, digits=2)


def beside_openai(bench, server_program, python):
    name = "one stream, openai-python / ours, CPU"
    if not python:
        return skip(name, "no openai-python")
    with EventServer(server_program, COMPARED_EVENTS) as server:
        theirs = figures([python, os.path.join(HERE, "bench_openai.py"), server.base_url], OPENAI_API_KEY="none")
        ours = median([stream_cpu(bench, server, COMPARED_EVENTS) for _ in range(RUNS)])
    if float(theirs["events"]) != COMPARED_EVENTS:
        return skip(name, f"openai-python saw {theirs['events']} of {COMPARED_EVENTS} events")
    row(f"openai-python {theirs['version']}, {COMPARED_EVENTS:,} events, CPU", float(theirs["cpu_seconds"]), "s")
    row(name, float(theirs["cpu_seconds"]) / ours, "x", least=40, digits=0)


def many_streams(bench, server_program, rate):
    count = int(rate * (SECONDS + 60))
    runs = []
    for _ in range(MANY_RUNS):
        with EventServer(server_program, count, rate, stamped=True) as server:
            found = figures([bench, "streams", str(STREAMS), str(rate), str(SECONDS), server.base_url])
        if "first_error" in found:
            print(f"bench: {found.pop('first_error')}", file=sys.stderr)
        runs.append({name: float(text) for name, text in found.items()})
    middle = {name: median([run[name] for run in runs]) for name in runs[0]}
    goal = rate == 50
    label = f"{STREAMS:,} streams x {rate}/s"
    came = min(run["events_per_second"] / run["expected_per_second"] for run in runs)
    row(f"{label}, errors in {MANY_RUNS} runs", sum(run["errors"] for run in runs), limit=0, digits=0)
    row(f"{label}, events that came, least", came * 100, "%", least=99)
    row(f"{label}, CPU of a core (medians from here)", middle["cpu_percent"], "%", limit=80 if goal else None)
    row(f"{label}, lateness p50", middle["late_p50_ms"], "ms", digits=2)
    row(f"{label}, lateness p99", middle["late_p99_ms"], "ms", limit=5 if goal else None, digits=2)
    row(f"{label}, lateness max", middle["late_max_ms"], "ms")
    row(f"{label}, memory a stream", middle["bytes_per_stream"] / 1024, "KiB", limit=32 if goal else None)
    row(f"{label}, all cancelled after", middle["cancel_ms"], "ms")


if __name__ == "__main__":
    bench_program, event_server = sys.argv[1:3]
    decode(bench_program)
    one_stream(bench_program, event_server)
    beside_openai(bench_program, event_server, sys.argv[3] if len(sys.argv) > 3 else "")
    for events_per_second in (20, 50):
        many_streams(bench_program, event_server, events_per_second)

"""A loopback server for measuring clients of suites: answers any POST with a short answer, streamed where that is asked for.

Usage: bench_suite_server.py DELAY_MS      prints its port. On standard input it takes lines: "watch PID", and then "first" asks for the
CPU seconds that this process had used when its first request was here, and the monotonic time then.
"""

import asyncio
import json
import sys
import threading
import time

DELAY = float(sys.argv[1]) / 1e3
USAGE = {"prompt_tokens": 20, "completion_tokens": 4, "total_tokens": 24}
BASE = {"id": "chatcmpl-1", "created": 1764000000, "model": "gpt-5.4-mini"}
watched, first = 0, (0.0, 0.0)


def whole():
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "The result is 5."}}
    body = json.dumps({**BASE, "object": "chat.completion", "choices": [choice], "usage": USAGE}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def stream():
    def event(delta, reason=None):
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return "data: " + json.dumps({**BASE, "object": "chat.completion.chunk", "choices": [choice]}) + "\n\n"

    events = [event({"role": "assistant", "content": ""})] + [event({"content": word}) for word in ("The", " result", " is", " 5.")]
    events += [event({}, "stop"), "data: " + json.dumps({**BASE, "object": "chat.completion.chunk", "choices": [], "usage": USAGE}) + "\n\n",
               "data: [DONE]\n\n"]
    body = "".join(events).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(body) + body


WHOLE, STREAM = whole(), stream()


def note():
    """Keeps what the watched process had used by now, once."""
    global watched, first
    if watched:
        # The CPU clock of all threads of another process (Linux: the complement of its id, shifted, and 2 for the scheduler's clock).
        first = (time.clock_gettime((~watched << 3) | 2), time.monotonic())
        watched = 0


async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
            body = await reader.readexactly(length)
            note()
            if DELAY:
                await asyncio.sleep(DELAY)
            writer.write(STREAM if b'"stream":true' in body.replace(b" ", b"") else WHOLE)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def answer_questions():
    global watched
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "watch":
            watched = int(rest[0])
        else:
            print(*first, flush=True)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=answer_questions, daemon=True).start()
    await server.serve_forever()


asyncio.run(main())

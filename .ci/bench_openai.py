"""One stream through openai-python: events, and CPU without the start-up. Usage: bench_openai.py BASE_URL"""

import sys
import time

import openai

client = openai.OpenAI(base_url=sys.argv[1], max_retries=0)
start = time.process_time()
events = 0
stream = client.chat.completions.create(
    model="bench", messages=[{"role": "user", "content": "hi"}], stream=True)
for chunk in stream:
    if chunk.choices and chunk.choices[0].delta.content:
        events += 1
print("version", openai.__version__)
print("events", events)
print("cpu_seconds", time.process_time() - start)

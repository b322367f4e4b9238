"""Asks all of a JSONL file with asyncio and aiohttp, so many at a time, as it is written by hand."""

import asyncio
import json
import sys

import aiohttp

from report_work import report_work

MOST_ATTEMPTS = 5


async def ask(session, url, body):
    for attempt in range(MOST_ATTEMPTS):
        try:
            async with session.post(url, json=body) as response:
                if response.status == 200:
                    return await response.json()
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(2**attempt)
    raise RuntimeError("A request has no answer.")


async def ask_all(path, base_url, concurrency, results):
    asked = 0
    async with aiohttp.ClientSession() as session:
        with open(path, encoding="utf-8") as lines, open(results, "a", encoding="utf-8") as output:

            async def work():
                nonlocal asked
                for line in lines:
                    request = json.loads(line)
                    body = await ask(session, f"{base_url}/chat/completions", request["body"])
                    response = {"status_code": 200, "body": body}
                    result = {"custom_id": request["custom_id"], "response": response}
                    output.write(json.dumps(result) + "\n")
                    asked += 1

            await asyncio.gather(*(work() for _ in range(concurrency)))
    return asked


_, path, base_url, concurrency, results = sys.argv
report_work(lambda: asyncio.run(ask_all(path, base_url, int(concurrency), results)))

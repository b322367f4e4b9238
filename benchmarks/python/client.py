"""The same work as ours.ts with the Python package: prints what it took as one line of JSON."""

import json
import resource
import sys
import time

mode, path, base_url, ids_path = sys.argv[1:5]
if mode == "plain":
    # jsonlines takes orjson where it can be imported.
    sys.modules["orjson"] = None

from langbatch.openai import OpenAIChatCompletionBatch
from openai import OpenAI


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_bytes():
    # As in measure-child.ts: the resource usage of a Linux process starts with its parent's peak.
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


with open(ids_path, encoding="utf8") as file:
    # The package says "list", in which it looks for every line's id from the start. A set is kinder.
    ids = set(json.load(file))

cpu_before = cpu_seconds()
before = time.perf_counter()

client = OpenAI(api_key="unused", base_url=base_url)
batch = OpenAIChatCompletionBatch(path, client=client)
batch.start()
while batch.get_status() != "completed":
    time.sleep(0.1)
successful, unsuccessful = batch.get_results()
found = batch.get_requests_by_custom_ids(ids)

print(
    json.dumps(
        {
            "seconds": time.perf_counter() - before,
            "cpuSeconds": cpu_seconds() - cpu_before,
            "peakBytes": peak_bytes(),
            "result": {
                "successful": len(successful),
                "unsuccessful": len(unsuccessful),
                "found": len(found),
            },
        }
    )
)

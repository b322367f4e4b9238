"""The same work as ours.ts with the Python package: prints what it took as one line of JSON."""

import json
import sys
import time

mode, path, base_url, ids_path = sys.argv[1:5]
if mode == "plain":
    # jsonlines takes orjson where it can be imported.
    sys.modules["orjson"] = None

from langbatch.openai import OpenAIChatCompletionBatch
from openai import OpenAI
from report_work import report_work

with open(ids_path, encoding="utf8") as file:
    # The package says "list", in which it looks for every line's id from the start. A set is kinder.
    ids = set(json.load(file))


def bring_all():
    client = OpenAI(api_key="unused", base_url=base_url)
    batch = OpenAIChatCompletionBatch(path, client=client)
    batch.start()
    while batch.get_status() != "completed":
        time.sleep(0.1)
    successful, unsuccessful = batch.get_results()
    found = batch.get_requests_by_custom_ids(ids)
    return {
        "successful": len(successful),
        "unsuccessful": len(unsuccessful),
        "found": len(found),
    }


report_work(bring_all)

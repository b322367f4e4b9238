"""Runs the OpenAI cookbook's parallel processor, which is fetched and not part of this repository."""

import asyncio
import importlib.util
import json
import sys
import types

from report_work import report_work

_, script, path, base_url, results = sys.argv

# It loads its tables from the network. A token for four bytes costs nothing, which favours the script.
sys.modules["tiktoken"] = types.ModuleType("tiktoken")
spec = importlib.util.spec_from_file_location("cookbook", script)
cookbook = importlib.util.module_from_spec(spec)
sys.modules["cookbook"] = cookbook
spec.loader.exec_module(cookbook)
cookbook.num_tokens_consumed_from_request = lambda request, *_: len(json.dumps(request)) // 4
# It knows addresses that begin with https:// only, and needs them for the tokens only.
cookbook.api_endpoint_from_url = lambda _: "chat/completions"


def ask_all():
    asyncio.run(
        cookbook.process_api_requests_from_file(
            requests_filepath=path,
            save_filepath=results,
            request_url=f"{base_url}/chat/completions",
            api_key="unused",
            # No limit: as fast as it can.
            max_requests_per_minute=1e12,
            max_tokens_per_minute=1e15,
            token_encoding_name="cl100k_base",
            max_attempts=5,
            logging_level=40,
        )
    )
    right = set()
    with open(results, encoding="utf-8") as lines:
        for line in lines:
            request, answer = json.loads(line)[:2]
            if answer["id"] == f"chatcmpl-{request['user']}":
                right.add(request["user"])
    return len(right)


report_work(ask_all)

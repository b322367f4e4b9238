"""Says what a piece of work took, as one line of JSON, as measure-child.ts does."""

import json
import resource
import sys
import time


def report_work(work):
    before, cpu_before = time.perf_counter(), time.process_time()
    result = work()
    measurement = {
        "result": result,
        "seconds": time.perf_counter() - before,
        "cpuSeconds": time.process_time() - cpu_before,
        "peakBytes": peak_bytes(),
    }
    print(json.dumps(measurement))


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

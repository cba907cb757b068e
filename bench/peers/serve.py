"""Times as many steps as a line says, and tells the peak of memory for the line "memory": what bench/src/peer.ts talks to."""

import json
import resource
import sys
import time


def peak_memory():
    """Megabytes; see bench/src/speed/peak-memory.ts."""
    try:
        with open("/proc/self/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def serve(versions, step, **more):
    """Prints what there is to say as JSON, then for every line read the milliseconds that each of so many steps took, or megabytes."""
    print(json.dumps({"versions": versions, **more}), flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(peak_memory(), flush=True)
            continue
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1000)
        print(json.dumps(times), flush=True)

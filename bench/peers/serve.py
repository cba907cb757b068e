"""Times one step each time a line comes in: what bench/src/python-peer.ts talks to."""

import json
import sys
import time


def serve(versions, step):
    """Prints `versions` as JSON, then for every line read the milliseconds that `step()` took."""
    print(json.dumps(versions), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        step()
        print((time.perf_counter() - start) * 1000, flush=True)

"""Starts the real TensorBoard on a log folder, and prints what its pages are given to show.

    python3 -m pip install tensorboard
    npm start -- --epochs 1 --limit 6000 --logdir runs/log
    python3 scripts/check-tensorboard.py runs/log

Fails when a kind of data that the example writes is missing, or the graph has an input that is no node.
"""

import json
import re
import struct
import sys
import time
import urllib.parse
import urllib.request

from tensorboard import program

EXPECTED = ["scalars", "histograms", "images", "text"]
PATIENCE = 60


def get(base, path, **query):
    url = f"{base}data/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.read(), answer.headers.get_content_type()


def get_json(base, path, **query):
    return json.loads(get(base, path, **query)[0])


def tags_of(base, plugin):
    """Pairs of run and tag."""
    found = get_json(base, f"plugin/{plugin}/tags")
    return [(run, tag) for run, tags in sorted(found.items()) for tag in sorted(tags)]


def wait_for_data(base):
    """TensorBoard answers before it has read the folder."""
    end = time.time() + PATIENCE
    while time.time() < end:
        if any(tags_of(base, plugin) for plugin in EXPECTED):
            return
        time.sleep(0.5)


def show_points(base, plugin, run, tag):
    if plugin == "scalars":
        points = get_json(base, "plugin/scalars/scalars", run=run, tag=tag)
        (_, first_step, first), (_, last_step, last) = points[0], points[-1]
        return f"{len(points)} points, {first:.6g} at step {first_step} to {last:.6g} at step {last_step}"
    if plugin == "histograms":
        points = get_json(base, "plugin/histograms/histograms", run=run, tag=tag)
        _, step, buckets = points[-1]
        count = sum(bucket[2] for bucket in buckets)
        low, high = buckets[0][0], buckets[-1][1]
        return f"{len(points)} histograms, at step {step} {count:.0f} values from {low:.6g} to {high:.6g}"
    if plugin == "images":
        points = get_json(base, "plugin/images/images", run=run, tag=tag, sample=0)
        data, kind = get(base, "plugin/images/individualImage", **dict(urllib.parse.parse_qsl(points[-1]["query"])))
        width, height = struct.unpack(">II", data[16:24])
        return f"{len(points)} images, the last at step {points[-1]['step']}: {kind}, {width} x {height}"
    points = get_json(base, "plugin/text/text", run=run, tag=tag)
    return f"{len(points)} texts, the last {points[-1]['text']!r}"


def show_graph(base):
    """Prints what the graph tab draws; returns what is wrong with it."""
    runs = [run for run, info in get_json(base, "plugin/graphs/info").items() if info["run_graph"]]
    for run in runs:
        text = get(base, "plugin/graphs/graph", run=run, conceptual="false")[0].decode()
        names = set(re.findall(r'^  name: "(.*)"$', text, re.M))
        inputs = re.findall(r'^  input: "\^?(.*?)(?::\d+)?"$', text, re.M)
        ops = re.findall(r'^  op: "(.*)"$', text, re.M)
        loops = sorted(name for name, op in re.findall(r'^  name: "(.*)"\n  op: "(.*)"$', text, re.M) if op == "Loop")
        print(f"  {run}: {len(names)} nodes of {len(set(ops))} ops, {len(inputs)} edges; loops: {', '.join(loops)}")
        missing = sorted(set(inputs) - names)
        if missing:
            return f"inputs that are no nodes: {missing}"
    return None if runs else "no graph"


def main(logdir):
    board = program.TensorBoard()
    board.configure(argv=[None, "--logdir", logdir, "--port", "0", "--load_fast", "false"])
    base = board.launch()
    wait_for_data(base)
    wrong = []
    print(f"TensorBoard {get_json(base, 'environment')['version']}, runs: {get_json(base, 'runs')}")
    for plugin in EXPECTED:
        found = tags_of(base, plugin)
        print(f"{plugin}: {len(found)}")
        for run, tag in found:
            print(f"  {run}: {tag}: {show_points(base, plugin, run, tag)}")
        if not found:
            wrong.append(f"no {plugin}")
    print("graphs:")
    wrong.append(show_graph(base))
    for what in filter(None, wrong):
        print(f"error: {what}", file=sys.stderr)
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

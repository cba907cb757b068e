"""python check-cases.py FOLDER: runs what export-cases.mjs wrote in TensorFlow 2 and compares. Needs tensorflow and numpy."""
import collections
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()
folder = sys.argv[1]
DTYPES = {"float32": np.float32, "float64": np.float64, "int32": np.int32, "bool": np.bool_}
TOLERANCE = {"float32": 1e-5, "float64": 1e-7, "int32": 0, "bool": 0}


def array(value):
    data = [float(v) if isinstance(v, str) else v for v in value["data"]]
    return np.array(data, DTYPES[value["dtype"]]).reshape(value["shape"])


def run(case):
    """Returns why a case fails, or None."""
    with tf.Graph().as_default():
        graph = tf.GraphDef()
        with open(os.path.join(folder, case["file"]), "rb") as f:
            graph.ParseFromString(f.read())
        tf.import_graph_def(graph, name="")
        with tf.Session() as session:
            if case.get("init"):
                session.run(case["init"])
            feeds = {f["name"]: array(f) for f in case["feeds"]}
            for expected in case["results"]:
                got = session.run([case["fetches"], case["targets"]], feeds)[0]
                for name, e, g in zip(case["fetches"], map(array, expected), got):
                    if g.dtype != e.dtype or g.shape != e.shape:
                        return f"{name}: expected {e.dtype}{e.shape}, got {g.dtype}{g.shape}"
                    tolerance = TOLERANCE[str(e.dtype)]
                    scale = tolerance * max(1.0, float(np.max(np.abs(e[np.isfinite(e)]), initial=0.0))) if tolerance else 0
                    if not np.allclose(g, e, rtol=tolerance * 10, atol=scale, equal_nan=True):
                        return f"{name}: expected {e.ravel()[:4]}, got {g.ravel()[:4]}"
    return None


counts = collections.defaultdict(lambda: [0, 0])
failures = {}
for case in json.load(open(os.path.join(folder, "cases.json"))):
    key = (case["kind"], case["name"] if case["kind"] != "random program" else "random programs")
    counts[key][1] += 1
    reason = case.get("refused")
    if reason is None:
        try:
            reason = run(case)
        except Exception as e:  # noqa: BLE001
            lines = [line for line in str(e).strip().split("\n") if line and not line.startswith("Graph execution error")]
            reason = next((line for line in lines if "node" not in line or "for '{{" in line), lines[0])
    if reason is None:
        counts[key][0] += 1
    else:
        failures.setdefault(key, reason)
for kind in dict.fromkeys(kind for kind, _ in counts):
    of = [n for (k, _), n in counts.items() if k == kind]
    print(f"{kind}: {sum(p == n for p, n in of)} of {len(of)} agree with TensorFlow {tf.__version__}, {sum(p for p, _ in of)} of {sum(n for _, n in of)} cases")
for (kind, name), reason in failures.items():
    print(f"  {kind} {name}: {counts[kind, name][0]} of {counts[kind, name][1]}: {reason[:240]}")

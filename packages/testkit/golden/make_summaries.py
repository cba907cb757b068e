"""Writes what TensorFlow's summary ops give: tags by name, scope and family; protocol buffers; pixels of images; records."""

import base64
import math
import os
import tempfile
from contextlib import nullcontext

import numpy as np
import tensorflow.compat.v1 as tf

import golden_file

tf.disable_eager_execution()
random = np.random.default_rng(11)


def encoded(data):
    return base64.b64encode(data).decode()


def number(value):
    """JSON has no name for numbers that are none."""
    value = float(str(value))
    return value if math.isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")


def array(value):
    return {"dtype": str(value.dtype), "shape": list(value.shape), "data": [number(x) for x in value.ravel()]}


def run(make):
    with tf.Graph().as_default(), tf.Session() as sess:
        return sess.run(make())


def names():
    """Summaries of one graph, one after the other, and the tag that each got."""
    asked = [
        ("", "loss", None),
        ("", "loss", None),
        ("", "LOSS", None),
        ("train", "loss", None),
        ("train", "loss", None),
        ("", "a name: with what tags/cannot have", None),
        ("", "//leading", None),
        ("", "loss", "family"),
        ("", "loss", "family"),
        ("layer", "loss", "my family"),
    ]
    made = []
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.constant(1.0)
        for scope, name, family in asked:
            with tf.name_scope(scope) if scope else nullcontext():
                summary = tf.summary.scalar(name, x, family=family)
            tag = tf.Summary.FromString(sess.run(summary)).value[0].tag
            made.append({"scope": scope, "name": name, "family": family, "op": summary.op.name, "tag": tag})
    return made


def scalars():
    values = [np.float32(2.5), np.float32(0), np.float32("nan"), np.float64(0.1), np.int32(-7)]
    return [{**array(v), "bytes": encoded(run(lambda v=v: tf.summary.scalar("loss", tf.constant(v))))} for v in values]


def limits():
    """Some of the limits of buckets, by the steps that TensorFlow takes."""
    found, limit = [], 1e-12
    while limit < 1e20:
        found.append(limit)
        limit *= 1.1
    return np.array(found)[::37]


def histograms():
    edges = limits()
    values = {
        "normal": random.standard_normal((40, 10)).astype(np.float32),
        "small and large": np.array([1e-30, -1e-13, 1e-12, 1e19, -1e25, 3e38], np.float32),
        "zeros": np.array([0.0, -0.0, 0.0], np.float32),
        "negative zero": np.array(-0.0, np.float32),
        "at limits": np.concatenate([edges, -edges]),
        "below limits": np.nextafter(np.concatenate([edges, -edges]), -np.inf),
        "integers": random.integers(-20, 20, (5, 7)).astype(np.int32),
        "empty": np.zeros((0, 3), np.float32),
        "one": np.array(42, np.int32),
    }
    entries = {}
    for name, v in values.items():
        data = run(lambda v=v: tf.summary.histogram("weights", tf.constant(v)))
        histo = tf.Summary.FromString(data).value[0].histo
        entries[name] = {
            **array(v),
            "bytes": encoded(data),
            "limits": list(histo.bucket_limit),
            "counts": list(histo.bucket),
        }
    return entries


def images():
    positive = random.random((2, 5, 4, 3)).astype(np.float32) * 7
    signed = random.standard_normal((4, 3, 2, 1)).astype(np.float32)
    broken = random.standard_normal((1, 3, 3, 4)).astype(np.float32)
    broken[0, 1, 1, 2], broken[0, 2, 0, 0] = np.nan, np.inf
    values = {
        "positive": (positive, 3),
        "signed": (signed, 3),
        "one of them": (signed, 1),
        "not finite": (broken, 3),
        "not finite grey": (np.array([np.nan, 1, 2, -np.inf], np.float32).reshape(1, 2, 2, 1), 3),
        "all not finite": (np.full((1, 1, 2, 3), np.nan, np.float32), 3),
        "nearly nothing": (np.full((1, 2, 2, 1), 9e-7, np.float32), 3),
        "zeros": (np.zeros((1, 2, 2, 1), np.float32), 3),
        "doubles": (random.standard_normal((1, 6, 6, 1)), 3),
        "positive doubles": (random.random((1, 6, 6, 1)), 3),
    }
    entries = {}
    for name, (v, most) in values.items():
        summary = tf.Summary.FromString(run(lambda v=v, m=most: tf.summary.image("img", tf.constant(v), max_outputs=m)))
        outputs = [
            {
                "tag": value.tag,
                "height": value.image.height,
                "width": value.image.width,
                "channels": value.image.colorspace,
                "pixels": run(lambda i=value.image: tf.image.decode_png(i.encoded_image_string)).ravel().tolist(),
            }
            for value in summary.value
        ]
        entries[name] = {**array(v), "maxOutputs": most, "images": outputs}
    return entries


def texts():
    values = ["hello", "", ["a", "b"], [["1", "2"], ["3", "\N{SNOWMAN} **4**"], ["5", "6"]], []]
    return [
        {"text": v, "bytes": encoded(run(lambda v=v: tf.summary.text("notes", tf.constant(v, tf.string))))}
        for v in values
    ]


def merged():
    def make():
        a = tf.summary.scalar("a", tf.constant(1.0))
        b = tf.summary.histogram("b", tf.constant([1.0, 2.0]))
        return tf.summary.merge([b, a])

    return encoded(run(make))


def records():
    data = [b"", b"a", bytes(range(256)) * 3]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "records")
        with tf.python_io.TFRecordWriter(path) as writer:
            for d in data:
                writer.write(d)
        with open(path, "rb") as file:
            return {"data": [encoded(d) for d in data], "file": encoded(file.read())}


def events():
    summary = tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=2.5)])
    made = {
        "version": tf.Event(wall_time=1700000000.25, file_version="brain.Event:2"),
        "summary": tf.Event(wall_time=1.5, step=2**40 + 3, summary=summary),
        "first": tf.Event(wall_time=2.5, step=0, summary=summary),
        "negative": tf.Event(wall_time=2.5, step=-1, summary=summary),
        "start": tf.Event(wall_time=0.5, step=9, session_log=tf.SessionLog(status=tf.SessionLog.START)),
        "checkpoint": tf.Event(
            wall_time=0.5,
            session_log=tf.SessionLog(status=tf.SessionLog.CHECKPOINT, checkpoint_path="runs/model-9", msg="saved"),
        ),
        "graph": tf.Event(wall_time=0.5, graph_def=b"graph"),
    }
    return {name: encoded(event.SerializeToString()) for name, event in made.items()}


document = {
    "names": names(),
    "scalars": scalars(),
    "histograms": histograms(),
    "images": images(),
    "texts": texts(),
    "merged": merged(),
    "records": records(),
    "events": events(),
}
golden_file.write("summaries", document, 2)

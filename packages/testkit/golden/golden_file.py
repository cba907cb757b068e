"""Writes golden files: compact JSON, one entry a line, floats with as many digits as their dtype needs."""

import json
from pathlib import Path

import numpy as np


def plain(value):
    """The value as JSON's own types; a float32 becomes the shortest decimal that reads back as the same float32."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.floating):
        return float(str(value))
    if isinstance(value, np.integer):
        return int(value)
    return value


def lines(value, depth, indent=""):
    """JSON text in which the outermost `depth` levels of objects, and of lists of objects, have an entry a line."""
    if isinstance(value, dict) and value and depth > 0:
        start, end = "{", "}"
        keys = [json.dumps(key) + ": " for key in value]
        items = value.values()
    elif isinstance(value, list) and value and isinstance(value[0], dict) and depth > 0:
        start, end = "[", "]"
        keys = [""] * len(value)
        items = value
    else:
        return json.dumps(value, separators=(",", ":"))
    inner = indent + "  "
    entries = [inner + key + lines(item, depth - 1, inner) for key, item in zip(keys, items)]
    return start + "\n" + ",\n".join(entries) + "\n" + indent + end


def write(name, document, depth):
    """Writes the document as `name`.json beside this script."""
    path = Path(__file__).parent / f"{name}.json"
    path.write_text(lines(plain(document), depth) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")

"""Child process of images.bench.ts: does the tasks it reads, a line of JSON each, with nibabel, numpy and scipy, and
answers with the time each took. A task with `output` has its result written there as raw 32-bit floats, x fastest.

    python images-peer.py
"""

import json
import sys
import time

import nibabel
import numpy as np
from scipy import ndimage

held = {}


def normalize(file):
    """Load, reorient to RAS and z-score the voxels that are not 0, in 32-bit floats."""
    image = nibabel.as_closest_canonical(nibabel.load(file))
    data = image.get_fdata(dtype=np.float32)
    inside = data != 0
    values = data[inside]
    result = np.zeros_like(data)
    result[inside] = (values - values.mean()) / values.std()
    return result


def image_of(task):
    """The image of a task as z × y × x; the last one is kept, since reading it is not measured."""
    if held.get("input") != task["input"]:
        data = np.fromfile(task["input"], np.float32).reshape(task["shape"][::-1])
        held.update(input=task["input"], data=data)
    return held["data"]


def resample(data, task):
    """The image on another grid; on one whose axes are parallel, by scipy's faster way for those."""
    # Indices run from x to z in the task and from z to x here.
    matrix = np.array(task["matrix"]).reshape(4, 4)
    offset = matrix[2::-1, 3]
    turn = matrix[2::-1, 2::-1]
    parallel = np.count_nonzero(turn - np.diag(np.diag(turn))) == 0
    if task["sigma"] > 0:
        data = ndimage.gaussian_filter(data, task["sigma"])
    return ndimage.affine_transform(
        data,
        np.diag(turn) if parallel else turn,
        offset,
        output_shape=tuple(task["target"]["shape"][::-1]),
        output=np.float32,
        order=3 if task["interpolation"] == "cubic" else 1,
        # Both programs mirror at the outermost voxels; beyond the image all is 0 there and so it is here.
        mode="mirror" if parallel else "constant",
    )


def work(task):
    image = image_of(task) if task["task"] == "resample" else None
    processor = time.process_time()
    started = time.perf_counter()
    if image is None:
        for file in task["files"]:
            result = normalize(file)
    else:
        result = resample(image, task)
    seconds = time.perf_counter() - started
    processor = time.process_time() - processor
    if "output" in task:
        (result.ravel(order="F") if image is None else result).tofile(task["output"])
    return {"seconds": seconds, "processor": processor}


for line in sys.stdin:
    print(json.dumps(work(json.loads(line))), flush=True)

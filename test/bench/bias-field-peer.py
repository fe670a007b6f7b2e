"""SimpleITK's N4 for `bias-field.bench.ts`.

    bias-field-peer.py prepare OUT HEAD LABELS     a head and its filled brain mask as raw arrays
    bias-field-peer.py correct FOLDER REPEATS      N4 on the raw arrays in FOLDER; writes the log field
"""

import json
import sys
import time
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK as sitk
from scipy import ndimage


def prepare(out, head, labels):
    """Writes data.f32 and mask.u8 (x fastest) and case.json (shape, spacing)."""
    image = nibabel.load(head)
    brain = ndimage.binary_fill_holes(np.asarray(nibabel.load(labels).dataobj) > 0)
    data = image.get_fdata(dtype=np.float32)
    # ITK would take the logarithm of a voxel that is zero to be zero; ours leaves such voxels out.
    brain &= data > 0
    out.mkdir(parents=True)
    data.ravel(order="F").tofile(out / "data.f32")
    brain.astype(np.uint8).ravel(order="F").tofile(out / "mask.u8")
    spacing = [float(v) for v in image.header.get_zooms()[:3]]
    case = {"shape": [int(v) for v in image.shape[:3]], "spacing": spacing, "shrink": [2, 2, 2]}
    (out / "case.json").write_text(json.dumps(case))


def correct(folder, repeats):
    """Writes log-field.f32; prints the seconds of each repeat and, without a mask, uses Otsu's."""
    case = json.loads((folder / "case.json").read_text())
    shape = case["shape"][::-1]
    image = sitk.GetImageFromArray(np.fromfile(folder / "data.f32", np.float32).reshape(shape))
    image.SetSpacing(case["spacing"])
    if case.get("otsu"):
        mask = sitk.OtsuThreshold(image, 0, 1, 200)
    else:
        mask = sitk.GetImageFromArray(np.fromfile(folder / "mask.u8", np.uint8).reshape(shape))
        mask.CopyInformation(image)
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        n4 = sitk.N4BiasFieldCorrectionImageFilter()
        n4.SetMaximumNumberOfIterations([50, 50, 50, 50])
        n4.SetConvergenceThreshold(0.001)
        n4.SetBiasFieldFullWidthAtHalfMaximum(0.15)
        n4.SetWienerFilterNoise(0.01)
        n4.SetNumberOfHistogramBins(200)
        n4.SetNumberOfControlPoints([4, 4, 4])
        n4.Execute(sitk.Shrink(image, case["shrink"]), sitk.Shrink(mask, case["shrink"]))
        log_field = n4.GetLogBiasFieldAsImage(image)
        corrected = image / sitk.Exp(log_field)
        seconds.append(time.perf_counter() - started)
    assert corrected.GetSize() == image.GetSize()
    sitk.GetArrayFromImage(log_field).astype(np.float32).tofile(folder / "log-field.f32")
    return seconds


def main():
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
    else:
        print(json.dumps(correct(Path(sys.argv[2]), int(sys.argv[3]))))


main()

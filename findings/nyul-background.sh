#!/bin/sh
# After Nyúl's method, or z-scores, the air outside a skull-stripped brain names the scanner.
#
# One would assume: normalization of a skull-stripped scan changes the brain; the zeros around it stay zero, all the more
#   when a mask is given.
# In fact: the package intensity-normalization takes its landmarks within the mask and then maps the whole picture. Zero
#   lies below the first landmark and is extrapolated on the slope of the first piece, which differs from scan to scan:
#   the air of each scan gets a value of its own. Below, two scanners whose brains differ in gain and offset: after
#   Nyúl the brains agree, and one voxel of air tells the scanners apart without an error.
# Why it matters to people who harmonize MRI: a classifier of sites that sees whole slices then reports that the site is
#   still there, whatever was done to the brain; a network trained on such slices learns the scanner from its air.
#   Multiply by the mask afterwards.
# Needs: python3 (3.11 or later) with venv, PyPI. Versions: intensity-normalization 3.0.1, numpy 2.2.6.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check intensity-normalization==3.0.1 numpy==2.2.6
cat > "$folder/show.py" <<'PYTHON'
import sys
from importlib.metadata import version
import nibabel as nib, numpy as np
from intensity_normalization.adapters.images import NibabelImageAdapter as Image
from intensity_normalization.normalizers.individual.zscore import ZScoreNormalizer
from intensity_normalization.normalizers.population.nyul import NyulNormalizer

random = np.random.default_rng(5)
shape, brain = (24, 24, 24), np.zeros((24, 24, 24), bool)
brain[6:18, 6:18, 6:18] = True
scanners = ["A"] * 6 + ["B"] * 6


def scan(scanner):
    tissue = random.choice([300, 500, 700], shape, p=[0.2, 0.45, 0.35]) + 25 * random.normal(size=shape)
    return np.where(brain, tissue if scanner == "A" else 1.6 * tissue + 200, 0)


image = lambda values: Image(nib.Nifti1Image(values.astype("float32"), np.eye(4)))
scans, mask = [image(scan(scanner)) for scanner in scanners], image(brain)
masks = [mask] * len(scans)
normalizers = {"nyul": NyulNormalizer().fit_population(scans, masks), "z-score": None}
print("intensity-normalization", version("intensity-normalization"))
apart = {}
for name, normalizer in normalizers.items():
    after = [(normalizer or ZScoreNormalizer().fit(one, mask)).transform(one, mask).get_data() for one in scans]
    air = {s: [values[0, 0, 0] for values, own in zip(after, scanners) if own == s] for s in "AB"}
    inside = {s: np.mean([np.median(values[brain]) for values, own in zip(after, scanners) if own == s]) for s in "AB"}
    apart[name] = max(air["A"]) < min(air["B"]) or max(air["B"]) < min(air["A"])
    for s in "AB":
        print(f"  {name}, scanner {s}: median of the brain {inside[s]:7.2f}, air from {min(air[s]):.2f} to {max(air[s]):.2f}")
still = all(apart.values())
print("air alone tells the scanners apart" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py"

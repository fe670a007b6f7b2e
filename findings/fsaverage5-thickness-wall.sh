#!/bin/sh
# On fsaverage5, thickness is 0 at only a third of the medial wall, and negative at some vertices.
#
# One would assume: where there is no cortex a map of thickness is 0, so that `thickness != 0` is the mask of the cortex.
# In fact: the thickness that nilearn ships for fsaverage5 is exactly 0 at 263 vertices of the left hemisphere. The wall has
#   888: at so many is a run of fMRI, which BrainSpace ships on the same surface, 0 in all of its 652 frames. At the other 625
#   thickness goes up to more than 4 mm, half of the wall is above 0.1 mm, and at 4 vertices (2 on the right) it is below 0.
# Why it matters to people who harmonize MRI: a vertex-wise ComBat or test that leaves out "zeros" takes two thirds of the wall
#   for cortex, with its variance of nearly nothing in the priors that all vertices share, and a logarithm of thickness
#   fails. A label of the cortex (or a map that was masked by one) tells what is wall; zeros do not.
# Needs: python3 (3.10 or later) with venv, PyPI (BrainSpace has 52 MB). Versions: nilearn 0.12.1, brainspace 0.1.20,
#   nibabel 5.3.2, numpy 2.2.6.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
pip="$folder/venv/bin/pip --disable-pip-version-check --quiet"
$pip install nibabel==5.3.2 numpy==2.2.6
# Their files alone are needed, not what they depend on.
$pip install --no-deps nilearn==0.12.1 brainspace==0.1.20
cat > "$folder/show.py" <<'PYTHON'
import sys, sysconfig
from pathlib import Path
import nibabel as nib, numpy as np

packages = Path(sysconfig.get_paths()["purelib"])
surfaces = packages / "nilearn" / "datasets" / "data" / "fsaverage5"
still = True
for side, short in (("left", "lh"), ("right", "rh")):
    [run] = (packages / "brainspace" / "datasets" / "preprocessing").glob(f"*.fsa5.{short}.mgz")
    frames = np.asarray(nib.load(run).dataobj).reshape(10242, -1)
    wall = (frames == 0).all(axis=1)
    thickness = nib.load(surfaces / f"thick_{side}.gii.gz").agg_data()
    zero = thickness == 0
    print(
        f"{side}: wall {wall.sum()} of {wall.size} vertices (0 in {frames.shape[1]} frames); thickness is 0 at "
        f"{zero.sum()}, {(zero & wall).sum()} of them in the wall; in the wall its median is "
        f"{np.median(thickness[wall]):.2f} mm, its largest {thickness[wall].max():.2f} mm; below 0 at {(thickness < 0).sum()}"
    )
    still = still and 3 * (zero & wall).sum() < 1.1 * wall.sum() and thickness[wall].max() > 4 and (thickness < 0).any()
print("zeros of thickness are about a third of the wall" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py"

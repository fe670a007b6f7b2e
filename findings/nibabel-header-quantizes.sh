#!/bin/sh
# A skull-stripped, normalized scan that is saved with the header of its source has no zero left outside the brain.
#
# One would assume: Nifti1Image(array, affine, header) stores the array; the header brings voxel sizes and units.
# In fact: the header brings its type of voxel too. With the header of an int16 scan, floats are stored as 65,536 steps
#   between their extremes (nibabel chooses slope and intercept), without a word. Zero is seldom one of the steps: below,
#   7,000 zeros of the background come back as -0.000006, and `data != 0`, from which many programs take the brain, finds
#   8,000 voxels where 1,000 were.
# Why it matters to people who harmonize MRI: scanners write int16, normalization gives floats, and copying the header is
#   the usual way to keep the geometry. Masks made of what is not zero, means over the brain, and every method that
#   "ignores zeros" (Nyúl, ComBat of voxels, a network's loss) then work on air.
# Needs: python3 with venv, PyPI. Versions: nibabel 5.3.2, numpy 2.2.6.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nibabel==5.3.2 numpy==2.2.6
cd "$folder"
cat > show.py <<'PYTHON'
import sys
import nibabel as nib, numpy as np

random = np.random.default_rng(1)
brain = np.zeros((20, 20, 20), bool)
brain[5:15, 5:15, 5:15] = True
scan = np.where(brain, random.gamma(9, 60, brain.shape), 0).astype("int16")
nib.save(nib.Nifti1Image(scan, np.eye(4)), "scan.nii.gz")

source = nib.load("scan.nii.gz")
values = source.get_fdata()
z = np.where(brain, (values - values[brain].mean()) / values[brain].std(), 0)
counts = {}
print("nibabel", nib.__version__)
for name, header in (("header of the source", source.header), ("no header", None)):
    nib.save(nib.Nifti1Image(z, source.affine, header), "z.nii.gz")
    stored = nib.load("z.nii.gz")
    back = stored.get_fdata()
    counts[name] = int((back != 0).sum())
    print(
        f"  {name}: stored as {stored.get_data_dtype()}, background {np.unique(back[~brain])}, "
        f"voxels that are not zero {counts[name]} (brain: {brain.sum()}), largest error {np.abs(back - z).max():.1e}"
    )
still = counts["header of the source"] == brain.size and counts["no header"] == brain.sum()
print("zero is lost with the header of the source" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
venv/bin/python show.py

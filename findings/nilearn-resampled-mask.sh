#!/bin/sh
# A brain mask that nilearn resamples is several times larger than the brain.
#
# One would assume: resample_img of an image of 0 and 1 whose type is an integer gives 0 and 1, or at worst a soft rim.
# In fact: the default interpolation is a cubic spline for images of every type. It rings: far from the edge, values of
#   1e-5 down to 1e-30 stay (what would be negative is clipped to 0). `mask > 0` and astype(bool) take them for brain:
#   below, a cube of 2,744 mm3 becomes five times as large. interpolation="nearest" keeps the mask a mask.
# Why it matters to people who harmonize MRI: masks are brought to the grid of the scan this way before intensities are
#   normalized "within the brain". Statistics over a mask of that size are those of air and skull.
# Needs: python3 (3.10 or later) with venv, PyPI. Versions: nilearn 0.12.1, nibabel 5.3.2, numpy 2.2.6.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nilearn==0.12.1 nibabel==5.3.2 numpy==2.2.6
cat > "$folder/show.py" <<'PYTHON'
import sys, warnings
warnings.filterwarnings("ignore")
import nibabel as nib, nilearn, numpy as np
from nilearn.image import resample_img

cube = np.zeros((30, 30, 30), "int16")
cube[8:22, 8:22, 8:22] = 1
volumes = {}
print("nilearn", nilearn.__version__, "- true volume", cube.sum(), "mm3")
for name, options in (("by default", {}), ("nearest", {"interpolation": "nearest"})):
    mask = resample_img(nib.Nifti1Image(cube, np.eye(4)), target_affine=np.diag([1.5, 1.5, 1.5, 1]), **options)
    values = mask.get_fdata()
    volumes[name] = (values > 0).sum() * 1.5**3
    print(
        f"  {name}: header says {mask.get_data_dtype()}, {np.unique(values).size} different values, "
        f"volume of what is above 0: {volumes[name]:.0f} mm3, above 0.5: {(values > 0.5).sum() * 1.5**3:.0f} mm3"
    )
still = volumes["by default"] > 3 * cube.sum() and abs(volumes["nearest"] / cube.sum() - 1) < 0.3
print("the default makes a mask that is several times too large" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py"

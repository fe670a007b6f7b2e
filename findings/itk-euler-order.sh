#!/bin/sh
# The three angles of a rigid registration by ITK or elastix are not applied in the order x, y, z.
#
# One would assume: EulerTransform's angles (x, y, z) compose as Rz Ry Rx, as in aviation and SciPy's "xyz".
# In fact: Euler3DTransform, and elastix' EulerTransform which is built on it, computes Rz Rx Ry unless told to
#   "ComputeZYX". The parameters also move points of the fixed image to the moving one, in millimeters of LPS (x to the
#   left, y to the back), where NIfTI and nibabel say RAS. Below: a transform read as Rz Ry Rx misses by 3.5 degrees with
#   angles of 10, 20 and 15 degrees, and one read in RAS moves the head to the wrong side.
# Why it matters to people who harmonize MRI: transforms are kept as text (TransformParameters) and applied again by
#   other programs to masks and maps. Small angles hide the difference; heads that lie otherwise at one site do not.
# Needs: python3 with venv, PyPI. Versions: SimpleITK 2.5.2, scipy 1.15.3, numpy 2.2.6.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check SimpleITK==2.5.2 scipy==1.15.3 numpy==2.2.6
cat > "$folder/show.py" <<'PYTHON'
import sys
import numpy as np, SimpleITK as sitk
from scipy.spatial.transform import Rotation

angles = np.deg2rad([10, 20, 15])
transform = sitk.Euler3DTransform((0, 0, 0), *angles)
matrix = np.array(transform.GetMatrix()).reshape(3, 3)
x, y, z = (Rotation.from_euler(axis, angle).as_matrix() for axis, angle in zip("xyz", angles))
off = lambda other: np.rad2deg(Rotation.from_matrix(matrix @ other.T).magnitude())
print("SimpleITK", sitk.Version_VersionString(), "ComputeZYX by default:", transform.GetComputeZYX())
print(f"  read as Rz Ry Rx it is off by {off(z @ y @ x):.2f} degrees, as Rz Rx Ry by {off(z @ x @ y):.2f}")

# A scan whose affine (RAS) says that voxel (0, 0, 0) lies at x = +40 mm, to the right, as ITK sees it.
image = sitk.Image(4, 4, 4, sitk.sitkFloat32)
image.SetMetaData("qform_code", "1")
image.SetOrigin((-40.0, 0.0, 0.0))
sitk.WriteImage(image, sys.argv[1])
import struct
with open(sys.argv[1], "rb") as file:
    header = file.read(348)
ras = struct.unpack("<f", header[268:272])[0]
print(f"  what ITK calls x = {image.GetOrigin()[0]:.0f} mm NIfTI calls x = {ras:.0f} mm")
still = not transform.GetComputeZYX() and off(z @ x @ y) < 1e-6 and off(z @ y @ x) > 1 and ras == 40
print("z, x, y it is, in LPS" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py" "$folder/scan.nii"

"""Writes nibabel-geometry.json: a small surface as nibabel writes it in each form, and what nibabel reads from it.

Made with Python 3.11, nibabel 5.3.2, numpy 2.2.6:  python nibabel-geometry.py > nibabel-geometry.json
"""
import base64, gzip, json, os, sys, tempfile
import numpy as np
import nibabel as nib
from nibabel import gifti
from nibabel.freesurfer.io import read_geometry, write_geometry

t = (1 + 5**0.5) / 2
points = np.array([[-1, t, 0], [1, t, 0], [-1, -t, 0], [1, -t, 0], [0, -1, t], [0, 1, t], [0, -1, -t], [0, 1, -t], [t, 0, -1], [t, 0, 1], [-t, 0, -1], [-t, 0, 1]])
points = points * [30, 70, 45] + [-31, -17.25, 12]
triangles = np.array([[0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8], [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9], [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1]])
surfaces = []


def add(name, path, read, hemisphere=None):
    own_points, own_triangles = read(path)
    with open(path, 'rb') as file:
        packed = base64.b64encode(gzip.compress(file.read(), mtime=0)).decode()
    surfaces.append({
        'name': name,
        'file': packed,
        'points': [float(np.float32(x)) for x in np.asarray(own_points).ravel()],
        'triangles': np.asarray(own_triangles).ravel().tolist(),
        'hemisphere': hemisphere,
    })


def read_gifti(path):
    image = nib.load(path)
    return [image.agg_data(intent) for intent in ('pointset', 'triangle')]


with tempfile.TemporaryDirectory() as folder:
    place = lambda name: os.path.join(folder, name)
    write_geometry(place('lh.white'), points, triangles, create_stamp='created by a test on a day')
    add('lh.white', place('lh.white'), read_geometry, 'left')
    volume = {'head': np.array([2, 0, 20], 'i4'), 'valid': '1  # volume info valid', 'filename': 'orig.mgz', 'volume': [256, 256, 256],
              'voxelsize': [1, 1, 1], 'xras': [-1, 0, 0], 'yras': [0, 0, -1], 'zras': [0, 1, 0], 'cras': [5.4, 18, -3]}
    write_geometry(place('rh.inflated'), points, triangles, create_stamp='created by a test on a day', volume_info=volume)
    add('rh.inflated', place('rh.inflated'), read_geometry, 'right')
    for encoding in ('ASCII', 'B64BIN', 'B64GZ'):
        for order, endian in (('RowMajorOrder', 'little'), ('ColumnMajorOrder', 'big')):
            # Text that nibabel calls column-major is not (see findings/gifti-column-major.sh).
            if encoding == 'ASCII' and endian == 'big':
                continue
            side = 'Left' if endian == 'little' else 'Right'
            meta = gifti.GiftiMetaData({'AnatomicalStructurePrimary': f'Cortex{side}', 'GeometricType': 'Anatomical'})
            kind = dict(encoding=f'GIFTI_ENCODING_{encoding}', ordering=order, endian=endian)
            arrays = [gifti.GiftiDataArray(points.astype('f4'), intent='NIFTI_INTENT_POINTSET', meta=meta, **kind),
                      gifti.GiftiDataArray(triangles.astype('i4'), intent='NIFTI_INTENT_TRIANGLE', **kind)]
            name = f'{encoding.lower()}-{endian}.surf.gii'
            nib.save(gifti.GiftiImage(darrays=arrays), place(name))
            add(name, place(name), read_gifti, side.lower())

json.dump(surfaces, sys.stdout, indent=1, allow_nan=False)

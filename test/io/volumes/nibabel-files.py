"""Writes nibabel-files.json: small images and surface maps as nibabel writes them, and what nibabel reads from them.

Made with Python 3.11, nibabel 5.4.2, numpy 2.4.6:  python nibabel-files.py > nibabel-files.json
"""
import base64, gzip, io, json, sys, tempfile, os
import numpy as np
import nibabel as nib
from nibabel import gifti
from nibabel.eulerangles import euler2mat
from nibabel.freesurfer.io import write_morph_data

shape = (2, 3, 2)
oblique = np.eye(4)
oblique[:3, :3] = euler2mat(0.3, -0.2, 0.5) @ np.diag([1.5, 2.0, -2.5])
oblique[:3, 3] = [-11, 7, 3.5]
other = np.array([[-2.0, 0.1, 0, 40], [0.2, 2, 0, -50], [0, 0, 3, -60], [0, 0, 0, 1]])
files = []


def pack(data):
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def add(name, image, blobs=None):
    if blobs is None:
        blobs = {name: image.to_bytes()}
    first = next(iter(blobs))
    with tempfile.TemporaryDirectory() as folder:
        for part, data in blobs.items():
            with open(os.path.join(folder, part), 'wb') as f:
                f.write(data)
        read = nib.load(os.path.join(folder, first))
        values = np.asanyarray(read.dataobj, dtype=np.float64)
    frames = values.shape[3] if values.ndim > 3 else 1
    if frames == 1:
        values = values.reshape(values.shape[:3] + (1,))
    files.append({
        'name': first,
        'files': {part: pack(data) for part, data in blobs.items()},
        'shape': list(values.shape[:3]),
        'affine': np.asarray(read.affine, dtype=np.float64).ravel().tolist(),
        'frames': [[float(np.float32(v)) for v in values[..., t].ravel(order='F')] for t in range(frames)],
    })


def codes(dtype):
    if np.dtype(dtype).kind == 'f':
        return (np.arange(12) * 0.75 - 2).astype(dtype).reshape(shape, order='F')
    info = np.iinfo(dtype)
    values = [info.min, info.max] + [int(info.max // (k + 2)) for k in range(10)]
    return np.array(values, dtype=dtype).reshape(shape, order='F')


for endian in '<>':
    for dtype in ('u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'f4', 'f8'):
        header = nib.Nifti1Header(endianness=endian)
        header.set_data_dtype(np.dtype(dtype).newbyteorder(endian))
        image = nib.Nifti1Image(codes(dtype), oblique, header)
        add(f'{"little" if endian == "<" else "big"}-{dtype}.nii', image)


def scaled(name, dtype, slope, inter, endian='<', frames=1, klass=nib.Nifti1Image):
    header = klass.header_class(endianness=endian)
    header.set_data_dtype(np.dtype(dtype).newbyteorder(endian))
    header.set_slope_inter(slope, inter)
    raw = np.arange(12 * frames).reshape(shape + ((frames,) if frames > 1 else ()), order='F')
    # Values chosen so that nibabel stores the codes 0, 1, 2 …
    image = klass(raw * slope + inter, oblique, header)
    image.header.set_slope_inter(slope, inter)
    add(name, image)


scaled('scaled-i2.nii', 'i2', 2.5, -3.0)
scaled('scaled-u1-big.nii', 'u1', 0.1, 100.0, '>')
scaled('series-i2.nii', 'i2', 0.5, 1.0, frames=3)
scaled('second-i2.nii', 'i2', 0.5, 1.0, klass=nib.Nifti2Image)
scaled('second-f4-big.nii', 'f4', 1.0, 0.0, '>', klass=nib.Nifti2Image)


def forms(name, sform=None, qform=None):
    image = nib.Nifti1Image(codes('f4'), None)
    image.header.set_zooms((1.5, 2.0, 2.5))
    if sform is not None:
        image.header.set_sform(sform, 4)
    if qform is not None:
        image.header.set_qform(qform, 1)
    # The affine must be found anew from the header.
    blob = io.BytesIO()
    image.header['vox_offset'] = 352
    image.header.write_to(blob)
    add(name, image, {name: blob.getvalue() + b'\0' * 4 + codes('f4').ravel(order='F').tobytes()})


forms('sform-and-qform.nii', sform=other, qform=oblique)
forms('qform-only.nii', qform=oblique)
half_turn = np.diag([-1.5, -2.0, 2.5, 1.0])
forms('qform-half-turn.nii', qform=half_turn)
forms('no-form.nii')

pair = nib.Nifti1Pair(codes('i2'), oblique)
maps = pair.make_file_map({'header': io.BytesIO(), 'image': io.BytesIO()})
pair.to_file_map(maps)
add('pair.hdr', pair, {'pair.hdr': maps['header'].fileobj.getvalue(), 'pair.img': maps['image'].fileobj.getvalue()})

for dtype in ('u1', 'i2', 'i4', 'f4'):
    add(f'free-surfer-{dtype}.mgh', nib.MGHImage(codes(dtype), oblique))
series = np.arange(24, dtype='f4').reshape(shape + (2,), order='F')
add('free-surfer-series.mgh', nib.MGHImage(series, oblique))
# Without geometry FreeSurfer takes L, I, A as directions (its conformed space); nibabel 5.4.2 takes the transpose, L, S, P.
blob = nib.MGHImage(codes('f4'), oblique).to_bytes()
add('free-surfer-no-ras.mgh', None, {'free-surfer-no-ras.mgh': blob[:28] + b'\0\0' + blob[30:]})
files[-1]['affine'] = [-1, 0, 0, 1, 0, 0, 1, -1, 0, -1, 0, 1.5, 0, 0, 0, 1]

thickness = np.array([2.5, 1.5e-05, -3.25, 0.0, 4.125], dtype='f4')
surfaces = []


def add_surface(name, data):
    surfaces.append({'name': name, 'file': pack(data), 'values': thickness.tolist()})


for encoding in ('ASCII', 'B64BIN', 'B64GZ'):
    array = gifti.GiftiDataArray(thickness, intent='NIFTI_INTENT_SHAPE', encoding=encoding, datatype='NIFTI_TYPE_FLOAT32')
    meta = gifti.GiftiMetaData({'Comment': 'holds <DataArray> in its text'})
    add_surface(f'{encoding.lower()}.shape.gii', gifti.GiftiImage(darrays=[array], meta=meta).to_bytes())
big = gifti.GiftiDataArray(thickness, intent='NIFTI_INTENT_SHAPE', encoding='B64BIN', datatype='NIFTI_TYPE_FLOAT32', endian='big')
add_surface('big.shape.gii', gifti.GiftiImage(darrays=[big]).to_bytes())
points = gifti.GiftiDataArray(np.zeros((5, 3), 'f4'), intent='NIFTI_INTENT_POINTSET', datatype='NIFTI_TYPE_FLOAT32')
flat = gifti.GiftiDataArray(thickness, intent='NIFTI_INTENT_NONE', datatype='NIFTI_TYPE_FLOAT32')
add_surface('geometry-first.gii', gifti.GiftiImage(darrays=[points, flat]).to_bytes())
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'lh.thickness')
    write_morph_data(path, thickness)
    add_surface('lh.thickness', open(path, 'rb').read())
add_surface('lh.thickness.mgh', nib.MGHImage(thickness.reshape(5, 1, 1), np.eye(4)).to_bytes())

json.dump({'images': files, 'surfaces': surfaces}, sys.stdout, indent=1, allow_nan=False)

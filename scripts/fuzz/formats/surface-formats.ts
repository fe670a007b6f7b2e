import { gzipSync } from 'node:zlib';
import type { Surface } from '../../../sdk/data/images/surface';
import type { MapValues } from '../../../sdk/io/maps/map-format';
import { readMapFile } from '../../../sdk/io/maps/map-file';
import { readSurface } from '../../../sdk/io/volumes/surfaces/read-surface';
import { readSurfaceMap } from '../../../sdk/io/volumes/surfaces/read-surface-map';
import { madeSurface, triangleBytes } from '../../../test/support/made-surface';
import { curvBytes, giftiArray, giftiFile, npyBytes } from '../../../test/support/surface-bytes';
import type { FuzzedFormat } from '../fuzzed-format';
import { mghBytes } from './image-formats';
import { oneFile } from './one-file';

const values = Array.from({ length: 40 }, (_, i) => Math.sin(i) + 2);
const nodes = giftiArray({ intent: 'NODE_INDEX', type: 'INT32', values: values.map((_, i) => 3 * i) });

function notAMap(map: MapValues): string | undefined {
  if (map.length === 0) return 'no vertices';
  if (map.length > 2 ** 24) return `${map.length} vertices`;
  return map.some((value) => Math.abs(value) === Infinity) ? 'infinite values' : undefined;
}

/** A ball of eight triangles. */
const ball = madeSurface();

function notASurface({ points, triangles, vertices }: Surface): string | undefined {
  if (vertices === 0 || triangles.length === 0) return 'nothing';
  if (points.length !== 3 * vertices || triangles.length % 3 !== 0) return 'sizes that do not fit';
  if (points.some((along) => !Number.isFinite(along))) return 'a vertex that is nowhere';
  return triangles.some((corner) => corner < 0 || corner >= vertices)
    ? 'a corner that is not there'
    : undefined;
}

/** The coordinates and triangles of the ball as GIFTI. */
function giftiBall(encoding: 'ASCII' | 'Base64Binary' | 'GZipBase64Binary'): string {
  const sizes = (list: ArrayLike<number>): Readonly<Record<string, string>> => ({
    Dimensionality: '2',
    Dim0: String(list.length / 3),
    Dim1: '3',
  });
  const { points, triangles } = ball;
  return giftiFile(
    giftiArray({ intent: 'POINTSET', values: [...points], encoding, attributes: sizes(points) }),
    giftiArray({
      intent: 'TRIANGLE',
      type: 'INT32',
      values: [...triangles],
      encoding,
      attributes: sizes(triangles),
    }),
  );
}

/** Maps of one value per vertex, and surfaces. */
export const surfaceFormats: readonly FuzzedFormat[] = [
  {
    name: 'gifti',
    kind: 'text',
    seeds: () =>
      Promise.resolve([
        oneFile('plain.gii', giftiFile(giftiArray({ values }))),
        oneFile('text.gii', giftiFile(giftiArray({ values, encoding: 'ASCII' }))),
        oneFile('deflated.gii', giftiFile(giftiArray({ values, encoding: 'GZipBase64Binary' }), nodes)),
        oneFile('packed.gii.gz', gzipSync(giftiFile(giftiArray({ values }), giftiArray({ values })))),
      ]),
    read: readSurfaceMap,
    nonsense: notAMap,
    words: [
      ...[
        'Dim0',
        'Dim1',
        'Dimensionality',
        'ASCII',
        'Base64Binary',
        'GZipBase64Binary',
        'ExternalFileBinary',
        'BigEndian',
      ],
      ...[
        'NIFTI_TYPE_UINT8',
        'NIFTI_TYPE_FLOAT64',
        'NIFTI_TYPE_INT64',
        'NIFTI_INTENT_POINTSET',
        'NIFTI_INTENT_LABEL',
      ],
      ...[
        '<DataArray>',
        '</DataArray>',
        '<Data>',
        '</Data>',
        '</GIFTI>',
        '<GIFTI>',
        '<MetaData>',
        '16777217',
        '2.5',
      ],
    ],
  },
  {
    name: 'curv',
    kind: 'bytes',
    seeds: () => {
      const old = Buffer.alloc(6 + 2 * 30, 1);
      old.writeUIntBE(30, 0, 3);
      return Promise.resolve([
        oneFile('lh.thickness', curvBytes(values)),
        oneFile('lh.old', old),
        oneFile('lh.packed', gzipSync(curvBytes(values))),
        oneFile('lh.thickness.mgh', mghBytes([40, 1, 1])),
        oneFile('lh.thickness.mgz', gzipSync(mghBytes([40, 1, 1]))),
      ]);
    },
    read: readSurfaceMap,
    nonsense: notAMap,
  },
  {
    name: 'surface',
    kind: 'bytes',
    seeds: () =>
      Promise.resolve([
        oneFile('lh.pial', triangleBytes(ball)),
        oneFile('lh.inflated', triangleBytes(ball, { after: Buffer.from('commands') })),
        oneFile('lh.packed', gzipSync(triangleBytes(ball))),
      ]),
    read: readSurface,
    nonsense: notASurface,
  },
  {
    name: 'gifti-surface',
    kind: 'text',
    seeds: () =>
      Promise.resolve([
        oneFile('text.surf.gii', giftiBall('ASCII')),
        oneFile('plain.surf.gii', giftiBall('Base64Binary')),
        oneFile('packed.surf.gii.gz', gzipSync(giftiBall('GZipBase64Binary'))),
      ]),
    read: readSurface,
    nonsense: notASurface,
    words: [
      ...[
        'Dim0',
        'Dim1',
        'ColumnMajorOrder',
        'RowMajorOrder',
        'NIFTI_INTENT_TRIANGLE',
        'NIFTI_INTENT_POINTSET',
      ],
      ...['NIFTI_TYPE_INT64', '16777217', '-1', '<Data>', '</DataArray>', 'AnatomicalStructurePrimary'],
    ],
  },
  {
    name: 'npy-map',
    kind: 'bytes',
    seeds: () =>
      Promise.resolve([
        oneFile('map.npy', npyBytes(values, '<f4')),
        oneFile('double.npy', npyBytes(values, '<f8')),
        oneFile('turned.npy', npyBytes(values, '>f4', '(40, 1)')),
      ]),
    read: readMapFile,
    nonsense: notAMap,
  },
];

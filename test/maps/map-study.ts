import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants, withPersons } from '../../sdk/data/people/participants';
import { makeRandom } from '../../sdk/math/random';
import type { MapsEntry } from '../../sdk/maps/maps-options';

/** A made study: maps of two hemispheres on the disk, and the same values as a table. */
export interface MapStudy {
  readonly entries: readonly MapsEntry[];
  readonly cohort: FeatureCohort;
  readonly parts: readonly (readonly [name: string, vertices: number])[];
}

/** The bytes of an MGH file, written after FreeSurfer's description of the format, without the code under test. */
export function mghBytes(values: ArrayLike<number>, after = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(284 + 4 * values.length);
  [1, values.length, 1, 1, 1, 3].forEach((word, at) => bytes.writeInt32BE(word, 4 * at));
  for (let vertex = 0; vertex < values.length; vertex++) bytes.writeFloatBE(values[vertex], 284 + 4 * vertex);
  return Buffer.concat([bytes, after]);
}

/** The values of an MGH file of floats, of all frames, without the code under test. */
export function mghNumbers(path: string): Float32Array {
  const bytes = readFileSync(path);
  const count = bytes.readInt32BE(4) * bytes.readInt32BE(16);
  return Float32Array.from({ length: count }, (_, at) => bytes.readFloatBE(284 + 4 * at));
}

/** The bytes of an MGH file with several maps, as frames. */
export function mghStackBytes(maps: readonly ArrayLike<number>[], after = Buffer.alloc(0)): Buffer {
  const bytes = mghBytes(
    maps.flatMap((map) => Array.from(map)),
    after,
  );
  bytes.writeInt32BE(maps[0].length, 4);
  bytes.writeInt32BE(maps.length, 16);
  return bytes;
}

/** The bytes of a NumPy file of 64-bit floats, written after the description of the format, without the code under test. */
export function npyBytes(values: Float64Array, shape: readonly number[] = [values.length]): Buffer {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`, 'latin1');
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY', 'latin1'), 1, 0, header.length, 0]);
  return Buffer.concat([start, header, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}

/** The study with persons of three scans each, one at every site. */
export function withPersonsOfThree({ entries, cohort, parts }: MapStudy): MapStudy {
  const persons = entries.map((_, row) => `person-${Math.floor(row / 3)}`);
  return {
    entries: entries.map((entry, row) => ({ ...entry, person: persons[row] })),
    cohort: { ...cohort, participants: withPersons(cohort.participants, persons) },
    parts,
  };
}

/** Values of a scan at a vertex: age, sex and site, with a wall of zeros, some missing, and a vertex that does not vary. */
export function mapStudy(
  folder: string,
  {
    scans = 24,
    vertices = [70, 57],
    write = (path, values) => writeFileSync(path, mghBytes(values)),
    ending = '.mgh',
  }: {
    readonly scans?: number;
    readonly vertices?: readonly [number, number];
    readonly write?: (path: string, values: Float32Array) => void;
    readonly ending?: string;
  } = {},
): MapStudy {
  const random = makeRandom(11);
  const ids = Array.from({ length: scans }, (_, i) => `sub-${String(i + 1).padStart(2, '0')}`);
  const sites = ids.map((_, i) => ['Guys', 'HH', 'IOP'][i % 3]);
  const age = ids.map((_, i) => 20 + ((i * 37) % 50));
  const sex = ids.map((_, i) => (((i * 7) % 5) % 2 === 0 ? 'F' : 'M'));
  const parts = [
    ['lh', vertices[0]],
    ['rh', vertices[1]],
  ] as const;
  const width = vertices[0] + vertices[1];
  const shift = [0, 0.3, -0.2];
  const widen = [1, 1.4, 0.8];
  const values = new Float64Array(scans * width);
  for (let row = 0; row < scans; row++) {
    const site = row % 3;
    for (let v = 0; v < width; v++) {
      const own = Math.sin(v) * 0.1;
      const noise = random.normal() * 0.15 * widen[site];
      values[row * width + v] = Math.fround(
        2.5 + own + shift[site] * (1 + own) - 0.004 * age[row] + (sex[row] === 'M' ? 0.05 : 0) + noise,
      );
      // The wall, and a vertex that does not vary.
      if (v % 10 === 3) values[row * width + v] = v % 20 === 3 ? 0 : NaN;
      if (v === 5) values[row * width + v] = 2;
      // Alike in the scans of a person.
      if (v === 15) values[row * width + v] = Math.fround(2 + Math.sin(Math.floor(row / 3)));
      if (v === 8 && row % 9 === 4) values[row * width + v] = NaN;
    }
  }
  const entries = ids.map((id, row): MapsEntry => {
    let at = row * width;
    mkdirSync(join(folder, id), { recursive: true });
    const files = parts.map(([name, count]) => {
      const path = join(folder, id, `${name}.thickness${ending}`);
      write(path, Float32Array.from(values.subarray(at, (at += count))));
      return [name, path] as const;
    });
    return { id, site: sites[row], files: Object.fromEntries(files) };
  });
  const names = parts.flatMap(([name, count]) => Array.from({ length: count }, (_, v) => `${name}.${v}`));
  const participants = makeParticipants(ids, sites, [
    continuous('age', age, 'years'),
    categorical('sex', sex),
  ]);
  return { entries, cohort: makeFeatureCohort(participants, makeFeatureMatrix(values, ids, names)), parts };
}

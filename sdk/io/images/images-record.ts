import type { ImageSet, SliceRecord } from '../../data/images/image-set';
import { sliceAxes } from '../../data/images/image-set';
import { planeAxis } from '../../data/images/slice-positions';
import { isSingular } from '../../data/images/affine';
import type { Grid } from '../../data/images/volume';
import type { Issue } from '../../data/issue';
import type { Provenance } from '../../data/provenance';
import { ConcordError } from '../../errors';
import { shortJson } from '../../data/short-json';

/** A slice as it is written: its scan and its grid by number. */
export interface StoredSlice extends Omit<SliceRecord, 'scan' | 'grid'> {
  readonly scan: number;
  readonly grid: number;
}

/** A covariate as it is written. */
export interface StoredCovariate {
  readonly name: string;
  readonly unit?: string;
  readonly levels?: readonly string[];
  readonly values: readonly (number | string | null)[];
}

/** The record of a folder of images, as it is written. */
export interface StoredRecord {
  readonly kind: string;
  readonly schema: number;
  readonly shape: ImageSet['shape'];
  readonly masked: boolean;
  readonly participants: {
    readonly ids: readonly string[];
    readonly sites: readonly string[];
    readonly subjects: readonly string[];
    /** Where families are known. */
    readonly families?: readonly string[];
    readonly suffixes: readonly string[];
    readonly covariates: readonly StoredCovariate[];
  };
  readonly grids: readonly Grid[];
  readonly slices: readonly StoredSlice[];
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
}

/** The most voxels of a grid that slices are put back into: 4 GiB of intensities. */
const mostVoxels = 2 ** 30;

/** An object that was read from JSON and not yet looked at. */
type Unknown = Readonly<Record<string, unknown>>;

/**
 * Checks a record part by part: what is there, of which kind, and within which bounds.
 *
 * @throws ConcordError `malformed-image` naming the part.
 */
export function requireRecord(json: object): asserts json is StoredRecord {
  const { shape, masked, participants, grids, slices } = json as Unknown;
  const sizes = list(shape, 'its shape');
  if (sizes.length !== 4 || !sizes.every((size) => isWhole(size) && size > 0)) {
    throw malformedImagesRecord(`its shape is ${shortJson(sizes)}, not four positive whole numbers`);
  }
  if (typeof masked !== 'boolean')
    throw malformedImagesRecord(`its masked is ${shortJson(masked)}, not true or false`);
  const count = requireParticipants(object(participants, 'its participants'));
  const known = list(grids, 'its grids').map((grid, i) => gridShape(object(grid, `grid ${i}`), `grid ${i}`));
  const all = list(slices, 'its slices');
  if (all.length !== sizes[0])
    throw malformedImagesRecord(`${all.length} slices for a shape of ${sizes.join(' × ')}`);
  all.forEach((slice, i) => requireSlice(object(slice, `slice ${i}`), `slice ${i}`, { count, grids: known }));
}

function requireParticipants(people: Unknown): number {
  const count = texts(people['ids'], 'the ids of its participants').length;
  const columns = ['sites', 'subjects', 'suffixes'];
  for (const column of people['families'] === undefined ? columns : [...columns, 'families']) {
    const { length } = texts(people[column], `the ${column} of its participants`);
    if (length !== count)
      throw malformedImagesRecord(`its participants have ${count} ids and ${length} ${column}`);
  }
  list(people['covariates'], 'the covariates of its participants').forEach((json, i) => {
    const { name, unit, levels, values } = object(json, `covariate ${i}`);
    if (typeof name !== 'string') throw malformedImagesRecord(`covariate ${i} has no name`);
    if (unit !== undefined && typeof unit !== 'string')
      throw malformedImagesRecord(`the unit of ${name} is ${shortJson(unit)}`);
    if (levels !== undefined) texts(levels, `the levels of ${name}`);
    const kind = levels === undefined ? 'number' : 'string';
    const bad = list(values, `the values of ${name}`).find(
      (value) => value !== null && typeof value !== kind,
    );
    if (bad !== undefined)
      throw malformedImagesRecord(`a value of ${name} is ${shortJson(bad)}, not a ${kind} or null`);
  });
  return count;
}

function gridShape({ shape, affine }: Unknown, what: string): readonly number[] {
  const sizes = list(shape, `the shape of ${what}`);
  if (sizes.length !== 3 || !sizes.every((size) => isWhole(size) && size > 0)) {
    throw malformedImagesRecord(
      `the shape of ${what} is ${shortJson(sizes)}, not three positive whole numbers`,
    );
  }
  const [x, y, z] = sizes as readonly number[];
  if (x * y * z > mostVoxels) {
    throw malformedImagesRecord(
      `the shape of ${what} is ${shortJson(sizes)}, more voxels than fit into memory`,
    );
  }
  const cells = list(affine, `the affine of ${what}`);
  if (cells.length !== 16 || !cells.every(Number.isFinite) || isSingular(cells as readonly number[])) {
    throw malformedImagesRecord(`the affine of ${what} is not 16 finite numbers whose three axes span space`);
  }
  return [x, y, z];
}

function requireSlice(
  { scan, plane, index, position, offset, grid }: Unknown,
  what: string,
  there: { readonly count: number; readonly grids: readonly (readonly number[])[] },
): void {
  const required = { scan, plane, index, position, offset, grid };
  for (const [name, value] of Object.entries(required)) {
    if (value === undefined || value === null) throw malformedImagesRecord(`${what} lacks its ${name}`);
  }
  const has = isWhole(scan) && scan < there.count && isWhole(grid) && grid < there.grids.length;
  if (!has) {
    throw malformedImagesRecord(
      `${what} names scan ${shortJson(scan)} and grid ${shortJson(grid)}, which are not there`,
    );
  }
  const cut = Object.keys(sliceAxes).find((known): known is SliceRecord['plane'] => known === plane);
  if (cut === undefined) throw malformedImagesRecord(`${what} has the plane ${shortJson(plane)}`);
  const slices = there.grids[grid][planeAxis(cut)];
  if (!isWhole(index) || index >= slices) {
    throw malformedImagesRecord(
      `${what} has the index ${shortJson(index)}, and its grid has ${slices} ${cut} slices`,
    );
  }
  if (!Number.isFinite(position))
    throw malformedImagesRecord(`${what} has the position ${shortJson(position)}, not a number of mm`);
  const corner = list(offset, `the offset of ${what}`);
  if (corner.length !== 2 || !corner.every(Number.isSafeInteger)) {
    throw malformedImagesRecord(`the offset of ${what} is ${shortJson(corner)}, not two whole numbers`);
  }
}

function object(value: unknown, what: string): Unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Unknown;
  throw malformedImagesRecord(`${what} is ${shortJson(value)}, not an object`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw malformedImagesRecord(`${what} is ${shortJson(value)}, not a list`);
}

function texts(value: unknown, what: string): readonly unknown[] {
  const all = list(value, what);
  const bad = all.findIndex((text) => typeof text !== 'string');
  if (bad !== -1) throw malformedImagesRecord(`entry ${bad} of ${what} is ${shortJson(all[bad])}, not text`);
  return all;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** The error for a record that is damaged or not one. */
export function malformedImagesRecord(what: string): ConcordError {
  return new ConcordError('malformed-image', `malformed record of images: ${what}`);
}

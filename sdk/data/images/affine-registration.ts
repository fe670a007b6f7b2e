import { ConcordError } from '../../errors';
import type { Affine, Triple } from './affine';
import { isSingular } from './affine';
import type { JsonObject, JsonValue } from '../json';
import type { Provenance } from '../provenance';
import { isProvenance } from '../provenance';
import type { Grid } from './volume';
import { requireCall } from '../calls/require-call';

/** How one volume is aligned with another: what registration found. Plain and JSON-like. */
export interface AffineRegistration {
  readonly kind: 'affine-registration';
  /** Six degrees of freedom, or twelve. */
  readonly transform: 'rigid' | 'affine';
  /** A place in the moving volume → the same place in the fixed one, both in RAS mm. */
  readonly matrix: Affine;
  /** The grid of the volume that was moved. */
  readonly movingGrid: Grid;
  /** The grid of the volume that it was moved to, on which it is sampled. */
  readonly fixedGrid: Grid;
  /** What spaces the two are in, where it was recorded. */
  readonly spaces?: RegistrationSpaces;
  readonly metric: RegistrationMetric;
  /** How it was made. */
  readonly provenance: Provenance;
}

/** Spaces by NIfTI's codes: 0 unknown, 1 scanner, 2 aligned, 3 Talairach, 4 MNI. */
export interface RegistrationSpaces {
  readonly moving: number;
  readonly fixed: number;
}

/** How well two volumes agree: 1 where one says nothing about the other, higher the better they fit. */
export interface RegistrationMetric {
  /** (H(fixed) + H(moving)) / H(fixed, moving), Studholme, Hill & Hawkes 1999, Pattern Recognition 32:71. */
  readonly name: 'normalized mutual information';
  /** With only the centers aligned. */
  readonly before: number;
  readonly after: number;
}

/** The most voxels of a grid: 4 GiB of intensities. */
const mostVoxels = 2 ** 30;

/** Turns a registration into JSON that gives back the same bits. */
export function registrationToJson(registration: AffineRegistration): JsonObject {
  requireCall('registrations.toJson', { registration });
  const grid = ({ shape, affine }: Grid): JsonObject => ({ shape: [...shape], affine: [...affine] });
  return {
    kind: registration.kind,
    schema: 1,
    transform: registration.transform,
    matrix: [...registration.matrix],
    movingGrid: grid(registration.movingGrid),
    fixedGrid: grid(registration.fixedGrid),
    ...(registration.spaces === undefined ? {} : { spaces: { ...registration.spaces } }),
    metric: { ...registration.metric },
    provenance: registration.provenance.map((step) => ({ ...step })),
  };
}

/**
 * Reads a registration back, checking every part.
 *
 * @throws ConcordError `malformed-model` naming the part that is wrong.
 */
export function registrationFromJson(json: unknown): AffineRegistration {
  requireCall('registrations.fromJson', { json });
  const record = object(json, 'it');
  if (record['kind'] !== 'affine-registration') {
    throw malformed(`its kind is ${shown(record['kind'])}, not "affine-registration"`);
  }
  if (record['schema'] !== 1) {
    throw malformed(
      `its schema is ${shown(record['schema'])} and this version of concord-mri reads 1 (update concord-mri)`,
    );
  }
  const { transform } = record;
  if (transform !== 'rigid' && transform !== 'affine') {
    throw malformed(`its transform is ${shown(transform)}, not "rigid" or "affine"`);
  }
  const metric = object(record['metric'], 'its metric');
  const { before, after } = metric;
  if (metric['name'] !== 'normalized mutual information' || !isFinite(before) || !isFinite(after)) {
    throw malformed('its metric is not a normalized mutual information before and after');
  }
  const { provenance } = record;
  if (!isProvenance(provenance)) throw malformed('its provenance is not a list of steps');
  return {
    kind: 'affine-registration',
    transform,
    matrix: affine(record['matrix'], 'its matrix'),
    movingGrid: grid(record['movingGrid'], 'its movingGrid'),
    fixedGrid: grid(record['fixedGrid'], 'its fixedGrid'),
    ...(record['spaces'] === undefined ? {} : { spaces: spaces(record['spaces']) }),
    metric: { name: 'normalized mutual information', before, after },
    provenance,
  };
}

function grid(json: JsonValue | undefined, what: string): Grid {
  const { shape, affine: matrix } = object(json, what);
  const sizes = numbers(shape, 3, `the shape of ${what}`);
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) {
    throw malformed(`the shape of ${what} is not three positive whole numbers`);
  }
  if (sizes[0] * sizes[1] * sizes[2] > mostVoxels) {
    throw malformed(`the shape of ${what} is ${sizes.join(' × ')}, more voxels than fit into memory`);
  }
  return { shape: sizes as unknown as Triple, affine: affine(matrix, `the affine of ${what}`) };
}

function spaces(json: JsonValue): RegistrationSpaces {
  const { moving, fixed } = object(json, 'its spaces');
  if (!isCode(moving) || !isCode(fixed)) {
    throw malformed('its spaces are not two whole numbers of at least 0, moving and fixed');
  }
  return { moving, fixed };
}

function isCode(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function affine(json: JsonValue | undefined, what: string): Affine {
  const values = numbers(json, 16, what);
  const last = values.slice(12);
  if (isSingular(values) || last.some((value, column) => value !== Number(column === 3))) {
    throw malformed(`${what} is not an affine: three axes that span space, and a last row of 0, 0, 0, 1`);
  }
  return values;
}

function numbers(json: JsonValue | undefined, length: number, what: string): readonly number[] {
  if (!Array.isArray(json)) throw malformed(`${what} is ${shown(json)}, not a list of ${length} numbers`);
  const list = json as readonly JsonValue[];
  if (list.length !== length) throw malformed(`${what} has ${list.length} numbers, not ${length}`);
  const bad = list.findIndex((value) => !isFinite(value));
  if (bad === -1) return list as readonly number[];
  throw malformed(
    `number ${bad + 1} of ${length} of ${what} is ${shown(list[bad])} (a finite number is required)`,
  );
}

function isFinite(value: JsonValue | undefined): value is number {
  return Number.isFinite(value);
}

/** A value as a message shows it, infinity too, which a number in JSON can overflow to. */
function shown(value: JsonValue | undefined): string {
  if (typeof value === 'object' && value !== null) return 'a list or an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value ?? 'missing');
}

function object(json: unknown, what: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw malformed(`${what} is not a JSON object`);
  }
  return json as JsonObject;
}

function malformed(what: string): ConcordError {
  return new ConcordError('malformed-model', `malformed registration: ${what}`);
}

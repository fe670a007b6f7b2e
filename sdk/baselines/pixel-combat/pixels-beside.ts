import type { CombatArrays } from '../../combat/combat-model-json';
import type { FeatureStatus } from '../../combat/combat-model';
import type { JsonObject } from '../../data/json';
import { isNames } from '../../data/json';
import { pixelName, placeNamed } from './aligned-pixels';

/** What was done with a pixel, as its number in the array `status`. */
const statuses: readonly FeatureStatus[] = ['harmonized', 'constant', 'not-estimable'];

/** The parts that a stored model of ComBat has, as JSON and as arrays beside it. */
interface Stored {
  readonly description: JsonObject;
  readonly arrays: CombatArrays;
}

/** Slices, rows and columns of the grid. */
type Sides = readonly [number, number, number];

/**
 * Moves the names of pixels and what was done with them from the JSON to the arrays beside it, where there are arrays: whole brains
 * have millions of pixels, and `s32r50c41` is no more than a place in the grid.
 */
export function pixelsToArrays({ description, arrays }: Stored, sides: Sides): Stored {
  const { features, status, ...rest } = description;
  if (arrays.size === 0 || !isNames(features) || !isNames(status)) return { description, arrays };
  const shape = [features.length];
  const places = Float64Array.from(features, (name) => placeNamed(name, sides));
  const done = Float64Array.from(status, (name) => (statuses as readonly string[]).indexOf(name));
  const more = [
    ['places', { shape, data: places }],
    ['status', { shape, data: done }],
  ] as const;
  return { description: rest, arrays: new Map([...arrays, ...more]) };
}

/** The names again, where {@link pixelsToArrays} took them out; `undefined` where the arrays hold no such numbers. */
export function pixelsFromArrays({ description, arrays }: Stored, sides: Sides): Stored | undefined {
  const places = arrays.get('places')?.data;
  const done = arrays.get('status')?.data;
  if (places === undefined && done === undefined) return { description, arrays };
  if (places === undefined || done === undefined) return undefined;
  const most = sides[0] * sides[1] * sides[2];
  if (!places.every((place) => Number.isInteger(place) && place >= 0 && place < most)) return undefined;
  if (!done.every((number) => statuses[number] !== undefined)) return undefined;
  const features = Array.from(places, (place) => pixelName(place, sides));
  const status = Array.from(done, (number) => statuses[number]);
  const others = [...arrays].filter(([name]) => name !== 'places' && name !== 'status');
  return { description: { ...description, features, status }, arrays: new Map(others) };
}

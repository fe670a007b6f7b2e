import { ConcordError } from '../../errors';
import type { MakePhantomOptions } from './phantom-options';

/** What each trait may be. */
const ranges = {
  scale: [0.5, 1.5],
  thickness: [1, 5],
  sulcalWidth: [0.1, 6],
  ventricleVolume: [3, 120],
  whiteMatterT1: [0.5, 2],
  grayMatterT1: [0.5, 2],
  shapeVariation: [0, 8],
} as const;

/**
 * Checks the options of a phantom.
 *
 * @throws ConcordError `invalid-option` naming the option, its value and what is allowed.
 */
export function checkPhantom(options: MakePhantomOptions): void {
  const { seed = 1, age = 30, sex = 'F', spacing = 1, shape, traits = {} } = options;
  if (!Number.isSafeInteger(seed)) fail('seed', seed, 'a whole number');
  if (!(age >= 5 && age <= 100)) fail('age', age, '5 to 100 years');
  if (sex !== 'F' && sex !== 'M') fail('sex', String(sex), 'F or M');
  for (const size of typeof spacing === 'number' ? [spacing] : spacing) {
    if (!(size >= 0.2 && size <= 20)) fail('spacing', size, '0.2 to 20 mm');
  }
  for (const size of shape ?? []) {
    if (!(Number.isInteger(size) && size > 0)) fail('shape', size, 'three positive integers');
  }
  for (const [name, value] of Object.entries(traits)) {
    const [low, high] = ranges[name as keyof typeof ranges] ?? [NaN, NaN];
    if (!(value >= low && value <= high)) fail(name, value, `${low} to ${high}`);
  }
}

function fail(name: string, value: string | number, allowed: string): never {
  throw new ConcordError('invalid-option', `invalid ${name}: ${value} (${allowed} is allowed)`);
}

// Digital persons at every scanner, as the guard is tried on them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { makeRandom } from '../../../sdk/math/random';
import type { Measured } from './measure';
import { kept, measureScan } from './measure';

/** One kind of digital scan. */
export interface PhantomCase {
  readonly name: string;
  readonly wanted: 'taken' | 'refused' | 'by degree';
  readonly suffix: string;
  readonly seed: number;
  readonly measure: () => Promise<Measured>;
}

const layouts = {
  'five slices': { slices: 5, first: 0, step: 11 },
  'whole heads, 13 slices': { slices: 13, first: -60, step: 11 },
  'few slices elsewhere': { slices: 4, first: -14, step: 17 },
} as const;

/** Scans that are measured once for all. */
export interface KeptCase extends Omit<PhantomCase, 'measure'> {
  readonly found: Measured;
}

/** Measures scans that are made rather than read, and keeps what was seen of them in a folder. */
export async function keptCases(
  folder: string,
  make: () => Promise<readonly PhantomCase[]>,
): Promise<readonly KeptCase[]> {
  const list = join(folder, 'list.json');
  if (!existsSync(list)) {
    mkdirSync(folder, { recursive: true });
    const cases = await make();
    for (const [at, { measure }] of cases.entries()) await kept(join(folder, `${at}.bin`), measure);
    writeFileSync(
      list,
      JSON.stringify(cases.map(({ name, wanted, suffix, seed }) => ({ name, wanted, suffix, seed }))),
    );
  }
  const cases = JSON.parse(readFileSync(list, 'utf8')) as readonly Omit<PhantomCase, 'measure'>[];
  return Promise.all(
    cases.map(async (one, at) => ({ ...one, found: await kept(join(folder, `${at}.bin`), missing) })),
  );
}

function missing(): never {
  throw new Error('not measured yet');
}

/** Digital persons of the half for the limits and of that for the test have other seeds. */
export const phantomSeeds: { readonly limits: number; readonly test: number } = { limits: 4401, test: 9017 };

/** So many digital persons at each scanner, each drawn anew. */
export async function phantomCases(seed: number, persons: number): Promise<readonly PhantomCase[]> {
  const found: PhantomCase[] = [];
  for (const preset of ['abcd-like', 'seven-site'] as const) {
    for (const [at, scanner] of concord.phantoms.scannerPreset(preset).entries()) {
      for (const [name, layout] of Object.entries(layouts)) {
        const made = await concord.simulateSlices({
          ...layout,
          size: 64,
          pixelSize: 3,
          scanners: [scanner],
          subjects: name === 'five slices' ? persons : Math.ceil(persons / 4),
          seed: seed + at,
        });
        for (const row of made.cohort.participants.ids.keys()) {
          found.push(...casesOf(concord.takeSubjects(made.cohort, [row]), name, seed + row));
        }
      }
    }
  }
  return found;
}

function casesOf(cohort: ImageCohort, name: string, seed: number): readonly PhantomCase[] {
  const [suffix] = cohort.suffixes;
  const one = { suffix: 'T1w', seed, measure: () => measureScan(cohort) };
  if (suffix !== 'T1w')
    return [{ ...one, name: `phantoms, ${suffix} that says T1w: ${name}`, wanted: 'refused' }];
  const curved = (exponent: number): PhantomCase => ({
    ...one,
    name: `phantoms, gamma ${exponent}: ${name}`,
    wanted: 'by degree',
    measure: () => measureScan(changed(cohort, (value, top) => top * (value / top) ** exponent)),
  });
  const random = makeRandom(seed);
  return [
    { ...one, name: `phantoms: ${name}`, wanted: 'taken' },
    {
      ...one,
      name: `phantoms, z-scored: ${name}`,
      wanted: 'taken',
      measure: () => measureScan(changed(cohort, (value, top) => (value - top / 2) / (top / 5))),
    },
    ...(name === 'five slices'
      ? [
          ...[0.3, 0.5, 2, 3].map(curved),
          {
            ...one,
            name: `phantoms, inverted: ${name}`,
            wanted: 'refused' as const,
            measure: () =>
              measureScan(changed(cohort, (value, top) => Math.max(0.01 * top, 1.1 * top - value))),
          },
          {
            ...one,
            name: `phantoms, noise only: ${name}`,
            wanted: 'refused' as const,
            measure: () =>
              measureScan(changed(cohort, (_, top) => top * Math.hypot(random.normal(), random.normal()))),
          },
        ]
      : []),
  ];
}

function changed(cohort: ImageCohort, change: (value: number, top: number) => number): ImageCohort {
  const { images } = cohort;
  const inside = images.data.filter((_, at) => images.mask?.[at] !== 0).sort();
  const top = inside[Math.floor(0.98 * inside.length)];
  const data = images.data.map((value, at) =>
    images.mask?.[at] === 0 ? 0 : change(Math.max(0, value), top),
  );
  return { ...cohort, images: { ...images, data } };
}

import type { Volume } from '../../../sdk/data/images/volume';
import { ConcordError } from '../../../sdk/errors';
import { fuzzyCMeans } from '../../../sdk/math/images/fuzzy-c-means';
import { maskedValues, sortedValues } from '../../../sdk/math/statistics/quantiles';
import { deepWhiteMatter } from '../../../sdk/math/images/deep-white-matter';
import { doubtEvenness, inQuarters, quarterSpread } from '../../../sdk/preprocess/doubted-evenness';
import { biasField } from '../../../sdk/preprocess/bias-field/bias-field';
import type { BrainFigures } from './brain-figures';
import { deepWhiteVoxels, median, medianAt, readBrain } from './brain-figures';

interface Found {
  readonly id: string;
  /** (greatest − least) / mean of the medians of deep white matter in four places. */
  readonly before: number;
  readonly after: number;
  /** The same of the quarters of all deep white matter, which is found by its intensity. */
  readonly wholeBefore: number;
  readonly wholeAfter: number;
  /** SD / mean of the brightest of three classes. */
  readonly spreadBefore: number;
  readonly spreadAfter: number;
  /** Greatest over least value of the field in the brain. */
  readonly field: number;
  readonly said: string;
}

/** What N4 makes of brains: how even white matter is before and after, in four places and as a class. */
export async function biasFigures(folder: string, ids: readonly string[]): Promise<BrainFigures> {
  const found: Found[] = [];
  const beyond: string[] = [];
  for (const id of ids) {
    const brain = await readBrain(folder, id);
    try {
      found.push(await figuresOf(id, brain));
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      beyond.push(`${id.slice(4)}: refused: ${error.problem}`);
    }
  }
  const percent = (value: number): string => (100 * value).toFixed(1);
  for (const one of found) {
    const worse = one.after > one.before + 0.02 || one.spreadAfter > one.spreadBefore + 0.005;
    if (!worse && one.said === '' && one.field < 3) continue;
    beyond.push(
      `${one.id.slice(4)}: places ${percent(one.before)} → ${percent(one.after)} %, class ${percent(one.spreadBefore)} → ${percent(one.spreadAfter)} %, field × ${one.field.toFixed(2)} ${one.said}`,
    );
  }
  const of = (key: Exclude<keyof Found, 'id' | 'said'>): string =>
    `${percent(median(found.map((one) => one[key])))}, ${percent(Math.max(...found.map((one) => one[key])))}`;
  const fields = found.map(({ field }) => field);
  return {
    columns: ['white matter', 'before, % (median, worst)', 'after', 'less even after'],
    rows: [
      [
        'in four places',
        of('before'),
        of('after'),
        found.filter((one) => one.after > one.before + 0.02).length,
      ],
      [
        'in its quarters',
        of('wholeBefore'),
        of('wholeAfter'),
        found.filter((one) => one.wholeAfter > one.wholeBefore).length,
      ],
      [
        'as a class',
        of('spreadBefore'),
        of('spreadAfter'),
        found.filter((one) => one.spreadAfter > one.spreadBefore + 0.005).length,
      ],
      [
        'field, greatest over least',
        '',
        `${median(fields).toFixed(2)}, ${Math.max(...fields).toFixed(2)}`,
        '',
      ],
    ],
    beyond,
  };
}

async function figuresOf(id: string, brain: Volume): Promise<Found> {
  const { corrected: bare, field } = await biasField(brain);
  const corrected = doubtEvenness(brain, bare, 'T1w');
  const quarters = inQuarters(deepWhiteMatter(brain) ?? [], brain);
  const inside = maskedValues(field.data, brain.mask ?? new Uint8Array(0));
  const sorted = sortedValues(inside);
  return {
    id,
    before: unevenness(brain),
    after: unevenness(corrected),
    wholeBefore: quarterSpread(brain.data, quarters),
    wholeAfter: quarterSpread(corrected.data, quarters),
    spreadBefore: classSpread(brain),
    spreadAfter: classSpread(corrected),
    field: sorted[sorted.length - 1] / sorted[0],
    said: corrected.issues.map(({ code }) => code).join(),
  };
}

function unevenness(volume: Volume): number {
  const places = [
    (x: number, y: number) => x < 0 && y < -12,
    (x: number, y: number) => x < 0 && y >= -12,
    (x: number, y: number) => x > 0 && y < -12,
    (x: number, y: number) => x > 0 && y >= -12,
  ].map((part) => medianAt(volume.data, deepWhiteVoxels(volume, part)));
  const mean = places.reduce((sum, value) => sum + value, 0) / places.length;
  return (Math.max(...places) - Math.min(...places)) / mean;
}

function classSpread({ data, mask = new Uint8Array(0) }: Volume): number {
  const values = sortedValues(maskedValues(data, mask));
  const [, gray, white] = fuzzyCMeans(values).centers;
  const own = values.filter((value) => value > (gray + white) / 2);
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / own.length) / mean;
}

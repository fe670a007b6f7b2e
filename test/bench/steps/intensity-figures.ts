import { ConcordError } from '../../../sdk/errors';
import type { Volume } from '../../../sdk/data/images/volume';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { takeSubjects } from '../../../sdk/data/cohort';
import { fitHistogramMatching } from '../../../sdk/intensity/histogram-matching';
import { fitNyul } from '../../../sdk/intensity/nyul';
import type { VolumeStep } from '../../../sdk/preprocess/preprocess';
import { steps } from '../../../sdk/steps';
import { fuzzyCMeans } from '../../../sdk/math/images/fuzzy-c-means';
import { maskedValues, quantile, sortedValues } from '../../../sdk/math/statistics/quantiles';
import type { BrainFigures } from './brain-figures';
import { deepWhiteVoxels, median, medianAt, readBrain } from './brain-figures';

/** What became of a brain by a method: where its deep white matter and its fluid are, and what was said. */
interface Found {
  readonly id: string;
  readonly white: number;
  readonly fluid: number;
  readonly said: string;
}

/** As far from the others, as a share of the distance of fluid and white matter, white matter is off. */
const limit = 0.1;

/**
 * Where every intensity normalization brings deep white matter, known from its place: its distance from the median brain's,
 * as a share of the distance between white matter and fluid (the 5th percentile) of the median brain.
 */
export async function intensityFigures(folder: string, ids: readonly string[]): Promise<BrainFigures> {
  const loaded = await loadBids(folder);
  const cohort = takeSubjects(loaded, ({ id }) => ids.some((one) => id.startsWith(one)));
  const nyul = await fitNyul(cohort, { region: 'non-zero' });
  const matching = await fitHistogramMatching(cohort, { region: 'non-zero' });
  const run = (step: VolumeStep) => async (volume: Volume) => step.run(volume, {}, 'T1w');
  const methods: Readonly<Record<string, (volume: Volume) => Promise<Volume>>> = {
    'as it is': (volume) => Promise.resolve(volume),
    'z-score': run(steps.zScore()),
    percentile: run(steps.percentileScale()),
    'white-stripe': run(steps.whiteStripe()),
    'kde-mode': run(steps.kdeNormalize()),
    fcm: run(steps.fcmNormalize()),
    nyul: run(steps.applyNyul(nyul)),
    'histogram-matching': run(steps.applyHistogramMatching(matching)),
  };
  const found = new Map<string, Found[]>(Object.keys(methods).map((name) => [name, []]));
  const elsewhere: string[] = [];
  for (const id of ids) {
    const volume = await readBrain(folder, id);
    const voxels = deepWhiteVoxels(volume);
    if (!isWhite(volume, medianAt(volume.data, voxels))) {
      elsewhere.push(id.slice(4));
      continue;
    }
    for (const [name, normalize] of Object.entries(methods)) {
      found.get(name)?.push(await placesOf(id, voxels, () => normalize(volume)));
    }
  }
  const { columns, rows, beyond } = summary(found);
  const skipped = `not judged, since what is white matter in others is none in them: ${elsewhere.join(', ')}`;
  return { columns, rows, beyond: [...beyond, skipped] };
}

/** Whether an intensity is in the brightest of three classes: where ventricles are large, the place of white matter is in them. */
function isWhite({ data, mask = new Uint8Array(0) }: Volume, intensity: number): boolean {
  const [, gray, white] = fuzzyCMeans(sortedValues(maskedValues(data, mask))).centers;
  return intensity > (gray + white) / 2;
}

async function placesOf(
  id: string,
  voxels: readonly number[],
  normalize: () => Promise<Volume>,
): Promise<Found> {
  try {
    const { data, mask = new Uint8Array(0), issues } = await normalize();
    const fluid = quantile(sortedValues(maskedValues(data, mask)), 0.05);
    const said = issues.map(({ code }) => code).join();
    return { id, white: medianAt(data, voxels), fluid, said };
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    return { id, white: NaN, fluid: NaN, said: `refused: ${error.problem}` };
  }
}

function summary(found: ReadonlyMap<string, readonly Found[]>): BrainFigures {
  const beyond: string[] = [];
  const rows = [...found].map(([name, brains]) => {
    const usable = brains.filter(({ white }) => Number.isFinite(white));
    const middle = median(usable.map(({ white }) => white));
    const range = median(usable.map(({ white, fluid }) => white - fluid));
    const off = usable.map(({ white }) => (white - middle) / range);
    const sizes = off.map(Math.abs);
    const far = usable.filter((_, i) => sizes[i] > limit);
    const silent = far.filter(({ said }) => said === '');
    const said = brains.filter((brain) => brain.said !== '' && !far.includes(brain));
    const named = (some: readonly Found[]): string =>
      some
        .map(
          (brain) => `${brain.id.slice(4)} ${(off[usable.indexOf(brain)] ?? NaN).toFixed(2)} ${brain.said}`,
        )
        .join(', ');
    beyond.push(`\n${name}: off: ${named(far)}\n  said of others: ${named(said)}`);
    return [
      name,
      (100 * median(sizes)).toFixed(1),
      (100 * Math.max(...sizes)).toFixed(0),
      far.length,
      silent.length,
      said.length,
      brains.length - usable.length,
    ];
  });
  const columns = [
    'method',
    'median, %',
    'worst, %',
    'off',
    'of these in silence',
    'doubted, not off',
    'refused',
  ];
  return { columns, rows, beyond };
}

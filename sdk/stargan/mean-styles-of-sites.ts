import type { Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { RunOptions } from '../data/run-options';
import { eachBatch, finiteNumbersOf, rowsTensor } from '../nn/images/image-model';
import type { ImageSamples } from '../nn/images/image-samples';
import { insideOf } from '../nn/images/inside-of';
import { oneHot } from '../nn/ops/one-hot';
import { areasOf, meanStyle } from '../nn/styles/mean-style';
import { readImages } from './network/image-trunk';
import type { StarganTensors } from './network/stargan-network';
import type { SiteMeanStyle } from './stargan-model';

/** Whose styles are read. */
interface Reading {
  /** The images, by their positions. */
  readonly positions: readonly number[];
  /** The domain of each participant's scans, and how many there are. */
  readonly domainOfRow: (row: number) => number;
  readonly count: number;
}

/**
 * Reads the mean style of each site: of each scan the mean over its slices, and of these the mean over the scans, so that none
 * counts more for having more slices.
 *
 * @throws ConcordError `malformed-model` when a style is not finite; `aborted`.
 */
export async function meanStylesOfSites(
  networks: StarganTensors,
  { cohort, source, rows, ranges, sites }: ImageSamples,
  { positions, domainOfRow, count }: Reading,
  run: RunOptions,
): Promise<readonly SiteMeanStyle[]> {
  const styles: Float32Array[] = [];
  const areas: number[] = [];
  const scanOf = (at: number): string => cohort.participants.ids[rows[positions[at]]];
  await eachBatch(
    { label: 'reading styles', count: positions.length, batchSize: 32, scanOf },
    async (batch) => {
      const at = batch.map((i) => positions[i]);
      const images = await source.read(at);
      const read = tidy(() => {
        const heads = oneHot(
          at.map((position) => domainOfRow(rows[position])),
          count,
        );
        return readImages(networks.style, rowsTensor<Tensor4D>(images, source.shape), heads);
      });
      const values = await finiteNumbersOf(read, batch, { scanOf });
      read.dispose();
      const size = values.length / at.length;
      at.forEach((_, i) => styles.push(values.subarray(i * size, (i + 1) * size)));
      areas.push(...areasOf(insideOf({ rows, ranges }, images, Int32Array.from(at)), at.length));
    },
    run,
  );
  const scans = [...new Set(positions.map((position) => rows[position]))];
  const ofScans = scans.map((row) => {
    const its = [...positions.keys()].filter((at) => rows[positions[at]] === row);
    return {
      row,
      style: meanOf(
        its.map((at) => styles[at]),
        its.map((at) => areas[at]),
      ),
    };
  });
  return sites.map((site) => {
    const its = ofScans.filter(({ row }) => cohort.participants.sites[row] === site);
    return { site, style: [...meanOf(its.map(({ style }) => style))] };
  });
}

/** The mean of some styles, each by what it counts. */
function meanOf(
  styles: readonly Float32Array[],
  counts: readonly number[] = styles.map(() => 1),
): Float32Array {
  const all = new Float32Array(styles.reduce((sum, { length }) => sum + length, 0));
  styles.forEach((style, i) => all.set(style, i * style.length));
  return meanStyle(all, counts);
}

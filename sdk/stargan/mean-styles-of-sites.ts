import type { Tensor4D } from '@tensorflow/tfjs-core';
import { tidy } from '@tensorflow/tfjs-core';
import type { RunOptions } from '../data/run-options';
import { joinArrays } from '../math/join-arrays';
import { rowsTensor, throughBatches } from '../nn/images/image-model';
import type { ImageSamples } from '../nn/images/image-samples';
import { insideOf } from '../nn/images/inside-of';
import { oneHot } from '../nn/ops/one-hot';
import { areasOf, meanStyle } from '../nn/styles/mean-style';
import { readImages } from './network/image-trunk';
import type { StarganTensors } from './network/stargan-network';
import type { SiteMeanStyle } from './stargan-model';

/** By which heads styles are read. */
interface Reading {
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
  { domainOfRow, count }: Reading,
  run: RunOptions,
): Promise<readonly SiteMeanStyle[]> {
  const areas: number[] = [];
  const scanOf = (position: number): string => cohort.participants.ids[rows[position]];
  const { values } = await throughBatches(
    { label: 'reading styles', count: rows.length, batchSize: 32, scanOf },
    async (positions) => {
      const images = await source.read(positions);
      const inside = insideOf({ rows, ranges }, images, Int32Array.from(positions));
      areas.push(...areasOf(inside, positions.length));
      const domains = positions.map((position) => domainOfRow(rows[position]));
      return tidy(() =>
        readImages(networks.style, rowsTensor<Tensor4D>(images, source.shape), oneHot(domains, count)),
      );
    },
    run,
  );
  const size = values.length / rows.length;
  const ofScans = [...new Set(rows)].map((row) => {
    const its = [...rows.keys()].filter((image) => rows[image] === row);
    const styles = its.map((image) => values.subarray(image * size, (image + 1) * size));
    const counts = its.map((image) => areas[image]);
    return { row, style: meanStyle(joinArrays(styles), counts) };
  });
  return sites.map((site) => {
    const its = ofScans.filter(({ row }) => cohort.participants.sites[row] === site);
    const styles = its.map(({ style }) => style);
    const alike = styles.map(() => 1);
    return { site, style: [...meanStyle(joinArrays(styles), alike)] };
  });
}

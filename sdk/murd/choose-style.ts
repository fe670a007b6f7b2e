import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
import { getBackend, tidy } from '@tensorflow/tfjs-core';
import type { ImageCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import { listNames } from '../data/list-names';
import type { RunOptions } from '../data/run-options';
import { makeRandom } from '../math/random';
import { absoluteErrorLoss } from '../nn/losses/absolute-error';
import { rowsTensor, throughBatches } from '../nn/images/image-model';
import { numbersOf } from '../nn/images/numbers-of';
import { evenly } from '../nn/images/positions';
import type { IntensityRange } from '../nn/images/scan-intensity';
import { meanRange } from '../nn/images/scan-intensity';
import { normalNoise } from '../nn/ops/normal-noise';
import { oneHot } from '../nn/ops/one-hot';
import { requireSeed } from '../nn/train/require-seed';
import { contentEncoder } from './network/content-encoder';
import { domainOf } from './domains';
import { generator } from './network/generator';
import type { MurdModel } from './murd-model';
import type { OpenMurd } from './open-murd';
import { murdImages } from './open-murd';
import { styleEncoder } from './network/style-encoder';
import type { ReferenceStyle, SiteStyle, StyleChoice } from './style-choice';
import { requireChoice, requireReference } from './style-choice';
import { siteStyle, styleGenerator } from './network/style-generator';

/** A style, and the intensities that go with it. */
export interface ChosenStyle {
  readonly style: Float32Array;
  readonly range: IntensityRange;
  /** What it is, for provenance. */
  readonly name: string;
  readonly issues: readonly Issue[];
}

/** Images of a reference that are looked at to find its head. */
const lookedAt = 8;

/**
 * Finds a style.
 *
 * @param suffix - the contrast of what is to be translated, empty where it is not known
 * @throws ConcordError `unknown-site`; `too-little-data` for an empty reference; `invalid-option`, `invalid-voxels`.
 */
export async function chooseStyle(
  open: OpenMurd,
  choice: StyleChoice,
  { suffix, batchSize, signal }: { suffix: string; batchSize: number } & Pick<RunOptions, 'signal'>,
): Promise<ChosenStyle> {
  requireChoice(choice);
  if ('site' in choice) return styleOfSite(open, choice, suffix);
  requireReference(choice.reference, suffix);
  const key = JSON.stringify([choice.head, suffix, batchSize, getBackend()]);
  const read = readStyles(open.model, choice.reference);
  const known = read.get(key);
  if (known !== undefined) return known;
  const made = await styleOfReference(open, choice, { suffix, batchSize, signal });
  read.set(key, made);
  return made;
}

/** Styles that were read from references. Neither models nor cohorts change, and whole scans come one by one. */
const styles = new WeakMap<MurdModel, WeakMap<ImageCohort, Map<string, ChosenStyle>>>();

function readStyles(model: MurdModel, reference: ImageCohort): Map<string, ChosenStyle> {
  const ofModel = styles.get(model) ?? new WeakMap<ImageCohort, Map<string, ChosenStyle>>();
  styles.set(model, ofModel);
  const ofReference = ofModel.get(reference) ?? new Map<string, ChosenStyle>();
  ofModel.set(reference, ofReference);
  return ofReference;
}

async function styleOfReference(
  open: OpenMurd,
  { reference, head }: ReferenceStyle,
  { suffix, batchSize, signal }: { suffix: string; batchSize: number } & Pick<RunOptions, 'signal'>,
): Promise<ChosenStyle> {
  const given = await murdImages(open.model, reference, { signal });
  const domains = await headsOf(open, { reference, given, head, suffix });
  const heads = open.model.domains.length;
  const { source } = given;
  const { values } = await throughBatches(
    { ...given, label: 'reading the style', batchSize },
    async (positions) => {
      const images = await source.read(positions);
      const rows = positions.map((position) => domains[given.rows[position]]);
      return tidy(() =>
        styleEncoder(open.weights.style, rowsTensor(images, source.shape), oneHot(rows, heads)),
      );
    },
    { signal },
  );
  const { styleSize } = open.model.architecture;
  const style = new Float32Array(styleSize);
  values.forEach((value, i) => (style[i % styleSize] += (value * styleSize) / values.length));
  const name = `reference: ${listNames(reference.participants.ids)}`;
  return { style, range: meanRange(given.ranges), name, issues: given.issues };
}

async function styleOfSite(
  { model, weights }: OpenMurd,
  { site, styleSeed }: SiteStyle,
  suffix: string,
): Promise<ChosenStyle> {
  const domain = domainOf(model, site, suffix);
  if (styleSeed !== undefined) requireSeed(styleSeed);
  const { architecture, domains } = model;
  const made = tidy(() => {
    const row = oneHot([domain], domains.length);
    if (styleSeed === undefined) return siteStyle(weights.styles, architecture, row);
    const latents = normalNoise<Rank.R2>(makeRandom(styleSeed), [1, architecture.latentSize]);
    return styleGenerator(weights.styles, latents, row);
  });
  try {
    const { range } = domains[domain];
    return { style: await numbersOf(made), range, name: site, issues: [] };
  } finally {
    made.dispose();
  }
}

/** The head of the style encoder that reads each participant of a reference. */
async function headsOf(
  open: OpenMurd,
  reading: {
    readonly reference: ImageCohort;
    readonly given: Awaited<ReturnType<typeof murdImages>>;
    readonly head: string | undefined;
    readonly suffix: string;
  },
): Promise<readonly number[]> {
  const { reference, given, head, suffix } = reading;
  const { participants, suffixes } = reference;
  const heads: number[] = [];
  for (const [row, site] of participants.sites.entries()) {
    const contrast = suffixes[row] === '' ? suffix : suffixes[row];
    const wanted = head ?? (open.model.sites.includes(site) ? site : undefined);
    heads.push(
      wanted === undefined
        ? await nearestHead(open, { given, row, contrast })
        : domainOf(open.model, wanted, contrast),
    );
  }
  return heads;
}

/** The head under which the model gives a scan back best. */
async function nearestHead(
  open: OpenMurd,
  { given, row, contrast }: { given: Awaited<ReturnType<typeof murdImages>>; row: number; contrast: string },
): Promise<number> {
  const { domains } = open.model;
  const its = Array.from(given.rows.keys()).filter((image) => given.rows[image] === row);
  const positions = evenly(its, lookedAt);
  const images = await given.source.read(positions);
  const known = domains.some(({ suffix }) => suffix === contrast);
  const errors = domains.map(({ suffix }, domain) => {
    if (known && suffix !== contrast) return undefined;
    return tidy(() => {
      const x = rowsTensor<Tensor4D>(images, given.source.shape);
      const rows = oneHot(
        positions.map(() => domain),
        domains.length,
      );
      const style = styleEncoder(open.weights.style, x, rows);
      return absoluteErrorLoss(
        x,
        generator(open.weights.generator, contentEncoder(open.weights.content, x), style),
      );
    });
  });
  const values = await Promise.all(
    errors.map(async (error) => (error === undefined ? Infinity : (await numbersOf(error))[0])),
  );
  for (const error of errors) error?.dispose();
  return values.indexOf(Math.min(...values));
}

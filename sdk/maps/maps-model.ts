import type { CombatModel, FeatureStatus } from '../combat/combat-model';
import type { LongitudinalModel } from '../combat/longitudinal/longitudinal-model';
import type { SiteCorrection } from '../combat/frame/site-correction';
import { modelCorrection } from '../combat/frame/site-correction';
import type { DoublesFile } from '../io/maps/doubles-file';
import type { MapPart } from './map-layout';
import type { PartWords } from './doubts/map-words';
import { personArrays } from './persons/persons-apart';

/**
 * A ComBat model of whole maps: what is the same for all vertices is in memory, and what each vertex has is in a file, from which
 * it is read block by block.
 */
export interface MapsModel {
  /** A ComBat model without features: settings, sites with their priors, covariates. */
  readonly frame: CombatModel;
  /** With effects of persons: a longitudinal model without features, whose ComBat model is `frame`. */
  readonly persons?: LongitudinalModel;
  readonly parts: readonly MapPart[];
  /** What the files of each part, in their order, said of their maps; models of earlier versions do not have it. */
  readonly words?: readonly PartWords[];
}

/** What was done with a vertex, as the file of a model has it; `empty` is 0 or missing in every scan, or not cortex. */
export const vertexStatus = { harmonized: 0, constant: 1, 'not-estimable': 2, empty: 3 } as const;

const statusOf: readonly FeatureStatus[] = ['harmonized', 'constant', 'not-estimable', 'not-estimable'];

/** How many of each a model has arrays for. */
export interface ModelSize {
  readonly sites: number;
  readonly vertices: number;
  /** Where what sets persons apart is kept: how many they are, and whether they have slopes. */
  readonly persons?: { readonly count: number; readonly slopes: boolean };
}

/** The arrays of a model in its file, each with a number per vertex in its rows. */
export function modelShapes(
  frame: Pick<CombatModel, 'columns' | 'scaleColumns' | 'smooths'>,
  { sites, vertices, persons }: ModelSize,
): ReadonlyMap<string, readonly number[]> {
  const rows = {
    coefficients: frame.columns.length,
    scaleCoefficients: frame.scaleColumns.length,
    penalties: frame.smooths.length,
    freedom: frame.smooths.length,
    gammaHat: sites,
    deltaHat: sites,
    gammaStar: sites,
    deltaStar: sites,
    ...(persons === undefined ? {} : personArrays(persons.count, persons.slopes)),
  };
  return new Map<string, readonly number[]>([
    ...['status', 'grandMean', 'pooledSd'].map((name) => [name, [vertices]] as const),
    ...Object.entries(rows).map(([name, count]) => [name, [count, vertices]] as const),
  ]);
}

/** A run of neighboring vertices. */
export interface VertexRange {
  readonly first: number;
  readonly width: number;
}

/** The part of a model that is about a run of vertices, as a ComBat model whose features have no names. */
export async function modelBlock(
  frame: CombatModel,
  arrays: DoublesFile,
  { first, width, vertices }: VertexRange & { readonly vertices: number },
): Promise<CombatModel> {
  const rows = async (name: string, count: number): Promise<Float64Array> => {
    const numbers = new Float64Array(count * width);
    for (let row = 0; row < count; row++)
      numbers.set(await arrays.read(name, row * vertices + first, width), row * width);
    return numbers;
  };
  const { columns, scaleColumns, smooths, sites } = frame;
  const status = await rows('status', 1);
  return {
    ...frame,
    status: Array.from(status, (code) => statusOf[code] ?? 'not-estimable'),
    grandMean: await rows('grandMean', 1),
    pooledSd: await rows('pooledSd', 1),
    coefficients: await rows('coefficients', columns.length),
    scaleCoefficients: await rows('scaleCoefficients', scaleColumns.length),
    penalties: await rows('penalties', smooths.length),
    freedom: await rows('freedom', smooths.length),
    gammaHat: await rows('gammaHat', sites.length),
    deltaHat: await rows('deltaHat', sites.length),
    gammaStar: await rows('gammaStar', sites.length),
    deltaStar: await rows('deltaStar', sites.length),
  };
}

/** What is needed to correct a run of vertices. */
export interface BlockCorrection extends VertexRange {
  readonly model: Pick<CombatModel, 'grandMean' | 'coefficients' | 'columns' | 'scaleCoefficients'>;
  readonly harmonized: Uint8Array;
  readonly pooledSd: Float64Array;
  /** One per site of the model; none for the reference. */
  readonly sites: readonly (SiteCorrection | undefined)[];
}

/** Prepares the corrections of a run of vertices. */
export async function blockCorrection(
  frame: CombatModel,
  arrays: DoublesFile,
  range: VertexRange & { readonly vertices: number },
): Promise<BlockCorrection> {
  const { first, width, vertices } = range;
  const read = (name: string, row = 0): Promise<Float64Array> =>
    arrays.read(name, row * vertices + first, width);
  const rows = async (name: string, count: number): Promise<Float64Array> => {
    const numbers = new Float64Array(count * width);
    for (let row = 0; row < count; row++) numbers.set(await read(name, row), row * width);
    return numbers;
  };
  const status = await read('status');
  const pooledSd = await read('pooledSd');
  const sites: (SiteCorrection | undefined)[] = [];
  for (let site = 0; site < frame.sites.length; site++) {
    const alone = {
      ...frame,
      // One site of one block: the corrections are those of any ComBat model.
      sites: [frame.sites[site]],
      features: { length: width } as unknown as readonly string[],
      pooledSd,
      gammaStar: await read('gammaStar', site),
      deltaStar: await read('deltaStar', site),
    };
    sites.push(modelCorrection(alone, 0));
  }
  return {
    first,
    width,
    model: {
      columns: frame.columns,
      grandMean: await read('grandMean'),
      coefficients: await rows('coefficients', frame.columns.length),
      scaleCoefficients: await rows('scaleCoefficients', frame.scaleColumns.length),
    },
    harmonized: Uint8Array.from(status, (code) => Number(code === vertexStatus.harmonized)),
    pooledSd,
    sites,
  };
}

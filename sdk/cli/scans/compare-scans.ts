import { covariatesOf } from '../../combat/design/formula';
import type { Command } from 'commander';
import { compareMethods } from '../../compare/compare-methods';
import type { AnyHarmonizer } from '../../compare/compared-harmonizer';
import type { VolumeCohort } from '../../data/cohort';
import type { Plane } from '../../data/images/image-set';
import type { AnyModel, Method, SliceInput } from '../../methods/method';
import { methodValues } from '../methods/method-options';
import type { AlikeSlicesOptions } from '../../preprocess/slices/cut-alike';
import type { BidsSelectionFlags } from './bids-selection';
import { addScanOptions, bidsSelection, givenSite } from './bids-selection';
import { chosenMethods, imageHarmonizer } from '../methods/compare-methods-flags';
import type { MethodsWithModels } from '../methods/shipped-for-compare';
import { methodsWithModels, withSources } from '../methods/shipped-for-compare';
import type { CompareCall, Compared, CompareFlags } from '../tables/compare-table';
import { comparedBy, withIssues } from '../tables/compare-table';
import type { BackendFlags } from '../methods/network-options';
import { addBackendOption } from '../methods/network-options';
import { countOf } from '../option-values';
import { addSliceOptions, maskOption } from './slice-options';

/** What the options of `concord compare` on scans hold once parsed. */
export interface CompareScansFlags extends CompareFlags, Omit<BidsSelectionFlags, 'site'>, BackendFlags {
  readonly site: string;
  readonly preserve: readonly string[];
  readonly mask: 'each' | 'common';
  readonly plane?: Plane;
  readonly slices: number;
  readonly imageSize?: number;
  readonly pixelSize?: number;
  readonly steps: number;
}

/** Adds the options that only comparisons of scans have. */
export function addCompareScansOptions(command: Command): Command {
  const own = addScanOptions(command).addOption(maskOption());
  addSliceOptions(own, 'as the networks need').option(
    '--steps <count>',
    'training steps of each network that judges',
    countOf,
    200,
  );
  return addBackendOption(own);
}

/** Compares methods on the scans of a BIDS dataset, cut into slices. */
export async function compareScans(
  source: string,
  { flags, command, run }: CompareCall<CompareScansFlags>,
): Promise<Compared> {
  const { loadBids } = await import('../../io/bids/load-bids.js');
  const site = givenSite(flags, command);
  const chosen = chosenMethods(flags, command, 'images');
  const { useBackend } = await import('../../nn/backend/use-backend.js');
  await useBackend(flags.backend ?? 'auto');
  const named = covariatesOf(flags.preserve, 'preserve');
  const load = (covariates: readonly string[]): Promise<VolumeCohort> =>
    loadBids(source, {
      ...bidsSelection({ ...flags, site }),
      missingSite: 'drop' as const,
      signal: run.signal,
      ...(covariates.length === 0 ? {} : { covariates }),
    });
  const scans = await load(named);
  const found = await methodsWithModels(chosen, flags, sitesOf(scans, flags));
  const { methods, models } = found;
  const harmonizers: Record<string, AnyHarmonizer> = {};
  for (const method of methods) {
    harmonizers[method.name] = imageHarmonizer(method, { flags, command, model: models.get(method.name) });
  }
  const known = knownTo(methods, models, command).filter((name) => !named.includes(name));
  // Which models there are is decided by the sites, and what is read of participants by the models.
  const cohort = known.length === 0 ? scans : await load([...named, ...new Set(known)]);
  const comparison = await compareMethods(cohort, harmonizers, {
    ...comparedBy(flags),
    heldOut: heldOutOf(flags, found),
    mask: flags.mask,
    steps: flags.steps,
    covariates: named.length === 0 ? undefined : named,
    slices: slicesFor(methods, models, flags),
    ...run,
  });
  return { comparison: withIssues(withSources(comparison, found), cohort), steps: cohort.provenance };
}

/** What a model has to know: the sites of the scans, and where they are to be harmonized to. */
function sitesOf({ participants }: VolumeCohort, { target }: CompareScansFlags): readonly string[] {
  return [...new Set([...participants.sites, ...(target === undefined ? [] : [target])])];
}

/** The methods that learned from nobody in the data: those that are said to have, and models that ship. */
function heldOutOf(
  { heldOut }: CompareScansFlags,
  { methods, ...found }: MethodsWithModels,
): readonly string[] {
  const leftOut = new Set(found.leftOut.map(({ name }) => name));
  return [...new Set([...heldOut.filter((name) => !leftOut.has(name)), ...found.heldOut])];
}

/** The covariates that models must know of every participant. */
function knownTo(
  methods: readonly Method[],
  models: ReadonlyMap<string, AnyModel>,
  command: Command,
): readonly string[] {
  return methods.flatMap(({ name, command: part }) => {
    const model = models.get(name);
    if (model === undefined || part?.scans === undefined) return [];
    return part.scans.read(methodValues(command, part.scans.options)).covariates(model);
  });
}

/** How scans are cut: as the options say, else as the networks need. */
function slicesFor(
  methods: readonly Method[],
  models: ReadonlyMap<string, AnyModel>,
  { plane, slices: count, imageSize, pixelSize, train, trainSize }: CompareScansFlags,
): AlikeSlicesOptions {
  const input = methods
    .map((method): SliceInput | undefined => {
      const model = models.get(method.name);
      return model === undefined ? undefined : method.slices?.input(model);
    })
    .find((found) => found !== undefined);
  const trained = methods.find(({ name, quick }) => train && !quick && !models.has(name))?.command?.train;
  const meant = trained?.sizes[trainSize ?? 'small'];
  return {
    count,
    plane: plane ?? input?.geometry.plane,
    size: imageSize ?? input?.shape[0] ?? meant?.imageSize,
    pixelSize: pixelSize ?? input?.geometry.pixelSize[0],
  };
}

import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { advise, option } from '../../remedy';
import type { ImageFeatureModel } from '../probes/image-features';
import { probeNetworkName } from '../probes/probe-network';
import type { ImageAuditSettings } from './image-audit-options';
import type { ImageProbeDesign } from './probe-in-folds';
import type { ImageSetPlan } from './set-distances';

/** What a reader of the figures needs to know of how they were made. */
export function imageAuditNotes(
  settings: ImageAuditSettings,
  made: {
    readonly design: ImageProbeDesign;
    readonly features: ImageFeatureModel | undefined;
    readonly sets: ImageSetPlan | undefined;
  },
): readonly string[] {
  const { design, features, sets } = made;
  const { folds } = design.plan;
  return [
    `site by a ${probeNetworkName}, trained anew for ${settings.steps} steps in each of ${folds} folds of persons`,
    ...(design.targets.length === 0 ? [] : [predictionNote(design)]),
    settings.mask === 'common'
      ? 'compared in the mask that all scans have in common'
      : 'compared in the mask of each scan, which may identify its site',
    'distances between participants are of scans brought to one brightness and contrast; with their own brightness and contrast, a few scans on another scale can outweigh all others',
    ...(features === undefined || sets === undefined
      ? []
      : [
          `FID and KID in ${features.name} of raw scans at one brightness and contrast, between sets of ${sets.scans} scans: compare them with each other only`,
        ]),
  ];
}

/** How what scans show of their persons was found. */
function predictionNote({ targets, predictor }: ImageProbeDesign): string {
  const names = listNames(
    targets.map(({ covariate }) => covariate),
    4,
  );
  const by =
    predictor === 'pixels'
      ? 'by ridge regression on all pixels of a scan'
      : 'by such networks, slice by slice, since scans have different numbers of slices';
  return `${names} ${by}, in the same folds, from scans brought to one brightness and contrast; numbers as differences from the mean of the site, levels scored within sites`;
}

/** The issue of images of which it is not known whether the method had learned from these persons. */
export function inSampleIssue({ heldOut }: ImageAuditSettings): readonly Issue[] {
  if (heldOut) return [];
  const message =
    'it is not known whether the method learned from these very persons, so its figures count as in-sample';
  return [
    makeIssue(
      'figure-not-available',
      message,
      {},
      advise`harmonize persons that it had not learned from, and say so with ${option('heldOut')}`,
    ),
  ];
}

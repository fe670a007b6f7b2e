import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { advise, option } from '../../remedy';
import type { ImageFeatureModel } from '../probes/image-features';
import { probeNetworkName } from '../probes/probe-network';
import type { ImageAuditSettings } from './image-audit-options';
import type { ImageSetPlan } from './set-distances';

/** What a reader of the figures needs to know of how they were made. */
export function imageAuditNotes(
  settings: ImageAuditSettings,
  made: {
    readonly folds: number;
    readonly features: ImageFeatureModel | undefined;
    readonly sets: ImageSetPlan | undefined;
  },
): readonly string[] {
  const { folds, features, sets } = made;
  return [
    `site, age and sex by a ${probeNetworkName}, trained anew for ${settings.steps} steps in each of ${folds} folds of persons; numbers as differences from the mean of the site, levels scored within sites`,
    'from brightness alone: from the mean intensity of raw scans, which scanners set, some by the size of the head; what raw images predict no better than that does not count as biology',
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

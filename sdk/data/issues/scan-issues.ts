import { advise, call, either, option } from '../../remedy';
import type { Catalog } from './catalog';

/** Codes of issues: scans: reading, preparing, normalizing and measuring them. */
export type ScanIssueCode =
  | 'unusable-scan'
  | 'skipped-scan'
  | 'unfinished-scan'
  | 'several-frames'
  | 'coarse-scans'
  | 'several-images'
  | 'missing-site'
  | 'partial-sidecars'
  | 'unmatched-session'
  | 'unfit-mask'
  | 'unreadable-sidecar'
  | 'replaced-voxels'
  | 'lost-precision'
  | 'first-map'
  | 'doubtful-mask'
  | 'doubtful-registration'
  | 'resampled'
  | 'border-left'
  | 'pixels-left'
  | 'pixel-holes'
  | 'uneven-effects'
  | 'cut-brain'
  | 'doubtful-peak'
  | 'unlike-white-matter'
  | 'less-even'
  | 'scan-not-normalized'
  | 'incomplete-quality'
  | 'several-scales'
  | 'outlying-scan'
  | 'other-contrast'
  | 'normalized-before'
  | 'label-map';

/** Scans: reading, preparing, normalizing and measuring them. */
export const scanIssues: Catalog<ScanIssueCode> = {
  'unusable-scan': {
    severity: 'warning',
    suggestion:
      'the scan is left out and the others are processed; replace the file, or take it out of the dataset',
  },
  'skipped-scan': {
    severity: 'warning',
    suggestion: advise`nothing to do if these images are not wanted; else choose them with ${option('entities')}`,
  },
  'unfinished-scan': {
    severity: 'warning',
    suggestion: advise`preprocess it at the participant level, with ${option('subjects')}`,
  },
  'several-frames': {
    severity: 'warning',
    suggestion: advise`choose another with ${option('frame')}, counted from 0; nothing to do if the first is meant`,
  },
  'coarse-scans': {
    severity: 'warning',
    suggestion:
      'leave them out, or audit with and without them: resampling brings all scans to one grid and not to one resolution, and what thick slices blur no harmonization brings back',
  },
  'several-images': {
    severity: 'warning',
    suggestion: advise`choose one kind with ${option('entities')}; nothing to do if each is meant to be a scan of its own`,
  },
  'missing-site': {
    severity: 'warning',
    suggestion: advise`preprocessing needs no site; for what does, choose it with ${option('site')}`,
  },
  'partial-sidecars': {
    severity: 'warning',
    suggestion: 'complete the sidecars if the field distinguishes scanners',
  },
  'unmatched-session': {
    severity: 'warning',
    suggestion: 'write the sessions alike in the tables and in the names of the folders',
  },
  'unfit-mask': {
    severity: 'warning',
    suggestion: 'the scan is used without it; bring the mask to the grid of the scan if it is meant for it',
  },
  'unreadable-sidecar': {
    severity: 'warning',
    suggestion: 'what the file would say is treated as unknown; repair or replace it',
  },
  'replaced-voxels': {
    severity: 'warning',
    suggestion: 'check where these voxels are before trusting the scan',
  },
  'lost-precision': {
    severity: 'info',
    suggestion: 'intensities are kept with 24 bits; nothing to do unless the last digits matter to you',
  },
  'first-map': {
    severity: 'warning',
    suggestion:
      'check that the first map is the one you mean, or write the one you mean into a file of its own',
  },
  'doubtful-mask': {
    severity: 'warning',
    suggestion: advise`look at the mask, and supply your own with ${call('volumes.withMask')} where it is wrong`,
  },
  'doubtful-registration': {
    severity: 'warning',
    suggestion: 'look at both volumes; nothing to do where they were aligned already',
  },
  resampled: {
    severity: 'info',
    suggestion:
      'nothing to do where that resolution is enough; else use a model that was trained at the resolution of the scans',
  },
  'border-left': {
    severity: 'info',
    suggestion: 'nothing to do for a few voxels; look at the mask if they are no brain',
  },
  'pixels-left': {
    severity: 'warning',
    suggestion: advise`look for a seam at the rim, lower ${option('share')}, or register the scans better`,
  },
  'pixel-holes': {
    severity: 'warning',
    suggestion:
      'look at the scans named: ComBat by pixels takes folds for site effects where brains are not over each other; register them with more freedom, or use a method that knows images',
  },
  'uneven-effects': {
    severity: 'warning',
    suggestion: advise`bring the scans to one scale and contrast first (${call('intensity.zScore')}, or a network), or leave out ${option('effectFwhm')}`,
  },
  'cut-brain': {
    severity: 'warning',
    suggestion: 'look at the scan and its mask; what was cut off is missing in the result too',
  },
  'doubtful-peak': {
    severity: 'warning',
    suggestion: [
      either('look at the histogram', 'check the contrast and the mask', advise`set ${option('bandwidth')}`),
    ],
  },
  'unlike-white-matter': {
    severity: 'warning',
    suggestion: [
      either(
        'look at the scan and its mask',
        advise`use ${call('intensity.fcmNormalize')}, which looks for the tissue`,
      ),
    ],
  },
  'less-even': {
    severity: 'warning',
    suggestion: advise`look at the scan before and after; leave out ${call('volumes.correctBias')} where it is even as it comes`,
  },
  'scan-not-normalized': {
    severity: 'warning',
    suggestion: 'its images are passed through unchanged; check their mask, or take the scan out',
  },
  'incomplete-quality': {
    severity: 'info',
    suggestion: advise`give the scan a brain mask with ${call('volumes.brainMask')} or ${call('volumes.withMask')}, and the suffix T1w or T2w, to have every figure`,
  },
  'several-scales': {
    severity: 'warning',
    suggestion: [
      either(
        'normalize intensities scan by scan before scans are pooled',
        'give the scans of each scale a site of their own',
      ),
    ],
  },
  'outlying-scan': { severity: 'warning', suggestion: 'look at the scan before you use it' },
  'other-contrast': {
    severity: 'warning',
    suggestion:
      'look at them: leave out scans of another contrast, and export inverted ones again; a normalization fits any histogram to that of the others, white matter to fluid where it must',
  },
  'normalized-before': {
    severity: 'warning',
    suggestion:
      'take raw scans throughout, or scans that were all normalized in the same way; a scale that is learned from both is that of neither',
  },
  'label-map': {
    severity: 'warning',
    suggestion:
      'leave it out, and give the image that it was made from; numbers of regions are no intensities',
  },
};

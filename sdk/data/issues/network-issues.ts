import { advise, either, option } from '../../remedy';
import type { Catalog } from './catalog';

/** Codes of issues: networks: their training, and scans that are unlike what they learned from. */
export type NetworkIssueCode =
  | 'other-backend'
  | 'slow-backend'
  | 'collapsed'
  | 'single-style'
  | 'unbalanced-training'
  | 'unlike-training'
  | 'unknown-training'
  | 'no-real-people'
  | 'brought-to-training'
  | 'beyond-training'
  | 'not-in-scan'
  | 'made-unlike-scan'
  | 'narrow-guide'
  | 'damaged-checkpoint';

/** Networks: their training, and scans that are unlike what they learned from. */
export const networkIssues: Catalog<NetworkIssueCode> = {
  'slow-backend': {
    severity: 'warning',
    suggestion:
      'the results are right: to have them sooner, do what is said there; where that is well, choose the backend cpu by name',
  },
  'other-backend': {
    severity: 'info',
    suggestion:
      'nothing to do, unless the run must be repeatable to the bit: that requires one backend throughout',
  },
  collapsed: {
    severity: 'warning',
    suggestion: advise`do not use the model; train ${either(
      advise`longer, with ${option('steps')}`,
      advise`with a lower ${option('learningRate')}`,
      advise`with ${option('weights')} of the paper`,
    )}`,
  },
  'single-style': {
    severity: 'info',
    suggestion: advise`nothing to do where each site is one scanner; else train ${either(
      advise`longer, with ${option('steps')}`,
      advise`with a larger ${option('weights.diversity')}`,
    )}`,
  },
  'unbalanced-training': {
    severity: 'warning',
    suggestion: [
      either(
        'look at the images that the model makes before you use it',
        advise`train with a larger ${option('weights.r1')}`,
        advise`shorten ${option('architecture.criticWidths')}`,
      ),
    ],
  },
  'unlike-training': {
    severity: 'warning',
    suggestion:
      'check that the scan is of the contrast, and prepared as those, that the model was trained on',
  },
  'unknown-training': {
    severity: 'warning',
    suggestion:
      'look at what the model makes before it is used, or train it again: models now say what they learned from',
  },
  'no-real-people': {
    severity: 'warning',
    suggestion: 'look at what it makes before it is used; for scans of real persons, train a model on such',
  },
  'brought-to-training': {
    severity: 'info',
    suggestion:
      'nothing to do; to leave nothing to an estimate, give the scan without intensity normalization',
  },
  'not-in-scan': {
    severity: 'warning',
    suggestion:
      'look at what the network makes of the scan without it: a longer training, or a model that learned from scans like these, makes less that is nobody’s',
  },
  'made-unlike-scan': {
    severity: 'warning',
    suggestion:
      'look at it beside its scan: train the network longer, or take one that learned from scans like this; what it made is no harmonized scan',
  },
  'narrow-guide': {
    severity: 'warning',
    suggestion: advise`set ${option('guided')} to several pixels (8 mm serves well), or leave it out`,
  },
  'beyond-training': {
    severity: 'warning',
    suggestion: 'use what is between them, or train a model on slices of the whole brain',
  },
  'damaged-checkpoint': {
    severity: 'warning',
    suggestion: 'training continues from the one before; check the disk if this happens again',
  },
};

import { advise, either, option } from '../../remedy';
import type { Catalog } from './catalog';

/** Codes of issues: fitting and applying methods of tables, and models of any method. */
export type HarmonizingIssueCode =
  | 'unsealed-model'
  | 'constant-feature'
  | 'constant-covariate'
  | 'single-feature'
  | 'single-subject-site'
  | 'small-site'
  | 'small-reference'
  | 'zero-variance-at-site'
  | 'degenerate-prior'
  | 'stretched-prior'
  | 'not-converged'
  | 'feature-not-estimable'
  | 'site-not-estimable'
  | 'site-effect-left'
  | 'site-drift'
  | 'negative-values'
  | 'beyond-limit'
  | 'empty-vertices'
  | 'empty-map'
  | 'exchanged-parts'
  | 'unlike-maps'
  | 'mixed-maps'
  | 'outside-cortex'
  | 'wall-in-maps'
  | 'partly-zero-vertices'
  | 'begun-anew'
  | 'audited-share'
  | 'stacked-maps'
  | 'unseen-site'
  | 'outside-training-range'
  | 'nearly-confounded'
  | 'missing-in-components'
  | 'confounded-batches'
  | 'mixture-groups'
  | 'no-person-effect'
  | 'alike-within-persons'
  | 'known-persons'
  | 'unseen-persons'
  | 'unmatched-feature'
  | 'hospital-left-out';

/** Fitting and applying methods of tables, and models of any method. */
export const harmonizingIssues: Catalog<HarmonizingIssueCode> = {
  'unsealed-model': {
    severity: 'warning',
    suggestion: 'make sure that it is the file you were given, then save the model again, which seals it',
  },
  'constant-feature': {
    severity: 'warning',
    suggestion: 'the feature is passed through unchanged; remove it if it carries nothing',
  },
  'constant-covariate': {
    severity: 'warning',
    suggestion: 'it has the same value for every subject, so there is no effect to preserve; leave it out',
  },
  'single-feature': {
    severity: 'warning',
    suggestion: advise`empirical Bayes needs several features to learn from; add features or choose ${option('eb', 'none')}`,
  },
  'single-subject-site': {
    severity: 'warning',
    suggestion:
      'only the location of this site is adjusted, and on one subject; pool it or leave it out if you can',
  },
  'small-site': {
    severity: 'info',
    suggestion: 'estimates rest on little data here; read the results with care',
  },
  'small-reference': {
    severity: 'warning',
    suggestion:
      'take a site with more scans for the reference, or fit without one, which harmonizes to the average of all',
  },
  'zero-variance-at-site': {
    severity: 'warning',
    suggestion: 'only the location of this feature is adjusted at this site',
  },
  'degenerate-prior': {
    severity: 'warning',
    suggestion: 'the features of this site do not differ enough to fit a prior; its limit was used',
  },
  'stretched-prior': {
    severity: 'warning',
    suggestion: [
      either(
        'look at these features: whether their unit is the same at every site, and whether they belong to the others',
        advise`leave out of ${option('features')} what does not belong to the others`,
      ),
    ],
  },
  'not-converged': {
    severity: 'warning',
    suggestion: [
      either(
        'look at the features named',
        advise`raise ${option('maxIterations')}`,
        advise`loosen ${option('tolerance')}`,
      ),
    ],
  },
  'feature-not-estimable': {
    severity: 'warning',
    suggestion: 'the feature is passed through unchanged; supply more of its values, or leave it out',
  },
  'site-not-estimable': {
    severity: 'warning',
    suggestion:
      'the feature has no value at this site, so later values there cannot be harmonized and become missing',
  },
  'site-effect-left': {
    severity: 'warning',
    suggestion: advise`choose ${option('meanOnly', 'shrunk-by-size')}, which weighs a site by its scans, or adjust the scale as well; keep the published form only to reproduce the numbers of R's sva and its ports`,
  },
  'empty-map': {
    severity: 'warning',
    suggestion:
      'look at the surfaces of these scans; leave out of the table those that could not be reconstructed: zeros are taken for values, and move their site',
  },
  'exchanged-parts': {
    severity: 'warning',
    suggestion:
      'look at these maps: where the files of a scan were exchanged, exchange their names in the table and harmonize again; such a scan moves its site and widens the spread that vertices are measured by',
  },
  'unlike-maps': {
    severity: 'warning',
    suggestion:
      'look at these maps: they may be of another part or measure, or have their vertices in another order, as maps do that were not brought to the surface of the others',
  },
  'mixed-maps': {
    severity: 'warning',
    suggestion:
      'check that these are the files you mean: maps of another measure, hemisphere, surface or width of smoothing are harmonized as if all were alike',
  },
  'empty-vertices': {
    severity: 'info',
    suggestion: 'usual for the medial wall; where there are more, check that the maps are of one surface',
  },
  'outside-cortex': {
    severity: 'info',
    suggestion: 'nothing to do where these are the medial wall',
  },
  'wall-in-maps': {
    severity: 'warning',
    suggestion: advise`say what is cortex with ${option('cortex')}: the spread of the wall, next to nothing, is otherwise in what all vertices share`,
  },
  'partly-zero-vertices': {
    severity: 'warning',
    suggestion:
      'where 0 means that there is no value, as outside a mask, write NaN there or use one mask for all scans: zeros move the estimates of their sites',
  },
  'begun-anew': {
    severity: 'warning',
    suggestion: 'nothing to do: all was read and fitted again, and the results are those of one run',
  },
  'audited-share': {
    severity: 'info',
    suggestion: advise`its figures are about these vertices, and tests after correction for so many; choose more with ${option('auditVertices')}`,
  },
  'stacked-maps': {
    severity: 'info',
    suggestion:
      'the file does not say whose map is whose: make sure that the rows are in the order of the list that it was made of',
  },
  'site-drift': {
    severity: 'warning',
    suggestion:
      'where the scanner or its software changed since the model was fitted, give these scans a site name of their own; where other ' +
      'persons were scanned (a diagnosis, an age that the model does not know), the difference is theirs and is kept',
  },
  'negative-values': {
    severity: 'warning',
    suggestion: advise`if the quantity cannot be negative, fit with ${option('transform', 'log')} or clip with that in mind`,
  },
  'beyond-limit': {
    severity: 'warning',
    suggestion:
      "harmonize Fisher's z of correlations (atanh) or the logit of fractions, which have no limits, and transform back; or clip with that in mind",
  },
  'unseen-site': {
    severity: 'warning',
    suggestion: 'the model was not fitted on this site; refit with it included when you have enough subjects',
  },
  'outside-training-range': {
    severity: 'warning',
    suggestion:
      'the covariate effect is extrapolated for these subjects; refit with them included if you can',
  },
  'nearly-confounded': {
    severity: 'warning',
    suggestion:
      'the covariate is almost a function of the site; its effect and the site effect are hard to separate',
  },
  'missing-in-components': {
    severity: 'info',
    suggestion:
      'missing cells stay missing; where there are many, components are drawn towards what covariates predict: leave such features or subjects out',
  },
  'confounded-batches': {
    severity: 'warning',
    suggestion: advise`what one of them does cannot be separated from what the other does: list one of them in ${option('batches')}, the one with more scans at each level unless both are needed`,
  },
  'mixture-groups': {
    severity: 'info',
    suggestion: advise`groups may be of scanners or of persons, which values alone cannot say: look at who is in them before they are taken for a batch with ${option('mixture', 'batch')} or kept with ${option('mixture', 'preserve')}`,
  },
  'no-person-effect': {
    severity: 'info',
    suggestion:
      'usual where few persons have several scans, or features are noisy; where all features are so, check that persons are named rightly',
  },
  'alike-within-persons': {
    severity: 'warning',
    suggestion:
      'the features are passed through unchanged; check that the table does not repeat the values of one scan for every visit',
  },
  'known-persons': {
    severity: 'info',
    suggestion: 'check that persons of these names are the same persons in both tables',
  },
  'unseen-persons': {
    severity: 'info',
    suggestion: advise`give all scans of a person together, or choose ${option('unseenPersons', 'zero')}`,
  },
  'unmatched-feature': {
    severity: 'warning',
    suggestion: 'check that the names of features are written alike in both tables',
  },
  'hospital-left-out': {
    severity: 'warning',
    suggestion:
      'the coordinator continued without it; begin the study anew with it if its answers are to be had',
  },
};

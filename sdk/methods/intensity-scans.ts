import { contrasts } from '../data/images/contrast';
import { intensityHarmonizer } from '../baselines/intensity-harmonizer';
import type { IntensityMethod, IntensityModel } from '../baselines/intensity-model';
import type { AnyMethodOptions } from '../baselines/learn-intensity';
import { chosenTarget } from '../data/harmonize-to';
import { siteNames } from '../data/people/participants';
import { ConcordError } from '../errors';
import type { ScansPart } from './method-command';
import type { MethodOptions } from './method-option';
import { choiceOption, commandPart, valueOption } from './method-option';

/** Options that every intensity normalization has. */
const shared = {
  target: valueOption('text', '--target <site>', 'a site that it is fitted on, or average', 'average'),
  region: choiceOption('--region <which>', 'the voxels to learn from: those in the mask, or all but 0', {
    values: ['mask', 'non-zero'],
    initial: 'mask',
  }),
  outside: choiceOption(
    '--outside <what>',
    'what becomes of other voxels: map changes them alike; auto does so unless all of them are 0',
    { values: ['auto', 'map'], initial: 'auto' },
  ),
  ownUnit: valueOption(
    'switch',
    '--own-unit',
    'leave results in the unit of the method, not in the intensities of the scans it is fitted on',
    false,
  ),
};

const contrast = choiceOption('--contrast <suffix>', 'what the scans are (default: as their names say)', {
  values: contrasts,
});
const bandwidth = valueOption(
  'positive',
  '--bandwidth <intensity>',
  'how much the histogram is smoothed (default: 6 % of the range of each scan)',
);

/** The options that each method has besides, by the names of the functions of the SDK. */
const own: Readonly<Record<IntensityMethod, MethodOptions>> = {
  'z-score': {},
  percentile: {
    percentiles: valueOption('list', '--percentiles <low,high>', 'the two that are brought to one scale', [
      '0.5',
      '99.5',
    ]),
  },
  'white-stripe': {
    contrast,
    bandwidth,
    width: valueOption(
      'share',
      '--width <share>',
      'half the width of the stripe, as a share of voxels',
      0.05,
    ),
  },
  'kde-mode': { contrast, bandwidth },
  fcm: {
    contrast,
    tissue: choiceOption('--tissue <name>', 'the tissue whose mean is brought to one intensity', {
      values: ['wm', 'gm', 'csf'],
      initial: 'wm',
    }),
  },
  nyul: {
    landmarks: valueOption('list', '--landmarks <percentiles>', 'the landmarks of the histogram', [
      ...['1', '10', '20', '30', '40', '50', '60', '70', '80', '90', '99'],
    ]),
  },
  'histogram-matching': {
    levels: valueOption('count', '--levels <count>', 'how many quantiles the reference has', 1001),
  },
};

type Values = Readonly<Record<string, unknown>>;

/** An intensity normalization on whole scans: fitted on the dataset, one scan in memory at a time, or a stored model. */
export function intensityScans(method: IntensityMethod): ScansPart<IntensityModel> {
  const options: MethodOptions = { ...shared, ...own[method] };
  const part = commandPart<MethodOptions, ReturnType<ScansPart<IntensityModel>['read']>>(
    options,
    (values) => {
      const target = String(values['target']);
      return {
        target,
        harmonizer: { fit: optionsOf(values) },
        covariates: () => [],
        options: () => Promise.resolve({}),
        fit: async (cohort, run) => {
          // Said before any scan is opened.
          chosenTarget(['average', ...siteNames(cohort.participants)], target);
          return harmonizerOf(method, values).fit(cohort, run);
        },
        harmonize: (model, cohort, run) =>
          harmonizerOf(method, values).apply(model, cohort, { target, ...run }),
      };
    },
    (values) => problemOf(method, values),
  );
  const fitted = Object.keys(options).filter((name) => name !== 'target');
  return { ...part, fitted, chosen: ['target'] };
}

function harmonizerOf(
  method: IntensityMethod,
  values: Values,
): ReturnType<typeof intensityHarmonizer<IntensityMethod, 'volumes'>> {
  return intensityHarmonizer<IntensityMethod, 'volumes'>(method, { ...optionsOf(values), kind: 'volumes' });
}

/** The values of options of the command line as options of `intensityHarmonizer`. */
function optionsOf({ ownUnit, ...all }: Values): AnyMethodOptions & { readonly rescale: boolean } {
  const values = Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'target'));
  const numbers = ['percentiles', 'landmarks'].flatMap((name) => {
    const list = values[name];
    return Array.isArray(list) ? [[name, list.map(Number)] as const] : [];
  });
  return { ...values, ...Object.fromEntries(numbers), rescale: ownUnit !== true };
}

/** What the method itself refuses. */
function problemOf(method: IntensityMethod, values: Values): string | undefined {
  try {
    harmonizerOf(method, values);
    return undefined;
  } catch (error) {
    if (error instanceof ConcordError) return error.problem;
    throw error;
  }
}

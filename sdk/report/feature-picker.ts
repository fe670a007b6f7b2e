import type { FeatureCohort } from '../data/cohort';
import { selectFeatures } from '../data/cohort';
import { counted } from '../data/counted';
import { featuresBySiteShare } from '../evaluate/models/site-share';
import { plotFeatureBySite } from '../plot/plot-feature-by-site';
import { plotScatter } from '../plot/plot-scatter';
import type { ReportFigure, ReportPicker } from './report-content';

/** The most numbers that a report carries for picking: about 1 MB at worst. */
const mostNumbers = 250_000;

/** A longer list is searched, not picked from. */
const mostFeatures = 200;

/**
 * The figures of one feature at a time, before and after: by site, and along the first covariate with a unit. A wide table
 * has more features than a report can carry: then those in which the sites differ most can be picked.
 */
export function featurePicker(
  before: FeatureCohort,
  after: FeatureCohort,
  unit: string | undefined,
): ReportPicker | undefined {
  const { features } = before.features;
  const covariate = before.participants.covariates.find(
    ({ kind, name }) => kind === 'continuous' && !features.includes(name),
  );
  const numbersOfOne = 4 * before.participants.ids.length;
  const most = Math.min(mostFeatures, Math.max(1, Math.floor(mostNumbers / numbersOfOne)));
  const names = featuresBySiteShare(before).slice(0, most);
  if (names.length === 0) return undefined;
  // Once for all: finding a column of a wide table takes longer than drawing it.
  const states = { before: selectFeatures(before, names), after: selectFeatures(after, names) };
  const made = names.map((name) => ({
    name,
    figures: figuresOf(states, name, { along: covariate?.name, unit }),
  }));
  const some =
    made.length === features.length
      ? `Each of the ${counted(features.length, 'feature')} can be picked`
      : `${counted(made.length, 'feature')} of ${features.length.toLocaleString('en-US')} can be picked: those in which the sites differ most before harmonization`;
  return {
    caption: `${some}; the first in the list is the one in which the sites differ most. What is picked is also marked in the figures in which each point is a feature.`,
    features: made,
  };
}

function figuresOf(
  { before, after }: { readonly before: FeatureCohort; readonly after: FeatureCohort },
  feature: string,
  { along, unit }: { readonly along: string | undefined; readonly unit: string | undefined },
): readonly ReportFigure[] {
  return [
    {
      name: 'by-site',
      figure: plotFeatureBySite(before, after, feature, { unit }),
      caption:
        'As measured. Sites whose participants differ in age or sex are not expected to coincide after harmonization.',
    },
    ...(along === undefined
      ? []
      : [
          {
            name: `along-${along}`,
            figure: plotScatter(before, along, feature, { after, unit }),
            caption: `A line of least squares for each site. After harmonization the lines should be near each other, and as steep as before.`,
          },
        ]),
  ];
}

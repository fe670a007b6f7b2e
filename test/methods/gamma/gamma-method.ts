import type { Harmonizer, ImageCohort, Issue } from '../../../sdk/index';
import * as concord from '../../../sdk/index';

/** A toy: one exponent for each site, by which its slices get the mean intensity of all sites. */
export interface GammaModel {
  readonly kind: 'gamma';
  readonly sites: readonly { readonly name: string; readonly exponent: number }[];
  readonly plane: concord.Plane;
  readonly pixelSize: readonly [number, number];
  readonly shape: readonly number[];
  readonly issues: readonly Issue[];
}

const exponents = ({ sites }: GammaModel): ReadonlyMap<string, number> =>
  new Map(sites.map(({ name, exponent }) => [name, exponent]));

/** Mean of the brain at a site, when the brightest voxel of each scan is 1. */
function meanOf(cohort: ImageCohort, site: string): number {
  const rows = [...cohort.participants.ids.keys()].filter((row) => cohort.participants.sites[row] === site);
  const own = concord.takeSubjects(cohort, rows).images.data.filter((value) => value > 0);
  const most = own.reduce((high, value) => Math.max(high, value), 0);
  return own.reduce((sum, value) => sum + value / most, 0) / own.length;
}

function fit(cohort: ImageCohort): GammaModel {
  const names = concord.siteNames(cohort.participants);
  const means = names.map((name) => meanOf(cohort, name));
  const wanted = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  return {
    kind: 'gamma',
    sites: names.map((name, i) => ({ name, exponent: Math.log(wanted) / Math.log(means[i]) })),
    plane: 'axial',
    pixelSize: [6, 6],
    shape: cohort.images.shape.slice(1),
    issues: [],
  };
}

/** The slices with the exponent of their site; the brightest pixel of all stays as it is. */
function apply(model: GammaModel, cohort: ImageCohort, halfway = false): ImageCohort {
  const { images, participants } = cohort;
  const { slices, mask, shape } = images;
  const size = images.data.length / shape[0];
  const known = exponents(model);
  const most = images.data.reduce((high, one) => Math.max(high, one), 0);
  const data = images.data.map((value, i) => {
    const row = participants.ids.indexOf(slices[Math.floor(i / size)].scan);
    const exponent = (known.get(participants.sites[row]) ?? 1) ** (halfway ? 0.5 : 1);
    return value > 0 ? most * (value / most) ** exponent : value;
  });
  const made = concord.makeImageSet(data, shape, { slices, ...(mask === undefined ? {} : { mask }) });
  return { ...cohort, images: made };
}

function harmonizer(model?: GammaModel): Harmonizer<GammaModel, 'images'> {
  return {
    name: 'gamma',
    kind: 'images',
    fit: (cohort) => Promise.resolve(model ?? fit(cohort)),
    apply: (own, cohort) => Promise.resolve(apply(own, cohort)),
    targets: () => ['average'],
  };
}

/** The toy as a method: all that it takes to be saved, shown, compared and run from the command line. */
export const gammaMethod: concord.methods.Method<GammaModel> = {
  name: 'gamma',
  title: 'Gamma',
  summary: 'gives the slices of all sites the same mean by one exponent each',
  quick: true,
  model: {
    kind: 'gamma',
    storage: {
      as: 'file',
      toStored: (model) => ({ description: { ...model, issues: [] }, arrays: new Map() }),
      fromStored: ({ description }) => description as unknown as GammaModel,
    },
    card: ({ sites }) => ({
      title: `Gamma model: ${sites.length} sites`,
      facts: sites.map(({ name, exponent }) => ({ label: name, value: exponent.toFixed(3) })),
    }),
  },
  harmonizers: { images: ({ model }) => harmonizer(model) },
  slices: {
    input: ({ plane, pixelSize, shape }) => ({ geometry: { plane, pixelSize }, shape, suffixes: [] }),
    prepare: (model, _cohort, options: { readonly halfway?: boolean }) => ({
      record: { ...options },
      apply: (images) => Promise.resolve(apply(model, images, options.halfway)),
    }),
  },
  command: {
    scans: concord.methods.commandPart(
      {
        halfway: concord.methods.valueOption(
          'switch',
          '--halfway',
          'take the square root of every exponent',
          false,
        ),
      },
      ({ halfway }) => ({
        target: 'the average',
        covariates: () => [],
        options: () => Promise.resolve({ halfway }),
      }),
    ),
    examples: ['concord harmonize BIDS --method gamma --model MODEL --out OUT'],
  },
};

import { checkedHarmonizer } from './calls/checked-harmonizer';
import type { ImageCohort } from './cohort';
import { chosenTarget } from './harmonize-to';
import type { Harmonizer } from './harmonizer';
import type { RunOptions } from './run-options';

/** How a network that makes images as a site has them is fitted and applied. */
interface SiteNetwork<Model> {
  readonly name: string;
  /** The function that makes the harmonizer, and the type of its models, for errors. */
  readonly maker: { readonly verb: string; readonly modelType: string };
  readonly fit: (cohort: ImageCohort, run: RunOptions) => Promise<Model>;
  readonly apply: (
    model: Model,
    cohort: ImageCohort,
    run: RunOptions & { readonly site: string },
  ) => Promise<ImageCohort>;
  /** What it can harmonize to, where that is no site: `reference`. @defaultValue the sites of the model */
  readonly targets?: readonly string[];
}

/**
 * The {@link Harmonizer} of a network that makes images as a site has them. It has no average: `apply` must be given the target.
 *
 * @param fitted - a model that has been fitted already: `fit` then returns it, and learns nothing
 */
export function siteHarmonizer<Model extends { readonly sites: readonly string[] }>(
  { name, maker, fit, apply, targets: others }: SiteNetwork<Model>,
  fitted: Model | undefined,
): Harmonizer<Model, 'images'> {
  const targets = ({ sites }: Model): readonly string[] => others ?? sites;
  const method: Harmonizer<Model, 'images'> = {
    name,
    kind: 'images',
    fit: async (cohort, run = {}) => fitted ?? fit(cohort, run),
    apply: async (model, cohort, { target, ...run } = {}) =>
      apply(model, cohort, { ...run, site: chosenTarget(targets(model), target) }),
    targets,
  };
  return checkedHarmonizer(method, maker);
}

import { siteScaling } from '../baselines/site-scaling';
import type { SiteScalingModel } from '../baselines/site-scaling-model';
import { siteScalingFromStored, siteScalingToStored } from '../baselines/site-scaling-stored';
import { withModel } from './fitted-harmonizer';
import type { Method, ModelKind } from './method';
import { counted } from '../data/counted';

const siteScalingKind: ModelKind<SiteScalingModel> = {
  kind: 'site-scaling',
  storage: {
    as: 'file',
    toStored: siteScalingToStored,
    fromStored: ({ description, arrays }) => siteScalingFromStored(description, arrays),
  },
  card: ({ features, sites }) => ({
    title: `Site scaling model: ${counted(features.length, 'feature')}, ${counted(sites.length, 'site')}`,
    preserves: [],
    facts: [
      { label: 'sites', value: sites.map(({ name }) => name).join(', ') },
      { label: 'preserves', value: 'no covariate: biology that differs between sites is removed with them' },
    ],
  }),
};

/** Every feature standardized site by site; there to be compared with, so no command harmonizes by it. */
export const siteScalingMethod: Method<SiteScalingModel> = {
  name: 'site-scaling',
  title: 'site scaling',
  summary: 'gives every feature the same mean and spread at all sites, whatever else differs between them',
  quick: true,
  model: siteScalingKind,
  harmonizers: { features: ({ model }) => withModel(siteScaling(), model) },
};

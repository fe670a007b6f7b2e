import type { Random } from '../math/random';
import type { SiteTruth } from './feature-truth';
import { drawInverseGamma } from './gamma';
import type { SimulatedFeatures } from './simulated-features';
import type { SimulatedSite, SimulationSettings } from './simulation-options';

/**
 * Draws what each site does to each feature, from the model behind ComBat (Johnson, Li & Rabinovic 2007,
 * Biostatistics 8:118): shifts γ from a normal distribution, variance ratios δ² from an inverse gamma one, both
 * with parameters of the site's own. As there, the shifts of a feature are centered to sum to zero over subjects;
 * the sites' mean variance ratios average to one over subjects. A perfect harmonizer thus gives back the truth.
 */
export function simulateSiteEffects(
  sites: readonly Required<SimulatedSite>[],
  features: SimulatedFeatures,
  { settings, random }: { readonly settings: SimulationSettings; readonly random: Random },
): readonly SiteTruth[] {
  const { locationSd, featureLocationSd, scaleSd, featureScaleCv } = settings.siteEffects;
  const subjects = sites.reduce((sum, site) => sum + site.subjects, 0);
  const weights = sites.map((site) => site.subjects / subjects);
  const shifts = centered(
    sites.map(() => locationSd * random.normal()),
    weights,
  );
  const ratios = sites.map(() => Math.exp(scaleSd * random.normal()));
  const averageRatio = ratios.reduce((sum, ratio, site) => sum + weights[site] * ratio, 0);
  const shape = 2 + 1 / (featureScaleCv * featureScaleCv);
  const locations = sites.map(() => drawShifts(features, settings, random));
  centerShifts(locations, weights);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  return sites.map((site, index) => {
    const scaleMean = ratios[index] / averageRatio;
    const scale = Float64Array.from(features.names, () =>
      shape === Infinity ? scaleMean : drawInverseGamma(shape, scaleMean * (shape - 1), random),
    );
    return {
      ...site,
      location: locations[index].map((value) => shifts[index] + value),
      scale,
      prior: {
        locationMean: shifts[index],
        // Centering takes the weighted mean of all sites away from each.
        locationVariance: featureLocationSd * featureLocationSd * (1 - 2 * weights[index] + squares),
        scaleShape: shape,
        scaleMean,
      },
    };
  });
}

/** One site's shifts around their mean, partly along the features' common factors when that is asked for. */
function drawShifts(features: SimulatedFeatures, settings: SimulationSettings, random: Random): Float64Array {
  const { factors } = settings;
  const { featureLocationSd, correlation } = settings.siteEffects;
  const scores = Float64Array.from({ length: factors }, () => random.normal());
  const common = featureLocationSd * Math.sqrt(correlation);
  const own = featureLocationSd * Math.sqrt(1 - correlation);
  return Float64Array.from(features.names, (_, feature) => {
    let along = 0;
    for (let k = 0; k < factors; k++) along += features.loadings[feature * factors + k] * scores[k];
    return common * along + own * random.normal();
  });
}

/** Takes each feature's weighted mean over sites away from all of them, in place. */
function centerShifts(locations: readonly Float64Array[], weights: readonly number[]): void {
  for (let feature = 0; feature < locations[0].length; feature++) {
    let mean = 0;
    for (let site = 0; site < weights.length; site++) mean += weights[site] * locations[site][feature];
    for (const location of locations) location[feature] -= mean;
  }
}

function centered(values: readonly number[], weights: readonly number[]): number[] {
  const mean = values.reduce((sum, value, i) => sum + weights[i] * value, 0);
  return values.map((value) => value - mean);
}

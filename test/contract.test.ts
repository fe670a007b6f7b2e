import type { IntensityMethod } from '../sdk/index';
import * as concord from '../sdk/index';
import {
  contractFeatures,
  contractImages,
  contractVisits,
  contractVolumes,
} from './support/contract-cohorts';
import { harmonizerContract } from './support/harmonizer-contract';

// Every method that harmonizes is held to the same contract: a new one is a line here.

harmonizerContract({
  name: 'ComBat',
  make: () => concord.combatHarmonizer({ preserve: ['age', 'sex'] }),
  cohort: contractFeatures,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'ComBat with a reference',
  make: () => concord.combatHarmonizer({ reference: 'A', meanOnly: true }),
  cohort: contractFeatures,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'ComBat with a smooth',
  make: () => concord.combatHarmonizer({ preserve: ['sex'], smooth: ['age'] }),
  cohort: contractFeatures,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'robust ComBat',
  make: () => concord.combatHarmonizer({ robust: true }),
  cohort: contractFeatures,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'CovBat',
  make: () => concord.combat.covbatHarmonizer({ preserve: ['age', 'sex'] }),
  cohort: contractFeatures,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'noticed',
});

harmonizerContract({
  name: 'nested ComBat',
  make: () => concord.combat.nestedCombatHarmonizer({ batches: ['site', 'sex'], preserve: ['age'] }),
  cohort: contractFeatures,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'longitudinal ComBat',
  make: () => concord.combat.longitudinalHarmonizer({ preserve: ['age', 'sex'] }),
  cohort: contractVisits,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'longitudinal ComBat with a reference',
  make: () => concord.combat.longitudinalHarmonizer({ residualVariance: 'msr', reference: 'A' }),
  cohort: contractVisits,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'longitudinal ComBat on a curve',
  make: () => concord.combat.longitudinalHarmonizer({ preserve: ['sex'], smooth: ['age'] }),
  cohort: contractVisits,
  unknownSites: 'refused',
  oneSite: 'refused',
  missingCell: 'kept',
});

harmonizerContract({
  name: 'site scaling',
  make: () => concord.siteScaling(),
  cohort: contractFeatures,
  unknownSites: 'refused',
  oneSite: 'fitted',
  missingCell: 'kept',
});

const intensityMethods: readonly IntensityMethod[] = [
  ...(['z-score', 'percentile', 'white-stripe', 'kde-mode', 'fcm', 'nyul', 'histogram-matching'] as const),
];

for (const method of intensityMethods) {
  const rules = { unknownSites: 'not asked for', oneSite: 'fitted' } as const;
  harmonizerContract({
    name: `${method} on images`,
    make: () => concord.intensityHarmonizer(method, { kind: 'images' }),
    cohort: contractImages,
    ...rules,
  });
  harmonizerContract({
    name: `${method} on volumes`,
    make: () => concord.intensityHarmonizer(method, { kind: 'volumes' }),
    cohort: contractVolumes,
    ...rules,
  });
}

harmonizerContract({
  name: 'ComBat by pixels',
  make: () => concord.baselines.pixelCombatHarmonizer(),
  cohort: contractImages,
  unknownSites: 'refused',
  oneSite: 'refused',
});

/** As small as training can be: what it learns does not matter here. */
const tiny = { size: 'tiny', steps: 2, batchSize: 4, seed: 3 } as const;
const network = { backend: 'wasm', tolerance: 1e-4, oneSite: 'refused' } as const;

harmonizerContract({
  name: 'DDAE on images',
  make: () => concord.ddaeHarmonizer({ fit: tiny, apply: { steps: 2 } }),
  cohort: contractImages,
  unknownSites: 'refused',
  ...network,
});

const neighborhood = concord.surfaces.makeNeighborhood(
  8,
  Array.from({ length: 7 }, (_, vertex) => [vertex, vertex + 1]).flat(),
);

harmonizerContract({
  name: 'DDAE on vertices',
  make: () =>
    concord.ddaeHarmonizer({ kind: 'features', fit: { ...tiny, neighborhood }, apply: { steps: 2 } }),
  cohort: contractFeatures,
  unknownSites: 'refused',
  ...network,
  siteOfOne: 'refused',
  missingCell: 'refused',
});

harmonizerContract({
  name: 'cVAE',
  make: () => concord.baselines.cvaeHarmonizer({ fit: tiny }),
  cohort: contractImages,
  unknownSites: 'noticed',
  ...network,
});

harmonizerContract({
  name: 'CycleGAN',
  make: () => concord.baselines.cycleganHarmonizer({ fit: tiny }),
  cohort: contractImages,
  unknownSites: 'refused',
  ...network,
});

/** Whose discriminator leaves 4 × 4 of the 16 × 16 of these images. */
const tinyStargan = { ...tiny, steps: 1, architecture: { width: 4, widest: 8, criticHalvings: 2 } };

harmonizerContract({
  name: 'StarGAN v2',
  make: () => concord.baselines.starganHarmonizer({ fit: tinyStargan }),
  cohort: contractImages,
  unknownSites: 'noticed',
  ...network,
});

harmonizerContract({
  name: 'a style-encoding GAN',
  make: () => concord.baselines.starganHarmonizer({ fit: { ...tinyStargan, domains: 'one' } }),
  cohort: contractImages,
  unknownSites: 'noticed',
  ...network,
});

harmonizerContract({
  name: 'MURD',
  make: () => concord.murdHarmonizer({ fit: tiny }),
  cohort: contractImages,
  unknownSites: 'noticed',
  ...network,
});

harmonizerContract({
  name: 'MURD to a reference',
  make: () => concord.murdHarmonizer({ fit: tiny, reference: contractImages({ A: 1, B: 1 }) }),
  cohort: contractImages,
  unknownSites: 'noticed',
  ...network,
});

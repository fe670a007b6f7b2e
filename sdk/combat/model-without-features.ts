import { version } from '../version';
import type { CombatModel } from './combat-model';
import type { PreparedCombat } from './fit-combat';

const none = new Float64Array(0);

/** What a ComBat model has whatever its features: of a model whose features are elsewhere. */
export function modelWithoutFeatures({
  settings,
  design,
  scaleDesign,
}: PreparedCombat): Omit<CombatModel, 'sites' | 'pooledPrior' | 'issues' | 'provenance'> {
  return {
    kind: 'combat',
    schema: 3,
    version,
    settings,
    features: [],
    status: [],
    covariates: design.covariates,
    terms: design.terms,
    smooths: design.smooths,
    columns: design.columns,
    columnMeans: design.columnMeans,
    scaleTerms: scaleDesign.terms,
    scaleColumns: scaleDesign.columns,
    scaleMeans: scaleDesign.columnMeans,
    grandMean: none,
    pooledSd: none,
    scaleCoefficients: none,
    coefficients: none,
    penalties: none,
    freedom: none,
    gammaHat: none,
    deltaHat: none,
    gammaStar: none,
    deltaStar: none,
  };
}

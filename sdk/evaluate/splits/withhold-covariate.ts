import type { FeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { mostFrequentLevel } from '../../math/linear/covariate-columns';
import { mean } from '../../math/statistics/moments';

/**
 * The cohort with nothing known of one covariate: every subject gets the same stand-in, learned from the training
 * subjects, namely their mean, or their most frequent level. A harmonizer that preserves the covariate then cannot
 * write the subjects' own values into the features. A cohort without the covariate is returned as it is.
 *
 * @param train - the subjects that the stand-in is learned from
 */
export function withholdCovariate(cohort: FeatureCohort, name: string, train: FeatureCohort): FeatureCohort {
  const known = train.participants.covariates.find((covariate) => covariate.name === name);
  if (known === undefined) return cohort;
  const { participants } = cohort;
  const covariates = participants.covariates.map((covariate) =>
    covariate.name === name ? likeTraining(covariate, known) : covariate,
  );
  return { ...cohort, participants: { ...participants, covariates } };
}

function likeTraining(covariate: Covariate, known: Covariate): Covariate {
  if (covariate.kind === 'continuous' && known.kind === 'continuous') {
    const present = known.values.filter((value) => !Number.isNaN(value));
    const center = mean(present);
    return { ...covariate, values: new Float64Array(covariate.values.length).fill(center) };
  }
  if (covariate.kind === 'categorical' && known.kind === 'categorical') {
    const level = mostFrequentLevel(known) ?? known.levels[0];
    const code = covariate.levels.indexOf(level);
    return { ...covariate, codes: new Int32Array(covariate.codes.length).fill(code) };
  }
  return covariate;
}

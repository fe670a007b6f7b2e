import { ConcordError } from '../../errors';
import { loadBids } from '../../io/bids/load-bids';
import { harmonizeVolumes } from '../../methods/harmonize-volumes';
import { wordAdvice } from '../../remedy';
import { commandWords } from '../command-words';
import { bidsSelection } from '../scans/bids-selection';
import { modelOfMethod } from '../scans/scans-model';
import type { JobCommand, ScansJob } from './read-command';

/**
 * Makes sure that a stored model can harmonize the scans of a dataset, as far as that is known before any is opened: so many
 * tasks would all say the same.
 *
 * @throws ConcordError as the command would, its remedy in the words of that command.
 */
export async function requireFittingModel(job: Extract<JobCommand, ScansJob>): Promise<void> {
  const { source, call, flags, site, method, name, model: path = '' } = job;
  try {
    const model = await modelOfMethod(path, method);
    const known = call.covariates(model);
    const covariates = known.length === 0 ? {} : { covariates: known };
    const loaded = await loadBids(source, { ...bidsSelection({ ...flags, site }), ...covariates });
    if (call.harmonize !== undefined) await call.harmonize(model, loaded, {});
    else harmonizeVolumes(model, loaded, await call.options(model, loaded, {}));
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    const words = commandWords(name === 'apply' ? 'apply scans' : 'harmonize scans');
    const remedy = wordAdvice(error.remedy, words);
    throw new ConcordError(error.code, error.problem, {
      where: error.where,
      remedy: remedy === '' ? [] : [remedy],
      cause: error,
    });
  }
}

import assert from 'node:assert/strict';
import type { FeatureCohort, federated } from '../../sdk/index';
import * as concord from '../../sdk/index';

/** Options of a study, and of how its hospitals answer. */
export interface PlayedOptions extends Partial<federated.FederatedStudyOptions> {
  readonly sharedSites?: readonly string[];
  readonly differences?: 'refuse' | 'disclose';
}

/** A whole study by functions: what was sent, and the model. */
export async function playStudy(
  tables: Readonly<Record<string, FeatureCohort>>,
  { sharedSites = [], differences, ...options }: PlayedOptions = {},
): Promise<{
  readonly model: concord.CombatModel;
  readonly requests: readonly federated.FederatedMessage[];
  readonly answers: readonly federated.FederatedMessage[];
}> {
  const { makeKeys, makeStudy, makeAnswer, combineAnswers, modelOf } = concord.federated;
  const names = Object.keys(tables);
  const keys = makeKeys();
  const own = Object.fromEntries(names.map((name) => [name, makeKeys()]));
  const requests = [makeStudy(keys, { hospitals: names, ...options })];
  const answers: federated.FederatedMessage[] = [];
  while (requests.length < 4) {
    for (const name of names) {
      const answer = makeAnswer(tables[name], requests.map(sent), {
        hospital: name,
        keys: own[name],
        differences,
      });
      answers.push(sent(answer));
    }
    const { next, awaited } = await combineAnswers(requests, answers, { keys, sharedSites });
    assert.deepEqual(awaited, []);
    assert.ok(next !== undefined);
    requests.push(sent(next));
  }
  return { model: modelOf(requests), requests, answers };
}

/** What arrives of a message that was sent as a file. */
export function sent<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** The largest difference between what two models make of a table, in pooled standard deviations of the second. */
export async function largestDifference(
  model: concord.CombatModel,
  pooled: concord.CombatModel,
  cohort: FeatureCohort,
): Promise<number> {
  const [one, other] = [await concord.applyCombat(model, cohort), await concord.applyCombat(pooled, cohort)];
  const width = pooled.features.length;
  assert.deepEqual(model.features, pooled.features);
  assert.deepEqual(model.status, pooled.status);
  let largest = 0;
  one.features.values.forEach((value, at) => {
    const wanted = other.features.values[at];
    assert.equal(Number.isNaN(value), Number.isNaN(wanted));
    // Of the logarithm, where that was fitted.
    const scale = pooled.settings.transform === 'log' ? wanted : 1;
    const sd = scale * pooled.pooledSd[at % width] || 1;
    if (!Number.isNaN(value)) largest = Math.max(largest, Math.abs(value - wanted) / sd);
  });
  return largest;
}

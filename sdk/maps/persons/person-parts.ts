import { effectCount } from '../../combat/longitudinal/longitudinal-model';
import type { LongitudinalModel } from '../../combat/longitudinal/longitudinal-model';
import { besideCombat } from '../../combat/longitudinal/longitudinal-without-features';
import type { UnseenPersonPolicy } from '../../combat/longitudinal/longitudinal-options';
import { personEffectsOf } from '../../combat/longitudinal/persons-of-cohort';
import type { PersonPart } from '../../combat/longitudinal/without-persons';
import type { FeatureCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { DoublesFile } from '../../io/maps/doubles-file';
import type { VertexRange } from '../maps-model';
import { modelBlock } from '../maps-model';

/**
 * Gives what sets the persons of some scans apart at a run of vertices: scans × vertices, on the scale that the model works on.
 *
 * @param rows - which scans
 * @param values - their values at these vertices, scans × vertices: looked at for persons that the model does not know
 */
export type PersonParts = (
  rows: readonly number[],
  range: VertexRange,
  values: Float64Array,
) => Promise<PersonPart>;

/** Of what model and scans {@link personParts} are. */
export interface PersonPartsOf {
  /** The model without features. */
  readonly model: LongitudinalModel;
  readonly arrays: DoublesFile;
  readonly vertices: number;
  /** The scans; its one feature is a place holder. */
  readonly cohort: FeatureCohort;
  readonly policy: UnseenPersonPolicy;
}

/** Prepares them: effects are read from the model's file for the persons of the scans that are asked for, and no others. */
export function personParts({ model, arrays, vertices, cohort, policy }: PersonPartsOf): PersonParts {
  const rowOf = new Map(model.persons.map((person, row) => [person, row]));
  return async (rows, range, values) => {
    const some = takeSubjects(cohort, rows);
    const features = Array.from({ length: range.width }, (_, w) => String(range.first + w));
    const given = { ...some, features: { ...some.features, features, values } };
    const { persons } = some.participants;
    const known = [...new Set(persons.filter((person) => rowOf.has(person)))];
    const strangers = persons.some((person) => !rowOf.has(person));
    const combat = strangers ? await modelBlock(model.combat, arrays, { ...range, vertices }) : model.combat;
    const own = {
      ...besideCombat(model, { ...combat, features }),
      persons: known,
      effects: await effectsOf(known.map((person) => rowOf.get(person) ?? -1)),
      ...(strangers ? await variances(range) : {}),
    };
    return personEffectsOf(own, given, policy).part;

    async function effectsOf(at: readonly number[]): Promise<Float64Array> {
      const count = effectCount(model);
      const effects = new Float64Array(at.length * count * range.width);
      for (const [k, person] of at.entries()) {
        for (let a = 0; a < count; a++) {
          const row = await arrays.read(
            'effects',
            (person * count + a) * vertices + range.first,
            range.width,
          );
          effects.set(row, (k * count + a) * range.width);
        }
      }
      return effects;
    }
  };

  /** By which the effects of persons are predicted. */
  async function variances({
    first,
    width,
  }: VertexRange): Promise<Pick<LongitudinalModel, 'covariance' | 'residualVariance'>> {
    const pairs = effectCount(model) === 1 ? 1 : 3;
    const covariance = new Float64Array(pairs * width);
    for (let pair = 0; pair < pairs; pair++)
      covariance.set(await arrays.read('covariance', pair * vertices + first, width), pair * width);
    return { covariance, residualVariance: await arrays.read('residualVariance', first, width) };
  }
}

/** The part of one of the scans that parts were asked of. */
export function partOfRow(part: PersonPart | undefined, row: number, width: number): PersonPart | undefined {
  return part?.subarray(row * width, (row + 1) * width);
}

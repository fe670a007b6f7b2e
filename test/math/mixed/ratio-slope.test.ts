import assert from 'node:assert/strict';
import { levelPoint } from '../../../sdk/math/mixed/level-point';
import type { MixedDesign } from '../../../sdk/math/mixed/mixed-design';
import { mixedDesign } from '../../../sdk/math/mixed/mixed-design';
import { criterionSlope, mixedFeature, mixedLikelihood } from '../../../sdk/math/mixed/mixed-feature';
import { mixedSpread, mixedState } from '../../../sdk/math/mixed/mixed-state';
import { ratioSlope } from '../../../sdk/math/mixed/ratio-slope';
import { makeRandom } from '../../../sdk/math/random';

describe('the ratio of variance between persons', () => {
  const random = makeRandom(11);
  // One to four scans of each person, at three sites.
  const persons = Int32Array.from(
    Array.from({ length: 40 }, (_, person) => new Array<number>((person % 4) + 1).fill(person)).flat(),
  );
  const drawn = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());
  const columns = [
    ...[0, 1, 2].map((site) => Float64Array.from(persons, (person) => Number(person % 3 === site))),
    drawn(persons.length),
  ];
  const values = drawn(persons.length).map((value, row) => value + Math.sin(persons[row]));

  for (const likelihood of ['reml', 'ml'] as const) {
    for (const curves of [[], [[drawn(persons.length), drawn(persons.length)]]]) {
      if (likelihood === 'ml' && curves.length > 0) continue;
      it(`has the slope of the states and of the criterion itself (${likelihood}, ${curves.length} curves)`, () => {
        const design: MixedDesign | undefined = mixedDesign({ columns, curves, persons });
        assert.ok(design !== undefined);
        const by = { penalties: curves.map(() => 0.7), likelihood };
        const feature = mixedFeature(design, values);
        const at = (ratio: number): { readonly criterion: number; readonly slope: number } => {
          const state = mixedState(design, mixedSpread(design, [ratio]), by);
          assert.ok(state !== undefined);
          const found = mixedLikelihood(design, feature, state);
          const [slope] = criterionSlope(design, feature, { state, likelihood: found });
          return { criterion: found.criterion, slope };
        };
        const slopeOf = ratioSlope(design, by);
        for (const ratio of [0, 0.03, 0.5, 2, 80]) {
          const { slope } = at(ratio);
          const own = slopeOf(feature, ratio);
          assert.ok(Math.abs(own - slope) <= 1e-11 * (1 + Math.abs(slope)), `${ratio}: ${own}, ${slope}`);
          const step = 1e-4 * (ratio + 0.01);
          const measured = (at(ratio + step).criterion - at(ratio - step).criterion) / (2 * step);
          if (ratio > 0)
            assert.ok(Math.abs(own - measured) <= 1e-5 * (0.01 + Math.abs(slope)), `${own}, ${measured}`);
        }
      });
    }
  }

  it('is found in few looks at the slope, to rounding', () => {
    const zeros: readonly (readonly [(at: number) => number, number])[] = [
      [(at) => at - 0.3, 0.3],
      [(at) => at * at - 0.5, Math.SQRT1_2],
      [(at) => Math.log(at + 1e-3) + 2, Math.exp(-2) - 1e-3],
      [(at) => (at - 0.9) ** 3 * (at + 1), 0.9],
      [(at) => 1 - 0.2 / (at + 0.01), 0.19],
    ];
    for (const [value, zero] of zeros) {
      let looks = 0;
      const found = levelPoint(
        (at) => {
          looks++;
          return value(at);
        },
        [0, 1].map((at) => ({ at, value: value(at) })),
      );
      const triple = zero === 0.9;
      assert.ok(Math.abs(found - zero) <= (triple ? 1e-6 : 2e-12), `${found}, ${zero}`);
      assert.ok(looks <= (triple ? 100 : 16), `${looks} looks for ${zero}`);
    }
  });
});

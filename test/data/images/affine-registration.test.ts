import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { AffineRegistration } from '../../../sdk/data/images/affine-registration';
import { registrationFromJson, registrationToJson } from '../../../sdk/data/images/affine-registration';
import { provenanceStep } from '../../../sdk/data/provenance';
import { ConcordError } from '../../../sdk/errors';

const registration: AffineRegistration = {
  kind: 'affine-registration',
  transform: 'affine',
  matrix: [1.1, Math.PI / 50, 0, 1 / 3, 0, 0.9, 0.1, -2, 0, 0, 1, 1e-17, 0, 0, 0, 1],
  movingGrid: { shape: [3, 4, 5], affine: makeAffine([1, 2, 3]) },
  fixedGrid: { shape: [6, 7, 8], affine: makeAffine([2, 2, 2], [-1, -2, -3]) },
  metric: { name: 'normalized mutual information', before: 1.1, after: 1.3 },
  provenance: [provenanceStep('registerAffine', { transform: 'affine' }, 1)],
};

describe('registrationToJson and registrationFromJson', () => {
  it('give back the same bits', () => {
    const text = JSON.stringify(registrationToJson(registration));
    assert.deepEqual(registrationFromJson(JSON.parse(text)), registration);
    const between = { ...registration, spaces: { moving: 1, fixed: 4 } };
    const again = JSON.stringify(registrationToJson(between));
    assert.deepEqual(registrationFromJson(JSON.parse(again)), between);
  });

  it('name what is wrong with a damaged one', () => {
    const json = registrationToJson(registration);
    const damaged: readonly (readonly [unknown, RegExp])[] = [
      [null, /it is not a JSON object/],
      [[], /it is not a JSON object/],
      [{ ...json, kind: 'combat' }, /kind is "combat"/],
      [{ ...json, schema: 2 }, /schema is 2/],
      [{ ...json, transform: 'warp' }, /transform is "warp"/],
      [{ ...json, matrix: [1, 2, 3] }, /its matrix has 3 numbers, not 16/],
      [{ ...json, matrix: new Array(16).fill(0) }, /its matrix is not an affine/],
      [{ ...json, matrix: new Array(16).fill('1') }, /number 1 of 16 of its matrix is "1"/],
      [
        { ...json, fixedGrid: { shape: [1, 2.5, 3], affine: makeAffine([1, 1, 1]) } },
        /shape of its fixedGrid/,
      ],
      [{ ...json, movingGrid: { shape: [1, 2, 3] } }, /affine of its movingGrid/],
      [{ ...json, movingGrid: undefined }, /its movingGrid is not a JSON object/],
      [{ ...json, spaces: 'MNI' }, /its spaces is not a JSON object/],
      [{ ...json, spaces: { moving: 1 } }, /its spaces are not two whole numbers/],
      [{ ...json, spaces: { moving: 0.5, fixed: 4 } }, /its spaces are not two whole numbers/],
      [{ ...json, metric: { name: 'mse', before: 1, after: 2 } }, /its metric/],
      [{ ...json, provenance: {} }, /its provenance is not a list/],
    ];
    for (const [value, message] of damaged) {
      assert.throws(
        () => registrationFromJson(value),
        (error) =>
          error instanceof ConcordError && error.code === 'malformed-model' && message.test(error.message),
      );
    }
  });
});

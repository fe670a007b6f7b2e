import assert from 'node:assert/strict';
import type { Mprage } from '../../../../sdk/simulate/phantom/scanner/signal-equations';
import {
  mprageSignal,
  sequenceSignal,
  spinEchoSignal,
  spoiledGradientEchoSignal,
} from '../../../../sdk/simulate/phantom/scanner/signal-equations';
import { tissueProperties } from '../../../../sdk/simulate/phantom/scanner/tissue-properties';
import { tissueNames } from '../../../../sdk/simulate/phantom/tissues';

const white = { t1: 832, t2: 69, t2Star: 53, protonDensity: 0.77 };
const gray = { t1: 1331, t2: 99, t2Star: 66, protonDensity: 0.86 };
const fluid = { t1: 4300, t2: 1800, t2Star: 800, protonDensity: 1 };

function near(actual: number, expected: number, relative: number = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);
}

// Expected values: NumPy 2.4.6, stepping the longitudinal magnetization pulse by pulse (rotation by the flip angle,
// exponential recovery) until it repeats, for 20,000 excitations or 200 inversions: no closed form in it.
describe('signal equations', () => {
  it('give what pulse by pulse simulation gives for a spoiled gradient echo', () => {
    const sequence = {
      kind: 'spoiled-gradient-echo',
      repetitionTime: 0.0096,
      echoTime: 0.0046,
      flipAngle: 8,
    } as const;
    near(spoiledGradientEchoSignal(sequence, white), 0.05344051322409848);
    const slow = {
      kind: 'spoiled-gradient-echo',
      repetitionTime: 0.022,
      echoTime: 0.005,
      flipAngle: 25,
    } as const;
    near(spoiledGradientEchoSignal(slow, fluid), 0.021799559167610828);
  });

  it('give what pulse by pulse simulation gives for MPRAGE', () => {
    const sequence: Mprage = {
      kind: 'mprage',
      repetitionTime: 2.3,
      echoTime: 0.003,
      inversionTime: 0.9,
      flipAngle: 9,
    };
    near(mprageSignal(sequence, white), 0.03410484498780761);
    near(mprageSignal(sequence, gray), 0.021987196475164606);
    const siemens: Mprage = {
      kind: 'mprage',
      repetitionTime: 2.5,
      echoTime: 0.00288,
      inversionTime: 1.06,
      flipAngle: 8,
    };
    near(mprageSignal(siemens, fluid), 0.005286754144209442);
    const other: Mprage = {
      kind: 'mprage',
      repetitionTime: 5,
      echoTime: 0.003,
      inversionTime: 1.6,
      flipAngle: 5,
      echoSpacing: 0.006,
      echoes: 120,
      inversionEfficiency: 1,
    };
    near(mprageSignal(other, fluid), 0.003051204462643074);
  });

  it('give the closed form of a spin echo', () => {
    near(
      spinEchoSignal({ kind: 'spin-echo', repetitionTime: 3.2, echoTime: 0.085 }, gray),
      0.33151245284056724,
    );
  });

  it('are greatest at the Ernst angle, arccos of exp(−TR/T1)', () => {
    const ernst = (Math.acos(Math.exp(-9.6 / 832)) * 180) / Math.PI;
    const at = (flipAngle: number): number =>
      sequenceSignal(
        { kind: 'spoiled-gradient-echo', repetitionTime: 0.0096, echoTime: 0.0046, flipAngle },
        white,
      );
    assert.ok(at(ernst) > at(ernst - 0.5) && at(ernst) > at(ernst + 0.5));
  });

  it('make white matter brighter than gray in T1w and darker in T2w, at every field', () => {
    for (const field of [1.5, 3, 7]) {
      const [wm, gm, csf] = (['whiteMatter', 'grayMatter', 'csf'] as const).map((tissue) =>
        tissueProperties(tissue, field),
      );
      const mprage: Mprage = {
        kind: 'mprage',
        repetitionTime: 2.5,
        echoTime: 0.003,
        inversionTime: 1,
        flipAngle: 8,
      };
      const echo = { kind: 'spin-echo', repetitionTime: 4, echoTime: 0.09 } as const;
      assert.ok(sequenceSignal(mprage, wm) > sequenceSignal(mprage, gm));
      assert.ok(sequenceSignal(mprage, gm) > sequenceSignal(mprage, csf));
      assert.ok(sequenceSignal(echo, csf) > sequenceSignal(echo, gm));
      assert.ok(sequenceSignal(echo, gm) > sequenceSignal(echo, wm));
    }
  });
});

describe('tissueProperties', () => {
  it('returns the table at its fields and lies between them elsewhere', () => {
    assert.deepEqual(tissueProperties('whiteMatter', 3), {
      t1: 832,
      t2: 69,
      t2Star: 53,
      protonDensity: 0.77,
    });
    for (const tissue of tissueNames) {
      const between = tissueProperties(tissue, 2).t1;
      const ends = [tissueProperties(tissue, 1.5).t1, tissueProperties(tissue, 3).t1];
      assert.ok(between >= Math.min(...ends) - 1e-9 && between <= Math.max(...ends) + 1e-9, tissue);
    }
  });

  it('refuses a field that no scanner has', () => {
    assert.throws(() => tissueProperties('csf', 0), { code: 'invalid-option' });
  });
});

import assert from 'node:assert/strict';
import { andersonDarling } from '../../../sdk/math/statistics/anderson-darling';

// p as scipy.stats.anderson_ksamp has it: SciPy 1.17.1, NumPy 2.4.6. Samples were drawn once and rounded, so that some have ties.

const cases: readonly { readonly samples: readonly (readonly number[])[]; readonly p: number }[] = [
  {
    samples: [
      [0.001, 0.299, -0.274, -0.891, -0.455, -0.992, 0.06, 1.34],
      [0.009, -0.145, 1.188, 1.028, 0.726, -0.517, 0.565, 1.434, -1.013, 0.051, -1.681, -0.947],
    ],
    p: 0.25,
  },
  {
    samples: [
      [-1.8, -0.2, -1.3, 0.3, 0.2, -0.2, -2.5, -0.5, -0.0, 0.1],
      [-1.3, -0.1, -0.7, -0.5, 1.8, -0.5, 0.5],
      [2.2, 0.2, 0.8, 1.2, 1.1, -0.7, 1.1, 2.9, -1.2],
    ],
    p: 0.040702537362922446,
  },
  {
    samples: [
      [
        0.859, 0.119, -0.641, 2.0, 0.762, -1.199, 0.075, 0.577, -0.189, 0.683, -0.067, 0.667, 1.439, -0.676,
        0.203, -0.463, 0.127, -1.187, -0.579, -0.196, 0.899, 1.145, -1.324, -0.795, 0.647, -1.992, -0.463,
        -0.097, 1.257, 0.689,
      ],
      [
        -0.093, -0.142, -0.0, 2.128, -0.214, -0.064, 0.723, 0.155, 0.063, -1.037, 0.286, -0.232, 1.699, 1.084,
        0.271, 1.102, -0.108, 1.563, 0.294, 1.0, -1.249, 0.716, -1.726, -2.142, -0.065,
      ],
      [
        -0.66, 0.83, 3.743, -0.564, -0.274, 0.888, 1.29, 0.353, 0.312, 1.583, 1.328, -0.847, 0.489, 0.649,
        -0.876, 0.964, -0.601, 1.961, 0.87, 0.725,
      ],
      [
        -0.046, 0.71, -2.296, -0.91, 1.481, -2.506, 2.255, -1.894, 2.111, -0.453, 2.146, 1.11, -1.559, 2.899,
        3.207,
      ],
    ],
    p: 0.05277437253209764,
  },
  {
    samples: [
      [
        0.84, -1.64, -2.11, 0.26, 0.04, -0.25, 0.04, -0.86, -1.51, -0.17, -0.97, -1.64, 0.51, -0.06, 0.41,
        -0.99, -0.66, -1.0, -0.89, 0.2,
      ],
      [
        -0.94, 0.43, 0.41, 2.43, -1.67, 1.07, -0.11, -0.02, -1.74, -0.55, 0.89, -0.1, 0.1, -0.35, 1.39, -0.03,
        -2.64, -0.83, -2.36, -3.9,
      ],
    ],
    p: 0.25,
  },
  {
    samples: [
      [-0.5, 1.3, 0.0, -1.2, -0.9],
      [
        2.3, 1.1, 1.0, 0.8, 0.9, 1.9, 1.6, 1.2, -0.4, 1.5, 0.1, 2.2, -0.6, 0.7, 0.9, -0.7, 3.0, 2.7, 0.3, 1.8,
        1.4, -2.2, 1.2, 0.8, 1.0, -0.4, 0.6, 0.7, 2.3, 1.3,
      ],
    ],
    p: 0.02729818701486376,
  },
  {
    samples: [
      [-0.006],
      [2.635, 0.134, 0.333, -1.38, 2.683, 1.957, 1.9, 1.603, 0.932, 1.059, 0.498, 0.556],
      [1.676, 3.717, 2.378, 1.518, 0.789, 0.711, 3.844, 2.309, 1.695, 1.115, 0.047, 1.506, 2.823, 1.05],
    ],
    p: 0.1171968775015276,
  },
];

describe('andersonDarling', () => {
  cases.forEach(({ samples, p }, at) => {
    it(`equals SciPy on samples of ${samples.map(({ length }) => length).join(', ')} (${at + 1})`, () => {
      const own = andersonDarling(samples.map((sample) => Float64Array.from(sample)));
      assert.ok(Math.abs(own - p) <= 1e-14, `${own} ${p}`);
    });
  });

  it('is 0.001 where samples lie apart, and not known beyond', () => {
    const low = Float64Array.from({ length: 20 }, (_, i) => i);
    assert.equal(andersonDarling([low, low.map((value) => value + 100)]), 0.001);
  });

  it('leaves out missing values and empty samples, whatever the order of samples', () => {
    const [{ samples }] = cases;
    const [a, b] = samples.map((sample) => Float64Array.from(sample));
    const p = andersonDarling([a, b]);
    assert.equal(andersonDarling([Float64Array.from([...a, NaN]), new Float64Array(0), b]), p);
    assert.ok(Math.abs(andersonDarling([b, a]) - p) <= 1e-15);
  });

  it('knows no p of one sample, or of values that are all equal', () => {
    const one = Float64Array.from([1, 2, 3, 4]);
    assert.equal(andersonDarling([one]), NaN);
    assert.equal(andersonDarling([new Float64Array(5).fill(2), new Float64Array(4).fill(2)]), NaN);
  });
});

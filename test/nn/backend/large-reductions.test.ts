import assert from 'node:assert/strict';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { onEachBackend } from '../../support/backends';
import type { Extent, LargeReduction } from './contract/large-reductions';
import { largeReductions, termsOf, valuesOfKind } from './contract/large-reductions';

/** All values, those along an axis with others before or behind it, and those along two axes with one between them. */
function extentsOf(size: number): readonly Extent[] {
  return [
    { shape: [1, size, 1], axes: [0, 1, 2] },
    { shape: [4, size / 4, 1], axes: [1] },
    { shape: [1, size / 8, 8], axes: [1] },
    { shape: [size / 64, 4, 16], axes: [0, 2] },
  ];
}

/** Values for the size that was asked for last: making them takes longer than reducing them. */
let made: { readonly key: string; readonly values: Float32Array } | undefined;

function valuesFor({ values: kind }: LargeReduction, size: number): Float32Array {
  const key = `${kind} ${size}`;
  made = made?.key === key ? made : { key, values: valuesOfKind(kind, size) };
  return made.values;
}

async function check(reduction: LargeReduction, size: number, backend: string): Promise<void> {
  const values = valuesFor(reduction, size);
  for (const extent of extentsOf(size)) {
    const { shape, axes } = extent;
    if (reduction.alongOne === true && axes.length > 1) continue;
    if (reduction.isTruth === true && backend === 'webgpu' && axes.length < 3) continue;
    const made = tidy(() => reduction.reduce(tensor(values, [...shape]), [...axes]));
    const result = await made.data();
    made.dispose();
    let at = 0;
    for (const terms of termsOf(values, extent)) {
      const right = reduction.right(terms);
      const off = Math.abs(result[at] - right);
      assert.ok(
        off <= reduction.tolerance(terms, right),
        `result ${at} of ${shape.join(' × ')} over ${axes.join(', ')}: ${result[at]}, in float64 ${right}`,
      );
      at++;
    }
    assert.equal(result.length, at);
  }
}

onEachBackend('reductions of many values are those of float64', (backend) => {
  for (const [exponent, mark] of [
    [16, ''],
    [20, ' [long]'],
    [22, ' [long]'],
    [25, ' [long]'],
  ] as const) {
    for (const reduction of largeReductions) {
      it(`${reduction.name} of 2^${exponent} values ${reduction.values}${mark}`, () =>
        check(reduction, 2 ** exponent, backend));
    }
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-core';
import { engine, memory, mul, sum, tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Tree } from '../../sdk/data/networks/weights';

/** An array as the fixtures hold it. */
interface FixtureArray {
  readonly shape: number[];
  readonly data: number[];
}

/** What PyTorch computed for one block or network: see fixtures/nn/blocks.py and the networks.py of each method. */
interface TorchCase {
  readonly weights: Readonly<Record<string, FixtureArray>>;
  readonly inputs: Readonly<Record<string, FixtureArray>>;
  readonly output: FixtureArray;
  readonly cotangent: FixtureArray;
  /** By `weights.PATH` and `inputs.NAME`. */
  readonly gradients: Readonly<Record<string, FixtureArray>>;
}

/** Where what PyTorch computed is kept, within fixtures. */
export type TorchFixture =
  | 'nn/blocks.json'
  | 'cvae-networks/networks.json'
  | 'cyclegan-networks/networks.json'
  | 'ddae-networks/networks.json'
  | 'murd-networks/networks.json'
  | 'stargan-networks/networks.json';

function readCases(fixture: TorchFixture): Readonly<Record<string, TorchCase>> {
  const file = path.join(__dirname, '..', '..', 'fixtures', fixture);
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, TorchCase>>;
}

const cases: { readonly [Fixture in TorchFixture]: Readonly<Record<string, TorchCase>> } = {
  'nn/blocks.json': readCases('nn/blocks.json'),
  'cvae-networks/networks.json': readCases('cvae-networks/networks.json'),
  'cyclegan-networks/networks.json': readCases('cyclegan-networks/networks.json'),
  'ddae-networks/networks.json': readCases('ddae-networks/networks.json'),
  'murd-networks/networks.json': readCases('murd-networks/networks.json'),
  'stargan-networks/networks.json': readCases('stargan-networks/networks.json'),
};

/** A block under test, as a function of tensors. */
export type Apply<Weights> = (weights: Weights, inputs: Readonly<Record<string, Tensor>>) => Tensor;

/** The values of an input, for a block that takes it as numbers. */
export function torchInput(
  name: string,
  input: string,
  fixture: TorchFixture = 'nn/blocks.json',
): readonly number[] {
  return cases[fixture][name].inputs[input].data;
}

/**
 * Holds a block's output and its gradients with respect to every weight and input to PyTorch's, on the current backend,
 * and sees that nothing is left behind.
 *
 * @param constant - inputs that the block takes as numbers, without a gradient
 * @param sum - that it sums large terms whose gradients cancel: each is then held to the largest of all gradients
 */
export async function checkAgainstTorch<Weights>(
  name: string,
  apply: Apply<Weights>,
  {
    constant = [],
    fixture = 'nn/blocks.json',
    sum: summed = false,
  }: {
    readonly constant?: readonly string[];
    readonly fixture?: TorchFixture;
    readonly sum?: boolean;
  } = {},
): Promise<void> {
  const { weights, inputs, output, cotangent, gradients } = cases[fixture][name];
  const before = memory().numTensors;
  const found = tidy(() => {
    const toTensor = ({ data, shape }: FixtureArray): Tensor => tensor(data, shape, 'float32');
    const leaves = [
      ...Object.entries(weights).map(([key, value]) => [`weights.${key}`, toTensor(value)] as const),
      ...Object.entries(inputs).map(([key, value]) => [`inputs.${key}`, toTensor(value)] as const),
    ];
    const run = (): Tensor => {
      const tree = grow(leaves);
      return apply(tree['weights'] as Weights, tree['inputs'] as Readonly<Record<string, Tensor>>);
    };
    const held = memory().numTensors;
    const y = run();
    assert.equal(memory().numTensors, held + 1, `${name}: tensors left behind`);
    const learned = leaves.filter(([key]) => !constant.includes(key));
    const values = learned.map(([, value]) => value);
    const loss = (): Tensor => sum(mul(run(), toTensor(cotangent)));
    const { grads } = engine().gradients(loss, values, undefined, true);
    const byName = learned.map(([key], index) => [key, grads[index] ?? zerosLike(values[index])]);
    return { y, ...(Object.fromEntries(byName) as Record<string, Tensor>) };
  });
  const largest = Math.max(...Object.values(gradients).flatMap(({ data }) => data.map(Math.abs)));
  for (const [key, value] of Object.entries(found)) {
    const expected = key === 'y' ? output : gradients[key];
    const what = key === 'y' ? `${name}: output` : `${name}: gradient of ${key}`;
    await checkClose(what, value, { expected, least: summed ? largest : 1e-3 });
    value.dispose();
  }
  assert.equal(memory().numTensors, before, `${name}: tensors left behind`);
}

/** The tree of values given by dotted paths; children named by numbers make a list. */
export function grow(leaves: readonly (readonly [string, Tensor])[]): Tree<Tensor> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of leaves) {
    const names = key.split('.');
    let branch = root;
    for (const name of names.slice(0, -1)) branch = (branch[name] ??= {}) as Record<string, unknown>;
    branch[names[names.length - 1]] = value;
  }
  const list = (branch: object): object => {
    if (!isPlain(branch)) return branch;
    const children = Object.entries(branch).map(([name, child]) => [name, list(child as object)] as const);
    const isList = children.length > 0 && children.every(([name]) => /^\d+$/.test(name));
    return isList ? children.map(([, child]) => child) : Object.fromEntries(children);
  };
  return list(root) as Tree<Tensor>;
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** Fixtures hold six digits; float32 in another order of summation loses up to one more. */
async function checkClose(
  what: string,
  found: Tensor,
  { expected, least }: { readonly expected: FixtureArray; readonly least: number },
): Promise<void> {
  const { shape, data } = expected;
  assert.deepEqual(found.shape, shape, what);
  const largest = Math.max(...data.map(Math.abs), least);
  (await found.data()).forEach((value, index) => {
    const difference = Math.abs(value - data[index]);
    // Written so that NaN fails.
    assert.ok(
      difference <= 2e-5 * largest,
      `${what}: ${value} at ${index}, PyTorch ${data[index]} (of up to ${largest})`,
    );
  });
}

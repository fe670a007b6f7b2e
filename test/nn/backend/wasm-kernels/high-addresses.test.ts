import assert from 'node:assert/strict';
import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import {
  backend,
  concat,
  fill,
  grads,
  conv2d,
  engine,
  matMul,
  ones,
  reshape,
  setBackend,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { startWasm } from '../../../../sdk/nn/backend/start-wasm';

/** What of the backend is needed to take memory without touching it. */
interface Store {
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  disposeData(dataId: object): boolean;
  getMemoryOffset(dataId: object): number;
}

describe('kernels on wasm above 2 GiB, where addresses are negative numbers to the compiled code', () => {
  const side = 512;
  const taken: object[] = [];
  let store: Store;

  before(async () => {
    await startWasm({ threads: 2 });
    await setBackend('wasm');
    store = backend() as unknown as Store;
    // Memory that is not touched is not there: this takes addresses, not bytes.
    for (;;) {
      const { dataId } = store.makeOutput([2 * side * side * 8], 'float32');
      const address = store.getMemoryOffset(dataId);
      store.disposeData(dataId);
      if (address > 2 ** 31) break;
      taken.push(store.makeOutput([2 * side * side * 8], 'float32').dataId);
    }
  });

  after(() => taken.forEach((dataId) => store.disposeData(dataId)));

  // What a test makes goes with it.
  beforeEach(() => engine().startScope());
  afterEach(() => engine().endScope());

  // With many channels it is done by tiles.
  for (const channels of [8, 16]) {
    it(`convolve ${channels} channels, with gradients`, () => {
      const [dx, dfilter] = tidy(() =>
        grads((x, filter) => sum(conv2d(x as Tensor4D, filter as Tensor4D, 1, 'valid')))([
          fill([2, side, side, channels], 0.5),
          ones([3, 3, channels, channels]),
        ]),
      );
      const center = dx.dataSync()[((side + 1) * side * channels) / 2];
      assert.equal(center, 9 * channels);
      for (const value of dfilter.dataSync()) assert.equal(value, (side - 2) ** 2);
    });
  }

  it('multiply, sum and copy', () => {
    const total = tidy(() => {
      const rows = fill([2 * side * side, 8], 0.5);
      const both = concat([rows, matMul(rows, ones([8, 8]))], 1);
      return sum(reshape(both, [2, side * side, 16]), 1);
    });
    const half = side * side;
    const right = [...new Array<number>(8).fill(half / 2), ...new Array<number>(8).fill(4 * half)];
    assert.deepEqual([...total.dataSync()], [...right, ...right]);
  });
});

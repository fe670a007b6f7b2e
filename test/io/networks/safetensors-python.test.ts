import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { WeightTable } from '../../../sdk/data/networks/weights';
import { writeNetworkFolder } from '../../../sdk/io/networks/network-folder';
import { readSafetensors } from '../../../sdk/io/networks/safetensors-file';
import { checkout } from '../../../scripts/checkout';
import type { PythonEnvironment } from '../../../scripts/python-environment';
import { ensurePythonEnvironment, PythonUnavailableError } from '../../../scripts/python-environment';
import { version } from '../../../sdk/version';
import { temporaryFolder } from '../../support/temporary-folder';
import { skipWithout } from '../../support/skipping';

/** The numbers of an array of a file, with its shape. */
async function arraysOf(
  path: string,
): Promise<Map<string, [shape: readonly number[], values: readonly number[]]>> {
  const { table } = await readSafetensors(path);
  return new Map([...table].map(([name, { shape, data }]) => [name, [shape, [...data]]]));
}

function bits(data: Float32Array): readonly number[] {
  return [...new Uint32Array(data.buffer, data.byteOffset, data.length)];
}

describe('safetensors of PyTorch', () => {
  // Made by fixtures/nn/torch-weights.py: each number tells its position.
  const path = join(checkout, 'fixtures', 'nn', 'torch-weights.safetensors');
  const counted = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i / 8 - 2);

  it('are read', async () => {
    const arrays = await arraysOf(path);
    assert.deepEqual(arrays.get('encoder.0.weight'), [[4, 2, 3, 3], counted(72)]);
    assert.deepEqual(arrays.get('encoder.0.bias'), [[4], counted(4)]);
    assert.deepEqual(arrays.get('encoder.1.weight'), [[3, 5], counted(15)]);
    assert.deepEqual(arrays.get('encoder.1.running_mean'), [
      [4],
      [0, 1, 2, 3].map((i) => Math.fround(Math.exp(i))),
    ]);
    assert.deepEqual(arrays.get('encoder.1.num_batches_tracked'), [[], [12345]]);
    assert.deepEqual(arrays.get('labels'), [
      [3, 1],
      [-2, -1, 0],
    ]);
    assert.deepEqual(arrays.get('empty'), [[0, 7], []]);
    assert.deepEqual(arrays.get('σ.größe'), [[], [0.25]]);
    assert.equal(arrays.size, 8);
    const { metadata, rounded } = await readSafetensors(path);
    assert.deepEqual(metadata, { format: 'pt' });
    assert.deepEqual(rounded, ['encoder.1.running_mean']);
  });
});

describe('safetensors and their Python package', function () {
  let environment: PythonEnvironment;
  const folder = temporaryFolder();
  const peer = (verb: string, path: string): string => {
    const program = join(__dirname, 'safetensors-peer.py');
    const result = spawnSync(environment.python, [program, verb, path], { encoding: 'utf8' });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
  };

  before(function () {
    try {
      environment = ensurePythonEnvironment({
        folder: join(checkout, '.cache', 'safetensors-python'),
        requirements: join(__dirname, 'requirements.txt'),
        onStep: (step) => console.log(`      ${step}`),
      });
    } catch (error) {
      // Where Python must be there, as in continuous integration, its absence is a failure.
      if (!(error instanceof PythonUnavailableError) || process.env['CONCORD_REQUIRE_JUPYTER'] === '1')
        throw error;
      skipWithout(this, 'Python', error.message);
    }
  });

  it('opens there what is written here', async () => {
    const weights: WeightTable = new Map([
      ['β.größe "量"', { shape: [2, 3], data: Float32Array.of(1, -0, 1e-45, 3.4e38, NaN, -Infinity) }],
      ['scalar', { shape: [], data: Float32Array.of(Math.PI) }],
      ['none', { shape: [0, 4], data: new Float32Array(0) }],
      ['10', { shape: [1], data: Float32Array.of(10) }],
    ]);
    const path = folder.path('network');
    await writeNetworkFolder(path, { model: { kind: 'test' }, weights });
    const found = JSON.parse(peer('describe', join(path, 'weights.safetensors'))) as {
      version: string;
      metadata: unknown;
      arrays: Record<string, unknown>;
    };
    assert.equal(found.version, '0.8.0');
    assert.deepEqual(found.metadata, { concord: version, kind: 'test' });
    const expected = [...weights].map(([name, { shape, data }]) => [
      name,
      { dtype: 'float32', shape, bits: bits(data) },
    ]);
    assert.deepEqual(found.arrays, Object.fromEntries(expected));
  });

  it('opens there a file without arrays', async () => {
    const path = folder.path('bare');
    await writeNetworkFolder(path, { model: { kind: 'bare' }, weights: new Map() });
    assert.deepEqual(
      (JSON.parse(peer('describe', join(path, 'weights.safetensors'))) as { arrays: object }).arrays,
      {},
    );
  });

  it('reads here what is written there', async () => {
    const path = folder.path('numpy.safetensors');
    peer('write', path);
    const arrays = await arraysOf(path);
    const counted = Array.from({ length: 24 }, (_, i) => i - 3);
    for (const kind of ['float64', 'float32', 'float16', 'int64', 'int32', 'int16', 'int8']) {
      assert.deepEqual(arrays.get(`${kind}.größe 量`), [[2, 3, 4], counted], kind);
    }
    for (const kind of ['uint64', 'uint32', 'uint16', 'uint8']) {
      assert.deepEqual(arrays.get(kind), [[3], [0, 7, 255]], kind);
    }
    assert.deepEqual(arrays.get('scalar'), [[], [2.5]]);
    assert.deepEqual(arrays.get('empty'), [[0, 3], []]);
    // All 65536 numbers of binary16, as NumPy converts them.
    assert.deepEqual(arrays.get('halves'), arrays.get('halves as float32'));
    const { metadata, rounded } = await readSafetensors(path);
    assert.deepEqual([metadata, rounded], [{ 'made by': 'NumPy' }, []]);
  });
});

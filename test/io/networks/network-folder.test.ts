import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../sdk/data/json';
import type { NetworkDescription } from '../../../sdk/data/networks/stored-network';
import type { WeightTable } from '../../../sdk/data/networks/weights';
import { ConcordError } from '../../../sdk/errors';
import { folderOrFile, readNetworkFolder, writeNetworkFolder } from '../../../sdk/io/networks/network-folder';
import { readWeights, writeWeights } from '../../../sdk/io/networks/weights-file';
import { makeRandom } from '../../../sdk/math/random';
import { version } from '../../../sdk/version';
import { temporaryFolder } from '../../support/temporary-folder';
import type { Expected } from '../rejects-with';
import { rejectsWith } from '../rejects-with';

const model: NetworkDescription = {
  kind: 'autoencoder',
  architecture: { channels: [1, 8, 16], latent: 4, note: 'lists [ 1, 2 ] in texts stay' },
  sites: ['HH', 'Å'],
  training: { seed: 3, history: [{ step: 1, loss: 0.1 }], best: null, decay: 1e-7 },
};
const weights: WeightTable = new Map([
  ['encoder.0.kernel', { shape: [3, 1, 2], data: Float32Array.of(1, -0, 2.5, 1e-45, -7, 3) }],
  ['encoder.0.bias', { shape: [2], data: Float32Array.of(0.1, 0.2) }],
]);

/** Another network than {@link weights}. */
const others: WeightTable = new Map([['w', { shape: [1], data: Float32Array.of(9) }]]);

describe('a folder of a network', () => {
  const folder = temporaryFolder();
  let count = 0;
  const saved = async (): Promise<string> => {
    const path = folder.path(`network ${(count += 1)}`);
    await writeNetworkFolder(path, { model, weights });
    return path;
  };
  const leftovers = (): readonly string[] =>
    readdirSync(folder.path('.')).filter((name) => name.startsWith('.'));

  it('gives back the same bits and words', async () => {
    const path = await saved();
    assert.deepEqual(readdirSync(path).sort(), ['model.json', 'weights.safetensors']);
    assert.deepEqual(await readNetworkFolder(path), { model, weights });
    const json = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8')) as JsonObject;
    assert.equal(json['format'], 'concord-network');
    assert.equal(json['formatVersion'], 1);
    assert.equal(json['concord'], version);
    assert.equal(json['kind'], 'autoencoder');
    const { arrays, bytes } = json['weights'] as JsonObject;
    assert.deepEqual(arrays, { 'encoder.0.kernel': [3, 1, 2], 'encoder.0.bias': [2] });
    assert.equal(bytes, readFileSync(join(path, 'weights.safetensors')).length);
    // To be read by eye: a list of numbers is one line.
    assert.match(readFileSync(join(path, 'model.json'), 'utf8'), /^ {6}"encoder\.0\.kernel": \[3, 1, 2\],$/m);
    assert.deepEqual(leftovers(), []);
  });

  it('is told from a file and from nothing', async () => {
    assert.equal(await folderOrFile(await saved()), 'folder');
    assert.equal(await folderOrFile(folder.write('model', '{}')), 'file');
    assert.equal(await folderOrFile(folder.path('not there')), undefined);
  });

  it('is the same bytes each time', async () => {
    const one = await saved();
    const other = await saved();
    for (const name of ['model.json', 'weights.safetensors']) {
      assert.deepEqual(readFileSync(join(one, name)), readFileSync(join(other, name)));
    }
  });

  it('is replaced only when asked, and then as a whole', async () => {
    const path = await saved();
    const other = { model: { kind: 'other' }, weights: others };
    await rejectsWith(writeNetworkFolder(path, other), { code: 'file-exists', says: [path, 'overwrite'] });
    assert.deepEqual(await readNetworkFolder(path), { model, weights });
    await writeNetworkFolder(path, other, { overwrite: true });
    assert.deepEqual(await readNetworkFolder(path), other);
    await writeNetworkFolder(folder.path('new'), other, { overwrite: true });
    assert.deepEqual(await readNetworkFolder(folder.path('new')), other);
    mkdirSync(folder.path('empty'));
    await writeNetworkFolder(folder.path('empty'), other, { overwrite: true });
    assert.deepEqual(await readNetworkFolder(folder.path('empty')), other);
    assert.deepEqual(leftovers(), []);
  });

  it('that a link leads to is replaced where it is', async () => {
    const path = await saved();
    const link = folder.path('link');
    symlinkSync(path, link);
    await writeNetworkFolder(link, { model, weights: others }, { overwrite: true });
    assert.deepEqual((await readNetworkFolder(path)).weights, others);
    assert.deepEqual((await readNetworkFolder(link)).weights, others);
  });

  it('stays when what was to replace it cannot be written', async () => {
    const path = await saved();
    const wrong: WeightTable = new Map([['w', { shape: [2], data: new Float32Array(3) }]]);
    const write = (change: object, table = weights): Promise<void> =>
      writeNetworkFolder(path, { model: { ...model, ...change }, weights: table }, { overwrite: true });
    await rejectsWith(write({}, wrong), { code: 'invalid-option', says: ['"w"'] });
    await rejectsWith(write({ a: [{ loss: NaN }] }), { code: 'invalid-option', says: ['a.0.loss is NaN'] });
    await rejectsWith(write({ format: 'mine' }), { code: 'invalid-option', says: ['"format"'] });
    await rejectsWith(write({ weights: 1 }), { code: 'invalid-option', says: ['"weights"'] });
    assert.deepEqual(await readNetworkFolder(path), { model, weights });
    assert.deepEqual(leftovers(), []);
    const nowhere = folder.path('no/such/place');
    await rejectsWith(writeNetworkFolder(nowhere, { model, weights }), {
      code: 'unwritable-file',
      says: [nowhere],
    });
  });

  it('never replaces anything but a network', async () => {
    const refused = (path: string, says: string): Promise<void> =>
      rejectsWith(writeNetworkFolder(path, { model, weights }, { overwrite: true }), {
        code: 'invalid-option',
        says: [path, says],
      });
    const thesis = folder.path('thesis');
    mkdirSync(thesis);
    writeFileSync(join(thesis, 'chapter-1.txt'), 'years of work');
    await refused(thesis, 'not a network');
    writeFileSync(join(thesis, 'model.json'), '{"format":"another"}');
    await refused(thesis, 'not a network');
    assert.deepEqual(readdirSync(thesis).sort(), ['chapter-1.txt', 'model.json']);
    const annotated = await saved();
    writeFileSync(join(annotated, 'notes.txt'), 'best so far');
    await refused(annotated, '"notes.txt" would be lost');
    assert.deepEqual((await readNetworkFolder(annotated)).weights, weights);
    await refused(folder.write('combat.json', '{"kind":"combat"}'), 'it is a file');
    assert.equal(readFileSync(folder.path('combat.json'), 'utf8'), '{"kind":"combat"}');
    rmSync(join(annotated, 'notes.txt'));
    writeFileSync(join(annotated, '.DS_Store'), 'file managers leave such things');
    await writeNetworkFolder(annotated, { model, weights: others }, { overwrite: true });
    assert.deepEqual((await readNetworkFolder(annotated)).weights, others);
  });

  it('is mended when the program died while it replaced it', async () => {
    const id = '01234567-89ab-cdef-0123-456789abcdef';
    const interrupted = async (name: string): Promise<[path: string, tmp: string, old: string]> => {
      const path = folder.path(name);
      const tmp = folder.path(`.${name}.${id}.tmp`);
      const old = folder.path(`.${name}.${id}.old`);
      await writeNetworkFolder(old, { model, weights });
      await writeNetworkFolder(tmp, { model, weights: others });
      return [path, tmp, old];
    };
    // Between the two renames: the new one was complete.
    const [read, readTmp] = await interrupted('reading');
    assert.deepEqual((await readNetworkFolder(read)).weights, others);
    assert.ok(!existsSync(readTmp));
    const [write] = await interrupted('writing');
    await rejectsWith(writeNetworkFolder(write, { model, weights }), { code: 'file-exists', says: [write] });
    assert.deepEqual((await readNetworkFolder(write)).weights, others);
    // Without the new one, the old one is what there is.
    const [lost, lostTmp, lostOld] = await interrupted('lost');
    rmSync(lostTmp, { recursive: true });
    assert.deepEqual((await readNetworkFolder(lost)).weights, weights);
    assert.ok(!existsSync(lostOld));
    // After both renames only the old one is left to be removed; one half written is, when it is old enough.
    const [late, lateTmp, lateOld] = await interrupted('late');
    renameSync(lateTmp, late);
    const dead = id.replaceAll('0', '1');
    const alive = id.replaceAll('0', '2');
    for (const other of [dead, alive]) mkdirSync(folder.path(`.late.${other}.tmp`));
    const before = new Date(Date.now() - 7_200_000);
    writeFileSync(folder.path(`.late.${dead}.tmp/weights.safetensors`), 'half');
    utimesSync(folder.path(`.late.${dead}.tmp/weights.safetensors`), before, before);
    utimesSync(folder.path(`.late.${dead}.tmp`), before, before);
    await writeNetworkFolder(late, { model, weights }, { overwrite: true });
    assert.ok(!existsSync(lateOld));
    assert.deepEqual(
      leftovers().filter((name) => name.startsWith('.late')),
      [`.late.${alive}.tmp`],
    );
  });

  it('says what is wrong with it', async () => {
    const path = folder.path('damaged');
    const record = join(path, 'model.json');
    const table = join(path, 'weights.safetensors');
    const after = async (change: () => unknown, ...says: string[]): Promise<void> => {
      rmSync(path, { recursive: true, force: true });
      await writeNetworkFolder(path, { model, weights });
      await change();
      await rejectsWith(readNetworkFolder(path), { code: 'malformed-model', says });
    };
    const edit = (from: string | RegExp, to: string) => (): void =>
      writeFileSync(record, readFileSync(record, 'utf8').replace(from, to));
    await after(() => truncateSync(table, 50), table, 'truncated', 'has 50 bytes');
    await after(() => appendFileSync(table, 'x'), table, 'bytes, and');
    await after(() => rmSync(table), table, 'missing');
    const flipped = (): void => {
      const bytes = readFileSync(table);
      bytes[bytes.length - 2] ^= 1;
      writeFileSync(table, bytes);
    };
    await after(flipped, table, 'SHA-256');
    await after(edit('"HH"', '"KU"'), record, 'changed');
    await after(edit('"concord-network"', '"other"'), record, 'not the record of a network');
    await after(
      edit('"formatVersion": 1', '"formatVersion": 2'),
      'newer concord',
      version,
      'update concord-mri',
    );
    await after(edit('"formatVersion": 1', '"formatVersion": "1"'), 'format version is "1"');
    await after(() => truncateSync(record, 100), record, 'invalid JSON');
    await after(() => writeFileSync(record, Buffer.from([0x22, 0xff, 0x22])), record, 'UTF-8');
    await after(() => writeFileSync(record, '[1]'), record, 'not the record');
    rmSync(record);
    await rejectsWith(readNetworkFolder(path), { code: 'malformed-model', says: ['no model.json'] });
    await rejectsWith(readNetworkFolder(folder.path('nowhere')), {
      code: 'unreadable-file',
      says: ['no such folder'],
    });
    const file = folder.write('file', 'x');
    await rejectsWith(readNetworkFolder(file), { code: 'malformed-model', says: ['it is a file'] });
  });

  it('of another kind than wanted is not taken for it', async () => {
    const path = await saved();
    assert.deepEqual(await readNetworkFolder(path, { kind: 'autoencoder' }), { model, weights });
    const expected = {
      code: 'malformed-model',
      says: ['"autoencoder", not "ddae"', 'use kind: "autoencoder"'],
    };
    await rejectsWith(readNetworkFolder(path, { kind: 'ddae' }), expected as Expected);
  });

  it('notices arrays that are not those of its record', async () => {
    const path = folder.path('arrays');
    mkdirSync(path);
    const said = await writeWeights(path, weights, {});
    assert.deepEqual(await readWeights(path, said, 'model.json'), weights);
    const differing = (arrays: JsonObject, ...says: string[]): Promise<void> =>
      rejectsWith(readWeights(path, { ...said, arrays }, 'model.json'), {
        code: 'malformed-model',
        says: [join(path, 'weights.safetensors'), ...says],
      });
    const kernel = { 'encoder.0.kernel': [3, 1, 2] };
    const bias = { 'encoder.0.bias': [2] };
    await differing({ ...kernel, ...bias, w: [0] }, 'lacks "w"');
    await differing(kernel, 'holds "encoder.0.bias"');
    await differing({ ...bias, 'encoder.0.kernel': [2, 1, 3] }, '"encoder.0.kernel"', '[3,1,2]', '[2,1,3]');
    await rejectsWith(readWeights(path, null, 'model.json'), {
      code: 'malformed-model',
      says: ['model.json'],
    });
  });

  it('with any bytes corrupted gives the same network or a clear error', async function () {
    const path = folder.path('fuzzed');
    await writeNetworkFolder(path, { model, weights });
    const names = ['model.json', 'weights.safetensors'];
    const whole = new Map(names.map((name) => [name, readFileSync(join(path, name))]));
    const random = makeRandom(20_261_120);
    let noticed = 0;
    for (let run = 0; run < 500; run++) {
      const name = names[random.integer(2)];
      let bytes = Buffer.from(whole.get(name) ?? []);
      for (let i = random.integer(4); i >= 0; i--) bytes[random.integer(bytes.length)] = random.integer(256);
      if (random.integer(5) === 0) bytes = bytes.subarray(0, random.integer(bytes.length));
      if (random.integer(10) === 0)
        bytes = Buffer.concat([bytes, bytes.subarray(random.integer(bytes.length))]);
      writeFileSync(join(path, name), bytes);
      try {
        assert.deepEqual(await readNetworkFolder(path), { model, weights }, `run ${run}`);
      } catch (error) {
        assert.ok(error instanceof ConcordError, `run ${run}: ${String(error)}`);
        noticed += 1;
      }
      writeFileSync(join(path, name), whole.get(name) ?? '');
    }
    assert.ok(noticed > 400, `${noticed} of 500 were noticed`);
  });
});

import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import type { WeightTable } from '../../../sdk/data/networks/weights';
import { makeRandom } from '../../../sdk/math/random';
import { duplicateKey } from '../../../sdk/io/networks/duplicate-key';
import { decodeSafetensors, encodeSafetensors } from '../../../sdk/io/networks/safetensors';
import { readSafetensors, writeSafetensors } from '../../../sdk/io/networks/safetensors-file';
import { temporaryFolder } from '../../support/temporary-folder';
import { checkError, rejectsWith } from '../rejects-with';

/** A file of these parts, as the format says, with nothing checked. */
function file(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = typeof header === 'string' ? header : JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

/** A file of one array, `w`. */
function one(dtype: string, shape: unknown, data: ArrayBufferView): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return file({ w: { dtype, shape, data_offsets: [0, bytes.length] } }, bytes);
}

/** The same with its ÿ as one byte each, which UTF-8 does not know; spaces make up for the length. */
function latin1(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replaceAll('Ã¿', 'ÿ').replace('}}', '}}  ');
  return Buffer.from(text, 'latin1');
}

const awkward: WeightTable = new Map([
  ['β.kernel', { shape: [2, 3], data: Float32Array.of(1, -0, 1e-45, 3.4e38, NaN, -Infinity) }],
  ['scalar', { shape: [], data: Float32Array.of(Math.PI) }],
  ['none', { shape: [0, 4], data: new Float32Array(0) }],
  ['10', { shape: [1], data: Float32Array.of(10) }],
  ['__proto__', { shape: [1], data: Float32Array.of(-1) }],
  ['"quoted"\\\n', { shape: [2], data: Float32Array.of(7, 8, 9).subarray(1) }],
]);

/** Everything that can differ, with the bits of numbers. */
function bitsOf(table: WeightTable): unknown {
  return [...table].map(([name, { shape, data }]) => [
    name,
    shape,
    [...new Uint32Array(data.slice().buffer)],
  ]);
}

describe('safetensors', () => {
  it('are written byte for byte as the format says', () => {
    const table: WeightTable = new Map([
      ['b', { shape: [2], data: Float32Array.of(1, -2) }],
      ['a', { shape: [1, 1], data: Float32Array.of(0.5) }],
    ]);
    const header =
      '{"__metadata__":{"kind":"test"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
      '"a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}';
    const padded = Math.ceil(header.length / 8) * 8;
    const bytes = Buffer.from(encodeSafetensors(table, { kind: 'test' }));
    assert.equal(bytes.readBigUInt64LE(0), BigInt(padded));
    assert.equal(bytes.toString('utf8', 8, 8 + padded), header.padEnd(padded));
    // IEEE 754: 1 is 3f800000, -2 is c0000000, 0.5 is 3f000000.
    assert.equal(bytes.toString('hex', 8 + padded), '0000803f' + '000000c0' + '0000003f');
  });

  it('give back the same bits, names and order', () => {
    const { table, metadata, rounded } = decodeSafetensors(encodeSafetensors(awkward, { note: 'é' }), 'x');
    assert.deepEqual(bitsOf(table), bitsOf(awkward));
    assert.deepEqual([metadata, rounded], [{ note: 'é' }, []]);
    assert.deepEqual(decodeSafetensors(encodeSafetensors(new Map()), 'x').table, new Map());
  });

  it('of other types become float32', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0xfc00, 0x3555);
    const read = (dtype: string, data: ArrayBufferView & { length: number }): number[] => [
      ...(decodeSafetensors(one(dtype, [data.length], data), 'x').table.get('w')?.data ?? []),
    ];
    // Values of binary16 from its definition in IEEE 754: 2⁻²⁴ is the smallest, 65504 the largest.
    assert.deepEqual(read('F16', halves), [1, -2, 2 ** -24, 65504, -Infinity, 0.333251953125]);
    assert.ok(Number.isNaN(read('F16', Uint16Array.of(0x7e00))[0]));
    assert.ok(Object.is(read('F16', Uint16Array.of(0x8000))[0], -0));
    assert.deepEqual(read('BF16', Uint16Array.of(0x3f80, 0xc049, 0x0001)), [1, -3.140625, 2 ** -133]);
    assert.deepEqual(read('F64', Float64Array.of(0.5, -3)), [0.5, -3]);
    assert.deepEqual(read('I64', BigInt64Array.of(-5n, 1n << 40n)), [-5, 2 ** 40]);
    assert.deepEqual(read('U64', BigUint64Array.of(1n << 63n)), [2 ** 63]);
    assert.deepEqual(read('I32', Int32Array.of(-7)), [-7]);
    assert.deepEqual(read('U32', Uint32Array.of(0x80000000)), [2 ** 31]);
    assert.deepEqual(read('I16', Int16Array.of(-300)), [-300]);
    assert.deepEqual(read('U16', Uint16Array.of(65535)), [65535]);
    assert.deepEqual(read('I8', Int8Array.of(-128)), [-128]);
    assert.deepEqual(read('U8', Uint8Array.of(255)), [255]);
  });

  it('say which arrays had to be rounded', () => {
    const rounds = (dtype: string, data: ArrayBufferView): readonly string[] =>
      decodeSafetensors(one(dtype, [1], data), 'x').rounded;
    assert.deepEqual(rounds('F64', Float64Array.of(0.1)), ['w']);
    assert.deepEqual(rounds('F64', Float64Array.of(NaN)), []);
    assert.deepEqual(rounds('I32', Int32Array.of(2 ** 24 + 1)), ['w']);
    assert.deepEqual(rounds('I64', BigInt64Array.of((1n << 53n) + 1n)), ['w']);
    assert.deepEqual(rounds('U64', BigUint64Array.of(1n << 60n)), []);
  });

  const f32 = (shape: unknown, offsets: unknown): object => ({ dtype: 'F32', shape, data_offsets: offsets });
  const eight = new Uint8Array(8);
  const broken: readonly [what: string, bytes: Uint8Array, says: readonly string[]][] = [
    ['nothing', new Uint8Array(0), ['truncated']],
    ['half a length', new Uint8Array(5), ['truncated', '5 bytes']],
    ['a cut header', file({ w: f32([2], [0, 8]) }, eight).subarray(0, 20), ['truncated']],
    ['an absurd header', Buffer.from('ffffffffffffff7f', 'hex'), ['header claims 9223372036854775807']],
    ['a text', Buffer.from('Dear diary, today I trained a network'), ['header claims']],
    ['no JSON', file('{"w": nonsense'), ['not the JSON']],
    ['no UTF-8', latin1(file({ ÿÿ: f32([2], [0, 8]) }, eight)), ['not the JSON', 'utf-8']],
    ['a list', file('[1,2]'), ['brace']],
    [
      'a name twice',
      file(
        '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\\u0077":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}',
        new Uint8Array(16),
      ),
      ['"w" is in it twice'],
    ],
    ['no dtype', file({ w: { shape: [2], data_offsets: [0, 8] } }, eight), ['"w" has no dtype']],
    ['null', file({ w: null }, eight), ['"w" has no dtype']],
    ['a negative size', file({ w: f32([-2], [0, 8]) }, eight), ['shape of "w"', '[-2]']],
    ['half a size', file({ w: f32([0.5], [0, 2]) }, eight), ['shape of "w"', '[0.5]']],
    [
      'an inexact size',
      file('{"w":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,8]}}', eight),
      ['shape of "w"'],
    ],
    ['no shape', file({ w: f32('2', [0, 8]) }, eight), ['shape of "w" is "2"']],
    ['one offset', file({ w: f32([2], [8]) }, eight), ['data_offsets of "w"']],
    ['offsets backwards', file({ w: f32([2], [8, 0]) }, eight), ['ascend']],
    ['a negative offset', file({ w: f32([2], [-8, 0]) }, eight), ['data_offsets of "w"']],
    ['too few bytes', file({ w: f32([3], [0, 8]) }, eight), ['"w" has 8 bytes', 'takes 12']],
    ['an absurd shape', file({ w: f32([2 ** 50, 2 ** 50], [0, 8]) }, eight), ['"w" has 8 bytes']],
    ['a cut file', file({ w: f32([4], [0, 16]) }, eight), ['truncated', '"w"', 'there are 8']],
    ['an absurd size', file({ w: f32([2 ** 48], [0, 2 ** 50]) }, eight), ['truncated']],
    ['a tail', file({ w: f32([1], [0, 4]) }, eight), ['4 bytes after "w"']],
    ['a tail of nothing', file({}, eight), ['8 bytes after the header']],
    [
      'a hole',
      file({ a: f32([1], [0, 4]), b: f32([1], [6, 10]) }, new Uint8Array(10)),
      ['2 bytes between "a" and "b"'],
    ],
    ['a late start', file({ w: f32([1], [4, 8]) }, eight), ['4 bytes between the header and "w"']],
    ['overlap', file({ a: f32([2], [0, 8]), b: f32([1], [4, 8]) }, eight), ['"b" overlaps "a" by 4']],
    ['numbers as text', file({ __metadata__: { n: 1 } }), ['__metadata__']],
    ['too large a number', one('F64', [1], Float64Array.of(1e300)), ['"w" holds 1e+300', 'F64']],
  ];
  for (const [what, bytes, says] of broken) {
    it(`refuse ${what}`, async () => {
      const expected = { code: 'malformed-model', says: ['bad.safetensors', ...says] } as const;
      try {
        decodeSafetensors(bytes, 'bad.safetensors');
        assert.fail('nothing was thrown');
      } catch (error) {
        checkError(error, expected);
      }
      await rejectsWith(readSafetensors(folder.write('bad.safetensors', bytes)), expected);
    });
  }

  it('refuse types of numbers that are not read, by name', () => {
    const header = {
      m: { dtype: 'BOOL', shape: [4], data_offsets: [0, 4] },
      q: { dtype: 'F8_E4M3', shape: [4], data_offsets: [4, 8] },
    };
    assert.throws(
      () => decodeSafetensors(file(header, eight), 'x'),
      (error) => {
        checkError(error, { code: 'unsupported-format', says: ['BOOL ("m")', 'F8_E4M3 ("q")', 'BF16'] });
        return true;
      },
    );
  });

  it('refuse to write what could not be read', () => {
    const entry = { shape: [1], data: Float32Array.of(1) };
    for (const [name, { shape, data }] of [
      ['__metadata__', entry],
      ['half \ud800', entry],
      ['w', { ...entry, shape: [2] }],
      ['w', { ...entry, shape: [-1, -1] }],
      ['w', { ...entry, shape: [0.5, 2] }],
    ] as const) {
      assert.throws(() => encodeSafetensors(new Map([[name, { shape, data }]])), { code: 'invalid-option' });
    }
  });

  const folder = temporaryFolder();

  it('are the same in a file, which goes in pieces', async () => {
    const random = makeRandom(1);
    // More than one piece of 32 MiB.
    const large = Float32Array.from({ length: 9_000_001 }, () => random.uniform());
    const table: WeightTable = new Map([...awkward, ['large', { shape: [9_000_001], data: large }]]);
    const path = folder.path('large.safetensors');
    const seal = await writeSafetensors(path, table, { a: 'b' });
    const bytes = readFileSync(path);
    assert.equal(Buffer.compare(bytes, encodeSafetensors(table, { a: 'b' })), 0);
    const read = await readSafetensors(path);
    assert.deepEqual([read.seal, read.metadata, read.rounded], [seal, { a: 'b' }, []]);
    assert.deepEqual([...read.table.keys()], [...table.keys()]);
    for (const [name, { data, shape }] of table) {
      const found = read.table.get(name);
      assert.deepEqual(found?.shape, shape);
      assert.equal(Buffer.compare(Buffer.from(found.data.buffer), Buffer.from(data.slice().buffer)), 0, name);
    }
    truncateSync(path, bytes.length - 1);
    await rejectsWith(readSafetensors(path), { code: 'malformed-model', says: ['truncated', '"large"'] });
    await rejectsWith(writeSafetensors(path, table), { code: 'unwritable-file', says: [path] });
    await rejectsWith(readSafetensors(folder.path('none')), {
      code: 'unreadable-file',
      says: ['no such file'],
    });
    await rejectsWith(readSafetensors(folder.path('.')), { code: 'unreadable-file', says: ['folder'] });
  });

  it('of other types are read in pieces too', async () => {
    const stored = Float64Array.from({ length: 4_500_000 }, (_, i) => i);
    stored[4_400_000] = 0.1;
    const path = folder.path('doubles.safetensors');
    writeFileSync(path, one('F64', [1500, 3000], stored));
    const { table, rounded } = await readSafetensors(path);
    assert.deepEqual(rounded, ['w']);
    const data = table.get('w')?.data ?? new Float32Array(0);
    assert.equal(data.length, stored.length);
    assert.ok(stored.every((value, i) => data[i] === Math.fround(value)));
  });
});

describe('duplicateKey', () => {
  it('finds what JSON.parse does not tell', () => {
    assert.equal(duplicateKey('{"a":1,"b":{"a":2},"c":["a","a"],"d":"a"}'), undefined);
    assert.equal(duplicateKey('{"a":1 , "b":2,"a" :3}'), 'a');
    assert.equal(duplicateKey('[{"x":{"y\\"":1,"y\\u0022":2}}]'), 'y"');
    assert.equal(duplicateKey('{"a":"}","b":"{\\"b\\":1,","c":"\\\\"}'), undefined);
  });
});

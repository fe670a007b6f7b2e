import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { Info } from 'csv-parse';
import { parse } from 'csv-parse';
import type { PlainRecord } from '../../../sdk/io/text/plain-records';
import { plainRecords } from '../../../sdk/io/text/plain-records';
import { makeRandom } from '../../../sdk/math/random';

async function read(
  chunks: readonly Buffer[],
  options: Parameters<typeof plainRecords>[1],
): Promise<PlainRecord[]> {
  const found: PlainRecord[] = [];
  for await (const record of plainRecords(Readable.from(chunks), options)) found.push(record);
  return found;
}

/** What csv-parse finds, with the options that tables are read with. */
async function parsed(text: Buffer, delimiter: string, fromLine = 1, to = -1): Promise<PlainRecord[]> {
  const parser = parse({
    bom: true,
    delimiter,
    from_line: fromLine,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    to,
  });
  const found: PlainRecord[] = [];
  parser.end(text);
  for await (const one of parser) {
    const { record, info } = one as { record: string[]; info: Info };
    found.push({ cells: record, line: info.lines });
  }
  return found;
}

function cut(bytes: Buffer, random: ReturnType<typeof makeRandom>): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(5 * random.uniform());
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('plainRecords', () => {
  it('finds what csv-parse finds in any text without quotes, however it is cut', async () => {
    const random = makeRandom(3);
    const pieces = ['a', '-1.25', 'é', '😀', '\uFEFF', ' ', ',', ',', ';', '\t', '\n', '\n', '\r\n', '\r'];
    const piece = (): string => pieces[Math.floor(pieces.length * random.uniform())];
    for (let trial = 0; trial < 600; trial++) {
      const text = Array.from({ length: Math.floor(30 * random.uniform()) }, piece).join('');
      const bytes = Buffer.from(text, 'utf8');
      const delimiter = [',', ';', '\t'][trial % 3];
      const own = await read(cut(bytes, random), { delimiter });
      assert.deepEqual(own, await parsed(bytes, delimiter), JSON.stringify(text));
    }
  });

  it('begins at a line and ends after so many records', async () => {
    const text = Buffer.from('# made by x\n# y\na,b\n1,2\n\n3,4\n5,6\n');
    const own = await read([text], { delimiter: ',', fromLine: 3, most: 3 });
    assert.deepEqual(own, await parsed(text, ',', 3, 3));
    assert.deepEqual(own[2], { cells: ['3', '4'], line: 6 });
  });

  it('gives long cells whole, as numbers and as text', async () => {
    const cells = [
      'sub-0123456789-0123456789',
      '1234567890123456789',
      '0.12345678901234567',
      '-1.2345678901e-17',
    ];
    const [record] = await read([Buffer.from(cells.join('\t'))], { delimiter: '\t' });
    assert.deepEqual(record.cells, cells);
  });
});

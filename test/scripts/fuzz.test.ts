import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ConcordError } from '../../sdk/errors';
import { formats } from '../../scripts/fuzz/formats/formats';
import type { FuzzedFormat } from '../../scripts/fuzz/fuzzed-format';
import { isShort } from '../../scripts/fuzz/fuzzed-format';
import { makeCase } from '../../scripts/fuzz/make-case';
import { tryCase } from '../../scripts/fuzz/try-case';
import { temporaryFolder } from '../support/temporary-folder';

/** A share of `npm run fuzz`; Parquet starts a thread for each file. */
const cases = (name: string): number => (name === 'parquet' ? 3 : 25);

describe('damaged files', () => {
  const folder = temporaryFolder();

  for (const format of formats) {
    it(`of ${format.name} are read, or refused with an error of ours`, async () => {
      const all = await format.seeds(folder.path(`${format.name} seeds`));
      const seeds = format.name === 'parquet' ? all.slice(0, 1) : all;
      for (const { files, opened } of seeds) {
        const path = makeCase(folder.path('whole'), format, {
          seeds: [{ files, altered: '', opened }],
          seed: 1,
          index: 0,
        });
        const [outcome, detail] = await tryCase(format, path);
        assert.equal(outcome, 'read', `${opened}: ${detail}`);
      }
      for (let index = 0; index < cases(format.name); index++) {
        const path = makeCase(folder.path('case'), format, { seeds, seed: 2026, index });
        const [outcome, detail] = await tryCase(format, path);
        assert.ok(
          !isShort(outcome),
          `npm run fuzz -- --format ${format.name} --seed 2026 --first ${index}: ${detail}`,
        );
      }
    });
  }

  it('are altered alike for one seed, and otherwise for another', () => {
    const format = formats.find(({ name }) => name === 'gifti') as FuzzedFormat;
    const seeds = [
      {
        files: { 'a.gii': Buffer.from('<GIFTI>1 2 3</GIFTI>'.repeat(9)) },
        altered: 'a.gii',
        opened: 'a.gii',
      },
    ];
    const made = (seed: number, index: number): string =>
      readFileSync(makeCase(folder.path('alike'), format, { seeds, seed, index }), 'latin1');
    assert.equal(made(1, 2), made(1, 2));
    assert.notEqual(made(1, 2), made(1, 3));
    assert.notEqual(made(1, 2), made(2, 2));
  });

  it('that fall short are told from those that do not', async () => {
    const tried = async (read: () => unknown): Promise<string> => {
      const format: FuzzedFormat = {
        name: 'made up',
        kind: 'bytes',
        seeds: () => Promise.resolve([]),
        read: () => Promise.resolve().then(read),
        nonsense: (result: number) => (result === 1 ? undefined : 'not 1'),
      };
      return (await tryCase(format, '')).join(': ');
    };
    const fail = (error: Error) => (): never => {
      throw error;
    };
    assert.equal(await tried(() => 1), 'read: ');
    assert.equal(await tried(() => 2), 'nonsense: not 1');
    assert.match(await tried(fail(new TypeError('x of undefined'))), /^raw error: TypeError: x of undefined/);
    assert.equal(await tried(fail(new ConcordError('malformed-image', 'bad'))), 'refused: bad');
    assert.match(await tried(fail(new ConcordError('malformed-image', 'two\nlines'))), /^unreadable message/);
    assert.ok(isShort('slow') && isShort('memory') && isShort('ended') && !isShort('refused'));
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const program = resolve(__dirname, '../../scripts/study/methods/study-methods.ts');

describe('the study of methods', () => {
  let out: string;
  before(() => (out = mkdtempSync(join(tmpdir(), 'study-'))));
  after(() => rmSync(out, { recursive: true, force: true }));

  const study = (...words: readonly string[]): Promise<unknown> =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...words, '--out', out]);
  const text = (name: string): string => readFileSync(join(out, name), 'utf8');

  it('[long] fits and trains methods, judges them, and makes no step twice', async function () {
    this.timeout(600_000);
    const words = ['--quick', '--grounds', 'abcd-like', '--methods'];
    await study(...words, 'raw,nyul');
    const made = statSync(join(out, 'abcd-like/nyul-1/figures.json')).mtimeMs;
    await study(...words, 'raw,nyul,cvae');
    assert.equal(statSync(join(out, 'abcd-like/nyul-1/figures.json')).mtimeMs, made);
    const lines = text('methods.md').split('\n');
    const columns = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').length);
    assert.equal(columns.length, 5);
    assert.equal(new Set(columns).size, 1);
    assert.deepEqual(
      lines.slice(6, 9).map((line) => line.split(' ')[1]),
      ['raw', 'nyul', 'cvae'],
    );
    // Raw scans are judged beside both methods, and alike.
    const raw = text('methods.csv')
      .split('\n')
      .filter((line) => line.startsWith('abcd-like,raw,1,,,truth/mae,'));
    assert.equal(raw.length, 1);
    assert.ok(statSync(join(out, 'abcd-like.png')).size > 5000);
    // A larger budget continues the training, and makes nothing else again; a smaller one is of another study.
    const steps = (): number =>
      (JSON.parse(text('work/abcd-like/cvae-1/plan.json')) as { steps: number }).steps;
    const before = steps();
    const shown = (): Buffer => readFileSync(join(out, 'abcd-like/cvae-1/shown.v8.gz'));
    const shorter = shown();
    await study(...words, 'raw,nyul,cvae', '--minutes', '0.03');
    assert.notDeepEqual(shown(), shorter);
    assert.ok(Math.abs(steps() - 3 * before) <= 3, `${before} steps, then ${steps()}`);
    assert.match(text('methods.csv'), new RegExp(`^abcd-like,cvae,1,0.03,${steps()},truth/mae,`, 'm'));
    assert.equal(statSync(join(out, 'abcd-like/nyul-1/figures.json')).mtimeMs, made);
    await assert.rejects(study('--methods', 'nyul', '--minutes', '1'), /choose another --out/);
    await assert.rejects(study(...words, 'nyul', '--minutes', '0.02'), /choose another --out/);
    await assert.rejects(study(...words, 'nyull'), /unknown method: nyull/);
  });
});

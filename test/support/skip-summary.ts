import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SkippedTests } from './skipping';
import { describeSkipped, skippedFile } from './skipping';

// Mocha runs these two once, in its own process, also where the tests are shared out among several.

/** Makes the file in which skipped tests are noted. */
export function mochaGlobalSetup(): void {
  const file = join(mkdtempSync(join(tmpdir(), 'concord-skipped-')), 'tests.jsonl');
  writeFileSync(file, '');
  process.env[skippedFile] = file;
}

/** Prints what was skipped, and how to have it. */
export function mochaGlobalTeardown(): void {
  const file = process.env[skippedFile] ?? '';
  const noted = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  rmSync(dirname(file), { recursive: true, force: true });
  for (const line of describeSkipped(noted.map((text) => JSON.parse(text) as SkippedTests)))
    console.log(line);
  // npm run mocha leaves them out by their titles.
  if (process.argv.includes('[long]') && process.argv.includes('--invert')) {
    console.log('Left out: tests marked [long], which take minutes (to run them: npm run test:long)\n');
  }
}

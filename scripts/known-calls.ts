/**
 * Writes `sdk/data/calls/known-calls.ts`: what each function of the front door takes, as its types say. Run it by
 * `npm run build:calls` after a change of parameters or options; a test says when it is due.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { tablesOfFrontDoor } from '../test/support/known-calls';

async function main(): Promise<void> {
  const path = resolve(__dirname, '../sdk/data/calls/known-calls.ts');
  const { calls, types } = tablesOfFrontDoor();
  const head = readFileSync(path, 'utf8').split('// From here on written by')[0];
  const source = [
    head.trimEnd(),
    '',
    '// From here on written by `npm run build:calls`.',
    '',
    '/** What each function takes: the words of each parameter, in order. */',
    `export const knownCalls = ${JSON.stringify(calls)} as const;`,
    '',
    '/** What is known of the types that functions take. */',
    `export const knownTypes: Readonly<Record<string, KnownType>> = ${JSON.stringify(types)};`,
    '',
  ].join('\n');
  const config = await resolveConfig(path);
  writeFileSync(path, await format(source, { ...config, parser: 'typescript' }));
}

void main();

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { version } from '../sdk/version';

describe('CITATION.cff', () => {
  it('cites the version that there is', () => {
    const text = readFileSync(resolve(__dirname, '..', 'CITATION.cff'), 'utf8');
    assert.match(text, new RegExp(`^version: ${version.replaceAll('.', '\\.')}$`, 'm'));
  });
});

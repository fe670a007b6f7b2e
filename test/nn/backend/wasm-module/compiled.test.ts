import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourceHash } from '../../../../sdk/nn/backend/wasm-module/compiled';

const sources = join(__dirname, '../../../../sdk/nn/backend/wasm-module/source');

describe('the compiled kernels', () => {
  it('are those of the source (node scripts/build-wasm-module.mjs compiles them)', () => {
    const hash = createHash('sha256');
    for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
    assert.equal(sourceHash, hash.digest('hex'));
  });
});

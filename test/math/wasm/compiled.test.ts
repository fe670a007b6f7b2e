import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tableModule } from '../../../sdk/math/wasm/compiled';
import { networkModule } from '../../../sdk/nn/backend/wasm-module/compiled';

describe('the compiled WebAssembly', () => {
  for (const [folder, compiled] of [
    ['math/wasm', tableModule.sourceHash],
    ['nn/backend/wasm-module', networkModule.sourceHash],
  ]) {
    it(`of sdk/${folder} is that of its source (npm run build:wasm compiles it)`, () => {
      const sources = join(__dirname, '../../../sdk', folder, 'source');
      const hash = createHash('sha256');
      for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
      assert.equal(compiled, hash.digest('hex'));
    });
  }
});

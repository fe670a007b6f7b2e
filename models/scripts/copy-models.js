// Before packing, puts the models of fixtures/ into the package; after it, with --remove, takes them away again: a
// checkout has them once.
'use strict';
const { cpSync, renameSync, rmSync } = require('node:fs');
const { basename, join } = require('node:path');

const top = join(__dirname, '..');
const names = () => Object.values(require('../index.js').folders).map((folder) => basename(folder));

for (const name of names()) {
  const copy = join(top, name);
  rmSync(copy, { recursive: true, force: true });
  if (process.argv.includes('--remove')) continue;
  cpSync(join(top, '..', 'fixtures', name), `${copy}.part`, { recursive: true });
  renameSync(`${copy}.part`, copy);
}

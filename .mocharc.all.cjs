// All tests, in the order in which the processes that share them take them: what takes longest first, since a long file
// taken last keeps the others waiting for it. (`npm run test:times` tells what takes long.)
const { readdirSync } = require('node:fs');

const longest = [
  'notebooks/notebooks',
  'nn/backend/contract',
  'nn/autoencoder/shared-brains',
  'package',
  'kernel/kernel',
  'gallery/gallery',
  'contract',
  'ddae/ddae',
  'preprocess/brain-mask',
  'murd/murd',
  'evaluate/images-audit/audit-images',
  'intensity/shared-brains',
  'nn/autoencoder/autoencoder',
  'cli/compare',
  'cli/main',
  'cli/printed-remedies',
  'cli/networks',
];

const files = readdirSync('test', { recursive: true })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.test.ts'))
  .sort();
const place = (path) => {
  const at = longest.indexOf(path.replace(/\.test\.ts$/, ''));
  return at < 0 ? longest.length : at;
};
const gone = longest.filter((name) => !files.includes(`${name}.test.ts`));
if (gone.length > 0) throw new Error(`no longer a test, but listed in .mocharc.all.cjs: ${gone.join(', ')}`);

module.exports = {
  ...require('./.mocharc.json'),
  spec: files.sort((one, other) => place(one) - place(other)).map((path) => `test/${path}`),
};

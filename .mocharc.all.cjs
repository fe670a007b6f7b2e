// All tests, in the order in which the processes that share them take them: what takes longest first, since a long file
// taken last keeps the others waiting for it. (`npm run test:times` tells what takes long.)
const { readdirSync } = require('node:fs');

const longest = [
  // Which wait for others, jobs, browsers and programs, beside the notebooks, which do not.
  'notebooks/notebooks',
  'cli/slurm/slurm',
  'notebooks/python-environment',
  'kernel/kernel',
  'gallery/gallery',
  'report/page/report-page',
  // Which compute.
  'cli/networks',
  'nn/backend/contract',
  'contract',
  'nn/autoencoder/shared-brains',
  'intensity/shared-brains',
  'ddae/ddae',
  'nn/autoencoder/autoencoder',
  'preprocess/brain-mask',
  'murd/murd',
  'cli/compare',
  'package',
  'evaluate/images-audit/audit-images',
  'nn/backend/tensorflow-kernels/tensorflow-kernels',
  'ddae/networks',
  'cli/printed-remedies',
  'murd/networks',
  'cyclegan/cyclegan',
  'nn/backend/contract-behaviour',
  'compare/compare-methods',
  'cli/preprocess',
  'cli/main',
  'preprocess/brain-mask/real-heads',
  'simulate/phantom/phantom',
  'cvae/cvae',
  'stargan/stargan',
  'nn/train/killed-training',
  'models-package',
  'notebook/show-everything',
  'notebooks/typed-cells',
  'public-types',
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

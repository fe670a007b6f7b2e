// Where the models are: beside this file once the package is installed, in fixtures/ of a checkout, which has them once.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { version } = require('./package.json');

/** The method of each model, by the name under which it ships: a new model is a line here. Its folder is NAME-small. */
const methods = {
  ddae: 'ddae',
  murd: 'murd',
  cvae: 'cvae',
  cyclegan: 'cyclegan',
  'style-gan': 'style-gan',
  'ddae-brains': 'ddae',
};

function folderOf(name) {
  const own = join(__dirname, `${name}-small`);
  return existsSync(own) ? own : join(__dirname, '..', 'fixtures', `${name}-small`);
}

const folders = Object.fromEntries(Object.keys(methods).map((name) => [name, folderOf(name)]));

module.exports = { version, folders, methods };

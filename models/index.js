// Where the models are: beside this file once the package is installed, in fixtures/ of a checkout, which has them once.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { version } = require('./package.json');

/** The folder of each method's model: a new model is a line here. */
const names = { ddae: 'ddae-small', murd: 'murd-small', cvae: 'cvae-small', cyclegan: 'cyclegan-small' };

function folderOf(name) {
  const own = join(__dirname, name);
  return existsSync(own) ? own : join(__dirname, '..', 'fixtures', name);
}

const folders = Object.fromEntries(Object.entries(names).map(([method, name]) => [method, folderOf(name)]));

module.exports = { version, folders };

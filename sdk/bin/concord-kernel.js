#!/usr/bin/env node
'use strict';
const { main } = require('../dist/kernel/main');

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`concord kernel: ${error.message}\n`);
  process.exit(1);
});

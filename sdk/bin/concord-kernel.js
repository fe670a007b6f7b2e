#!/usr/bin/env node
'use strict';
const { runKernel } = require('../dist/kernel/main');

runKernel(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`concord kernel: ${error.message}\n`);
  process.exit(1);
});

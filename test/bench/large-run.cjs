// One run of `npm run bench:large` in a process of its own, with the package as it is built:
//     node large-run.cjs copy|copy-four|harmonize|persons SCANS.json OUT
// `persons` takes two scans in a row for those of one person, and sets persons apart (longitudinal ComBat).
// Prints seconds and the most bytes that were resident.
const { readFileSync } = require('node:fs');
const { mkdirSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { readMapFile, writeMapLike } = require('../../sdk/dist/io/maps/map-file.js');
const { severalAtOnce } = require('../../sdk/dist/maps/files/several-at-once.js');
const { surfaces, continuous, categorical } = require('../../sdk/dist/index.js');

const [mode, list, out] = process.argv.slice(2);
const study = JSON.parse(readFileSync(list, 'utf8'));

async function copyScan(entry) {
  for (const file of Object.values(entry.files)) {
    const path = join(out, relative(study.root, file));
    mkdirSync(dirname(path), { recursive: true });
    await writeMapLike(await readMapFile(file), path, { like: file });
  }
}

function ofPerson(entry, row) {
  return { ...entry, person: `person ${row >> 1}` };
}

async function main() {
  const covariates = [continuous('age', study.age, 'years'), categorical('sex', study.sex)];
  const started = performance.now();
  const before = process.cpuUsage();
  if (mode === 'copy') for (const entry of study.entries) await copyScan(entry);
  else if (mode === 'copy-four') await severalAtOnce(study.entries, copyScan);
  else {
    const personEffects = mode === 'persons';
    const entries = personEffects ? study.entries.map(ofPerson) : study.entries;
    await surfaces.harmonizeMaps(entries, { out, covariates, preserve: ['age', 'sex'], personEffects });
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const status = readFileSync('/proc/self/status', 'utf8');
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  console.log(
    JSON.stringify({
      seconds,
      cpu: (user + system) / 1e6,
      peak: peak || process.resourceUsage().maxRSS * 1024,
    }),
  );
}

void main();

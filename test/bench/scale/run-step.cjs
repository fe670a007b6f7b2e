// One step at one size, in a process of its own: node --expose-gc run-step.cjs DIST_INDEX STEP SIZE_AS_JSON FOLDER
// Prints the seconds of the processor and on the clock that the step took, and the memory that it took above what was there.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const [build, step, sizeText, folder] = process.argv.slice(2);
const concord = require(build);
const size = JSON.parse(sizeText);
const preserve = ['age', 'sex'];

const table = () => {
  const { subjects, features, sites } = size;
  return concord.simulateFeatureCohort({ subjects, features, sites, seed: 7 }).cohort;
};
const slices = async () =>
  (
    await concord.simulateSlices({
      scanners: 'seven-site',
      subjects: size.subjects,
      slices: 5,
      size: 64,
      pixelSize: 3,
    })
  ).cohort;
/** Brains of so many voxels along each axis, in a field of view of 192 mm. */
const brains = async () => {
  const shape = [size.side, size.side, size.side];
  const { cohort } = concord.simulateVolumeCohort({
    scanners: 'abcd-like',
    subjects: 1,
    spacing: 192 / size.side,
    shape,
  });
  return Promise.all(cohort.scans.slice(0, 1).map((scan) => scan.open()));
};

/** What each step prepares, unmeasured, and then does. */
const steps = {
  load: async () => {
    const path = join(folder, `table-${process.pid}.csv`);
    await concord.writeTable(table(), path);
    return () => concord.loadTable(path, { site: 'site', covariates: preserve });
  },
  combat: () => {
    const cohort = table();
    return async () => concord.applyCombat(await concord.fitCombat(cohort, { preserve }), cohort);
  },
  gam: () => {
    const cohort = table();
    return async () => {
      const model = await concord.fitCombat(cohort, { preserve: ['sex'], smooth: ['age'] });
      return concord.applyCombat(model, cohort);
    };
  },
  audit: () => {
    const cohort = table();
    const options = { seeds: 1, maxSubjects: size.subjects };
    return () => concord.auditTable(cohort, concord.combatHarmonizer({ preserve }), options);
  },
  report: async () => {
    const before = table();
    const after = await concord.applyCombat(await concord.fitCombat(before, { preserve }), before);
    const audit = await concord.evaluateTable(before, after, { seeds: 1, maxSubjects: 200 });
    const path = join(folder, `report-${process.pid}.html`);
    return () => concord.writeReport(concord.reports.audit({ before, after, audit }), path);
  },
  preprocess: async () => {
    const [volume] = await brains();
    const { reorient, brainMask, correctBias, zScore } = concord.steps;
    return () => concord.volumes.preprocess(volume, [reorient(), brainMask(), correctBias(), zScore()]);
  },
  slices: async () => {
    const [volume] = await brains();
    return () => concord.volumes.toSlices(volume, { plane: 'axial' });
  },
  ddae: async () => {
    const [model, cohort] = [await concord.loadShippedModel('ddae'), await slices()];
    return () => concord.harmonizeDdae(model, cohort, { target: model.sites[0], keep: 0, steps: 5 });
  },
  murd: async () => {
    const [model, cohort] = [await concord.loadShippedModel('murd'), await slices()];
    return () => concord.murdHarmonizer().apply(model, cohort, { target: model.sites[0] });
  },
};

const resident = () =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
const peak = () => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

async function run() {
  const doStep = await steps[step]();
  globalThis.gc();
  const onLinux = process.platform === 'linux';
  // Begins the peak anew.
  if (onLinux) writeFileSync('/proc/self/clear_refs', '5');
  const before = onLinux ? resident() : process.resourceUsage().maxRSS / 1024;
  const started = performance.now();
  const used = process.cpuUsage();
  await doStep();
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - started) / 1000;
  const most = onLinux ? peak() : process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, mebibytes: most - before }));
}

run().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

// One step at one size, in a process of its own: node --expose-gc run-step.cjs DIST_INDEX STEP SIZE_AS_JSON FOLDER
// Prints the seconds of the processor and on the clock that the step took, and the memory that it took above what was there.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
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
/** Heads of so many voxels along each axis, in a field of view of 192 mm, of as many scanners. */
const heads = (subjects, scanners, options = {}) => {
  const { side } = size;
  const grid = { spacing: 192 / side, shape: [side, side, side] };
  return concord.simulateVolumeCohort({ scanners, subjects, ...grid, ...options }).cohort;
};
const brains = async () => {
  const [scan] = heads(1, 'abcd-like').scans;
  return [await scan.open()];
};
/** Two scans of each person, at sites of their own. */
const visits = () => {
  const cohort = table();
  const { ids } = cohort.participants;
  const persons = ids.map((_, row) => `person-${row >> 1}`);
  return { ...cohort, participants: { ...cohort.participants, persons } };
};
/** The bytes of a file of NumPy. */
const npy = (values) => {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`, 'latin1');
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY', 'latin1'), 1, 0, header.length, 0]);
  return Buffer.concat([start, header, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
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
  covbat: () => {
    const cohort = table();
    return async () =>
      concord.combat.applyCovbat(await concord.combat.fitCovbat(cohort, { preserve }), cohort);
  },
  longitudinal: () => {
    const cohort = visits();
    return async () => {
      const model = await concord.combat.fitLongitudinal(cohort, { preserve });
      return concord.combat.applyLongitudinal(model, cohort);
    };
  },
  maps: () => {
    const { participants, features } = table();
    const { covariates, ids, sites } = participants;
    const width = size.features;
    const place = join(folder, `maps-${process.pid}`);
    mkdirSync(place);
    const entries = ids.map((id, row) => {
      const file = join(place, `${id}.npy`);
      writeFileSync(file, npy(Float32Array.from(features.values.subarray(row * width, (row + 1) * width))));
      return { id, site: sites[row], files: { lh: file } };
    });
    return () =>
      concord.surfaces.harmonizeMaps(entries, { covariates, preserve, memory: 8, out: `${place}-out` });
  },
  pixels: async () => {
    const scanners = concord.phantoms
      .scannerPreset('seven-site')
      .filter(({ site }) => ['siteA', 'siteE'].includes(site));
    const cohort = heads(size.subjects, scanners, { masked: true });
    const place = join(folder, `pixels-${process.pid}`);
    await concord.writeBids(cohort, place, { desc: 'preproc' });
    return async () => {
      const scans = await concord.loadBids(place);
      const model = await concord.baselines.fitPixelCombat(await concord.toImages(scans), {});
      for (const scan of concord.harmonizeVolumes(model, scans).scans) await scan.open();
    };
  },
  read: async () => {
    const cohort = heads(1, 'abcd-like');
    const place = join(folder, `read-${process.pid}`);
    await concord.writeBids({ ...concord.takeSubjects(cohort, [0]) }, place);
    return async () => {
      const scans = await concord.loadBids(place);
      // Unpacking little takes too little to be measured once.
      for (let again = 0; again < 5; again++) for (const scan of scans.scans) await scan.open();
    };
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

// One audit by a build of Concord, in a process of its own: node audit-run.cjs DIST_INDEX SUBJECTS FEATURES SITES [MAX_SUBJECTS]
// The probes use MAX_SUBJECTS at most, without it as many as an audit uses by itself.
// Prints the seconds on the clock, those of the processor, the memory at its most, and what the probes found.
const [build, subjects, features, sites, most] = process.argv.slice(2);
const { auditTable, combatHarmonizer, simulateFeatureCohort } = require(build);

async function run() {
  const size = { subjects: Number(subjects), features: Number(features), sites: Number(sites) };
  const { cohort } = simulateFeatureCohort({ ...size, seed: 2024 });
  const harmonizer = combatHarmonizer({ preserve: ['age', 'sex'] });
  const started = performance.now();
  const used = process.cpuUsage();
  const { probes } = await auditTable(cohort, harmonizer, { seeds: 1, maxSubjects: most && Number(most) });
  const { user, system } = process.cpuUsage(used);
  const scores = probes.map(({ balancedAccuracy }) => balancedAccuracy.estimate);
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, mebibytes, scores }));
}

run();

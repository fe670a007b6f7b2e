// Audits by a build of Concord, in a process of its own: node audit-run.cjs DIST_INDEX SUBJECTS FEATURES SITES [MAX_SUBJECTS]
// The probes use MAX_SUBJECTS at most, without it as many as an audit uses by itself.
//
// Before the clock starts comes an audit of 60 subjects × 6 features × 2 sites. It loads what an audit loads, which Concord does
// as it goes along: what scikit-learn's script imports is imported before its clock starts, too. Then the table is audited,
// and once more where that took less than ten seconds: the second time, as a notebook's next audit, V8 has compiled what it
// had found to be worth it, which is little beside a longer audit.
// Prints of both audits the seconds on the clock and those of the processor, and of the first the memory at its most (of the
// process), and what the probes found.
const [build, subjects, features, sites, most] = process.argv.slice(2);
const { auditTable, combatHarmonizer, simulateFeatureCohort } = require(build);

const harmonizer = combatHarmonizer({ preserve: ['age', 'sex'] });

async function timed(cohort) {
  const started = performance.now();
  const used = process.cpuUsage();
  const { probes } = await auditTable(cohort, harmonizer, { seeds: 1, maxSubjects: most && Number(most) });
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - started) / 1000;
  const scores = probes.map(({ balancedAccuracy }) => balancedAccuracy.estimate);
  return { seconds, cpu: (user + system) / 1e6, scores };
}

async function run() {
  const tiny = simulateFeatureCohort({ subjects: 60, features: 6, sites: 2, seed: 1 });
  await auditTable(tiny.cohort, harmonizer, { seeds: 1 });
  const size = { subjects: Number(subjects), features: Number(features), sites: Number(sites) };
  const { cohort } = simulateFeatureCohort({ ...size, seed: 2024 });
  const first = await timed(cohort);
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const again = first.seconds < 10 ? await timed(cohort) : undefined;
  console.log(JSON.stringify({ ...first, mebibytes, again }));
}

run();

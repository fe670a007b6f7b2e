// What audits say of harmonizations whose truth is known: npm run study:verdicts -- [tables] [design …]
// METHODS='truth;ComBat' chooses methods, SAY=1 prints what is said, AGAINST=1 what speaks against a yes on the site and how often. Tables of many designs, harmonized rightly, not at all, and in ways that destroy what should stay; how often each answer is given.
import type { FeatureCohort, Harmonizer } from 'concord-mri';
import { auditTable, audits, categorical, combatHarmonizer, continuous } from 'concord-mri';
import { makeFeatureCohort, makeFeatureMatrix, makeParticipants } from 'concord-mri';
import type { Random } from '../../sdk/math/random';
import { deriveSeed, makeRandom } from '../../sdk/math/random';

/** Who was scanned where. */
interface Someone {
  readonly person: string;
  readonly site: string;
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly patient?: boolean;
}

/** What a scanner makes of one true value. */
type Scanner = (value: number, at: { readonly who: Someone; readonly feature: number }) => number;

interface Design {
  readonly features: number;
  readonly people: (random: Random) => readonly Someone[];
  /** The scanner of a site, by the random numbers of that site. */
  readonly scanner: (site: number, random: Random, features: number) => Scanner;
  /** Several values of one person at once, where a scanner mixes them. */
  readonly mixing?: (site: number, values: Float64Array) => void;
  readonly noise?: (random: Random) => number;
  readonly missing?: (value: number, site: number) => boolean;
  /** What a decade adds, in standard deviations. */
  readonly spread?: (who: Someone) => number;
  readonly withDiagnosis?: boolean;
}

interface Study {
  readonly measured: FeatureCohort;
  readonly truth: FeatureCohort;
}

/** A shift and a factor of each feature. */
const shiftAndScale: Design['scanner'] = (_, random, features) => {
  const shift = Array.from({ length: features }, () => 0.8 * random.normal());
  const factor = Array.from({ length: features }, () => Math.exp(0.25 * random.normal()));
  return (value, { feature }) => factor[feature] * value + shift[feature];
};

const asItIs: Design['scanner'] = () => (value) => value;

function person(at: number, site: string, random: Random, about: Partial<Someone> = {}): Someone {
  const sex = random.uniform() < 0.5 ? 'F' : 'M';
  return { person: `p${at}`, site, age: 20 + 60 * random.uniform(), sex, ...about };
}

/** Sites of given sizes. */
function sized(
  sizes: readonly number[],
  about: (site: number, random: Random) => Partial<Someone> = () => ({}),
) {
  return (random: Random): readonly Someone[] => {
    let count = 0;
    return sizes.flatMap((size, site) =>
      Array.from({ length: size }, () => person(count++, `S${site}`, random, about(site, random))),
    );
  };
}

const between = (low: number, high: number, random: Random): number => low + (high - low) * random.uniform();
const many = (count: number, size: number): number[] => new Array<number>(count).fill(size);
const plain = { features: 12, people: sized([40, 40, 40]), scanner: shiftAndScale };

const designs: Readonly<Record<string, Design>> = {
  'three sites of 40': plain,
  'no site effect': { ...plain, scanner: asItIs },
  'age ranges apart': {
    ...plain,
    people: sized([40, 40, 40], (site, random) => ({
      age: between([18, 42, 62][site], [44, 64, 88][site], random),
    })),
  },
  'patients at one site only': {
    ...plain,
    people: sized([40, 40, 40], (site, random) => ({ patient: site === 0 && random.uniform() < 0.6 })),
    withDiagnosis: true,
  },
  'one site of 120, ten of 5': { ...plain, people: sized([120, ...many(10, 5)]) },
  'two sites of 60': { ...plain, people: sized([60, 60]) },
  'two sites of 12': { ...plain, people: sized([12, 12]) },
  'two of 40, 25 of 1': { ...plain, people: sized([40, 40, ...many(25, 1)]) },
  '60 sites of 5': { ...plain, people: sized(many(60, 5)) },
  '68 scans, 2,000 features': { ...plain, features: 2000, people: sized([24, 22, 22]) },
  travelers: {
    ...plain,
    people: (random) => {
      const own = sized([25, 25, 25])(random);
      const away = Array.from({ length: 15 }, (_, at) => person(1000 + at, 'S0', random));
      return [...own, ...away.flatMap((who) => ['S0', 'S1', 'S2'].map((site) => ({ ...who, site })))];
    },
  },
  'unbalanced sex': {
    ...plain,
    people: sized([40, 40, 40], (site, random) => ({
      sex: random.uniform() < [0.1, 0.5, 0.9][site] ? 'F' : 'M',
    })),
  },
  'upgrade within a site': {
    ...plain,
    scanner: (site, random, features) => {
      const own = shiftAndScale(site, random, features);
      const later = shiftAndScale(site, random, features);
      return (value, at) => (site === 0 && Number(at.who.person.slice(1)) % 2 === 0 ? later : own)(value, at);
    },
  },
  'slope of age by site': {
    ...plain,
    people: sized([80, 80, 80]),
    scanner: (_site, random, features) => {
      const slope = Array.from({ length: features }, () => 0.25 * random.normal());
      return (value, { who, feature }) => value + (slope[feature] * (who.age - 50)) / 10;
    },
  },
  'covariance only': {
    ...plain,
    people: sized([80, 80, 80]),
    scanner: asItIs,
    mixing: (site, values) => {
      if (site === 0) return;
      const sign = site === 1 ? 1 : -1;
      for (let k = 0; k + 1 < values.length; k += 2) {
        const [one, other] = [values[k], values[k + 1]];
        values[k + 1] = sign * 0.7 * one + Math.sqrt(1 - 0.49) * other;
      }
    },
  },
  'spread grows with age': { ...plain, spread: ({ age }) => 0.5 + (age - 20) / 40 },
  'non-linear scanner': {
    ...plain,
    scanner: (_site, random, features) => {
      const bend = Array.from({ length: features }, () => 0.35 * random.normal());
      return (value, { feature }) => value + bend[feature] * (value * value - 2);
    },
  },
  'heavy tails': {
    ...plain,
    noise: (random) =>
      random.normal() / Math.max(0.3, Math.sqrt((random.normal() ** 2 + random.normal() ** 2) / 2)),
  },
  'cells missing where low': { ...plain, missing: (value, site) => site === 0 && value < -0.7 },
};

function makeStudyTable(design: Design, seed: number): Study {
  const random = makeRandom(deriveSeed(seed, 1));
  const people = design.people(random);
  const { features, noise = (from) => from.normal(), spread = () => 1 } = design;
  const sites = [...new Set(people.map(({ site }) => site))];
  const scanners = sites.map((_, site) =>
    design.scanner(site, makeRandom(deriveSeed(seed, 100 + site)), features),
  );
  const effects = Array.from({ length: features }, () => ({
    age: -0.25 + 0.1 * random.normal(),
    sex: 0.5 + 0.2 * random.normal(),
    patient: -0.6 + 0.2 * random.normal(),
  }));
  const own = new Map<string, Float64Array>();
  const draw = makeRandom(deriveSeed(seed, 2));
  const before = new Float64Array(people.length * features);
  const after = new Float64Array(people.length * features);
  people.forEach((who, row) => {
    const site = sites.indexOf(who.site);
    const values = own.get(who.person) ?? personal(features, draw, noise);
    own.set(who.person, values);
    const again = values.map((value) => value + 0.2 * draw.normal());
    const scaled = again.map((value) => value * spread(who));
    design.mixing?.(site, scaled);
    for (let feature = 0; feature < features; feature++) {
      const { age, sex, patient } = effects[feature];
      const known =
        (age * (who.age - 50)) / 10 + (who.sex === 'M' ? sex : 0) + (who.patient === true ? patient : 0);
      const at = row * features + feature;
      after[at] = known + again[feature] * spread(who);
      before[at] = scanners[site](known + scaled[feature], { who, feature });
      if (design.missing?.(again[feature], site) === true) before[at] = NaN;
    }
  });
  return { measured: tableOf(people, before, design), truth: tableOf(people, after, design) };
}

function personal(features: number, random: Random, noise: (random: Random) => number): Float64Array {
  const common = random.normal();
  return Float64Array.from(
    { length: features },
    () => Math.sqrt(0.3) * common + Math.sqrt(0.7) * noise(random),
  );
}

function tableOf(people: readonly Someone[], values: Float64Array, design: Design): FeatureCohort {
  const visits = new Map<string, number>();
  const ids = people.map(({ person: name }) => {
    visits.set(name, (visits.get(name) ?? 0) + 1);
    return `${name}_${visits.get(name)}`;
  });
  const covariates = [
    continuous(
      'age',
      people.map(({ age }) => age),
      'years',
    ),
    categorical(
      'sex',
      people.map(({ sex }) => sex),
    ),
    ...(design.withDiagnosis === true
      ? [
          categorical(
            'dx',
            people.map(({ patient }) => (patient === true ? 'AD' : 'CN')),
          ),
        ]
      : []),
  ];
  const persons = people.map(({ person: name }) => name);
  const participants = makeParticipants(
    ids,
    people.map(({ site }) => site),
    covariates,
    { persons },
  );
  const names = Array.from({ length: design.features }, (_, feature) => `f${feature}`);
  return makeFeatureCohort(participants, makeFeatureMatrix(values, ids, names));
}

/** A harmonizer that is a function of what was learned and of the values that are given. */
function byHand<Model>(
  name: string,
  fit: (cohort: FeatureCohort) => Model,
  change: (model: Model, cohort: FeatureCohort) => Float64Array,
): Harmonizer<Model> {
  return {
    name,
    kind: 'features',
    fit: (cohort) => Promise.resolve(fit(cohort)),
    apply: (model, cohort) => {
      const { subjects, features } = cohort.features;
      const values = change(model, cohort);
      return Promise.resolve({ ...cohort, features: makeFeatureMatrix(values, subjects, features) });
    },
    targets: () => [],
  };
}

const nothing = byHand(
  'nothing',
  () => 0,
  (_, { features }) => features.values,
);

/** The truth, looked up by who was scanned. */
function oracle(
  { truth, measured }: Study,
  change: (right: number, raw: number, at: { readonly site: string; readonly feature: number }) => number = (
    value,
  ) => value,
): Harmonizer<number> {
  const width = truth.features.features.length;
  const place = new Map(truth.features.subjects.map((id, row) => [id, row]));
  return byHand(
    'truth',
    () => 0,
    (_, { features, participants: { sites } }) =>
      Float64Array.from(features.values, (value, at) => {
        const [row, feature] = [Math.floor(at / width), at % width];
        const cell = (place.get(features.subjects[row]) ?? NaN) * width + feature;
        return Number.isNaN(value)
          ? NaN
          : change(truth.features.values[cell], measured.features.values[cell], {
              site: sites[row],
              feature,
            });
      }),
  );
}

const constant = byHand('constant', columnMeans, (means, { features }) =>
  Float64Array.from(features.values, (_, at) => means[at % means.length]),
);

/** Each person gets the values of another of the same site. */
const shuffle = byHand(
  'shuffle',
  () => 0,
  ({}, cohort) => {
    const { sites } = cohort.participants;
    const width = cohort.features.features.length;
    const random = makeRandom(7);
    const values = Float64Array.from(cohort.features.values);
    for (const site of new Set(sites)) {
      const rows = [...sites.keys()].filter((row) => sites[row] === site);
      for (let i = rows.length - 1; i > 0; i--) {
        const j = Math.floor(random.uniform() * (i + 1));
        [rows[i], rows[j]] = [rows[j], rows[i]];
      }
      const inOrder = [...rows].sort((a, b) => a - b);
      inOrder.forEach((row, i) => {
        values.set(cohort.features.values.subarray(rows[i] * width, (rows[i] + 1) * width), row * width);
      });
    }
    return values;
  },
);

function columnMeans({ features }: FeatureCohort): Float64Array {
  const width = features.features.length;
  return Float64Array.from({ length: width }, (_, k) => {
    const own = features.values.filter((value, at) => at % width === k && !Number.isNaN(value));
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

function agesOf({ participants }: FeatureCohort): Float64Array {
  const age = participants.covariates.find(({ name }) => name === 'age');
  return age?.kind === 'continuous' ? age.values : new Float64Array(0);
}

/** Slopes of age within sites. */
function slopesOfAge(cohort: FeatureCohort): Float64Array {
  const { sites } = cohort.participants;
  const ages = agesOf(cohort);
  const width = cohort.features.features.length;
  const centered = (values: ArrayLike<number>): Float64Array => {
    const sums = new Map<string, [number, number]>();
    sites.forEach((site, row) => {
      const [sum, count] = sums.get(site) ?? [0, 0];
      if (!Number.isNaN(values[row])) sums.set(site, [sum + values[row], count + 1]);
    });
    return Float64Array.from(sites, (site, row) => {
      const [sum, count] = sums.get(site) ?? [0, 1];
      return values[row] - sum / count;
    });
  };
  const x = centered(ages);
  return Float64Array.from({ length: width }, (_, k) => {
    const y = centered(sites.map((_, row) => cohort.features.values[row * width + k]));
    let [xy, xx] = [0, 0];
    for (let row = 0; row < x.length; row++) {
      if (Number.isNaN(y[row])) continue;
      xy += x[row] * y[row];
      xx += x[row] ** 2;
    }
    return xy / xx;
  });
}

const ageOut = byHand('age taken out', slopesOfAge, (slopes, cohort) => {
  const ages = agesOf(cohort);
  const width = slopes.length;
  return cohort.features.values.map(
    (value, at) => value - slopes[at % width] * (ages[Math.floor(at / width)] - 50),
  );
});

function methodsOf(study: Study): Readonly<Record<string, Harmonizer<never>>> {
  const noisy = makeRandom(5);
  const made: Record<string, Harmonizer<unknown>> = {
    truth: oracle(study),
    nothing,
    half: oracle(study, (value, raw) => (value + raw) / 2),
    ComBat: combatHarmonizer({
      preserve: study.measured.participants.covariates.map(({ name }) => name),
      unseen: 'estimate',
    }),
    'ComBat, no covariates': combatHarmonizer({ unseen: 'estimate' }),
    constant: constant,
    shuffle,
    'age taken out': ageOut,
    'one shift left': oracle(study, (value, _, { site, feature }) =>
      site === 'S1' && feature === 0 ? value + 0.8 : value,
    ),
    'one spread left': oracle(study, (value, _, { site, feature }) =>
      site === 'S1' && feature === 0 ? 2 * value : value,
    ),
    'a tenth left': oracle(study, (value, raw) => value + (raw - value) / 10),
    'a fifth left': oracle(study, (value, raw) => value + (raw - value) / 5),
    'noise added': oracle(study, (value) => value + 3 * noisy.normal()),
    'age tripled': byHand(
      'age tripled',
      () => 0,
      (_, cohort) => {
        const ages = agesOf(cohort);
        const width = cohort.features.features.length;
        return cohort.features.values.map(
          (value, at) => value - (0.5 * (ages[Math.floor(at / width)] - 50)) / 10,
        );
      },
    ),
  };
  return made as Readonly<Record<string, Harmonizer<never>>>;
}

async function main(): Promise<void> {
  const [tables = '3', ...wanted] = process.argv.slice(2);
  const only = process.env['METHODS']?.split(';');
  for (const [name, design] of Object.entries(designs)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const answers = new Map<string, Map<string, number>[]>();
    const against = new Map<string, Map<string, number>>();
    for (let seed = 1; seed <= Number(tables); seed++) {
      const study = makeStudyTable(design, seed);
      for (const [method, harmonizer] of Object.entries(methodsOf(study))) {
        if (only !== undefined && !only.includes(method)) continue;
        const audit = await auditTable(study.measured, harmonizer, { seeds: 1, seed });
        const findings = audits.findings(audit);
        const counts = answers.get(method) ?? findings.map(() => new Map<string, number>());
        answers.set(method, counts);
        const speaking = against.get(method) ?? new Map<string, number>();
        against.set(method, speaking);
        const byChance = findings[0].sentences.filter((text) => text.includes('which is not counted'));
        const all = [...findings[0].against, ...byChance.map((text) => text.split(':')[1].trim())];
        for (const id of [
          ...all,
          all.length > 0 ? 'anything' : 'nothing',
          findings[0].against.length > 0 ? 'counted' : 'none counted',
        ])
          speaking.set(id, (speaking.get(id) ?? 0) + 1);
        findings.forEach(({ grade }, at) => counts[at].set(grade, (counts[at].get(grade) ?? 0) + 1));
        if (process.env['SAY'] !== undefined) {
          console.log(`--- ${name} / ${method} / ${seed}`);
          for (const found of findings)
            console.log(`${found.title} ${found.grade}. ${found.sentences.join(' ')}`);
          for (const { code, severity, message } of audit.issues)
            console.log(`  [${severity} ${code}] ${message}`);
        }
      }
    }
    for (const [method, counts] of answers) {
      const cells = counts.map((own) => [...own].map(([grade, count]) => `${grade} ${count}`).join(', '));
      console.log(`| ${[name, method, ...cells].join(' | ')} |`);
      if (process.env['AGAINST'] === undefined) continue;
      for (const [id, count] of against.get(method) ?? []) console.log(`    ${id} ${count}`);
    }
  }
}

void main();

import type { FeatureCohort } from '../data/cohort';
import { makeFeatureCohort } from '../data/cohort';
import { categorical, continuous } from '../data/people/covariate';
import { makeFeatureMatrix } from '../data/feature-matrix';
import type { Neighborhood } from '../data/neighborhood';
import { neighborhoodFromTriangles } from '../data/neighborhood';
import { makeParticipants } from '../data/people/participants';
import { provenanceStep } from '../data/provenance';
import { ConcordError } from '../errors';
import type { Random } from '../math/random';
import { deriveSeed, makeRandom } from '../math/random';
import { sphereMesh } from '../math/sphere-mesh';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link simulateVertexCohort}. */
export interface SimulateVertexCohortOptions {
  /** Same seed and options, same bits. @defaultValue 1 */
  readonly seed?: number;
  /** @defaultValue 4 */
  readonly sites?: number;
  /** Persons at each site; with `traveling` persons in all. @defaultValue 60 */
  readonly subjects?: number;
  /** Everyone is measured at every site. @defaultValue false */
  readonly traveling?: boolean;
  /** How often the icosahedron is divided, 10 at most: 10·4^divisions + 2 vertices. @defaultValue 3: 642 */
  readonly divisions?: number;
  /** Youngest and oldest in years. @defaultValue [20, 80] */
  readonly ageRange?: readonly [number, number];
}

/** What is true of a simulated cohort of vertices. */
export interface VertexTruth {
  /** What each row would be without any site: the person's thickness in mm, rows × vertices. */
  readonly thickness: Float64Array;
  /** What each site adds at each vertex, in mm, and what it multiplies differences from the mean with. */
  readonly sites: readonly {
    readonly name: string;
    readonly shift: Float64Array;
    readonly scale: number;
    readonly noiseSd: number;
  }[];
  /** The effect of a year of age at each vertex, in mm. */
  readonly ageSlope: Float64Array;
}

/** A simulated cohort of cortical thickness at the vertices of a sphere. */
export interface SimulatedVertexCohort {
  readonly cohort: FeatureCohort;
  readonly neighborhood: Neighborhood;
  /** x, y, z of each vertex on the unit sphere. */
  readonly coordinates: Float64Array;
  readonly truth: VertexTruth;
}

/** Thickness of an average cortex in mm, spread of persons' maps around it, and of their mean thickness. */
const averageThickness = 2.5;
const personSd = 0.18;
const generalSd = 0.06;

/**
 * Simulates maps of cortical thickness on a sphere whose truth is known: a common map, smooth differences between
 * persons, thinning with age (0.004 mm a year on average, by region), and sites that shift the map smoothly, stretch
 * differences and measure with noise of their own.
 *
 * @throws ConcordError `invalid-option` naming the option.
 *
 * @example
 * ```ts
 * const { cohort, truth } = simulateVertexCohort({ seed: 1 });
 * ```
 */
export function simulateVertexCohort(options: SimulateVertexCohortOptions = {}): SimulatedVertexCohort {
  requireCall('simulateVertexCohort', { options });
  const { seed = 1, sites: siteCount = 4, subjects = 60, traveling = false } = options;
  const { divisions = 3, ageRange = [20, 80] } = options;
  requireCounts({ sites: siteCount, subjects, divisions });
  requireRoom({ sites: siteCount, subjects, divisions });
  const mesh = sphereMesh(divisions);
  const coordinates = mesh.vertices;
  const count = coordinates.length / 3;
  const field = (place: number, smooth: number): Float64Array =>
    smoothField(makeRandom(deriveSeed(seed, place)), coordinates, smooth);
  const common = field(1, 3).map((value) => averageThickness + 0.3 * value);
  const ageSlope = field(2, 2).map((value) => -0.004 * (1 + 0.5 * value));
  const sites = Array.from({ length: siteCount }, (_, site) => {
    const random = makeRandom(deriveSeed(seed, 100 + site));
    return {
      name: `site-${String(site + 1).padStart(2, '0')}`,
      shift: field(1000 + site, 3).map((value) => 0.12 * value),
      scale: Math.exp(0.15 * random.normal()),
      noiseSd: 0.05 * Math.exp(0.4 * random.normal()),
      level: 0.08 * random.normal(),
    };
  });
  const known = sites.map(({ level, shift, ...site }) => ({
    ...site,
    shift: shift.map((value) => value + level),
  }));
  const people = Array.from({ length: traveling ? subjects : subjects * siteCount }, (_, person) =>
    drawPerson(deriveSeed(seed, 10_000 + person), { common, ageSlope, coordinates, ageRange }),
  );
  const rows = traveling
    ? people.flatMap((person, i) => known.map((site) => ({ person, i, site })))
    : people.map((person, i) => ({ person, i, site: known[Math.floor(i / subjects)] }));
  const values = new Float64Array(rows.length * count);
  const thickness = new Float64Array(rows.length * count);
  rows.forEach(({ person, site }, row) => {
    const random = makeRandom(deriveSeed(seed, 1_000_000 + row));
    for (let vertex = 0; vertex < count; vertex++) {
      const own = person.thickness[vertex];
      thickness[row * count + vertex] = own;
      values[row * count + vertex] =
        common[vertex] +
        site.scale * (own - common[vertex]) +
        site.shift[vertex] +
        site.noiseSd * random.normal();
    }
  });
  const names = Array.from({ length: count }, (_, vertex) => `v${String(vertex + 1).padStart(5, '0')}`);
  const ids = rows.map(({ i, site }) => {
    const id = `P${String(i + 1).padStart(3, '0')}`;
    return traveling ? `${id}_ses-${site.name}` : id;
  });
  const participants = makeParticipants(
    ids,
    rows.map(({ site }) => site.name),
    [
      continuous(
        'age',
        rows.map(({ person }) => person.age),
        'years',
      ),
      categorical(
        'sex',
        rows.map(({ person }) => person.sex),
        ['F', 'M'],
      ),
    ],
  );
  const record = { sites: siteCount, subjects, traveling, divisions, ageRange };
  const cohort = makeFeatureCohort(participants, makeFeatureMatrix(values, ids, names), {
    provenance: [provenanceStep('simulateVertexCohort', record, seed)],
  });
  const neighborhood = neighborhoodFromTriangles(count, mesh.triangles);
  return { cohort, neighborhood, coordinates, truth: { thickness, sites: known, ageSlope } };
}

/** Values at most: 2 GB of them, and the truth is as large. */
const mostValues = 2 ** 28;

function requireRoom({
  sites,
  subjects,
  divisions,
}: Readonly<Record<'sites' | 'subjects' | 'divisions', number>>): void {
  const vertices = 10 * 4 ** divisions + 2;
  if (divisions <= 10 && sites * subjects * vertices <= mostValues) return;
  const count = (value: number): string => value.toLocaleString('en-US');
  const why =
    divisions > 10
      ? '10 at most, 10,485,762 vertices'
      : `${count(vertices)} vertices of ${sites} × ${subjects} scans are more than ${count(mostValues)} values; 7 makes as many vertices as fsaverage has`;
  throw new ConcordError('invalid-option', `invalid divisions: ${divisions} (${why})`);
}

function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    const least = name === 'divisions' ? 0 : 1;
    if (Number.isInteger(value) && value >= least && value <= 100_000) continue;
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (a whole number from ${least})`);
  }
}

interface SimulatedPerson {
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly thickness: Float64Array;
}

function drawPerson(
  seed: number,
  from: {
    readonly common: Float64Array;
    readonly ageSlope: Float64Array;
    readonly coordinates: Float64Array;
    readonly ageRange: readonly [number, number];
  },
): SimulatedPerson {
  const { common, ageSlope, coordinates, ageRange } = from;
  const random = makeRandom(deriveSeed(seed, 0));
  const [youngest, oldest] = ageRange;
  const age = Math.round(10 * (youngest + (oldest - youngest) * random.uniform())) / 10;
  const sex = random.uniform() < 0.5 ? 'F' : 'M';
  const general = generalSd * random.normal() + (sex === 'M' ? -0.02 : 0.02);
  const own = smoothField(makeRandom(deriveSeed(seed, 1)), coordinates, 6);
  const years = age - (youngest + oldest) / 2;
  const thickness = common.map(
    (value, vertex) => value + general + personSd * own[vertex] + years * ageSlope[vertex],
  );
  return { age, sex, thickness };
}

/**
 * A smooth random field on the unit sphere with mean 0 and variance 1: waves of random direction, phase and frequency up
 * to `roughness` (a random-Fourier-feature field, Rahimi & Recht 2007, restricted to the sphere).
 */
function smoothField(random: Random, coordinates: Float64Array, roughness: number): Float64Array {
  const waves = 24;
  const field = new Float64Array(coordinates.length / 3);
  for (let wave = 0; wave < waves; wave++) {
    const direction = [random.normal(), random.normal(), random.normal()].map((value) => roughness * value);
    const phase = 2 * Math.PI * random.uniform();
    for (let vertex = 0; vertex < field.length; vertex++) {
      const [x, y, z] = coordinates.subarray(3 * vertex, 3 * vertex + 3);
      const angle = direction[0] * x + direction[1] * y + direction[2] * z + phase;
      field[vertex] += Math.sqrt(2 / waves) * Math.cos(angle);
    }
  }
  return field;
}

import { extname, join } from 'node:path';

/** In the package, beside the compiled files. */
const folder = join(__dirname, ...(extname(__filename) === '.ts' ? ['..'] : ['..', '..']), 'example');

/**
 * Says where the example table is that comes with Concord: a CSV file to try everything on, simulated, but labeled and
 * shaped like a real one. It has 240 participants of four sites with age (years) and sex, and the thickness of the 68
 * Desikan–Killiany regions in millimeters, in FreeSurfer's names; a few cells are missing. No person was scanned: the JSON
 * file beside it says how it was simulated.
 *
 * @example
 * ```ts
 * const cohort = await loadTable(exampleTable(), { covariates: ['age', 'sex'] });
 * ```
 */
export function exampleTable(): string {
  return join(folder, 'simulated-thickness.csv');
}

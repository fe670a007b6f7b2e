import type { Command } from 'commander';
import { join } from 'node:path';
import { counted } from '../../data/counted';
import { requireAbsent, writeFileSafely } from '../../io/files/write-file';
import { applyToMaps } from '../../maps/apply-to-maps';
import { unseenPersons } from '../../methods/longitudinal-method';
import type { UnseenPersonPolicy } from '../../combat/longitudinal/longitudinal-options';
import type { UnseenSitePolicy } from '../../combat/new-site-policy';
import { unseenPolicies } from '../../combat/new-site-policy';
import { choice } from '../option-values';
import { progressLine } from '../progress-line';
import { plainOptions, provenanceText } from '../provenance-file';
import type { CommandStreams } from '../streams';
import { printIssues, withoutPlaces } from './harmonize-maps';
import type { MapFlags } from './map-flags';
import { addMapFlags, mapsPlaceOf, mapsWritten } from './map-flags';

interface ApplyMapsFlags extends MapFlags {
  readonly unseen: UnseenSitePolicy;
  readonly unseenPersons?: UnseenPersonPolicy;
  readonly dropMissing: boolean;
}

/** Adds `concord maps apply`. */
export function applyMapsCommand(maps: Command, streams: CommandStreams): void {
  const command = maps
    .command('apply')
    .description('harmonize the maps of other scans by a model that was kept: as few as one')
    .argument('<model>', 'the folder of harmonized maps, or its model.json')
    .argument('<table>', 'the scans, as for concord maps harmonize')
    .addOption(
      choice(
        '--unseen <policy>',
        'a site that the model was not fitted on: refuse, leave as it is (covariates), or estimate its effects from its scans',
        unseenPolicies,
      ).default('error'),
    )
    .addOption(
      choice(unseenPersons.flags, `${unseenPersons.description} (default: ${unseenPersons.initial})`, [
        'own-visits',
        'zero',
      ]),
    )
    .option('--drop-missing', 'leave out scans without a covariate value instead of refusing', false);
  addMapFlags(command).action((model: string, table: string, flags: ApplyMapsFlags) =>
    run(model, { table, flags, streams }),
  );
}

async function run(
  model: string,
  {
    table,
    flags,
    streams,
  }: { readonly table: string; readonly flags: ApplyMapsFlags; readonly streams: CommandStreams },
): Promise<void> {
  const { out, unseen, unseenPersons: policy, dropMissing, overwrite, json } = flags;
  const path = join(out, 'provenance.json');
  if (!overwrite) await requireAbsent(path);
  const { clear, ...progress } = progressLine(streams);
  const done = await applyToMaps(table, {
    ...mapsPlaceOf(flags),
    model,
    unseen,
    unseenPersons: policy,
    missingCovariates: dropMissing ? 'drop' : 'error',
    ...progress,
  });
  clear();
  const record = {
    command: 'concord maps apply',
    options: plainOptions(withoutPlaces(flags)),
    inputs: [table],
    steps: done.provenance,
    issues: done.issues,
  };
  await writeFileSafely(path, await provenanceText(record), { overwrite: true });
  if (json) {
    const { ids: scans, counts, issues } = done;
    streams.out(`${JSON.stringify({ scans, counts, issues })}\n`);
    return;
  }
  streams.out(`harmonized the maps of ${counted(done.ids.length, 'scan')}\n`);
  printIssues(done.issues, streams);
  streams.out(
    `written to ${out}: ${mapsWritten(done.ids.length, flags.files.length, done.files)}, provenance.json\n`,
  );
}

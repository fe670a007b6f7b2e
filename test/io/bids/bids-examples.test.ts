import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Scanner } from '../../../sdk/data/images/scan';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { parseBidsName } from '../../../sdk/io/bids/bids-name';
import { sharedData } from '../../support/shared-data';
import { skipWithout } from '../../support/skipping';
import { temporaryFolder } from '../../support/temporary-folder';

/** An image as pybids 0.22.0 lists it. */
interface ListedImage {
  readonly path: string;
  readonly suffix: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [entity: string]: unknown;
}

/** What pybids calls the entities that it writes out. */
const longNames: Readonly<Record<string, string>> = {
  sub: 'subject',
  ses: 'session',
  acq: 'acquisition',
  rec: 'reconstruction',
  dir: 'direction',
  ce: 'ceagent',
};

/** The fields of sidecars that are read, by the names that scans have for them. */
const fields: Readonly<Record<string, keyof Scanner>> = {
  Manufacturer: 'manufacturer',
  ManufacturersModelName: 'model',
  StationName: 'station',
  MagneticFieldStrength: 'fieldStrength',
  RepetitionTime: 'repetitionTime',
  EchoTime: 'echoTime',
  InversionTime: 'inversionTime',
  FlipAngle: 'flipAngle',
};

/**
 * Public examples (bids-standard/bids-examples at ca54a02e): the same files, entities and values of sidecars as pybids
 * 0.22.0 (validate=False, raw datasets only) finds in them.
 */
describe('loadBids on public examples', () => {
  const folder = temporaryFolder();
  let listing: Readonly<Record<string, readonly ListedImage[]>> = {};
  let root = '';
  before(function () {
    const archive = sharedData('bids-examples-half.tar.gz');
    if (archive === undefined) skipWithout(this, 'real data');
    execFileSync('tar', ['-xzf', archive, '-C', folder.path('.')]);
    root = folder.path('bids-examples-half');
    const text = readFileSync(`${root}/pybids-listing.json`, 'utf8');
    listing = (JSON.parse(text) as { datasets: typeof listing }).datasets;
  });

  it('lists what pybids lists, and needs no site for it', async () => {
    const names = Object.keys(listing);
    assert.equal(names.length, 17);
    for (const name of names) {
      const home = `${root}/${name}`;
      const suffix = [...new Set(listing[name].map((image) => image.suffix))];
      // Most of the images are empty files.
      const { scans } = await loadBids(home, { suffix, check: 'none' });
      const found = new Map(
        scans.map((scan) => [
          relative(home, scan.file ?? '')
            .split(sep)
            .join('/'),
          scan,
        ]),
      );
      assert.deepEqual([...found.keys()].sort(), listing[name].map(({ path }) => path).sort(), name);
      for (const { path, suffix: listed, metadata, ...entities } of listing[name]) {
        const scan = found.get(path);
        assert.equal(scan?.suffix, listed, path);
        assert.deepEqual(entitiesOf(path), asText(entities), path);
        assert.deepEqual(scan.subject, `sub-${String(entities['subject'])}`, path);
        assert.deepEqual(scan.session, entities['session'], path);
        const expected = Object.entries(fields).flatMap(([field, key]) =>
          metadata[field] === undefined ? [] : [[key, metadata[field]] as const],
        );
        assert.deepEqual(scan.scanner ?? {}, Object.fromEntries(expected), path);
      }
    }
  });
});

/** The entities of a name, by pybids' names, but for the task, which the listing leaves out. */
function entitiesOf(path: string): Readonly<Record<string, string>> {
  const { entities } = parseBidsName(path.slice(path.lastIndexOf('/') + 1)) ?? {
    entities: new Map<string, string>(),
  };
  const listed = [...entities].filter(([key]) => key !== 'task');
  return Object.fromEntries(listed.map(([key, label]) => [longNames[key] ?? key, label]));
}

function asText(entities: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entities).map(([key, label]) => [key, String(label)]));
}

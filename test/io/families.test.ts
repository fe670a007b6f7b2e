import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { takeSubjects } from '../../sdk/data/cohort';
import type { FeatureCohort } from '../../sdk/data/cohort';
import type { Issue } from '../../sdk/data/issue';
import { imagesFromJson, imagesToJson } from '../../sdk/io/images/images-json';
import { loadBids } from '../../sdk/io/bids/load-bids';
import { writeBids } from '../../sdk/io/bids/written/write-bids';
import { loadTable } from '../../sdk/io/tables/load-table';
import type { LoadTableOptions } from '../../sdk/io/tables/table-options';
import { writeTable } from '../../sdk/io/tables/write-table';
import { loadVolumes } from '../../sdk/io/volumes/load-volumes';
import { temporaryFolder } from '../support/temporary-folder';
import { travelingImages } from '../support/traveling-images';
import { rawDescription, tinyVolume, writeFiles } from './bids/tiny-dataset';
import { rejectsWith } from './rejects-with';

describe('families in tables', () => {
  const folder = temporaryFolder();

  /** Twelve persons at two sites, with two features and a column of families, or several. */
  const table = (columns: Readonly<Record<string, readonly string[]>>): string => {
    const names = Object.keys(columns);
    const rows = Array.from({ length: 12 }, (_, row) => {
      const own = names.map((name) => columns[name][row]);
      return [`s${row}`, 'AB'[row % 2], ...own, 2 + row / 7, 3 - (row * row) / 11].join(',');
    });
    return [['id', 'site', ...names, 'lh_x_thickness', 'lh_y_thickness'].join(','), ...rows].join('\n');
  };
  const load = (
    columns: Readonly<Record<string, readonly string[]>>,
    options: LoadTableOptions = {},
  ): Promise<FeatureCohort> => loadTable(folder.write('t.csv', table(columns)), options);
  const ofFamilies = ({ issues }: FeatureCohort): readonly Issue[] =>
    issues.filter(({ code }) => code.includes('famil'));
  const codes = (cohort: FeatureCohort): readonly string[] => ofFamilies(cohort).map(({ code }) => code);
  const features = ['lh_x_thickness', 'lh_y_thickness'];

  /** s0 and s2 are siblings, and s4, s6, s8. */
  const ids = ['7', '1', '7', '2', '9', '3', '9', '4', '9', '5', '6', '8'];

  for (const name of ['rel_family_id', 'ab_g_stc__design_id__fam', 'Family_ID', 'famid', 'FamilyID']) {
    it(`are known by ${name}, which is no feature, and an issue says so`, async () => {
      const cohort = await load({ [name]: ids });
      assert.deepEqual(cohort.features.features, features);
      assert.deepEqual(cohort.participants.families, ids);
      assert.deepEqual(cohort.participants.covariates, []);
      const [said, ...others] = ofFamilies(cohort);
      assert.deepEqual([said.code, said.severity, others.length], ['inferred-family', 'info', 0]);
      assert.match(
        said.message,
        new RegExp(`families are known by column "${name}" of t.csv: 12 persons of 9 families`),
      );
      assert.deepEqual(cohort.reading?.family, [name]);
      // It is no feature where all columns are asked for, either.
      assert.deepEqual((await load({ [name]: ids }, { features: '*' })).features.features, features);
      await rejectsWith(load({ [name]: ids }, { covariates: [name] }), {
        code: 'invalid-option',
        says: ['is both the family and a covariate'],
      });
    });
  }

  it('are not grouped by names that may mean something else, which is warned of; but by those that are named', async () => {
    const cohort = await load({ FID: ids });
    assert.deepEqual(cohort.features.features, features);
    assert.equal(cohort.participants.families, undefined);
    const [said] = ofFamilies(cohort);
    assert.deepEqual([said.code, said.severity], ['possible-families', 'warning']);
    assert.match(said.message, /"FID" of t.csv may say who is related: 5 persons share an id/);
    assert.match(said.suggestion, /family: "FID"/);
    const named = await load({ FID: ids }, { family: 'FID' });
    assert.deepEqual(named.participants.families, ids);
    assert.deepEqual(codes(named), []);
    // PLINK's FID is often the person, or one cohort for all.
    for (const other of [
      ids.map((_, row) => `s${row}`),
      ids.map(() => '0'),
      ids.map((_, row) => `${row % 3}`),
    ]) {
      assert.deepEqual(codes(await load({ FID: other })), []);
    }
    await rejectsWith(load({ FID: ids }, { family: 'FIDS' }), {
      code: 'unknown-column',
      says: ['unknown family column: "FIDS"', 'FID'],
    });
  });

  it("are joined through half siblings, whom HCP's Mother_ID and Father_ID tell", async () => {
    const own = ids.map((_, row) => `fam${row}`);
    const mothers = ['1', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '0'];
    const fathers = ['50', '51', '51', '53', '54', '55', '56', '57', '58', '59', '0', '0'];
    const cohort = await load({ Family_ID: own, Mother_ID: mothers, Father_ID: fathers });
    // s0 and s1 have a mother, s1 and s2 a father; parents who are not known relate nobody.
    const { families = [] } = cohort.participants;
    assert.deepEqual(families, ['fam0', 'fam0', 'fam0', ...own.slice(3)]);
    assert.deepEqual(cohort.features.features, features);
    assert.match(
      ofFamilies(cohort)[0].message,
      /"Family_ID", "Mother_ID", "Father_ID" of t.csv: 12 persons of 10 families/,
    );
    assert.deepEqual(
      (await load({ Family_ID: own, Mother_ID: mothers }, { family: 'Family_ID' })).participants.families,
      own,
    );
    const byMother = { family: ['Mother_ID'] };
    assert.deepEqual((await load({ Mother_ID: mothers }, byMother)).participants.families?.slice(0, 3), [
      '1',
      '1',
      '2',
    ]);
  });

  it('of persons whose id is missing are of one, with their number', async () => {
    const cohort = await load({ rel_family_id: ids.map((id, row) => (row % 4 === 1 ? '' : id)) });
    assert.deepEqual(cohort.participants.families?.slice(0, 3), ['7', '', '7']);
    const [, missing] = ofFamilies(cohort);
    assert.deepEqual([missing.code, missing.severity], ['missing-family', 'info']);
    assert.match(missing.message, /3 persons have no id of a family .*: each counts as related to nobody/);
  });

  it('are doubted where an id is of very many, of all sites, or changes; or of nobody', async () => {
    const many = Array.from(
      { length: 30 },
      (_, row) => `s${row},${'AB'[row % 2]},${row < 22 ? 0 : row},${row / 7}`,
    );
    const text = `id,site,famid,lh_x_thickness\n${many.join('\n')}`;
    const large = await loadTable(folder.write('large.csv', text));
    assert.equal(large.participants.families, undefined);
    assert.match(
      ofFamilies(large)[0].message,
      /22 persons share one id .*more than a family has: nobody is grouped/,
    );
    const path = folder.path('large.csv');
    const marked = await loadTable(path, { missing: [{ column: 'famid', marks: ['0'] }] });
    assert.deepEqual(codes(marked), []);
    const asked = await loadTable(path, { family: 'famid' });
    assert.deepEqual(codes(asked), ['doubtful-family']);
    // Each of two sites numbers its own.
    const perSite = ids.map((_, row) => `${Math.floor(row / 2)}`);
    assert.match(
      ofFamilies(await load({ famid: perSite }))[1].message,
      /6 of the 6 families .* begin anew at each site/,
    );
    const nobody = await load({ famid: ids.map((_, row) => `${row}`) }, { family: 'famid' });
    assert.match(ofFamilies(nobody)[0].message, /no two persons share an id in column "famid"/);
    assert.deepEqual(codes(await load({ famid: ids.map((_, row) => `${row}`) })), []);
    const visits = `person_id,visit,site,famid,lh_x_thickness\n${['a,1,A,1,2', 'a,2,A,2,3', 'b,1,B,2,4', 'c,1,B,5,5'].join('\n')}`;
    const moved = await loadTable(folder.write('visits.csv', visits), {
      features: '*thickness',
      id: 'person_id',
    });
    assert.deepEqual(moved.participants.families, ['1', '1', '1', '5']);
    assert.match(ofFamilies(moved)[1].message, /1 person has several ids .*"a".*taken as one/);
  });

  it('come with the table of participants, and stay through rows taken, and files', async () => {
    const people = folder.write(
      'people.csv',
      `id,site,rel_family_id\n${ids.map((id, row) => `s${row},${'AB'[row % 2]},${id}`).join('\n')}`,
    );
    const cohort = await load({}, { participants: people });
    assert.deepEqual(cohort.participants.families, ids);
    const some = takeSubjects(cohort, [2, 0, 1]);
    assert.deepEqual(some.participants.families, ['7', '7', '1']);
    await writeTable(some, folder.path('written.csv'));
    assert.match(readFileSync(folder.path('written.csv'), 'utf8'), /^participant_id,family_id,site,/);
    assert.deepEqual((await loadTable(folder.path('written.csv'))).participants.families, ['7', '7', '1']);
    // Where nobody is related any more, there is nothing to write.
    await writeTable(takeSubjects(cohort, [0, 1]), folder.path('alone.csv'));
    assert.match(readFileSync(folder.path('alone.csv'), 'utf8'), /^participant_id,site,/);
  });

  it('are those of lists of scans', async () => {
    const root = await writeFiles(folder.path('list'), {
      'one.nii.gz': tinyVolume(),
      'two.nii.gz': tinyVolume(),
    });
    const rows = ['a,A,one.nii.gz,4', 'b,A,two.nii.gz,4'];
    const list = folder.write('list/scans.csv', `id,site,file,famid\n${rows.join('\n')}`);
    const cohort = await loadVolumes(list);
    assert.deepEqual(cohort.participants.families, ['4', '4']);
    assert.equal(cohort.issues.filter(({ code }) => code === 'inferred-family').length, 1);
    const [a, b] = ['one', 'two'].map((name) => ({ id: name, site: 'A', file: `${root}/${name}.nii.gz` }));
    const given = await loadVolumes([{ ...a, family: '1' }, b]);
    assert.deepEqual(given.participants.families, ['1', '']);
  });

  it('are those of BIDS datasets, are no covariates there, and are written', async () => {
    const people = ['01', '02', '03'];
    const root = await writeFiles(folder.path('bids'), {
      'dataset_description.json': rawDescription,
      'participants.tsv': [
        ['participant_id', 'site', 'age', 'Family_ID', 'FID'],
        ...people.map((name, row) => [`sub-${name}`, 'A', `${30 + row}`, `${Math.min(row, 1)}`, `${row}`]),
      ],
      ...Object.fromEntries(people.map((name) => [`sub-${name}/anat/sub-${name}_T1w.nii.gz`, tinyVolume()])),
    });
    const cohort = await loadBids(root);
    assert.deepEqual(cohort.participants.families, ['0', '1', '1']);
    assert.deepEqual(
      cohort.participants.covariates.map(({ name }) => name),
      ['age'],
    );
    assert.match(
      cohort.issues.find(({ code }) => code === 'inferred-family')?.message ?? '',
      /"Family_ID" of participants.tsv: 3 persons of 2 families/,
    );
    await rejectsWith(loadBids(root, { family: 'Famly' }), { code: 'unknown-column', says: ['Family_ID'] });
    await rejectsWith(loadBids(root, { covariates: ['Family_ID'] }), {
      code: 'invalid-option',
      says: ['is both the family and a covariate'],
    });
    // FID is no family here, and may be asked for.
    assert.match(
      cohort.issues.find(({ code }) => code === 'unused-column')?.message ?? '',
      /"FID" \(its name says/,
    );
    await writeBids(cohort, folder.path('written'));
    assert.match(readFileSync(folder.path('written/participants.tsv'), 'utf8'), /family_id/);
  });

  it('are stored with slices', () => {
    const cohort = travelingImages(['p', 'q', 'r'].map((subject) => ({ subject, site: 'a' })));
    const participants = { ...cohort.participants, families: ['1', '1', ''] };
    const back = imagesFromJson(imagesToJson({ ...cohort, participants }));
    assert.deepEqual(back.participants.families, ['1', '1', '']);
    assert.equal(imagesFromJson(imagesToJson(cohort)).participants.families, undefined);
  });
});

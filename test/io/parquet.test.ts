import assert from 'node:assert/strict';
import { loadTable } from '../../sdk/io/tables/load-table';
import { rejectsWith } from './rejects-with';
import { temporaryFolder } from '../support/temporary-folder';

// Written by pyarrow 26.0.1 (parquet.write_table, store_schema=False): two row groups with the columns subject_id
// (int64, one beyond 2^53), site (dictionary), age (int32 with a null), patient (boolean with a null), thick (double
// with a null and a NaN), vol (float) and scan (date), compressed with Snappy.
const allTypes =
  'UEFSMRUEFSAVJEwVBBUAEgAAEDzpAwAAAAAAAOoDAAAAAAAAFQAVEhUWLBUEFRAVBhUGHAAAAAkgAgAAAAQBAQMCFQQVFBUY' +
  'TBUEFQASAAAKJAEAAABBAQAAAEIVABUSFRYsFQQVEBUGFQYcAAAACSACAAAABAEBAwIVBBUQFRRMFQQVABIAAAgcHgAAACkA' +
  'AAAVABUSFRYsFQQVEBUGFQYcAAAACSACAAAABAEBAwIVABUOFRIsFQQVABUGFQYcAAAABxgCAAAABAEBFQQVEBUUTBUCFQAS' +
  'AAAIHAAAAAAAAARAFQAVEhUWLBUEFRAVBhUGHAAAAAkgAgAAAAMBAQIAFQQVEBUUTBUEFQASAAAIHAAAwD8AACBAFQAVEhUW' +
  'LBUEFRAVBhUGHAAAAAkgAgAAAAQBAQMCFQQVCBUMTBUCFQASAAAEDFZHAAAVABUSFRYsFQQVEBUGFQYcAAAACSACAAAABAEB' +
  'BAAVBBUgFSRMFQQVABIAABA86wMAAAAAAAABAAAAAAAgABUAFRIVFiwVBBUQFQYVBhwAAAAJIAIAAAAEAQEDAhUEFRQVGEwV' +
  'BBUAEgAACiQBAAAAQQEAAABCFQAVEhUWLBUEFRAVBhUGHAAAAAkgAgAAAAQBAQMCFQQVCBUMTBUCFQASAAAEDBkAAAAVABUS' +
  'FRYsFQQVEBUGFQYcAAAACSACAAAAAwIBAgAVABUOFRIsFQQVABUGFQYcAAAABxgCAAAAAwEBFQQVIBUkTBUEFQASAAAQPFVV' +
  'VVVVVdU/AAAAAAAA+H8VABUSFRYsFQQVEBUGFQYcAAAACSACAAAABAEBAwIVBBUQFRRMFQQVABIAAAgcAABgQAAAkEAVABUS' +
  'FRYsFQQVEBUGFQYcAAAACSACAAAABAEBAwIVBBUIFQxMFQIVABIAAAQMVkcAABUAFRIVFiwVBBUQFQYVBhwAAAAJIAIAAAAE' +
  'AQEEABUEGYw1ABgGc2NoZW1hFQ4AFQQlAhgKc3ViamVjdF9pZAAVDCUCGARzaXRlJQBMHAAAABUCJQIYA2FnZQAVACUCGAdw' +
  'YXRpZW50ABUKJQIYBXRoaWNrABUIJQIYA3ZvbAAVAiUCGARzY2FuJQxMbAAAABYIGSwZfCYAHBUEGTUABhAZGApzdWJqZWN0' +
  'X2lkFQIWBBZ0FnwmSCYIKSwVBBUAFQIAFQAVEBUCADwpBhkmAAQAAAAmABwVDBk1AAYQGRgEc2l0ZRUCFgQWaBZwJrgBJoQB' +
  'KSwVBBUAFQIAFQAVEBUCADwWBBkGGSYABAAAACYAHBUCGTUABhAZGANhZ2UVAhYEFmQWbCakAib0ASksFQQVABUCABUAFRAV' +
  'AgA8KQYZJgAEAAAAJgAcFQAZJQYAGRgHcGF0aWVudBUCFgQWNBY4JuACSRwVABUAFQIAPCkGGSYABAAAACYAHBUKGTUABhAZ' +
  'GAV0aGljaxUCFgQWZBZsJsgDJpgDKSwVBBUAFQIAFQAVEBUCADwpBhkmAgIAAAAmABwVCBk1AAYQGRgDdm9sFQIWBBZkFmwm' +
  'tAQmhAQpLBUEFQAVAgAVABUQFQIAPCkGGSYABAAAACYAHBUCGTUABhAZGARzY2FuFQIWBBZcFmQmmAUm8AQpLBUEFQAVAgAV' +
  'ABUQFQIAPCkGGSYABAAAABaYBRYEJggWzAUAGXwmABwVBBk1AAYQGRgKc3ViamVjdF9pZBUCFgQWdBZ8JpQGJtQFKSwVBBUA' +
  'FQIAFQAVEBUCADwpBhkmAAQAAAAmABwVDBk1AAYQGRgEc2l0ZRUCFgQWaBZwJoQHJtAGKSwVBBUAFQIAFQAVEBUCADwWBBkG' +
  'GSYABAAAACYAHBUCGTUABhAZGANhZ2UVAhYEFlwWZCboBybAByksFQQVABUCABUAFRAVAgA8KQYZJgICAAAAJgAcFQAZJQYA' +
  'GRgHcGF0aWVudBUCFgQWNBY4JqQISRwVABUAFQIAPCkGGSYCAgAAACYAHBUKGTUABhAZGAV0aGljaxUCFgQWdBZ8JpwJJtwI' +
  'KSwVBBUAFQIAFQAVEBUCADwpBhkmAAQAAAAmABwVCBk1AAYQGRgDdm9sFQIWBBZkFmwmiAom2AkpLBUEFQAVAgAVABUQFQIA' +
  'PCkGGSYABAAAACYAHBUCGTUABhAZGARzY2FuFQIWBBZcFmQm7AomxAopLBUEFQAVAgAVABUQFQIAPCkGGSYABAAAABagBRYE' +
  'JtQFFtQFACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZfBwAABwAABwAABwAABwAABwAABwAAADlAwAAUEFS' +
  'MQ==';

// The same package: id, site, x (0.1 and a null), compressed with gzip and with Zstandard.
const gzip =
  'UEFSMRUAFSAVQCwVBBUAFQYVBhwAAAAfiwgAAAAAAAIDY2JgYGBhZASSiSAiCQCMFCUbEAAAABUAFSAVQCwVBBUAFQYVBhwA' +
  'AAAfiwgAAAAAAAIDY2JgYGBhZASSjiDCCQByMecnEAAAABUAFRwVQCwVBBUAFQYVBhwAAAAfiwgAAAAAAAIDY2JgYGBmnDUT' +
  'BHbaAwCLnh1fDgAAABUEGUw1ABgGc2NoZW1hFQYAFQwlAhgCaWQlAEwcAAAAFQwlAhgEc2l0ZSUATBwAAAAVCiUCGAF4ABYE' +
  'GRwZPCYAHBUMGSUGABkYAmlkFQQWBBZGFmYmCEkcFQAVABUCADwWBBkGGSYABAAAACYAHBUMGSUGABkYBHNpdGUVBBYEFkYW' +
  'ZiZuSRwVABUAFQIAPBYEGQYZJgAEAAAAJgAcFQoZJQYAGRgBeBUEFgQWQhZmJtQBSRwVABUAFQIAPCkGGSYCAgAAABbOARYE' +
  'JggWsgIAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRk8HAAAHAAAHAAAAP8AAABQQVIx';
const zstd =
  'UEFSMRUAFSAVMiwVBBUAFQYVBhwAAAAotS/9IBCBAAACAAAABAEBAAAAYQEAAABiFQAVIBUyLBUEFQAVBhUGHAAAACi1L/0g' +
  'EIEAAAIAAAAEAQEAAABBAQAAAEIVABUcFS4sFQQVABUGFQYcAAAAKLUv/SAOcQAAAgAAAAMBmpmZmZmZuT8VBBlMNQAYBnNj' +
  'aGVtYRUGABUMJQIYAmlkJQBMHAAAABUMJQIYBHNpdGUlAEwcAAAAFQolAhgBeAAWBBkcGTwmABwVDBklBgAZGAJpZBUMFgQW' +
  'RhZYJghJHBUAFQAVAgA8FgQZBhkmAAQAAAAmABwVDBklBgAZGARzaXRlFQwWBBZGFlgmYEkcFQAVABUCADwWBBkGGSYABAAA' +
  'ACYAHBUKGSUGABkYAXgVDBYEFkIWVCa4AUkcFQAVABUCADwpBhkmAgIAAAAWzgEWBCYIFoQCACggcGFycXVldC1jcHAtYXJy' +
  'b3cgdmVyc2lvbiAyNi4wLjEZPBwAABwAABwAAAD/AAAAUEFSMQ==';

// The same package: x is a list.
const nested =
  'UEFSMRUAFSAVJCwVBBUAFQYVBhwAAAAQPAIAAAAEAQEAAABhAQAAAGIVABUgFSQsFQQVABUGFQYcAAAAEDwCAAAABAEBAAAA' +
  'QQEAAABCFQAVSBVILBUGFQAVBhUGHAAAACQUAgAAAAMEAQYMBgOamQEBRLk/AAAAAAAA8D8AAAAAAAAAQBUEGWw1ABgGc2No' +
  'ZW1hFQYAFQwlAhgCaWQlAEwcAAAAFQwlAhgEc2l0ZSUATBwAAAA1AhgBeBUCFQZMPAAAADUEGARsaXN0FQIAFQolAhgHZWxl' +
  'bWVudAAWBBkcGTwmABwVDBklBgAZGAJpZBUCFgQWRhZKJghJHBUAFQAVAgA8FgQZBhkmAAQAAAAmABwVDBklBgAZGARzaXRl' +
  'FQIWBBZGFkomUkkcFQAVABUCADwWBBkGGSYABAAAACYAHBUKGSUGABk4AXgEbGlzdAdlbGVtZW50FQIWBhZuFm4mnAFJHBUA' +
  'FQAVAgA8KSYEAhlGAAAABgAAABb6ARYEJggWggIAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRk8HAAAHAAA' +
  'HAAAAC8BAABQQVIx';

describe('loadTable on Parquet files', () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string): string => folder.write(name, Buffer.from(text, 'base64'));

  it('reads integers, booleans, floats, nulls and several row groups', async () => {
    const cohort = await loadTable(write('all.parquet', allTypes), { covariates: ['age', 'patient'] });
    assert.deepEqual(cohort.participants.ids, ['1001', '1002', '1003', '9007199254740993']);
    assert.deepEqual(cohort.participants.sites, ['A', 'B', 'A', 'B']);
    const [age, patient] = cohort.participants.covariates;
    assert.ok(age.kind === 'continuous' && patient.kind === 'categorical');
    assert.deepEqual([...age.values], [30, 41, NaN, 25]);
    assert.deepEqual(patient.levels, ['false', 'true']);
    assert.deepEqual([...patient.codes], [1, 0, 1, -1]);
    assert.deepEqual(cohort.features.features, ['thick', 'vol']);
    assert.deepEqual([...cohort.features.values], [2.5, 1.5, NaN, 2.5, 1 / 3, 3.5, NaN, 4.5]);
  });

  it('tells the format from the bytes, not from the name', async () => {
    await loadTable(write('all.csv', allTypes));
  });

  it('reads gzip compression', async () => {
    assert.deepEqual([...(await loadTable(write('gzip.parquet', gzip))).features.values], [0.1, NaN]);
  });

  it('reads Zstandard, on every Node', async () => {
    assert.deepEqual([...(await loadTable(write('zstd.parquet', zstd))).features.values], [0.1, NaN]);
  });

  it('names the row of a wrong value, counted from 1', async () => {
    await rejectsWith(loadTable(write('all.parquet', allTypes), { features: 'patient' }), {
      code: 'invalid-number',
      says: ['row 1', 'column "patient"', '"true"'],
    });
  });

  it('refuses nested columns', async () => {
    await rejectsWith(loadTable(write('nested.parquet', nested)), {
      code: 'unsupported-format',
      says: ['column "x"', 'nested'],
    });
  });

  it('stops when told to', async () => {
    const path = write('all.parquet', allTypes);
    await rejectsWith(loadTable(path, { signal: AbortSignal.abort() }), { code: 'aborted', says: [] });
  });
});

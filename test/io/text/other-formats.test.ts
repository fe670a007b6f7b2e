import { loadTable } from '../../../sdk/io/tables/load-table';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';
import { gzipSync } from 'node:zlib';

describe('tables in files of other kinds', () => {
  const folder = temporaryFolder();
  // The first bytes by the format of each.
  const kinds: readonly [string, string, string][] = [
    ['ARROW1\0\0', 'Arrow or Feather', 'to_parquet'],
    ['FEA1\0\0\0\0', 'Feather', 'to_parquet'],
    ['ORC\x11\0\0', 'ORC', 'Parquet'],
    ['PK\x03\x04', 'Excel workbook', 'CSV UTF-8'],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', '.xls', 'CSV UTF-8'],
    ['\x89HDF\r\n\x1a\n', 'HDF5', 'writetable'],
    ['MATLAB 5.0 MAT-file, Platform: GLNXA64\0', 'MATLAB', 'writetable'],
    ['RDX3\nX\n\0', '.RData', 'write.csv'],
    ['X\n\0\0\0\x03', '.rds', 'write.csv'],
    ['$FL2@(#) SPSS DATA FILE', 'SPSS', 'CSV'],
    ['<stata_dta><header>', 'Stata', 'export delimited'],
    ['SQLite format 3\0', 'SQLite', 'CSV'],
    ['(\xb5/\xfd$', 'Zstandard', 'unpack'],
  ];

  it('are refused by name, with the way to a table', async () => {
    for (const [start, name, remedy] of kinds) {
      const bytes = Buffer.from(start, 'latin1');
      const expected = { code: 'unsupported-format' as const, says: [name, remedy, 'table.csv'] };
      await rejectsWith(loadTable(folder.write('table.csv', bytes)), expected);
      // R packs its files by gzip, and leaves that out of their name.
      await rejectsWith(loadTable(folder.write('table.csv', gzipSync(bytes))), expected);
    }
  });

  it('are not taken for what begins with the same letters', async () => {
    const path = folder.write('words.csv', 'ORC,site,thick\ns1,A,2.5\ns2,B,2.25\n');
    await loadTable(path, { id: 'ORC' });
  });
});

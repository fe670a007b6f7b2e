import { ConcordError } from '../../errors';

/** Files of other kinds that people keep tables in: their first bytes, what they are, and how to make a table of them. */
const otherFormats: readonly {
  readonly starts: string;
  readonly at?: number;
  readonly is: string;
  readonly remedy: string;
}[] = [
  {
    starts: 'PK\x03\x04',
    is: 'a zip archive or an Excel workbook',
    remedy: 'in Excel, save it as "CSV UTF-8"; unpack an archive',
  },
  {
    starts: '\xd0\xcf\x11\xe0',
    is: 'an old Excel workbook (.xls)',
    remedy: 'in Excel, save it as "CSV UTF-8"',
  },
  {
    starts: 'ARROW1',
    is: 'an Arrow or Feather file',
    remedy:
      'write it as Parquet: in pandas df.to_parquet, in polars df.write_parquet, in R arrow::write_parquet',
  },
  { starts: '\xff\xff\xff\xff', is: 'a stream of Arrow', remedy: 'write it as Parquet' },
  {
    starts: 'FEA1',
    is: 'a Feather file of version 1',
    remedy: 'write it as Parquet: in pandas df.to_parquet, in R arrow::write_parquet',
  },
  { starts: 'ORC', is: 'an ORC file', remedy: 'write it as Parquet or CSV' },
  { starts: 'Obj\x01', is: 'an Avro file', remedy: 'write it as Parquet or CSV' },
  {
    starts: '\x89HDF\r\n\x1a\n',
    is: 'an HDF5 file, or a MATLAB file of version 7.3',
    remedy: 'write its table as CSV: in pandas df.to_csv, in MATLAB writetable',
  },
  {
    starts: 'MATLAB 5.0 MAT-file',
    is: 'a MATLAB file',
    remedy: 'in MATLAB, write its table as CSV with writetable',
  },
  {
    starts: 'RDX2\n',
    is: 'a file of R (.RData)',
    remedy: 'in R, write its table with write.csv(…, row.names = FALSE)',
  },
  {
    starts: 'RDX3\n',
    is: 'a file of R (.RData)',
    remedy: 'in R, write its table with write.csv(…, row.names = FALSE)',
  },
  {
    starts: 'X\n\x00\x00\x00',
    is: 'a file of R (.rds)',
    remedy: 'in R, write its table with write.csv(…, row.names = FALSE)',
  },
  {
    starts: '$FL2',
    is: 'a file of SPSS (.sav)',
    remedy: 'in SPSS, save it as CSV; in R, use haven::read_sav and write.csv',
  },
  {
    starts: '$FL3',
    is: 'a file of SPSS (.zsav)',
    remedy: 'in SPSS, save it as CSV; in R, use haven::read_sav and write.csv',
  },
  { starts: '<stata_dta>', is: 'a file of Stata (.dta)', remedy: 'in Stata, use export delimited' },
  {
    starts: '\xc2\xea\x81\x60',
    at: 12,
    is: 'a file of SAS (.sas7bdat)',
    remedy: 'in SAS, use proc export; in R, haven::read_sas and write.csv',
  },
  { starts: 'SQLite format 3\x00', is: 'an SQLite database', remedy: 'write its table as CSV' },
  { starts: 'DUCK', at: 8, is: 'a DuckDB database', remedy: 'write its table as Parquet: COPY … TO' },
  {
    starts: '\x93NUMPY',
    is: 'a NumPy array',
    remedy: 'write a table with names of columns, as CSV or Parquet',
  },
  { starts: '\x28\xb5\x2f\xfd', is: 'packed with Zstandard', remedy: 'unpack it, or pack it with gzip' },
  { starts: 'BZh', is: 'packed with bzip2', remedy: 'unpack it, or pack it with gzip' },
  { starts: '\xfd7zXZ\x00', is: 'packed with xz', remedy: 'unpack it, or pack it with gzip' },
  { starts: '7z\xbc\xaf\x27\x1c', is: 'a 7-Zip archive', remedy: 'unpack it' },
  { starts: '%PDF-', is: 'a PDF', remedy: 'find the table as CSV or a spreadsheet' },
  { starts: 'PARE', is: 'a Parquet file with an encrypted footer', remedy: 'write it without encryption' },
];

/**
 * Refuses a file of another kind by its name, with the way to a table.
 *
 * @param head - its first bytes, unpacked
 * @throws ConcordError `unsupported-format`.
 */
export function requireNoOtherFormat(path: string, head: Buffer): void {
  const found = otherFormats.find(
    ({ starts, at = 0 }) => head.toString('latin1', at, at + starts.length) === starts,
  );
  if (found === undefined) return;
  // "BZh" or "ORC" may begin the name of a column; and a table has no zero bytes.
  const isWord = /^[A-Za-z]+$/.test(found.starts);
  if (isWord && !head.includes(0)) return;
  throw new ConcordError('unsupported-format', `unsupported: ${path} is ${found.is} (${found.remedy})`, {
    where: { file: path },
  });
}

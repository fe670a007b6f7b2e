#!/bin/sh
# Parquet's DECIMAL as an id: two participants become one.
#
# One would assume: a Parquet reader that knows DECIMAL, an exact type, gives different values for different decimals.
# In fact: hyparquet 1.33.0, the reader of choice in JavaScript, divides and returns a double. Ids that a database keeps
#   as NUMERIC(18,0), and DuckDB writes as DECIMAL(18,0), agree in their first 16 digits: the three below become one and
#   the same number, without an error. DuckDB reads three different ids from the same file.
# Why it matters to people who harmonize MRI: cohort tables are exported from databases whose ids are NUMERIC (scan
#   accession numbers, DICOM-like identifiers). Joined by such an id, one person's covariates are given to another; as a
#   site code, two sites become one batch.
# Versions: duckdb 2.0.1, hyparquet 1.33.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund hyparquet@1.33.0
python/bin/python - <<'PYTHON'
import duckdb

print("duckdb", duckdb.__version__)
ids = "(VALUES (123456789012345677), (123456789012345678), (123456789012345679)) AS t(id)"
duckdb.sql(f"COPY (SELECT id::DECIMAL(18,0) AS id FROM {ids}) TO 'ids.parquet' (FORMAT parquet)")
found = [str(row[0]) for row in duckdb.sql("SELECT id FROM 'ids.parquet'").fetchall()]
print("DuckDB reads", found)
assert len(set(found)) == 3
PYTHON
cat >read.mjs <<'NODE'
import { readFileSync } from 'node:fs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';

const { version } = JSON.parse(readFileSync('node_modules/hyparquet/package.json', 'utf8'));
const rows = await parquetReadObjects({ file: await asyncBufferFromFile('ids.parquet') });
const ids = rows.map(({ id }) => id);
console.log('hyparquet', version, 'reads', ids.map((id) => `${typeof id} ${id}`));
if (new Set(ids).size !== 1) {
  console.log('changed: the ids are told apart now');
  process.exit(1);
}
console.log('three ids became one');
NODE
node read.mjs

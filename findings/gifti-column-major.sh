#!/bin/sh
# A GIFTI table of several columns is read in the wrong order by JavaScript's reader, and written so in text by nibabel.
#
# One would assume: a reader of GIFTI heeds ArrayIndexingOrder, without which a table of more than one column means
#   nothing; and a file that says ColumnMajorOrder keeps its numbers in that order.
# In fact: gifti-reader-js gives the numbers as they lie in the file, and has nothing that tells the order apart from the
#   raw attribute: of a column-major table the columns come out mixed, without an error. And nibabel, asked for text and
#   ColumnMajorOrder, writes that word over numbers that lie by rows; it ignores the word when it reads text, so its own
#   round trip looks right, and a reader that goes by the standard gets other values.
# Why it matters to people who harmonize MRI: programs in MATLAB write column-major GIFTI. A data array of vertices by
#   scans (or of coordinates, three columns) read by rows gives each vertex the values of other scans and sites: numbers of
#   the right size and spread, which no check of ranges finds.
# Needs: python3 with venv, node with npm, PyPI and the npm registry.
# Versions: nibabel 5.3.2 with numpy 2.2.6, gifti-reader-js 0.4.6.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check nibabel==5.3.2 numpy==2.2.6
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund gifti-reader-js@0.4.6
cat > write.py <<'PYTHON'
import re
import nibabel as nib, numpy as np

table = np.arange(12, dtype="float32").reshape(4, 3)
print("nibabel", nib.__version__, "- a table of 4 vertices and 3 scans, by rows:", *table.ravel().astype(int))
for encoding in ("B64BIN", "ASCII"):
    array = nib.gifti.GiftiDataArray(table, intent="NIFTI_INTENT_NONE", ordering="ColumnMajorOrder", encoding=f"GIFTI_ENCODING_{encoding}")
    nib.save(nib.gifti.GiftiImage(darrays=[array]), f"{encoding}.gii")
    assert np.array_equal(nib.load(f"{encoding}.gii").darrays[0].data, table)
text = open("ASCII.gii").read()
assert 'ArrayIndexingOrder="ColumnMajorOrder"' in text
written = [int(float(number)) for number in re.search(r"<Data>(.*?)</Data>", text, re.S).group(1).split()]
print("  written as column-major text:", *written)
assert written == list(range(12)), "changed: nibabel now writes columns"
PYTHON
venv/bin/python write.py
cat > read.js <<'NODE'
const { readFileSync } = require('node:fs');
const gifti = require('gifti-reader-js');
const { version } = JSON.parse(readFileSync('node_modules/gifti-reader-js/package.json', 'utf8'));
const [array] = gifti.parse(readFileSync('B64BIN.gii', 'utf8')).dataArrays;
const values = [...array.getData()];
const order = array.attributes.ArrayIndexingOrder;
console.log(`gifti-reader-js ${version}, ${order}: getData() gives ${values.join(' ')}`);
if (values.join() !== '0,3,6,9,1,4,7,10,2,5,8,11') {
  console.log('changed: the order is heeded now');
  process.exit(1);
}
console.log('the columns are mixed');
NODE
node read.js

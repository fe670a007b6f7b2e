import assert from 'node:assert/strict';
import { defaultMissing, makeCellReader, numberText } from '../../../sdk/io/cells/cell';

const reader = makeCellReader(defaultMissing);

describe('makeCellReader', () => {
  const numbers: readonly [string, number][] = [
    ['0', 0],
    ['-0', -0],
    ['12', 12],
    ['007', 7],
    ['+1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-2.5e-3', -0.0025],
    ['1E+05', 100000],
    [' 3 ', 3],
    ['0.1', 0.1],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['5e-324', Number.MIN_VALUE],
  ];
  for (const [text, value] of numbers) {
    it(`reads "${text}" as a number`, () => assert.ok(Object.is(reader.number(text), value)));
  }

  const refused = [
    '1,5',
    '3mm',
    '0x10',
    '0b1',
    '0o7',
    'Infinity',
    '-Infinity',
    'inf',
    '1_000',
    '1 000',
    '1e',
    'e5',
    'none',
    'nil',
    '+',
    '--1',
    '1.2.3',
    '１',
    '−1',
    '1n',
    '1e309',
    '2020-01-05',
  ];
  for (const text of refused) {
    it(`does not read "${text}" as a number`, () => assert.equal(reader.number(text), undefined));
  }

  it('knows what is missing', () => {
    for (const cell of [null, '', '  ', 'NA', 'N/A', 'n/a', 'NaN', 'nan', ' NA ']) {
      assert.ok(Number.isNaN(reader.number(cell)), String(cell));
      assert.equal(reader.text(cell), null);
    }
    assert.equal(reader.text(NaN), null);
    assert.ok(Number.isNaN(reader.number(NaN)));
    assert.equal(reader.number(Infinity), undefined);
  });
});

describe('numberText', () => {
  it('reads back as the same bits', () => {
    const bytes = new DataView(new ArrayBuffer(8));
    // Bit patterns spread over all exponents, by a fixed multiplicative sequence.
    let state = 1n;
    for (let i = 0; i < 2000; i++) {
      state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
      bytes.setBigUint64(0, state);
      const value = bytes.getFloat64(0);
      if (Number.isFinite(value))
        assert.ok(Object.is(reader.number(numberText(value)), value), String(value));
    }
    assert.equal(numberText(-0), '-0');
  });
});

import assert from 'node:assert/strict';
import { dateOrder, visitTime } from '../../../sdk/io/rows/visit-order';

describe('visitTime', () => {
  const years = (text: string): number => {
    const time = visitTime(text);
    assert.equal(time?.kind, 'years');
    return time?.at ?? NaN;
  };

  it('reads dates as they are written', () => {
    // 2019-01-31 is 17,927 days after 1970-01-01 (Python 3.11, datetime).
    for (const text of [
      '2019-01-31',
      '20190131',
      '2019/1/31',
      '31.01.2019',
      '31/1/2019',
      '2019-01-31T10:00:00',
    ])
      assert.equal(years(text), 17927 / 365.25, text);
    for (const text of ['2019-13-31', '20191331', '99.99.2019'])
      assert.notEqual(visitTime(text)?.kind, 'years', text);
  });

  it('reads a date that may have the day or the month first by the others of its column', () => {
    // 2019-04-03 and 2019-03-04 are 17,989 and 17,959 days after 1970-01-01 (Python 3.11, datetime).
    assert.equal(visitTime('3/4/2019', 'day-first')?.at, 17989 / 365.25);
    assert.equal(visitTime('3/4/2019', 'month-first')?.at, 17959 / 365.25);
    assert.equal(visitTime('3/4/2019'), undefined);
    assert.equal(visitTime('3/3/2019')?.kind, 'years');
    assert.equal(dateOrder(['3/4/2019', null, '31/1/2019 10:00']), 'day-first');
    assert.equal(dateOrder(['3/4/2019', '1-31-2019', 'ses-13']), 'month-first');
    assert.equal(dateOrder(['3/4/2019']), undefined);
    assert.equal(dateOrder(['31/1/2019', '1/31/2019']), undefined);
  });

  const read: Readonly<Record<string, readonly [kind: string, at: number]>> = {
    bl: ['order', 0],
    'ses-baseline': ['order', 0],
    baseline_year_1_arm_1: ['order', 0],
    '2_year_follow_up_y_arm_1': ['nominal-years', 2],
    m12: ['nominal-years', 1],
    _m06: ['nominal-years', 0.5],
    '24mo': ['nominal-years', 2],
    'ses-1': ['order', 1],
    V03: ['order', 3],
    'visit 2': ['order', 2],
    'session-02': ['order', 2],
    timepoint3: ['order', 3],
    '2': ['order', 2],
    '1.0': ['order', 1],
    followup: ['order', 1],
    'follow-up': ['order', 1],
  };
  for (const [text, [kind, at]] of Object.entries(read)) {
    it(`reads ${text}`, () => assert.deepEqual(visitTime(text), { kind, at }));
  }

  it('reads nothing else', () => {
    for (const text of ['', 'a', 'site2', 'scanner_1', '_Center3', 'unscheduled', 'rep-a'])
      assert.equal(visitTime(text), undefined, text);
  });
});

import assert from 'node:assert/strict';
import { addressSpace, addressSpaceFrom, requireThread, threadsWithin } from '../sdk/address-space';
import { throwsCode } from './plot/throws-code';

const limits = (value: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax address space         ${value}           unlimited            bytes\n`;
const status = 'Name:\tnode\nVmPeak:\t  800000 kB\nVmSize:\t  700000 kB\n';

describe('addressSpace', () => {
  it('is what Linux says, and nothing where there is no limit', () => {
    assert.deepEqual(addressSpaceFrom(limits('8192000000'), status), {
      limit: 8_192_000_000,
      used: 716_800_000,
    });
    assert.equal(addressSpaceFrom(limits('unlimited'), status), undefined);
    assert.equal(addressSpaceFrom('', ''), undefined);
    const here = addressSpace();
    assert.ok(here === undefined || here.limit > here.used);
  });

  it('counts the threads that are safe to start', () => {
    const within = (gigabytes: number): number =>
      threadsWithin({ limit: gigabytes * 1e9, used: 0.73e9 }, 11.5e9);
    // 2, 3 and 8 threads took 12.7, 13.9 and 19.6 GB on Node 20.20; at 12.8 GB the process died of the second.
    assert.deepEqual([8, 12.8, 14.6, 22.5].map(within), [0, 0, 1, 7]);
    assert.equal(threadsWithin(undefined, 11.5e9), Infinity);
  });

  it('refuses a thread that would end the process, with the remedy', () => {
    requireThread('reading a.parquet', { limit: 4e9, used: 1e9 });
    throwsCode(
      'out-of-memory',
      /reading a\.parquet needs a thread.*2\.0 GB of addresses.*ulimit -v unlimited/,
      () => requireThread('reading a.parquet', { limit: 2e9, used: 0.8e9 }),
    );
  });
});

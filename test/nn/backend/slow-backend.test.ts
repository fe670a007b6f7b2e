import assert from 'node:assert/strict';
import type { BackendReport } from '../../../sdk/nn/backend/backend-report';
import { slowBackendIssues } from '../../../sdk/nn/backend/slow-backend';

const report: BackendReport = {
  requested: 'auto',
  backend: 'cpu',
  device: 'a processor',
  package: 'tfjs',
  notes: [],
  memoryInUse: 0,
  tensors: 0,
  failed: [
    { backend: 'tensorflow', reason: 'tensorflow: not installed' },
    { backend: 'wasm', reason: 'wasm: this process may use 6.1 GB of addresses' },
  ],
};

describe('slowBackendIssues', () => {
  it('says that networks ran in plain JavaScript, and why', () => {
    const [issue, ...more] = slowBackendIssues(report);
    assert.deepEqual(more, []);
    assert.equal(issue.code, 'slow-backend');
    assert.equal(issue.severity, 'warning');
    assert.match(issue.message, /twenty times slower.*wasm: this process may use 6\.1 GB of addresses$/);
  });

  it('says nothing where it was chosen by name, or another backend runs', () => {
    assert.deepEqual(slowBackendIssues({ ...report, requested: 'cpu' }), []);
    assert.deepEqual(slowBackendIssues({ ...report, backend: 'wasm', failed: [] }), []);
  });
});

import assert from 'node:assert/strict';
import {
  requireUnix,
  tensorflowBuild,
  tensorflowLibraries,
  thisMachine,
} from '../../../sdk/cli/tensorflow-setup/tensorflow-build';

describe('the builds of TensorFlow', () => {
  const linux = { platform: 'linux', arch: 'x64', glibc: '2.36' };

  it('has one for the common machines', () => {
    assert.equal(tensorflowBuild(linux, false).requirement, 'tensorflow-cpu==2.21.0');
    assert.equal(tensorflowBuild(linux, true).requirement, 'tensorflow==2.21.0');
    const arm = tensorflowBuild({ ...linux, arch: 'arm64' }, false);
    assert.deepEqual(arm.platforms, ['manylinux_2_27_aarch64']);
    const mac = tensorflowBuild({ platform: 'darwin', arch: 'arm64' }, false);
    assert.deepEqual(mac.platforms, ['macosx_12_0_arm64']);
  });

  it('names the libraries as the platform does', () => {
    assert.deepEqual(tensorflowLibraries('linux'), ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']);
    assert.equal(tensorflowLibraries('darwin')[0], 'libtensorflow_cc.2.dylib');
  });

  it('says why there is none', () => {
    const code = 'unavailable-backend';
    assert.throws(() => tensorflowBuild({ platform: 'linux', arch: 'x64' }, false), {
      code,
      message: /musl/,
    });
    assert.throws(() => tensorflowBuild({ ...linux, glibc: '2.17' }, false), { code, message: /not 2\.17/ });
    assert.throws(() => tensorflowBuild({ platform: 'darwin', arch: 'x64' }, false), {
      message: /darwin-x64/,
    });
    assert.throws(() => tensorflowBuild({ platform: 'darwin', arch: 'arm64' }, true), { message: /CUDA/ });
    assert.throws(() => requireUnix('win32'), { code, message: /WSL/ });
  });

  it('knows this machine', () => {
    const { platform, arch, glibc = '' } = thisMachine();
    assert.deepEqual([platform, arch], [process.platform, process.arch]);
    if (glibc !== '') assert.match(glibc, /^\d+\.\d+$/);
  });
});

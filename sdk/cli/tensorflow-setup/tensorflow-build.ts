import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';

/** The TensorFlow that is fetched where the user has none. */
export const tensorflowVersion = '2.21.0';

/** What decides which build of TensorFlow runs on a machine. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** The version of the C library of Linux, where it is glibc. */
  readonly glibc?: string;
}

/** A build of TensorFlow as the Python package index has it. */
export interface TensorflowBuild {
  /** The package and version to fetch, as pip writes them. */
  readonly requirement: string;
  /** The wheel's platform, as pip names it. The interpreter's version matters little: only C libraries are taken. */
  readonly platforms: readonly string[];
  /** How large the download is, and what the cache takes afterwards, in bytes. */
  readonly downloadBytes: number;
  readonly unpackedBytes: number;
}

/** The libraries inside TensorFlow's Python package that carry its C interface. */
export function tensorflowLibraries(platform: string): readonly string[] {
  return ['libtensorflow_cc', 'libtensorflow_framework'].map((name) =>
    platform === 'darwin' ? `${name}.2.dylib` : `${name}.so.2`,
  );
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const glibc = report.header?.glibcVersionRuntime;
  return glibc === undefined ? { platform, arch } : { platform, arch, glibc };
}

/**
 * Checks that the setup can do something here.
 *
 * @throws ConcordError `unavailable-backend` on Windows.
 */
export function requireUnix(platform: string): void {
  if (platform !== 'win32') return;
  throw tensorflowUnavailable(
    'on Windows, the libraries in the Python package of TensorFlow have no C interface (use WSL, or the ' +
      "package's own download: npm install @tensorflow/tfjs-node)",
  );
}

/**
 * Chooses the build of TensorFlow for a machine, sizes as of 2.21.0.
 *
 * @param cuda - whether it is to compute on CUDA devices
 * @throws ConcordError `unavailable-backend` where there is none.
 */
export function tensorflowBuild(machine: Machine, cuda: boolean): TensorflowBuild {
  const { platform, arch, glibc } = machine;
  const system = `${platform}-${arch}`;
  if (cuda && system !== 'linux-x64') {
    throw tensorflowUnavailable(`unsupported system for CUDA: ${system} (linux-x64; leave out --gpu)`);
  }
  if (platform === 'linux' && (glibc === undefined || isOlder(glibc, [2, 27]))) {
    throw tensorflowUnavailable(
      `TensorFlow needs Linux with glibc 2.27 or later, not ${glibc ?? 'another C library, such as musl'} ` +
        '(use a Debian, Ubuntu, Fedora or RHEL system or container)',
    );
  }
  const build = builds[cuda ? `${system}-cuda` : system];
  if (build === undefined) {
    throw tensorflowUnavailable(`unsupported system: ${system} (linux-x64, linux-arm64 or darwin-arm64)`);
  }
  return build;
}

const builds: Readonly<Record<string, TensorflowBuild | undefined>> = {
  'linux-x64': {
    requirement: `tensorflow-cpu==${tensorflowVersion}`,
    platforms: ['manylinux_2_27_x86_64'],
    downloadBytes: 274e6,
    unpackedBytes: 860e6,
  },
  // With the CUDA 12 and cuDNN 9 libraries that it names as its extra "and-cuda", 2.8 GB to fetch.
  'linux-x64-cuda': {
    requirement: `tensorflow==${tensorflowVersion}`,
    platforms: ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
    downloadBytes: 3380e6,
    unpackedBytes: 5700e6,
  },
  'linux-arm64': {
    requirement: `tensorflow==${tensorflowVersion}`,
    platforms: ['manylinux_2_27_aarch64'],
    downloadBytes: 282e6,
    unpackedBytes: 890e6,
  },
  'darwin-arm64': {
    requirement: `tensorflow==${tensorflowVersion}`,
    platforms: ['macosx_12_0_arm64'],
    downloadBytes: 224e6,
    unpackedBytes: 750e6,
  },
};

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first < major || (first === major && second < minor);
}

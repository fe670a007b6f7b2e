// The import rules between the rooms of sdk/: who may know whom. A new room gets its line here first.

/** What each room may import besides itself, errors.ts, remedy.ts, parts.ts, address-space.ts, own-folders.ts and version.ts. */
const mayImport = {
  data: [],
  math: ['data'],
  io: ['data', 'math'],
  simulate: ['data', 'math'],
  preprocess: ['data', 'math'],
  intensity: ['data', 'math'],
  combat: ['data', 'math'],
  federate: ['combat', 'data', 'math'],
  nn: ['data', 'math'],
  diffusion: ['nn', 'data', 'math'],
  ddae: ['diffusion', 'nn', 'data', 'math'],
  murd: ['nn', 'data', 'math'],
  cvae: ['nn', 'data', 'math'],
  cyclegan: ['nn', 'data', 'math'],
  stargan: ['nn', 'data', 'math'],
  baselines: ['data', 'math', 'intensity', 'nn', 'combat'],
  evaluate: ['data', 'math', 'nn'],
  plot: ['data', 'math', 'evaluate', 'combat'],
  maps: ['combat', 'evaluate', 'io', 'data', 'math'],
  compare: ['methods', 'baselines', 'evaluate', 'preprocess', 'intensity', 'plot', 'data', 'math'],
  methods: [
    'data',
    'math',
    'io',
    'plot',
    'preprocess',
    'intensity',
    'nn',
    'combat',
    'ddae',
    'murd',
    'cvae',
    'cyclegan',
    'stargan',
    'baselines',
  ],
  browser: ['data', 'math', 'io'],
  report: ['methods', 'browser', 'plot', 'data', 'math', 'io', 'evaluate', 'combat'],
  notebook: ['methods', 'browser', 'plot', 'data', 'math', 'io', 'evaluate', 'nn', 'report'],
  kernel: ['notebook', 'data', 'math'],
};

const rooms = Object.entries(mayImport).map(([room, others]) => ({
  name: `room-${room}`,
  comment: `sdk/${room} may import ${others.length === 0 ? 'no other room' : others.join(', ')}`,
  severity: 'error',
  from: { path: `^sdk/${room}/` },
  to: {
    path: '^sdk/',
    pathNot: `^sdk/(${[room, ...others].join('|')})/|^sdk/(errors|remedy|version|parts|address-space|own-folders)\\.ts$|^sdk/node_modules/`,
  },
}));

/** Packages that belong to some rooms only. */
const only = (name, packages, allowed) => ({
  name,
  comment: `${packages} is only for ${allowed}`,
  severity: 'error',
  from: { path: '^sdk/', pathNot: `^sdk/(${allowed})/` },
  to: { path: `^(${packages})$|node_modules/(${packages})/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^sdk/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'what the package needs at run time stands in sdk/package.json',
      severity: 'error',
      from: { path: '^sdk/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'front-is-for-index',
      comment: 'the namespaces of the front door are lists of names, for sdk/index.ts only',
      severity: 'error',
      from: { pathNot: '^sdk/index\\.ts$' },
      to: { path: '^sdk/front/' },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...rooms,
    {
      ...only('disk-only-in-io-cli-and-kernel', '(node:)?fs(/promises)?', 'io|cli|kernel'),
      // These read what the system says of this process, and files of packages; none of the user's.
      from: { path: '^sdk/', pathNot: '^sdk/(io|cli|kernel)/|^sdk/(address-space|own-folders|parts)\\.ts$' },
    },
    only('danfojs-only-in-io', 'danfojs-node', 'io'),
    only('plotly-only-in-plot-report-notebook', 'plotly\\.js-dist', 'plot|report|notebook'),
    only('tslab-only-in-kernel', 'tslab|@tslab/.+|zeromq', 'kernel'),
    only('registration-only-in-preprocess', '@itk-wasm/elastix|itk-wasm', 'preprocess'),
    only('viewer-and-png-only-in-plot-report-notebook', '@niivue/niivue|pngjs', 'plot|report|notebook'),
    only('command-line-only-in-cli', 'commander', 'cli'),
    only(
      'networks-only-where-they-live',
      '@tensorflow/.+',
      'nn|diffusion|ddae|murd|cvae|cyclegan|stargan|baselines|evaluate',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^sdk/(dist|bin|scripts)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'types'] },
  },
};

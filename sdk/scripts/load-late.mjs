// Has the compiled files load each other when they are used, not when they are loaded. TypeScript compiles an import to a
// `require` at the top of the file, so that one function of a library loads everything that could ever be needed; Babel
// and Metro have an option for what is done here, TypeScript has none.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const importLine = /^(?:const|var) (\w+) = ((?:__importStar\()?require\("(?!node:)[^"]+"\)\)?);$/gm;
const namespaceLine = /^exports\.(\w+) = __importStar\((require\("[^"]+"\))\);$/gm;

/**
 * The text of a compiled file with its imports put behind getters. What is imported is named by a property everywhere
 * (`load_table_1.loadTable`), and Node's reader of names that CommonJS exports knows these getters.
 */
export function loadLate(text) {
  const rest = text.replaceAll(importLine, '');
  const late = text.replaceAll(importLine, (line, name, load) => {
    const uses = [...rest.matchAll(new RegExp(`\\b${name}\\b(?:\\.(\\w+))?`, 'g'))].map(([, used]) => used);
    // Used as a whole, or not at all: then it was imported for what it does.
    if (uses.length === 0 || uses.includes(undefined)) return line;
    const getters = [...new Set(uses)].map(
      (used) => `get ${used}() { return (${name}$ ??= ${load}).${used}; }`,
    );
    return `let ${name}$;\nconst ${name} = { ${getters.join(', ')} };`;
  });
  const withNamespaces = late.replaceAll(namespaceLine, (_, name, load) => {
    const holder = `${name}_namespace`;
    return (
      `const ${holder} = { get all() { return ${load}; } };\n` +
      `Object.defineProperty(exports, "${name}", { enumerable: true, get: function () { return ${holder}.all; } });`
    );
  });
  // Where ES modules are unknown, as in the default mode of Jest, import() fails; our own files are no ES modules.
  return withNamespaces.replaceAll(
    /\bimport\(['"]((?:\.|@tensorflow\/)[^'"]+)['"]\)/g,
    'Promise.resolve().then(() => require("$1"))',
  );
}

/** Bundled parts; the kernel, which changes modules in the order in which it loads them; and rooms that count voxels one by one, use no large package and are to run as they were written. */
const asTheyAre = /^(parts|kernel|math|simulate|preprocess|intensity)\b/;

/** Rewrites all compiled files of a folder, the front door last: whoever looks whether a build is done looks at it. */
export function loadAllLate(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js'));
  const ours = files.filter((name) => !asTheyAre.test(name) && name !== 'index.js');
  for (const name of [...ours, 'index.js']) {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    const late = loadLate(text);
    if (late !== text) writeFileSync(path, late);
  }
}

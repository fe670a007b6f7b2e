#!/usr/bin/env bash
# The README's two commands in a fresh clone of HEAD, on this machine as if it had nothing but Node.js: graphics drivers,
# browsers, Python, compilers, TensorFlow, Slurm and every cache are hidden from them. Shows what was hidden, checks that it
# cannot be found any more, and that the tests say what they skipped.
#
#     npm run fresh-machine            both commands, with one npm ci
#     npm run fresh-machine -- demo    one of them: demo or test; "hide" runs neither, and shows what would be hidden
#
# It needs Linux and the right to mount (root, or unprivileged user namespaces). Everything is mounted in a namespace of
# its own that ends with this program: nothing on the machine itself changes.
set -euo pipefail
shopt -s nullglob

die() { printf 'fresh-machine: %s\n' "$*" >&2; exit 1; }

programs=(
  'python*' 'pypy*' 'pip' 'pip[0-9]*' 'pipx' 'pyenv*' 'conda*' 'mamba*' 'micromamba*' 'uv' 'uvx' 'jupyter*'
  'gcc*' 'g++*' 'c++*' 'cc' 'cpp' 'c[89]9*' 'clang*' '*-linux-gnu-gcc*' '*-linux-gnu-g++*' '*-linux-gnu-cpp*'
  'tcc' 'make' 'gmake' 'cmake' 'ninja' 'rustc' 'cargo' 'nvcc'
  'slurm*' 'sbatch' 'srun' 'scancel'
  'chromium*' 'chrome' 'google-chrome*' 'microsoft-edge*' 'msedge*' 'firefox*' 'vulkaninfo' 'nvidia-smi'
)
libraries=(
  'libvulkan*' 'libVkLayer*' 'libvk_swiftshader*' 'libcuda*' 'libcudnn*' 'libnvidia*' 'libGLX*' 'libEGL*' 'libtensorflow*'
  'libpython*'
)
folders=(
  /usr/share/vulkan /usr/local/share/vulkan /etc/vulkan /usr/lib/chromium /usr/lib/chromium-browser /snap /opt
  /usr/lib/gcc /usr/libexec/gcc /usr/lib/llvm-* /usr/local/cuda* /usr/lib/nvidia /usr/lib/python* /usr/local/lib/python*
  /usr/lib/node_gyp /dev/dri /proc/driver/nvidia /var/tmp
)

# --- outside of the namespace: the clone ---

if [ "${1-}" != --inside ]; then
  only=${1-}
  case "$only" in '' | demo | test | hide) ;; *) die "unknown command: $only (demo, test or hide, or nothing for both)" ;; esac
  [ "$(uname)" = Linux ] || die 'hiding things needs Linux (elsewhere, run the two commands on a new virtual machine)'
  command -v node >/dev/null && command -v npm >/dev/null || die 'requires node and npm in the PATH'
  new=(unshare --mount --propagation private)
  [ "$(id -u)" = 0 ] || new=(unshare --user --map-root-user --mount --propagation private)
  "${new[@]}" true 2>/dev/null ||
    die "this user may not mount: \"${new[*]}\" is refused (run it as root; in a container, with --privileged)"
  top=$(git -C "$(dirname "$0")" rev-parse --show-toplevel) || die 'requires a git checkout to clone'
  [ -z "$(git -C "$top" status --porcelain)" ] || echo 'fresh-machine: what is not committed is not tried' >&2
  work=$(mktemp -d "${TMPDIR:-/tmp}/concord-fresh-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/tmp/home" "$work/layers"
  git clone --quiet --no-hardlinks "$top" "$work/tmp/concord"
  settings=$(npm config get userconfig)
  [ ! -e "$settings" ] || cp "$settings" "$work/tmp/home/.npmrc"
  chmod 1777 "$work/tmp"
  "${new[@]}" bash "$work/tmp/concord/scripts/fresh-machine.sh" --inside "$work" "$only"
  exit
fi

# --- inside: hide, check, run ---

work=$2 only=$3
node=$(dirname "$(command -v node)")
prefix=$(dirname "$(dirname "$(realpath "$(command -v node)")")")

# Node.js stays, wherever it is: what is not in a folder of the system is put back where a folder is emptied.
keep=()
for place in "$node" "$prefix"; do
  case "$place" in / | /bin | /usr | /usr/bin | /usr/local | /usr/local/bin) ;; *) keep+=("$place") ;; esac
done
for at in "${!keep[@]}"; do
  mkdir "$work/tmp/keep-$at"
  mount --bind "${keep[$at]}" "$work/tmp/keep-$at"
done

hidden=()

# Hides all of a folder.
empty() {
  [ -d "$1" ] || return 0
  mount -t tmpfs -o mode=0755 tmpfs "$1" || die "cannot mount over $1"
  hidden+=("all of $1")
}

# Takes the files of these names out of a folder, as if they had never been installed.
take_out() {
  local folder=$1 found=() layer path pattern
  shift
  for pattern in "$@"; do
    for path in "$folder"/$pattern; do
      [ ! -e "$path" ] && [ ! -L "$path" ] || found+=("$path")
    done
  done
  [ ${#found[@]} -gt 0 ] || return 0
  layer=$(mktemp -d "$work/layers/XXXXXX")
  mount -t tmpfs tmpfs "$layer" || die 'cannot mount a tmpfs'
  mkdir "$layer/upper" "$layer/work"
  mount -t overlay overlay -o "lowerdir=$folder,upperdir=$layer/upper,workdir=$layer/work" "$folder" ||
    die "cannot hide files of $folder: mounting an overlay is refused (see whether /proc/filesystems has it)"
  rm -rf "${found[@]}"
  hidden+=("of $folder: ${found[*]##*/}")
}

# The folders that exist among the lines read, each once and by its own name.
existing() { xargs -rd '\n' realpath -qe | sort -u; }

mapfile -t places < <(tr : '\n' <<<"$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" | existing)
for place in "${places[@]}"; do take_out "$place" "${programs[@]}"; done
mapfile -t places < <(PATH=$PATH:/sbin ldconfig -p | sed -n 's/.* => \(.*\)\/[^/]*$/\1/p' | existing)
for place in "${places[@]}"; do take_out "$place" "${libraries[@]}"; done
for place in "${folders[@]}"; do empty "$place"; done
# A new home and a new /tmp: no cache of npm, pip, TensorFlow or anything else; no pyenv, conda or nvm.
mount --rbind "$work/tmp" /tmp
mkdir -p "$HOME"
mount --bind /tmp/home "$HOME"
hidden+=("all of $HOME (but .npmrc)" 'all of /tmp')
for at in "${!keep[@]}"; do
  [ -n "$(ls -A "${keep[$at]}" 2>/dev/null)" ] || { mkdir -p "${keep[$at]}" && mount --bind "/tmp/keep-$at" "${keep[$at]}"; }
  umount "/tmp/keep-$at" && rmdir "/tmp/keep-$at"
done

clean=(env -i "HOME=$HOME" "PATH=$node:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" TMPDIR=/tmp LANG=C.UTF-8)
# Settings for reaching the network stay: they are not part of what is tested.
shopt -s nocasematch
while IFS= read -r -d '' variable; do
  [[ ! $variable =~ ^(npm_config_(registry|proxy|https_proxy|noproxy|cafile|ca)|(http|https|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|CI)= ]] ||
    clean+=("$variable")
done </proc/self/environ
shopt -u nocasematch

printf 'hidden:\n'
printf '  %s\n' "${hidden[@]}" | fold -sw 116 | sed 's/^[^ ]/      &/'

# Checks that none of it is found any more.
for program in python3 python pip pip3 gcc g++ cc c++ clang clang++ make chromium google-chrome microsoft-edge sbatch slurmctld; do
  ! "${clean[@]}" bash -c "type -P $program" || die "$program can still be found"
done
for library in libvulkan.so.1 libcuda.so.1 libtensorflow_cc.so.2 libtensorflow.so.2; do
  "${clean[@]}" node -e '
    try { process.dlopen({ exports: {} }, process.argv[1]); }
    catch (error) { if (/No such file|cannot open shared object/.test(error.message)) process.exit(0); }
    process.exit(1);' "$library" || die "$library can still be loaded"
done
[ -z "$(ls -A "$HOME" | grep -vx .npmrc)" ] || die "there is still something in $HOME"
printf 'not found any more: Python, compilers, browsers, graphics drivers, TensorFlow, caches\n'
printf 'left: node %s, npm %s\n' "$("${clean[@]}" node --version)" "$("${clean[@]}" npm --version)"

[ "$only" != hide ] || exit 0

# Runs a command of the README in the clone, or that part of it which has not run there yet.
cd /tmp/concord
run() {
  local start=$SECONDS left=${2-$1}
  grep -qxF "$1" README.md || die "README no longer has the command: $1"
  printf '\n$ %s\n' "$left"
  "${clean[@]}" bash -c "$left" 2>&1 | tee /tmp/said
  printf '(%d minutes %d seconds)\n' $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60))
}

if [ "$only" != test ]; then
  run 'npm ci && npm run demo'
  [ -s concord-report.html ] || die 'the demo wrote no report'
fi
if [ "$only" != demo ]; then
  # After the demo everything is installed as npm ci would do it again.
  if [ -n "$only" ]; then run 'npm ci && npm test'; else run 'npm ci && npm test' 'npm test'; fi
  for need in Python 'native TensorFlow' 'a graphics card' 'real data'; do
    grep -q "for want of $need" /tmp/said || die "the tests do not say that they skipped something for want of $need"
  done
fi
[ -z "$(git status --porcelain)" ] || die "the commands left something in the checkout: $(git status --porcelain)"
printf '\nfresh-machine: the commands of the README work with nothing but Node.js\n'

#!/bin/sh
# In a tslab notebook a function goes on with the old value of a variable of its cell after a later cell has changed it.
#
# One would assume: as in every other notebook kernel (and as in the Node.js prompt), the variables of a notebook are one set: a
#   later cell that assigns to one changes what the functions of earlier cells see.
# True: the later cell reads its own assignment back, but a function declared beside the variable still sees what its own
#   cell left there. Nothing is said. tslab compiles each cell to CommonJS with `export { … }` at its end: the cell has a
#   local variable, the notebook a copy of it.
# Why it matters to people who harmonize MRI: `let target = 'siteA'; const harmonize = (scan) => … target …;` and in a later
#   cell `target = 'siteB'` leaves every scan harmonized to siteA, under a heading that prints siteB.
# Needs: node (20 or later) with npm, python3 (3.9 or later) with venv, the npm registry and PyPI. Versions: tslab 1.0.22,
#   jupyter_client 8.6.3.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund tslab@1.0.22 > /dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jupyter_client==8.6.3
cat > show.py <<'PYTHON'
import json, os, shutil, sys

from jupyter_client import KernelManager

here = os.getcwd()
os.makedirs("jupyter/kernels/tslab")
argv = [shutil.which("node"), here + "/node_modules/tslab/bin/tslab", "kernel", "--config-path", "{connection_file}"]
with open("jupyter/kernels/tslab/kernel.json", "w") as file:
    json.dump({"argv": argv, "display_name": "tslab", "language": "typescript"}, file)
os.environ["JUPYTER_PATH"] = here + "/jupyter"
with open("node_modules/tslab/package.json") as file:
    print("tslab", json.load(file)["version"])

manager = KernelManager(kernel_name="tslab")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)


def run(code):
    shown = []
    client.execute_interactive(code, timeout=120, output_hook=lambda m: shown.append(m["content"].get("text", "")))
    said = "".join(shown).strip()
    print(f"  {code!r} -> {said}")
    return said


try:
    run("let target = 'siteA'; const harmonizedTo = () => target;")
    run("target = 'siteB';")
    said = run("console.log(target, harmonizedTo())")
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
still = said == "siteB siteA"
print("the function sees the old value" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
venv/bin/python show.py

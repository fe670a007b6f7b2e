#!/bin/sh
# A folder that .bidsignore names with a slash at its end, as .gitignore does, is still an error to the BIDS validator.
#
# One would assume: .bidsignore is written like .gitignore (the specification says so), where `slices/` means the folder of
#   that name and what is in it.
# True: the validator then passes over the files in the folder, but reports the folder itself as NOT_INCLUDED, an error.
#   `slices` without the slash is what it takes: no error, neither for the folder nor for its files.
# Why it matters to people who harmonize MRI: pipelines keep arrays of slices, pictures and reports beside the images of a
#   derivative, and a dataset with an error is refused by archives and apps that check before they start.
# Needs: python3 (3.9 or later) with venv, PyPI. Version: bids-validator-deno 3.0.2.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bids-validator-deno==3.0.2
cat > "$folder/show.py" <<'PYTHON'
import json, os, subprocess, sys
from importlib.metadata import version

root = sys.argv[1] + "/dataset"
tool = sys.argv[1] + "/venv/bin/bids-validator-deno"
os.makedirs(root + "/slices")
with open(root + "/dataset_description.json", "w") as file:
    json.dump({"Name": "one", "BIDSVersion": "1.10.0", "DatasetType": "derivative", "GeneratedBy": [{"Name": "me"}]}, file)
with open(root + "/README.md", "w") as file:
    file.write("A derivative with a folder of its own.\n")
with open(root + "/slices/images.npy", "wb") as file:
    file.write(b"\x93NUMPY")

print("bids-validator-deno", version("bids-validator-deno"))
found = {}
for line in ("slices/", "slices/**", "slices"):
    with open(root + "/.bidsignore", "w") as file:
        file.write(line + "\n")
    run = subprocess.run([tool, root, "--format", "json"], capture_output=True, text=True)
    issues = json.loads(run.stdout[run.stdout.index("{"):])["issues"]["issues"]
    found[line] = [(one["code"], one["location"]) for one in issues if one.get("severity") == "error" and "slices" in one.get("location", "")]
    print(f"  .bidsignore says {line}: {found[line] or 'no error'}")
still = bool(found["slices/"]) and not found["slices"]
print("only the name without a slash is taken" if still else "this has changed")
sys.exit(0 if still else 1)
PYTHON
"$folder/venv/bin/python" "$folder/show.py" "$folder"

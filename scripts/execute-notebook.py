"""Executes a notebook through the `concord` kernel and saves it, as far as it got, also when a cell fails.

    python execute-notebook.py NOTEBOOK OUTPUT

Cells run in the notebook's folder. One line of JSON on standard output says how it went:
{"failed": null} or {"failed": <index of the cell, null where no cell is to blame>, "reason": "..."}.
Needed because `jupyter nbconvert --execute` saves nothing when a cell fails.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor


def execute(source: Path, target: Path) -> dict:
    notebook = nbformat.read(source, as_version=4)
    failures = []
    preprocessor = ExecutePreprocessor(
        kernel_name="concord",
        timeout=1800,
        on_cell_error=lambda cell, cell_index, execute_reply: failures.append(cell_index),
    )
    reason = None
    try:
        preprocessor.preprocess(notebook, {"metadata": {"path": str(source.parent)}})
    except Exception as error:  # whatever stops a notebook is to be reported
        reason = str(error).strip() or type(error).__name__
    nbformat.write(notebook, target)
    if reason is None:
        return {"failed": None}
    return {"failed": failures[0] if failures else None, "reason": reason}


if __name__ == "__main__":
    print(json.dumps(execute(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))))

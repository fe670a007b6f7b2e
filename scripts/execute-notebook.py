"""Executes a notebook through the `concord` kernel and saves it, as far as it got, also when a cell fails.

    python execute-notebook.py NOTEBOOK OUTPUT [--answers]

Cells run in the notebook's folder. With --answers the code of folded answers (```ts in <details>) runs too, each in a cell
with the tag "answer" below the one that holds it. One line of JSON on standard output says how it went:
{"failed": null} or {"failed": <index of the cell, null where no cell is to blame>, "reason": "..."}.
Needed because `jupyter nbconvert --execute` saves nothing when a cell fails.
"""

import json
import re
import sys
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor


def with_answers(notebook):
    """The notebook with the code of each folded answer as a cell."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type != "markdown":
            continue
        for answer in re.findall(r"<details>(.*?)</details>", cell.source, flags=re.DOTALL):
            codes = re.findall(r"^```ts\n(.*?)^```", answer, flags=re.DOTALL | re.MULTILINE)
            cells.extend(nbformat.v4.new_code_cell(code, metadata={"tags": ["answer"]}) for code in codes)
    notebook.cells = cells
    return notebook


def execute(source: Path, target: Path, *, answers: bool = False) -> dict:
    notebook = nbformat.read(source, as_version=4)
    if answers:
        notebook = with_answers(notebook)
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
    print(json.dumps(execute(Path(sys.argv[1]).resolve(), Path(sys.argv[2]), answers="--answers" in sys.argv[3:])))

"""Runs the code cells of a notebook in one kernel through jupyter_client, one after the other, and prints what each showed.

    python run-cells.py KERNEL NOTEBOOK [PAUSE]

PAUSE is how long is waited after an error, in seconds: tslab drops what it gets in the first 200 ms after one.
Prints one line of JSON for each code cell, in the order in which they are: its first line as "title", and "shows", what
came of it in order. A kernel that does not become idle is started afresh, with the first cell run again.
"""

import json
import sys
import time
from pathlib import Path
from queue import Empty

from jupyter_client import KernelManager

TO_START = 60
TO_BECOME_IDLE = 15
LONGEST = 60
MOST_PARTS = 12


def short(text):
    """Short text as it is, longer text as its number of lines."""
    text = text.rstrip("\n")
    if len(text) <= LONGEST:
        return text.replace("\n", " / ")
    lines = text.count("\n") + 1
    return f"{lines:,} lines" if lines > 1 else f"{len(text):,} characters"


def display(content, word):
    kinds = [kind for kind in content["data"] if kind != "text/plain"]
    text = content["data"].get("text/plain", "")
    if "lines (" in text and " are in " in text:
        text = text.split(" (")[0] + ", all of them in a file"
    name = "figure" if any("plotly" in kind for kind in kinds) else short(text)
    return f"{word} {name}"


class Shown:
    """What a cell showed, in words; texts of one stream are one."""

    def __init__(self):
        self.parts = []

    def text(self, stream, text):
        if self.parts and self.parts[-1][0] == stream:
            self.parts[-1][1] += text
        else:
            self.parts.append([stream, text])

    def add(self, msg):
        kind, content = msg["msg_type"], msg["content"]
        if kind == "stream":
            self.text(content["name"], content["text"])
        elif kind == "execute_result":
            self.parts.append(["", display(content, "result:")])
        elif kind == "display_data":
            self.parts.append(["", display(content, "display:")])
        elif kind == "update_display_data":
            word = display(content, "update:")
            if self.parts and self.parts[-1][1].startswith("update:"):
                self.parts.pop()
            self.parts.append(["", word])
        elif kind == "clear_output":
            self.parts.append(["", "cleared"])
        elif kind == "error":
            line = content["evalue"].split("\n")[0]
            self.parts.append(["", f"error {content['ename']}: {line}"])

    def words(self):
        streams = {"stdout": "", "stderr": "stderr: "}
        said = [streams.get(kind, "") + (short(text) if kind else text) for kind, text in self.parts]
        if len(said) > MOST_PARTS:
            said = [*said[:2], f"and so on in {len(said)} parts", said[-1]]
        return "; ".join(said)


class Kernel:
    def __init__(self, name, folder, pause):
        self.name, self.folder, self.pause = name, folder, pause
        self.start()

    def start(self):
        self.manager = KernelManager(kernel_name=self.name)
        self.manager.start_kernel(cwd=self.folder, stdout=sys.stderr)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TO_START)

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def reply_to(self, request):
        while True:
            msg = self.client.get_shell_msg(timeout=TO_BECOME_IDLE)
            if msg["parent_header"].get("msg_id") == request:
                return msg["content"]

    def run(self, code):
        """What a cell showed, and whether the kernel is idle after it."""
        one = self.client.execute(code, stop_on_error=False)
        shown, idle = Shown(), False
        try:
            while not idle:
                msg = self.client.get_iopub_msg(timeout=TO_BECOME_IDLE)
                if msg["parent_header"].get("msg_id") != one:
                    continue
                shown.add(msg)
                idle = msg["content"].get("execution_state") == "idle"
            reply = self.reply_to(one)
        except Empty:
            return f"{shown.words()}; never idle".lstrip("; "), False
        said = shown.words()
        if reply["status"] != "ok":
            time.sleep(self.pause)
            if "error " not in said:
                name = reply.get("ename", "")
                said += f"; no error, the reply alone says {reply['status']} {name}".rstrip()
        return said.lstrip("; ") or "nothing", True


def main():
    name, path = sys.argv[1], Path(sys.argv[2]).resolve()
    notebook = json.loads(path.read_text(encoding="utf-8"))
    codes = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    pause = float(sys.argv[3]) if len(sys.argv) > 3 else 0
    kernel = Kernel(name, str(path.parent), pause)
    try:
        for code in codes:
            said, alive = kernel.run(code)
            title = code.split("\n")[0].removeprefix("//").strip()
            print(json.dumps({"title": title, "shows": said}), flush=True)
            if not alive:
                kernel.end()
                kernel.start()
                kernel.run(codes[0])
    finally:
        kernel.end()


if __name__ == "__main__":
    main()

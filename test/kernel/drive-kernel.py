"""Drives one kernel through jupyter_client, as notebooks do, and prints what came of each step.

    python drive-kernel.py FOLDER < STEPS

STEPS is a JSON list of steps; the kernel runs in FOLDER. One line of JSON for each step on standard output,
and one for what came of cells after they were idle:
{"code": "...", "options": {...}}        a cell: its messages on iopub, in order, and its reply
{"codes": [...], "options": {...}}       cells that are sent at once, as "Run All" does: the same for each of them
{"code": "...", "interrupt_after": "x"}  a cell that is interrupted when it has printed x; with "signal": true by SIGINT,
                                         as by programs that overlook how the kernel is to be interrupted
{"send": "type", "content": {...}}       any other request on the shell channel: its reply and its messages; with
                                         "channel": "control" there; with "metadata" and "buffers" of that number
{"comm": "name"}                         opens a comm: what comes on iopub
{"restart": true}                        asks the kernel to end, as "Restart" does, and starts it again
"""

import json
import sys
import time
from queue import Empty
from signal import SIGINT

from jupyter_client import KernelManager

TIMEOUT = 60


def message(msg):
    return {
        "type": msg["msg_type"],
        "content": msg["content"],
        "parent": msg["parent_header"].get("msg_id"),
        "date": str(msg["header"]["date"]),
        "metadata": msg["metadata"],
    }


class Driver:
    def __init__(self, folder):
        self.stray = []
        self.manager = KernelManager(kernel_name="concord")
        # Nothing is to be printed but through the protocol.
        self.manager.start_kernel(cwd=folder, stdout=sys.stderr)
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        # As VS Code asks, again and again before the kernel is there.
        early = [self.client.kernel_info() for _ in range(3)]
        self.early = [one["content"]["status"] for one in self.replies(early).values()]
        self.client.wait_for_ready(timeout=TIMEOUT)

    def interrupt(self, signal):
        if signal:
            self.manager.provisioner.process.send_signal(SIGINT)
        else:
            self.manager.interrupt_kernel()

    def until_idle(self, ids, interrupt_after=None, signal=False):
        """The messages on iopub of these requests until each of them is idle."""
        found = {one: [] for one in ids}
        open_ones = set(ids)
        while open_ones:
            msg = self.client.get_iopub_msg(timeout=TIMEOUT)
            parent = msg["parent_header"].get("msg_id")
            if parent not in found:
                # What a cell puts out after it is idle.
                self.stray.append(message(msg))
                continue
            found[parent].append(message(msg))
            content = msg["content"]
            if interrupt_after is not None and interrupt_after in content.get("text", ""):
                interrupt_after = None
                self.interrupt(signal)
            if msg["msg_type"] == "status" and content["execution_state"] == "idle":
                open_ones.discard(parent)
        return found

    def replies(self, ids):
        found = {}
        while len(found) < len(ids):
            msg = self.client.get_shell_msg(timeout=TIMEOUT)
            if msg["parent_header"].get("msg_id") in ids:
                found[msg["parent_header"]["msg_id"]] = message(msg)
        return found

    def cells(self, codes, options, interrupt_after=None, signal=False):
        started = time.monotonic()
        ids = [self.client.execute(code, **options) for code in codes]
        iopub = self.until_idle(ids, interrupt_after, signal)
        replies = self.replies(ids)
        seconds = time.monotonic() - started
        return [{"reply": replies[one], "iopub": iopub[one], "seconds": seconds} for one in ids]

    def request(self, step):
        kind, on_control = step["send"], step.get("channel") == "control"
        msg = self.client.session.msg(kind, step.get("content", {}), metadata=step.get("metadata"))
        channel = self.client.control_channel if on_control else self.client.shell_channel
        buffers = [b"x"] * step.get("buffers", 0)
        self.client.session.send(channel.socket, msg, buffers=buffers)
        one = msg["header"]["msg_id"]
        iopub = self.until_idle([one])[one]
        if kind.startswith("comm_o"):
            return {"reply": None, "iopub": iopub}
        if on_control:
            return {"reply": message(self.client.get_control_msg(timeout=TIMEOUT)), "iopub": iopub}
        return {"reply": self.replies([one])[one], "iopub": iopub}

    def step(self, step):
        options = step.get("options", {})
        if "codes" in step:
            return self.cells(step["codes"], options)
        if "code" in step:
            return self.cells([step["code"]], options, step.get("interrupt_after"), step.get("signal"))[0]
        if "send" in step:
            return self.request(step)
        if "restart" in step:
            process = self.manager.provisioner.process
            started = time.monotonic()
            self.client.shutdown(restart=True)
            reply = message(self.client.get_control_msg(timeout=TIMEOUT))
            status = process.wait(TIMEOUT)
            seconds = time.monotonic() - started
            self.client.stop_channels()
            self.manager.restart_kernel(now=True)
            self.connect()
            return {"reply": reply, "status": status, "seconds": seconds, "early": self.early}
        raise ValueError(step)

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)


def main():
    steps = json.load(sys.stdin)
    driver = Driver(sys.argv[1])
    try:
        for step in steps:
            try:
                print(json.dumps(driver.step(step)), flush=True)
            except Empty as error:
                raise TimeoutError(f"nothing came of {step}") from error
        print(json.dumps({"reply": None, "iopub": driver.stray, "seconds": 0}), flush=True)
    finally:
        driver.end()


if __name__ == "__main__":
    main()

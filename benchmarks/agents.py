"""Times `briefqa mcp` as an agent sees it: from the start of the process to the answer to `initialize`, then the first
and the second question; and the processor time of the start, which a busy machine changes little.

    python benchmarks/agents.py INDEX [--runs 10]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

INITIALIZE = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}
QUESTIONS = ("Which CIS members are not members of the CSTO?", "Who leads the CSTO?")


def request(pipe: subprocess.Popen[bytes], number: int, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The result of one request."""
    stdin, stdout = _pipes(pipe)
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
    stdin.write(json.dumps(message).encode() + b"\n")
    stdin.flush()
    answer = json.loads(stdout.readline())
    if "result" not in answer:
        raise RuntimeError(f"{method} was refused: {answer}")
    result: dict[str, Any] = answer["result"]
    return result


def _pipes(pipe: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert pipe.stdin is not None
    assert pipe.stdout is not None
    return pipe.stdin, pipe.stdout


def command(index: Path, *options: str) -> list[str]:
    """What starts the server."""
    return [sys.executable, "-m", "briefqa", "mcp", "--index", str(index), *options]


def processor_time(index: Path) -> float:
    """Seconds of processor time of a server that is started, and has nothing to do: other programs don't add to it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command(index), stdin=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(index: Path, *options: str) -> list[float]:
    """Seconds until it is initialized, and of each question."""
    times = []
    began = time.perf_counter()
    with subprocess.Popen(command(index, *options), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as pipe:
        request(pipe, 0, "initialize", INITIALIZE)
        times.append(time.perf_counter() - began)
        stdin, stdout = _pipes(pipe)
        stdin.write(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        for number, question in enumerate(QUESTIONS, start=1):
            began = time.perf_counter()
            result = request(pipe, number, "tools/call", {"name": "ask", "arguments": {"question": question}})
            if result.get("isError"):
                raise RuntimeError(result["content"][0]["text"])
            times.append(time.perf_counter() - began)
        stdin.close()
        if stdout.read() or pipe.wait():
            raise RuntimeError("the server did not end as it should")
    return times


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    runs = [run(arguments.index) for _ in range(arguments.runs)]
    columns = [*zip(*runs, strict=True), tuple(processor_time(arguments.index) for _ in runs)]
    names = ("initialized", "first question", "second question", "processor time of a start")
    for name, times in zip(names, columns, strict=True):
        print(f"{name:26} {statistics.median(times):.3f} s   ({min(times):.3f} to {max(times):.3f}, n {len(times)})")


if __name__ == "__main__":
    main()

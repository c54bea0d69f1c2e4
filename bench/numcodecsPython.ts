/**
 * C-Blosc through Python's numcodecs, as `EWB_PEER_VENV` names a virtual environment that has it: a process that
 * decodes the same chunks on one thread into memory that is there, each time it is asked, and says how long it took.
 * The heap keeps what it has, so that no page is touched for the first time.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = `
import sys, time
import numpy as np
from numcodecs import blosc
blosc.use_threads = False
blosc.set_nthreads(1)
chunks = [open(name, "rb").read() for name in sys.argv[1:]]
out = np.empty(max(int.from_bytes(chunk[4:8], "little") for chunk in chunks), "u1")
for line in sys.stdin:
    began = time.perf_counter()
    for turn in range(int(line)):
        for chunk in chunks:
            blosc.decompress(chunk, out)
    print(time.perf_counter() - began, flush=True)
`;

export interface NumcodecsPython {
  /** Decodes all chunks so many times; seconds. */
  pass(turns: number): Promise<number>;
  stop(): void;
}

/** Undefined where there is none. */
export const numcodecsPython = (files: readonly string[]): NumcodecsPython | undefined => {
  const python = join(process.env.EWB_PEER_VENV ?? "", "bin/python");
  if (process.env.EWB_PEER_VENV === undefined || !existsSync(python)) return undefined;
  const child: ChildProcess = spawn(python, ["-c", program, ...files], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, MALLOC_MMAP_THRESHOLD_: "1073741824", MALLOC_TRIM_THRESHOLD_: "4294967296" },
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async pass(turns) {
      child.stdin!.write(`${turns}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("Python ended");
      return Number(value);
    },
    stop: () => child.stdin!.end(),
  };
};

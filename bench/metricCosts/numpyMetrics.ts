/**
 * Some metrics in numpy, as one writes them there (float64 sums of float32 fields, missing values masked), in a process
 * of their own that says how long it took. `EWB_PEER_VENV` names a virtual environment of Python that has numpy.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PlainPair } from "./benchPairs.ts";

/** Python by the name of the metric: what is in numpy one expression or few. */
const programs: Readonly<Record<string, string>> = {
  meanError: "np.nansum(e) / there",
  meanAbsoluteError: "np.nansum(np.abs(e)) / there",
  rootMeanSquaredError: "np.sqrt(np.nansum(e * e) / there)",
  quantileScore: "np.nansum(np.where(e > 0, 0.1 * e, -0.9 * e)) / there",
  huberScore: "np.nansum(np.where(np.abs(e) <= 1, 0.5 * e * e, np.abs(e) - 0.5)) / there",
  thresholdWeightedAbsoluteError:
    "np.nansum(np.abs(np.clip(f, 285, 295) - np.clip(o, 285, 295)) * w) / there",
  pearsonCorrelation: "np.corrcoef(f[ok], o[ok])[0, 1]",
  hits: "np.sum((f >= 290) & (o >= 290) & ok)",
  contingencyTable: "[np.sum((a == (f >= 290)) & (b == (o >= 290)) & ok) for a in (0, 1) for b in (0, 1)]",
  quantile: "np.quantile(f[ok], [0.5, 0.9])",
  continuousRankedProbabilityScore:
    "np.nanmean(np.nanmean(np.abs(x - y), 0) - np.nansum(np.abs(x[:, None] - x[None]), (0, 1)) / (2 * 90))",
  brierScore: "np.nanmean((np.mean(x >= 290, 0) - (y >= 290)) ** 2)",
  rankHistogram: "np.bincount(np.sum(x < y, 0).ravel(), minlength=11)",
  ensembleSpread: "np.nanmean(np.nanvar(x, 0, ddof=1))",
};

/** What every program of fields begins with is part of its time. */
const fields = "e = (f - o) * w; ok = ~np.isnan(e); there = np.sum(ok * w)";

const program = `
import sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
folder, rows, columns, small_rows, small_columns, members = sys.argv[1], *map(int, sys.argv[2:])
read = lambda name: np.fromfile(f"{folder}/{name}", "f4")
f, o = (read(name).reshape(rows, columns) for name in "fo")
w = np.fromfile(f"{folder}/w", "f8")[:, None]
y = read("y").reshape(small_rows, small_columns)
x = read("x").reshape(members, small_rows, small_columns)
for line in sys.stdin:
    code = compile(line.replace("|", "\\n"), "metric", "exec")
    began = time.perf_counter()
    exec(code)
    print(time.perf_counter() - began, flush=True)
`;

export interface NumpyMetrics {
  knows(metric: { readonly name: string; readonly parameters: object }): boolean;
  /** Computes it once; seconds. */
  seconds(metric: { readonly name: string }): Promise<number>;
  stop(): void;
}

/** Undefined where there is none. */
export const numpyMetrics = async (
  field: PlainPair,
  ensemble: PlainPair,
): Promise<NumpyMetrics | undefined> => {
  const python = join(process.env.EWB_PEER_VENV ?? "", "bin/python");
  if (process.env.EWB_PEER_VENV === undefined || !existsSync(python)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "ewb-bench-"));
  for (const [name, values] of Object.entries({ f: field.f, o: field.o, w: field.w, y: ensemble.o })) {
    writeFileSync(join(folder, name), values);
  }
  writeFileSync(join(folder, "x"), Buffer.concat(ensemble.members.map((one) => Buffer.from(one.buffer))));
  const sizes = [field.rows, field.columns, ensemble.rows, ensemble.columns, ensemble.members.length];
  const child = spawn(python, ["-c", program, folder, ...sizes.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const usual = new Set(["circular", "given"]);
  return {
    knows: ({ name, parameters }) =>
      Object.hasOwn(programs, name) && !Object.keys(parameters).some((option) => usual.has(option)),
    async seconds({ name }) {
      const before = /\bx\b/.test(programs[name]!) ? "" : `${fields}|`;
      child.stdin.write(`${before}got = ${programs[name]}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("Python ended");
      return Number(value);
    },
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Options of `npm run bench -- memory`; see memory.ts. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

export interface Asked {
  readonly quick: boolean;
  readonly only: ReadonlySet<string> | undefined;
  readonly budgets: readonly string[];
  readonly workers: readonly number[];
  readonly more: readonly string[];
  readonly repeat: number;
}

const part = ["surface", "levels", "latency", "compute"] as const;

/** Throws for a part that is none. */
export const read = (args: readonly string[]): Asked => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      budgets: { type: "string" },
      workers: { type: "string" },
      leads: { type: "string" },
      repeat: { type: "string", default: "1" },
    },
  });
  const { quick, only, budgets, workers, leads } = values;
  const wanted = only?.split(",");
  const unknown = wanted?.find((name) => !(part as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: expected ${part.join(", ")}`);
  const chosen = leads ?? (quick ? "0..12" : undefined);
  return {
    quick,
    only: wanted === undefined ? undefined : new Set(wanted),
    budgets: budgets?.split(",") ?? (quick ? ["512MB", "8GB"] : ["256MB", "512MB", "1GB", "2GB", "8GB"]),
    workers: workers?.split(",").map(Number) ?? (quick ? [0, 2] : [0, 1, 2]),
    repeat: Number(values.repeat),
    more: chosen === undefined ? [] : ["--leads", chosen],
  };
};

/** Where the bench keeps its stores. */
export const storesFolder = (): string => process.env.EWB_BENCH_STORES ?? join(tmpdir(), "ewb-bench-stores");

export const wants = ({ only }: Asked, name: (typeof part)[number]): boolean => only?.has(name) ?? true;

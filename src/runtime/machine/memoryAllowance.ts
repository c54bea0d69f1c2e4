/**
 * Bytes that the machine allows this process tree: the least of
 *
 * - control groups, own and ancestors: memory.max and memory.high (version 2), memory.limit_in_bytes and
 *   hierarchical_memory_limit (version 1). PBS Professional, LSF, Kubernetes and Docker limit a job by these;
 * - Slurm: SLURM_MEM_PER_NODE, or SLURM_MEM_PER_CPU times the cores it gave on this node; MB, 0 means all there is.
 *   SLURM_MEM_PER_GPU is not read: the number of GPUs of a node is not told. Slurm: man sbatch, "OUTPUT ENVIRONMENT
 *   VARIABLES". PBS and LSF put no amount of memory into the environment;
 * - limits of the process: resident set, data, address space. Each holds for a process, here it is taken for the tree;
 * - physical memory.
 */
import { type Allowance, type Bound, leastOf } from "./allowance.ts";
import { controlGroups, numbersOf } from "./controlGroup.ts";
import { coresOfSlurm } from "./coreAllowance.ts";
import type { System } from "./system.ts";

/** Version 1 says "no limit" by the largest number of whole pages. */
const unlimited = 2 ** 60;
const megabyte = 1024 * 1024;
const physical = "physical memory";

export const memoryAllowance = (system: System): Allowance =>
  leastOf([
    ...groupBounds(system),
    ...slurmBounds(system.env),
    ...processBounds(system),
    { amount: system.totalMemory(), from: physical },
  ]);

/** What a run takes where the user gives no number. */
export interface MemoryShare {
  /** Of the least bound. */
  readonly share: number;
  /** Bytes for the whole process tree. */
  readonly bytes: number;
  /** For `ewb plan`. */
  readonly text: string;
}

/**
 * Of physical memory half: other programs live there. Of an explicit limit nine tenths: it was given to this work,
 * and the rest is for what no budget sees, such as kernel memory and pages of a shell.
 */
export const memoryShare = ({ limit, from }: Allowance): MemoryShare => {
  const [share, why] =
    from === physical
      ? [0.5, "half of physical memory, which others use too"]
      : [0.9, `nine tenths of ${from}`];
  return { share, bytes: Math.floor(limit * share), text: why };
};

/** A bound by a control group, and the folder of its files. */
export interface GroupBound extends Bound {
  readonly folder: string;
}

/** Bounds by control groups, bytes. */
export const groupBounds = (system: System): readonly GroupBound[] =>
  controlGroups(system, "memory").flatMap(({ version, name, folder }) => {
    const bound = (file: string, text: string | undefined) => {
      const amount = Number.parseInt(text ?? "max", 10); // "max" is no number
      return amount < unlimited ? [{ amount, from: `cgroup v${version} ${file} of ${name}`, folder }] : [];
    };
    if (version === 2) {
      return ["memory.max", "memory.high"].flatMap((file) => bound(file, system.read(`${folder}/${file}`)));
    }
    const hierarchy = numbersOf(system.read(`${folder}/memory.stat`)).get("hierarchical_memory_limit");
    return [
      ...bound("memory.limit_in_bytes", system.read(`${folder}/memory.limit_in_bytes`)),
      ...bound("hierarchical_memory_limit", hierarchy?.toString()),
    ];
  });

const slurmBounds = (env: System["env"]): Bound[] => {
  const node = slurmBytes(env.SLURM_MEM_PER_NODE);
  const core = slurmBytes(env.SLURM_MEM_PER_CPU);
  const cores = coresOfSlurm(env);
  return [
    { amount: node, from: "SLURM_MEM_PER_NODE" },
    ...(cores !== undefined
      ? [{ amount: core * cores.amount, from: `SLURM_MEM_PER_CPU x ${cores.amount} (${cores.from})` }]
      : []),
  ];
};

/** `4096`, `4096M`, `4G`: MB without a suffix; 0 for what is no amount. */
const slurmBytes = (text: string | undefined): number => {
  const [, number, suffix = ""] = /^\s*(\d+)\s*([KMGT]?)B?\s*$/i.exec(text ?? "") ?? [];
  if (number === undefined) return 0;
  const factor = { "": megabyte, K: 1024, M: megabyte, G: 1024 * megabyte, T: 1024 * 1024 * megabyte };
  return Number(number) * factor[suffix.toUpperCase() as keyof typeof factor];
};

/** Soft limits of /proc/self/limits that bound resident bytes. */
const processBounds = (system: System): Bound[] =>
  ["resident set", "data size", "address space"].flatMap((what) => {
    const [, amount] =
      new RegExp(`^Max ${what}\\s+(\\d+)`, "m").exec(system.read("/proc/self/limits") ?? "") ?? [];
    return Number(amount) < unlimited ? [{ amount: Number(amount), from: `limit of ${what} (ulimit)` }] : [];
  });

/**
 * Cores that the machine allows this process tree: the least of the affinity, the quota of its control groups, and
 * what a batch system gave. A quota is rounded down, never below one: of a quota of 1.5 two busy threads use up each
 * period in three quarters of it, and then everything stands still, the coordinator included.
 *
 * Batch systems: Slurm (SLURM_CPUS_ON_NODE, SLURM_CPUS_PER_TASK), PBS Professional (NCPUS), its sites (PBS_NCPUS),
 * Torque (PBS_NUM_PPN), LSF (LSB_DJOB_NUMPROC). Some count the cores of all nodes of a job: too many, so that another
 * bound is the least.
 */
import { type Allowance, type Bound, leastOf } from "./allowance.ts";
import { controlGroups } from "./controlGroup.ts";
import type { System } from "./system.ts";

const variables = [
  "SLURM_CPUS_ON_NODE",
  "SLURM_CPUS_PER_TASK",
  "NCPUS",
  "PBS_NCPUS",
  "PBS_NUM_PPN",
  "LSB_DJOB_NUMPROC",
];

export const coreAllowance = (system: System): Allowance => {
  const found = leastOf([
    ...affinity(system),
    ...quotas(system),
    ...variables.map((name) => ({ amount: cores(system.env[name]), from: name })),
    { amount: system.availableParallelism(), from: "cores of the machine" },
  ]);
  return found.limit >= 1 ? found : { ...found, limit: 1 };
};

/** Cores that Slurm gave on this node: `SLURM_CPUS_ON_NODE`, else the first of `SLURM_JOB_CPUS_PER_NODE`, `16(x2),8`. */
export const coresOfSlurm = (env: System["env"]): Bound | undefined =>
  ["SLURM_CPUS_ON_NODE", "SLURM_JOB_CPUS_PER_NODE"]
    .map((name) => ({ amount: cores(env[name]), from: name }))
    .find(({ amount }) => amount > 0);

const cores = (text: string | undefined): number => Number.parseInt(text ?? "", 10);

/** `Cpus_allowed_list: 0-3,8,10-11`. */
const affinity = (system: System): Bound[] => {
  const [, list] = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(system.read("/proc/self/status") ?? "") ?? [];
  if (list === undefined) return [];
  const amount = list.split(",").reduce((sum, range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);
  return [{ amount, from: "affinity (Cpus_allowed_list)" }];
};

const quotas = (system: System): Bound[] =>
  controlGroups(system, "cpu").flatMap(({ version, name, folder }) => {
    const [quota, period] =
      version === 2
        ? (system.read(`${folder}/cpu.max`) ?? "").split(" ").map(Number) // "max 100000": no number, no quota
        : [system.read(`${folder}/cpu.cfs_quota_us`), system.read(`${folder}/cpu.cfs_period_us`)].map(Number);
    const share = (quota ?? Number.NaN) / (period ?? Number.NaN);
    if (!(share > 0)) return [];
    const file = version === 2 ? "cpu.max" : "cpu.cfs_quota_us";
    const from = `cgroup v${version} ${file} of ${name} (${Number(share.toFixed(2))})`;
    return [{ amount: Math.max(1, Math.floor(share)), from }];
  });

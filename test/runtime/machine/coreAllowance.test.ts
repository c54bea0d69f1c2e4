import { expect, test } from "vitest";
import { coreAllowance } from "../../../src/runtime/machine/coreAllowance.ts";
import { fakeSystem, version1, version2 } from "./fakeSystem.ts";

const allowed = (files: Record<string, string>, env: Record<string, string> = {}) =>
  coreAllowance(fakeSystem(files, { env }));

test("nothing but the machine's own", () => {
  expect(coreAllowance(fakeSystem({}, { platform: "win32" }))).toEqual({
    limit: 16,
    from: "cores of the machine",
    all: [{ amount: 16, from: "cores of the machine" }],
  });
});

test.each([
  ["0", 1],
  ["0-3", 4],
  ["0-3,8,10-11", 7],
])("affinity %s", (list, limit) => {
  const files = { "/proc/self/status": `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\n` };
  expect(allowed(files)).toMatchObject({ limit, from: "affinity (Cpus_allowed_list)" });
});

test.each([
  ["400000 100000", 4],
  ["150000 100000", 1],
  ["50000 100000", 1],
  ["250000 100000", 2],
])("quota %s, rounded down, at least one", (quota, limit) => {
  const share = Number(quota.split(" ")[0]) / 1e5;
  const two = {
    ...version2("/a/b"),
    "/sys/fs/cgroup/a/cpu.max": `${quota}\n`,
    "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
  };
  expect(allowed(two)).toMatchObject({ limit, from: `cgroup v2 cpu.max of /a (${share})` });
  const at = "/sys/fs/cgroup/cpu,cpuacct/a/b";
  const [us = "", period = ""] = quota.split(" ");
  const one = {
    ...version1("/a/b"),
    [`${at}/cpu.cfs_quota_us`]: us,
    [`${at}/cpu.cfs_period_us`]: `${period}\n`,
  };
  expect(allowed(one)).toMatchObject({ limit, from: `cgroup v1 cpu.cfs_quota_us of /a/b (${share})` });
});

test("no quota", () => {
  const at = "/sys/fs/cgroup/cpu,cpuacct/a";
  const files = {
    ...version1("/a"),
    [`${at}/cpu.cfs_quota_us`]: "-1\n",
    [`${at}/cpu.cfs_period_us`]: "100000\n",
  };
  expect(allowed(files).limit).toBe(16);
  expect(allowed({ ...version2("/a"), "/sys/fs/cgroup/a/cpu.max": "max 100000\n" }).limit).toBe(16);
});

test.each([
  "SLURM_CPUS_ON_NODE",
  "SLURM_CPUS_PER_TASK",
  "NCPUS",
  "PBS_NCPUS",
  "PBS_NUM_PPN",
  "LSB_DJOB_NUMPROC",
])("%s", (name) => {
  expect(allowed({}, { [name]: "3" })).toMatchObject({ limit: 3, from: name });
  expect(allowed({}, { [name]: "0" }).limit).toBe(16);
  expect(allowed({}, { [name]: "none" }).limit).toBe(16);
});

test("the least of all, and all of them named", () => {
  const found = allowed({}, { SLURM_CPUS_ON_NODE: "8", SLURM_CPUS_PER_TASK: "2" });
  expect(found.all.map(({ from }) => from)).toEqual([
    "SLURM_CPUS_PER_TASK",
    "SLURM_CPUS_ON_NODE",
    "cores of the machine",
  ]);
});

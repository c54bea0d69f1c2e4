import { describe, expect, test } from "vitest";
import { memoryAllowance, memoryShare } from "../../../src/runtime/machine/memoryAllowance.ts";
import { thisSystem } from "../../../src/runtime/machine/system.ts";
import { fakeSystem, version1, version2 } from "./fakeSystem.ts";

const allowed = (files: Record<string, string>, env: Record<string, string> = {}) =>
  memoryAllowance(fakeSystem(files, { env }));
const mebibyte = 1024 * 1024;
const none = "9223372036854771712\n";

test("nothing but physical memory: half of it", () => {
  const found = memoryAllowance(fakeSystem({}, { platform: "darwin" }));
  expect(found).toMatchObject({ limit: 64e9, from: "physical memory" });
  expect(memoryShare(found)).toMatchObject({ share: 0.5, bytes: 32e9 });
  expect(memoryShare(found).text).toContain("half of physical memory");
});

test("an explicit limit is ours: nine tenths of it", () => {
  const found = allowed({}, { SLURM_MEM_PER_NODE: "1000" });
  expect(memoryShare(found)).toMatchObject({ share: 0.9, bytes: 900 * mebibyte });
  expect(memoryShare(found).text).toContain("nine tenths of SLURM_MEM_PER_NODE");
});

describe("control groups, version 2", () => {
  const groups = version2("/user.slice/job_12/step_0");
  const at = "/sys/fs/cgroup";

  test("an ancestor's memory.max", () => {
    const files = {
      ...groups,
      [`${at}/user.slice/job_12/memory.max`]: "4000000000\n",
      [`${at}/user.slice/job_12/step_0/memory.max`]: "max\n",
      [`${at}/user.slice/job_12/step_0/memory.high`]: "5000000000\n",
    };
    expect(allowed(files)).toEqual({
      limit: 4e9,
      from: "cgroup v2 memory.max of /user.slice/job_12",
      all: [
        {
          amount: 4e9,
          from: "cgroup v2 memory.max of /user.slice/job_12",
          folder: `${at}/user.slice/job_12`,
        },
        {
          amount: 5e9,
          from: "cgroup v2 memory.high of /user.slice/job_12/step_0",
          folder: `${at}/user.slice/job_12/step_0`,
        },
        { amount: 64e9, from: "physical memory" },
      ],
    });
  });

  test("memory.high below memory.max", () => {
    const files = {
      ...groups,
      [`${at}/user.slice/memory.high`]: "2000",
      [`${at}/user.slice/memory.max`]: "3000",
    };
    expect(allowed(files)).toMatchObject({ limit: 2000, from: "cgroup v2 memory.high of /user.slice" });
  });

  test("a container sees its own group as the top", () => {
    const files = { ...version2("/"), [`${at}/memory.max`]: "3000" };
    expect(allowed(files)).toMatchObject({ limit: 3000, from: "cgroup v2 memory.max of /" });
  });

  test("a container that is shown a part of the tree", () => {
    const files = { ...version2("/docker/abc/inner", "/docker/abc"), [`${at}/inner/memory.max`]: "3000" };
    expect(allowed(files)).toMatchObject({ limit: 3000, from: "cgroup v2 memory.max of /docker/abc/inner" });
  });

  test("a group outside of what is shown: the top is asked", () => {
    for (const [group, root] of [
      ["/../other", "/"],
      ["/docker/abcdef", "/docker/abc"],
    ] as const) {
      const files = {
        ...version2(group, root),
        [`${at}/memory.max`]: "3000",
        [`${at}/../other/memory.max`]: "5",
        [`${at}/def/memory.max`]: "5",
      };
      expect(allowed(files).limit).toBe(3000);
    }
  });

  test("blanks in the path of the mount", () => {
    const files = {
      "/proc/self/cgroup": "0::/a\n",
      "/proc/self/mountinfo": "41 31 0:38 / /my\\040groups rw - cgroup2 cgroup2 rw\n",
      "/my groups/a/memory.max": "3000",
    };
    expect(allowed(files).limit).toBe(3000);
  });
});

describe("control groups, version 1", () => {
  const at = "/sys/fs/cgroup/memory";
  test("own group, ancestors, and no limit by the huge number", () => {
    const files = {
      ...version1("/slurm/uid_1/job_2"),
      [`${at}/memory.limit_in_bytes`]: none,
      [`${at}/slurm/uid_1/memory.limit_in_bytes`]: "7000\n",
      [`${at}/slurm/uid_1/job_2/memory.limit_in_bytes`]: none,
      [`${at}/slurm/uid_1/job_2/memory.stat`]: `cache 1\nhierarchical_memory_limit ${none}`,
    };
    const found = allowed(files);
    expect(found).toMatchObject({ limit: 7000, from: "cgroup v1 memory.limit_in_bytes of /slurm/uid_1" });
    expect(found.all).toHaveLength(2);
  });

  test("a limit of an ancestor that is not shown", () => {
    const files = {
      ...version1("/docker/abc", "/docker/abc"),
      [`${at}/memory.limit_in_bytes`]: none,
      [`${at}/memory.stat`]: "hierarchical_memory_limit 6000\n",
    };
    expect(allowed(files)).toMatchObject({
      limit: 6000,
      from: "cgroup v1 hierarchical_memory_limit of /docker/abc",
    });
  });

  test("both versions mounted: the files of memory are in version 1", () => {
    const one = version1("/job");
    const files = {
      "/proc/self/cgroup": `${one["/proc/self/cgroup"]}0::/\n`,
      "/proc/self/mountinfo": `${one["/proc/self/mountinfo"]}41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 c rw\n`,
      [`${at}/job/memory.limit_in_bytes`]: "5000",
    };
    expect(allowed(files)).toMatchObject({ limit: 5000, from: "cgroup v1 memory.limit_in_bytes of /job" });
  });
});

describe("Slurm", () => {
  test.each([
    [{ SLURM_MEM_PER_NODE: "4096" }, 4096 * mebibyte, "SLURM_MEM_PER_NODE"],
    [{ SLURM_MEM_PER_NODE: "4G" }, 4096 * mebibyte, "SLURM_MEM_PER_NODE"],
    [{ SLURM_MEM_PER_NODE: "2048M" }, 2048 * mebibyte, "SLURM_MEM_PER_NODE"],
    [
      { SLURM_MEM_PER_CPU: "500", SLURM_CPUS_ON_NODE: "8" },
      4000 * mebibyte,
      "SLURM_MEM_PER_CPU x 8 (SLURM_CPUS_ON_NODE)",
    ],
    [
      { SLURM_MEM_PER_CPU: "500", SLURM_JOB_CPUS_PER_NODE: "16(x2),8" },
      8000 * mebibyte,
      "SLURM_MEM_PER_CPU x 16 (SLURM_JOB_CPUS_PER_NODE)",
    ],
  ])("%o", (env, limit, from) => expect(allowed({}, env)).toMatchObject({ limit, from }));

  test.each([
    { SLURM_MEM_PER_NODE: "0" },
    { SLURM_MEM_PER_NODE: "" },
    { SLURM_MEM_PER_NODE: "much" },
    { SLURM_MEM_PER_CPU: "500" },
    { SLURM_MEM_PER_GPU: "500", SLURM_CPUS_ON_NODE: "8" },
  ])("%o says nothing", (env) => expect(allowed({}, env).from).toBe("physical memory"));
});

test("limits of the process", () => {
  const limits = (data: string, space: string) =>
    "Limit                     Soft Limit           Hard Limit           Units     \n" +
    `Max data size             ${data}            unlimited            bytes     \n` +
    `Max address space         ${space}            unlimited            bytes     \n`;
  expect(allowed({ "/proc/self/limits": limits("unlimited", "8000000000") })).toMatchObject({
    limit: 8e9,
    from: "limit of address space (ulimit)",
  });
  expect(allowed({ "/proc/self/limits": limits("3000000000", "unlimited") }).limit).toBe(3e9);
  expect(allowed({ "/proc/self/limits": limits("unlimited", "unlimited") }).from).toBe("physical memory");
});

test("the machine this runs on allows something", () => {
  const found = memoryAllowance(thisSystem());
  expect(found.limit).toBeGreaterThan(64 * mebibyte);
  expect(found.all.at(-1)!.amount).toBeGreaterThanOrEqual(found.limit);
});

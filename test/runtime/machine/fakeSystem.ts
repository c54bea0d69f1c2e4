import type { System } from "../../../src/runtime/machine/system.ts";

/** A machine made of files; a folder lists what is below it. Without files: macOS or Windows. */
export const fakeSystem = (
  files: Readonly<Record<string, string>> = {},
  change: Partial<System> = {},
): System => ({
  platform: "linux",
  env: {},
  pid: 100,
  read: (path) => files[path],
  list: (folder) => [
    ...new Set(
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split("/")[0]!),
    ),
  ],
  totalMemory: () => 64e9,
  availableParallelism: () => 16,
  ownRss: () => 90e6,
  ...change,
});

const mountOf = (root: string, point: string, type: string, options: string) =>
  `31 23 0:28 ${root} ${point} rw,nosuid shared:9 - ${type} ${type} rw${options}\n`;

/** Control groups of version 2, mounted at /sys/fs/cgroup. */
export const version2 = (group: string, root = "/") => ({
  "/proc/self/cgroup": `0::${group}\n`,
  "/proc/self/mountinfo":
    mountOf("/", "/proc", "proc", "") + mountOf(root, "/sys/fs/cgroup", "cgroup2", ",nsdelegate"),
});

/** Control groups of version 1: memory alone, cpu together with cpuacct. */
export const version1 = (group: string, root = "/") => ({
  "/proc/self/cgroup": `9:name=systemd:/\n4:memory:${group}\n2:cpu,cpuacct:${group}\n`,
  "/proc/self/mountinfo":
    mountOf("/", "/sys/fs/cgroup", "tmpfs", ",mode=755") +
    mountOf(root, "/sys/fs/cgroup/cpu,cpuacct", "cgroup", ",cpu,cpuacct") +
    mountOf(root, "/sys/fs/cgroup/memory", "cgroup", ",memory"),
});

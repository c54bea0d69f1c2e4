import { expect, test } from "vitest";
import { pressureGauge } from "../../../src/runtime/machine/pressure.ts";
import { fakeSystem, version1, version2 } from "./fakeSystem.ts";

const at = "/sys/fs/cgroup";
const stalls = (some: string, full: string) =>
  `some avg10=${some} avg60=0.00 avg300=0.00 total=0\nfull avg10=${full} avg60=0.00 avg300=0.00 total=0\n`;

test("version 2: anon, shmem and kernel of the group with the least limit, never the page cache", () => {
  const files = {
    ...version2("/job/step"),
    [`${at}/job/memory.max`]: "5000",
    [`${at}/job/memory.current`]: "4999",
    [`${at}/job/memory.stat`]:
      "anon 1000\nfile 3900\nkernel 500\nkernel_stack 10\npagetables 20\npercpu 1\nsock 2\nshmem 300\n" +
      "slab_reclaimable 400\nslab_unreclaimable 40\nslab 440\ninactive_file 3000\n",
    [`${at}/job/memory.pressure`]: stalls("12.50", "3.25"),
    [`${at}/job/step/memory.stat`]: "anon 1\n",
    "/proc/pressure/memory": stalls("99.00", "99.00"),
  };
  expect(pressureGauge(fakeSystem(files))()).toEqual({
    inUse: 1373,
    limit: 5000,
    of: "group",
    someAvg10: 12.5,
    fullAvg10: 3.25,
  });
});

test("version 1: rss and shmem of the whole group; stalls of the machine", () => {
  const folder = `${at}/memory/job`;
  const files = {
    ...version1("/job"),
    [`${folder}/memory.limit_in_bytes`]: "5000",
    [`${folder}/memory.usage_in_bytes`]: "4999",
    [`${folder}/memory.stat`]:
      "cache 3000\nrss 7\nshmem 8\ntotal_cache 3000\ntotal_rss 1000\ntotal_shmem 200\n",
    "/proc/pressure/memory": stalls("1.00", "0.00"),
  };
  expect(pressureGauge(fakeSystem(files))()).toEqual({
    inUse: 1200,
    limit: 5000,
    of: "group",
    someAvg10: 1,
    fullAvg10: 0,
  });
});

test("no limited group: the machine; read anew at every call", () => {
  const files: Record<string, string> = {
    ...version2("/"),
    "/proc/meminfo": "MemTotal:       1000 kB\nMemFree:         10 kB\nMemAvailable:    600 kB\n",
  };
  const read = pressureGauge(fakeSystem(files));
  expect(read()).toEqual({ inUse: 400 * 1024, limit: 1000 * 1024, of: "machine" });
  files["/proc/meminfo"] = "MemTotal:       1000 kB\nMemAvailable:    100 kB\n";
  expect(read().inUse).toBe(900 * 1024);
});

test("without /proc nothing is known", () => {
  expect(pressureGauge(fakeSystem({}, { platform: "win32" }))()).toEqual({});
});

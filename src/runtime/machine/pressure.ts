/**
 * How tight memory is around this process: in the control group whose limit is the least, else on the machine.
 * Never the page cache, which memory.current and usage_in_bytes count: the kernel drops it before it kills, and who
 * steers by it stops reading because it has read.
 *
 * - version 2: anon + shmem + kernel memory that cannot be reclaimed, of memory.stat; memory.pressure of the group
 * - version 1: total_rss + total_shmem of memory.stat, which is without kernel memory
 * - neither limited: MemTotal - MemAvailable; pressure of the machine
 *
 * Pressure stalls (PSI) are per cent of the last ten seconds in which some, or all, tasks waited for memory.
 */
import { leastOf } from "./allowance.ts";
import { type ControlGroup, controlGroups, numbersOf } from "./controlGroup.ts";
import { groupBounds } from "./memoryAllowance.ts";
import type { System } from "./system.ts";

export interface Pressure {
  /** Bytes in use that cannot be dropped, of all processes of the group or machine. */
  readonly inUse?: number;
  /** Bytes that the group or machine has. */
  readonly limit?: number;
  readonly of?: "group" | "machine";
  /** Per cent, 0 to 100. */
  readonly someAvg10?: number;
  readonly fullAvg10?: number;
}

const kernelParts = ["kernel_stack", "pagetables", "sec_pagetables", "percpu", "sock", "slab_unreclaimable"];

/**
 * A reader of what there is to know; it reads nothing on macOS and Windows. The group is looked up once (mounts are
 * a long text), its numbers at every call (0.1 ms).
 * @example const read = pressureGauge(thisSystem()); read().fullAvg10
 */
export const pressureGauge = (system: System): (() => Pressure) => {
  const least = leastOf(groupBounds(system)).all[0];
  const group = controlGroups(system, "memory").find(({ folder }) => folder === least?.folder);
  return () => {
    const stalls = stallsOf(
      (group && system.read(`${group.folder}/memory.pressure`)) ?? system.read("/proc/pressure/memory"),
    );
    const inUse = group && groupUse(system, group);
    if (least !== undefined && inUse !== undefined) {
      return { inUse, limit: least.amount, of: "group", ...stalls };
    }
    const machine = numbersOf(system.read("/proc/meminfo"));
    const [total, available] = [machine.get("MemTotal"), machine.get("MemAvailable")];
    if (total === undefined || available === undefined) return stalls;
    return { inUse: (total - available) * 1024, limit: total * 1024, of: "machine", ...stalls };
  };
};

const groupUse = (system: System, { version, folder }: ControlGroup): number | undefined => {
  const of = numbersOf(system.read(`${folder}/memory.stat`));
  const sum = (...names: string[]) => names.reduce((total, name) => total + (of.get(name) ?? 0), 0);
  if (of.size === 0) return undefined;
  return version === 2 ? sum("anon", "shmem", ...kernelParts) : sum("total_rss", "total_shmem");
};

/** `some avg10=0.12 avg60=...`, one line for some and one for full. */
const stallsOf = (text: string | undefined): Pressure => {
  const percent = (kind: string) => {
    const [, number] = new RegExp(`^${kind} avg10=([\\d.]+)`, "m").exec(text ?? "") ?? [];
    return number === undefined ? undefined : Number(number);
  };
  const [some, full] = [percent("some"), percent("full")];
  return {
    ...(some === undefined ? {} : { someAvg10: some }),
    ...(full === undefined ? {} : { fullAvg10: full }),
  };
};

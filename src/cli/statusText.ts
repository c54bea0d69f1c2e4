/** What a run says of itself, in the lines a person wants: how far, how long, is memory safe, what does it wait for. */
import type { Stage } from "../model/event.ts";
import { formatBytes } from "../runtime/byteSize.ts";
import type { Status } from "../runtime/control/status.ts";
import { doing } from "../runtime/stages/cause.ts";
import { duration } from "./progressLine.ts";

/** Lines of cells, all but the last of each padded to the width of their column. */
export const aligned = (lines: readonly (readonly string[])[]): string => {
  const widths: number[] = [];
  for (const line of lines) {
    for (const [i, cell] of line.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
};

export const size = (bytes: number | null): string => (bytes === null ? "not measured" : formatBytes(bytes));

export const statusText = (status: Status): string => {
  const { memory, units, cases, workers, eta, t } = status;
  const share = units.total > 0 ? ` (${Math.floor((100 * units.done) / units.total)} %)` : "";
  return (
    aligned([
      [
        status.id,
        `${status.state}, for ${duration(t)}, since ${status.started.slice(0, 19).replace("T", " ")} UTC`,
      ],
      ["pipeline", status.pipeline],
      ["done", `${units.done} of ${units.total} units${share}, ${cases.done} of ${cases.total} cases`],
      ["so far", `${status.rows} rows, ${units.failed} units failed, ${formatBytes(status.bytes.read)} read`],
      ["time left", eta === null ? "not known yet" : between(duration(eta.low), duration(eta.high))],
      ["waiting", waiting(status)],
      [
        "limit",
        `${size(memory.limit)}: baseline ${size(memory.baseline)}, budget ${formatBytes(memory.budget)}`,
      ],
      ["in use", `units ${formatBytes(memory.units)}, states ${formatBytes(memory.states)}`],
      ["cached", `${formatBytes(memory.cache)}, given back when needed`],
      ["RSS", size(memory.rss)],
    ]) +
    aligned(
      workers.map((worker) => [
        `worker ${worker.id}`,
        `${doing[worker.stage]} for ${duration(t - worker.since)}`,
        worker.case === null ? "" : `case ${worker.case}`,
        [worker.source, worker.key].filter((part) => part !== null).join(" "),
        worker.leased > 0 ? formatBytes(worker.leased) : "",
      ]),
    )
  );
};

const between = (low: string, high: string): string => (low === high ? low : `${low} to ${high}`);

const waiting = ({ state, id, memory, workers }: Status): string => {
  const at = (stage: Stage) => workers.filter((worker) => worker.stage === stage).length;
  const of = (count: number, what: string) =>
    count > 0 ? [`${count} of ${workers.length} workers ${what}`] : [];
  const causes = [
    ...(state === "paused" ? [`to be resumed (ewb control ${id} --resume)`] : []),
    ...(state === "draining" ? ["for what is in work, then it ends"] : []),
    ...(memory.waiting > 0 ? [`${memory.waiting} units for memory`] : []),
    ...of(at("waitMemory"), "for memory"),
    ...of(at("waitStore"), "for the store"),
  ];
  return causes.length > 0 ? causes.join(", ") : "for nothing";
};

/** What `ewb plan` prints: what would be read, and where each number of memory and workers comes from. */
import { formatBytes } from "../runtime/byteSize.ts";
import type { Plan } from "../runtime/plan.ts";
import { type GridLine, gridText } from "./textGrid.ts";

/**
 * @param width columns: long names are cut in the middle, what would fail is a line however long
 * @param asked where the number of workers comes from
 */
export const planText = (plan: Plan, width: number, asked: string): string =>
  [
    ...casesLines(plan, width),
    "",
    // The titles are empty: a line each, what, how much, and why.
    ...gridText(
      {
        columns: [
          { title: "", align: "left" },
          { title: "", align: "right" },
          { title: "", align: "left" },
        ],
        lines: [...readLines(plan), ...memoryLines(plan), ...workerLines(plan, asked)],
      },
      width,
    ).slice(1),
    ...troubles(plan),
  ]
    .map((line) => `${line}\n`)
    .join("");

const casesLines = ({ cases }: Plan, width: number): string[] =>
  gridText(
    {
      columns: [
        { title: "case", align: "left" },
        { title: "forecast", align: "left" },
        { title: "units", align: "right" },
        { title: "chunks", align: "right" },
        { title: "decoded", align: "right" },
      ],
      lines: cases.map(({ case_id, title, forecast, units, chunks, bytes }) => [
        `${case_id} ${title}`,
        forecast,
        `${units}`,
        `${chunks}`,
        formatBytes(bytes),
      ]),
    },
    width,
  );

const readLines = ({ units, parts, chunks, bytes, machine }: Plan): GridLine[] => {
  const again = machine.workers > 1 ? "; one that several workers need is read by each" : "";
  return [
    "to read",
    ["units", `${units}`, parts > units ? `cut into ${parts} parts, so that each fits` : "none is cut"],
    ["chunks", `${chunks}`, `a request or more each${again}`],
    ["decoded", formatBytes(bytes), "bytes as stored are known when they are read"],
  ];
};

const memoryLines = ({ units, parts, largest, peak, budget, machine }: Plan): GridLine[] => {
  const { limit, kept, text, memory, program, worker, workers, reader, baseline } = machine;
  const readers = Math.max(1, workers);
  const what = parts > units ? "largest part" : "largest unit";
  return [
    "memory",
    ["limit", formatBytes(limit), text],
    ...memory.all.map((one, i) => bound(i, formatBytes(one.amount), one.from)),
    ["program", formatBytes(program), "before its first unit, measured now"],
    ...(workers > 0
      ? [["workers", formatBytes(workers * worker), `${workers} x ${formatBytes(worker)} at their start`]]
      : []),
    ...(reader > 0
      ? [["readers", formatBytes(readers * reader), `${readers}: there are cores to spare`]]
      : []),
    ...(kept > limit
      ? [["kept", formatBytes(kept), "the limit of the run: with less the program could not work"]]
      : []),
    ["budget", formatBytes(budget), `for units, 93 % of the ${formatBytes(kept)} less the above`],
    ...(largest
      ? [[what, formatBytes(largest.bytes), `of case ${largest.case_id}, ${largest.forecast}`]]
      : []),
    ["at once", formatBytes(peak), peak < budget ? "all units together" : "the budget: units wait for it"],
    ["peak", formatBytes(baseline + peak), "predicted of the program, its workers and the units"],
  ];
};

const workerLines = ({ machine }: Plan, asked: string): GridLine[] => {
  const { cores, workers, wanted, workersAs, worker } = machine;
  const kinds = { thread: ["a thread", "threads"], process: ["a process", "processes"] } as const;
  const kind = workers === 0 ? "all in one thread" : kinds[workersAs][workers === 1 ? 0 : 1];
  const fewer = `; ${wanted} wanted, but one more, of ${formatBytes(worker)}, would leave too little memory`;
  return [
    "cores",
    ...cores.all.map((one, i) => bound(i, String(one.amount), one.from)),
    ["workers", `${workers}`, `${kind}${workers < wanted ? fewer : ` (${asked})`}`],
  ];
};

/** What the machine allows, the least first: that one holds. */
const bound = (index: number, amount: string, from: string) => [index === 0 ? "allowed" : "", amount, from];

const troubles = ({ gaps, failures }: Plan): string[] => [
  ...gaps.map(({ case_id, source, what }) => `gap: case ${case_id}: ${source}: ${what}`),
  ...failures.map(({ case_id, forecast, target, message }) => {
    const where = [case_id === null ? null : `case ${case_id}`, forecast, target].filter(
      (one) => one !== null,
    );
    return `would fail: ${where.length > 0 ? `${where.join(", ")}: ` : ""}${message}`;
  }),
];

import { formatBytes } from "../runtime/byteSize.ts";
import type { RunOptions } from "../runtime/options.ts";
import { plan } from "../runtime/stream.ts";

/** Says what a pipeline would read. Exit code 1 where something of it would fail. */
export const planCommand = async (
  file: string,
  options: RunOptions,
  json: boolean,
  out: NodeJS.WriteStream,
): Promise<number> => {
  const planned = await plan(file, options);
  if (json) {
    out.write(`${JSON.stringify(planned)}\n`);
    return planned.failures.length > 0 ? 1 : 0;
  }
  const { units, chunks, bytes, largest, peak, budget, cases, failures, gaps } = planned;
  const rows = cases.map(({ case_id, title, forecast, ...cost }) => [
    `${case_id} ${title}`,
    forecast,
    `${cost.units}`,
    `${cost.chunks}`,
    formatBytes(cost.bytes),
  ]);
  const table = [["case", "forecast", "units", "chunks", "decoded"], ...rows];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  for (const row of table) {
    out.write(
      `${row.map((text, i) => (i < 2 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join("  ")}\n`,
    );
  }
  out.write(`\n${units} units, ${chunks} chunks to read (each once), ${formatBytes(bytes)} decoded\n`);
  out.write(
    `peak: at most ${formatBytes(peak)} of ${formatBytes(budget)} held at once (by one worker), beside the cache of chunks\n`,
  );
  if (largest) {
    out.write(`largest unit: ${formatBytes(largest.bytes)} (case ${largest.case_id}, ${largest.forecast})\n`);
  }
  for (const { case_id, source, what } of gaps) out.write(`gap: case ${case_id}: ${source}: ${what}\n`);
  for (const { case_id, forecast, target, message } of failures) {
    const where = [case_id === null ? null : `case ${case_id}`, forecast, target].filter(
      (part) => part !== null,
    );
    out.write(`would fail: ${where.length > 0 ? `${where.join(", ")}: ` : ""}${message}\n`);
  }
  return failures.length > 0 ? 1 : 0;
};

/**
 * What a watch tells Prometheus, in its text format (version 0.0.4). What is not known is left out; a total counts from
 * the start of the process.
 */
import { basename } from "node:path";
import type { Health, Standing } from "./standing.ts";
import { newestOf } from "./turn.ts";

export interface MetricsMoment {
  /** Milliseconds UTC. */
  readonly now: number;
  /** Bytes of this process. */
  readonly resident: number;
  readonly health: Health;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

export const metricsText = (standing: Standing, { now, resident, health }: MetricsMoment): string => {
  const { turns, errors, last, tables, bytesRead } = standing;
  const lines: string[] = [];
  const add = (name: string, type: "gauge" | "counter", help: string, samples: readonly Sample[]) => {
    if (samples.length === 0) return;
    lines.push(`# HELP ewb_${name} ${help}`, `# TYPE ewb_${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`ewb_${name}${labelText(labels)} ${value}`);
  };
  const one = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [[{}, value]]);
  const by = (label: string, values: Readonly<Record<string, number>>): readonly Sample[] =>
    Object.entries(values).map(([name, value]) => [{ [label]: name }, value]);

  add("up", "gauge", "1 while the watch is well, as /healthz says.", one(health.ok ? 1 : 0));
  add("turns_total", "counter", "Turns by how they ended.", by("state", turns));
  add(
    "turn_errors_total",
    "counter",
    "Turns that failed, by error tag.",
    by("tag", Object.fromEntries(errors)),
  );
  add("resident_bytes", "gauge", "Memory of this process.", one(resident));
  add("read_bytes_total", "counter", "Bytes read of stores.", one(bytesRead));
  const published = [...tables].map(([path, { times, at }]) => ({ table: basename(path), times, at }));
  add(
    "published_total",
    "counter",
    "Publications by table.",
    published.map(({ table, times }) => [{ table }, times]),
  );
  add(
    "published_timestamp_seconds",
    "gauge",
    "When a table was published last.",
    published.map(({ table, at }) => [{ table }, at / 1000]),
  );
  if (last !== undefined) {
    const { waiting, statuses } = last;
    const newestInit = newestOf(last);
    const lag = newestInit === undefined ? undefined : Math.max(0, now - newestInit) / 1000;
    add("lag_seconds", "gauge", "Age of the newest init that is scored.", one(lag));
    const { forecast, target, provisional } = waiting;
    add("units_waiting", "gauge", "Units that wait, by what for.", by("cause", { forecast, target }));
    add("units_provisional", "gauge", "Units that count although they lack something.", one(provisional));
    add("units", "gauge", "Units of the last turn.", one(last.units));
    add("rows", "gauge", "Rows by status.", by("status", statuses));
    add("failures", "gauge", "Lines of the failures tables.", one(last.failures.length));
    add("turn_seconds", "gauge", "Duration of the last turn.", one(last.seconds));
    add("turn_peak_bytes", "gauge", "Most memory of the last turn, workers included.", one(last.peak));
  }
  return `${lines.join("\n")}\n`;
};

const labelText = (labels: Readonly<Record<string, string>>): string => {
  const texts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`,
  );
  return texts.length === 0 ? "" : `{${texts.join(",")}}`;
};

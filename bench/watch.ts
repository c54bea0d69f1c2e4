/**
 * `npm run bench -- watch [--arrivals N] [--turns N] [--rows N]`: from the last byte of an init to its rows in the
 * published table, what a turn costs that finds nothing new, whether memory stays flat from turn to turn, and what it
 * costs to publish a table of which one case has changed. A forecast system on disk is played beside `ewb watch`, a
 * process of its own. The ledger of a million units: `npm run bench -- ledger`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type SmallFeed, smallFeed } from "../test/runtime/watch/smallFeed.ts";
import { type Figure, publishFigures } from "./figures.ts";
import { publication } from "./publication.ts";

interface Watch {
  readonly child: ChildProcess;
  /** The next turn that is over: seconds it took, whether anything was published. */
  turn(): Promise<{ readonly seconds: number; readonly isPublished: boolean }>;
  stop(): Promise<void>;
}

const begin = (feed: SmallFeed, out: string, every: string): Watch => {
  const args = [
    feed.pipeline,
    "--data",
    feed.data,
    "--out",
    out,
    "--every",
    every,
    "--workers",
    "0",
    "--json",
  ];
  const child = spawn(process.execPath, ["dist/cli/main.js", "watch", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    child,
    async turn() {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error("the watch ended");
        const event = JSON.parse(value);
        if (event.event !== "turn") continue;
        if (event.state !== "done") throw new Error(`a turn failed: ${event.message}`);
        return { seconds: event.seconds, isPublished: Object.keys(event.published).length > 0 };
      }
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
};

/** Seconds of processor time, and megabytes that are resident. */
const useOf = (pid: number): { readonly seconds: number; readonly megabytes: number } => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const resident = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1e3;
  return { seconds: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: resident };
};

const quantile = (sorted: readonly number[], level: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))]!;

/** Seconds from the last byte of each init to its rows, and what of them the turn took. */
const arrivals = async (root: string, count: number) => {
  const feed = smallFeed(join(root, "arrivals"), count);
  feed.arrive(0);
  const watch = begin(feed, join(root, "arrivals-out"), "1h");
  await watch.turn();
  const waited: number[] = [];
  const computed: number[] = [];
  for (let number = 1; number <= count; number++) {
    feed.arrive(number);
    const at = performance.now();
    let turn = await watch.turn();
    while (!turn.isPublished) turn = await watch.turn();
    waited.push((performance.now() - at) / 1000);
    computed.push(turn.seconds);
  }
  await watch.stop();
  return { waited: waited.sort((a, b) => a - b), computed: computed.sort((a, b) => a - b) };
};

/** Cost of turns that find nothing new, and what the process grows by. */
const idle = async (root: string, turns: number) => {
  const feed = smallFeed(join(root, "idle"), 10);
  for (let number = 0; number < 20; number++) feed.arrive(number);
  const watch = begin(feed, join(root, "idle-out"), "0.01s");
  const pid = watch.child.pid!;
  const some = Math.ceil(turns / 5);
  for (let i = 0; i < some; i++) await watch.turn();
  const first = useOf(pid);
  for (let i = some; i < turns; i++) await watch.turn();
  const last = useOf(pid);
  await watch.stop();
  return {
    milliseconds: (1000 * (last.seconds - first.seconds)) / (turns - some),
    growth: last.megabytes - first.megabytes,
    of: first.megabytes,
  };
};

export const watch = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      arrivals: { type: "string", default: "20" },
      turns: { type: "string", default: "10000" },
      rows: { type: "string", default: "1e6" },
    },
  });
  const root = mkdtempSync(join(tmpdir(), "ewb-bench-watch-"));
  try {
    const { waited, computed } = await arrivals(root, Number(values.arrivals));
    const turns = Number(values.turns);
    const { milliseconds, growth, of } = await idle(root, turns);
    const latency = (level: number): Figure => {
      const [total, compute] = [quantile(waited, level), quantile(computed, level)];
      return {
        what: `last byte of an init to its rows published, p${level * 100}`,
        measured: `${total.toFixed(2)} s, ${compute.toFixed(2)} s of it the turn`,
        required: "< 2 s + compute",
        met: total < 2 + compute,
      };
    };
    publishFigures("watch", [
      latency(0.5),
      latency(0.95),
      { what: "a turn that finds nothing new", measured: `${milliseconds.toFixed(0)} ms of processor time` },
      {
        what: `resident memory over ${turns} turns`,
        measured: `${growth >= 0 ? "+" : ""}${growth.toFixed(1)} MB from ${of.toFixed(0)} MB on`,
        required: "< 20 %",
        met: growth < 0.2 * of,
      },
      ...(await publication(Number(values.rows))),
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

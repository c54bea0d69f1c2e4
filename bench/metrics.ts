/**
 * `npm run bench -- metrics`: what every metric of `ewb/metrics` costs, observe and merge, in ns per cell (of an
 * ensemble: per cell and member), beside a loop written by hand for the same arithmetic, in turn with it. Required: at
 * most twice the loop; fractions of ten windows at most twice those of one; fifty metrics through `ewb stream` at most
 * three times one (fifty.ts). Beside numpy where `EWB_PEER_VENV` names a virtual environment of Python that has it.
 *
 * Options: `--only CRPS` (metrics whose name holds this), `--rounds 7`, `--runs 3` (of the product; 0: none).
 */
import { parseArgs } from "node:util";
import { alternating } from "./alternating.ts";
import { fifty } from "./fifty.ts";
import { type Figure, publishFigures, ratioFigure } from "./figures.ts";
import { type BenchPair, benchPair, type PairName } from "./metricCosts/benchPairs.ts";
import { built as exported } from "./metricCosts/builtMetrics.ts";
import { type Cost, fieldCosts } from "./metricCosts/fieldCosts.ts";
import { memberCosts } from "./metricCosts/memberCosts.ts";
import { type NumpyMetrics, numpyMetrics } from "./metricCosts/numpyMetrics.ts";
import { stormPairs } from "./metricCosts/stormPairs.ts";
import { type TrackCost, trackCosts } from "./metricCosts/trackCosts.ts";

/** What `ewb/metrics` exports beside factories of metrics of a variable. */
const others = new Set([
  ...["climatologyQuantile", "ownQuantile", "altitudeClass", "landSea", "latitudeBand", "leadBin", "regions"],
  ...["by", "where", "difference", "skillScore", "withInterval", "namedReference", "otherForecast"],
  ...["persistence", "bootstrapRows", "blockBootstrap", "bootstrapConfidenceInterval", "meanOfDraw"],
  ...["correlationSignificance", "dieboldMarianoTest", "falseDiscoveryRate", "moments", "pairedTTest"],
  ...["resampleDraws", "signTest", "wilcoxonTest", "defineMetric"],
]);

export const metrics = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      rounds: { type: "string", default: "7" },
      runs: { type: "string", default: "3" },
    },
  });
  const costs = [...fieldCosts, ...memberCosts];
  const measured = new Set([...costs, ...trackCosts].map(([{ name }]) => name));
  const isAsked = (name: string): boolean => name.toLowerCase().includes(values.only.toLowerCase());
  const forgotten = Object.entries(exported).flatMap(([name, value]) =>
    typeof value !== "function" || others.has(name) || measured.has(name) ? [] : [name],
  );
  const figures: Figure[] = forgotten.map((name) => ({
    ...{ what: name, measured: "not measured", required: "<= 2 x", met: false },
  }));
  const pairs = new Map<PairName, readonly BenchPair[]>();
  const pairsOf = (name: PairName): readonly BenchPair[] => {
    const known = pairs.get(name) ?? [benchPair(name, 1), benchPair(name, 2)];
    pairs.set(name, known);
    return known;
  };
  const numpy = await numpyMetrics(pairsOf("field")[1]!.plain, pairsOf("ensemble")[1]!.plain);
  for (const cost of costs) {
    if (!isAsked(cost[0].name)) continue;
    figures.push(await figureOf(cost, pairsOf(cost[2] ?? "field"), Number(values.rounds), numpy));
  }
  numpy?.stop();
  for (const cost of trackCosts) {
    if (isAsked(cost[0].name)) figures.push(await trackFigure(cost, Number(values.rounds)));
  }
  if (isAsked("fractionsSkillScore")) {
    figures.push(await windows(pairsOf("field")[1]!, Number(values.rounds)));
  }
  if (Number(values.runs) > 0 && isAsked("fifty")) figures.push(...(await fifty(Number(values.runs))));
  publishFigures("metrics", figures);
  if (figures.some(({ met }) => met === false)) process.exitCode = 1;
};

const figureOf = async (
  [metric, loop, on]: Cost,
  [first, second]: readonly BenchPair[],
  rounds: number,
  numpy: NumpyMetrics | undefined,
): Promise<Figure> => {
  const before = metric.observe({ ...first!.pair, computed: new Map() });
  const { pair, plain, cells } = second!;
  const works = {
    ours: () => void metric.merge(before, metric.observe({ ...pair, computed: new Map() })),
    ...(loop === undefined ? {} : { loop: () => void loop(plain) }),
    ...(numpy?.knows(metric) ? { numpy: () => numpy.seconds(metric) } : {}),
  } as Record<"ours" | "loop" | "numpy", () => unknown>;
  const best = await alternating(works, rounds);
  // A busy machine: more turns, of both.
  if (loop !== undefined && best.ours > 2 * best.loop) {
    const again = await alternating(works, 3 * rounds);
    best.ours = Math.min(best.ours, again.ours);
    best.loop = Math.min(best.loop, again.loop);
  }
  const ns = (seconds: number): string => ((seconds * 1e9) / cells).toFixed(2);
  const text = Object.entries(metric.parameters as Record<string, string>)
    .filter(([name, value]) => !(name === "weights" && value === "area"))
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  const note = [
    `${ns(best.ours)} ns`,
    loop === undefined ? "no plain loop" : `loop ${ns(best.loop)} ns`,
    ...(best.numpy === undefined ? [] : [`numpy ${ns(best.numpy)} ns`]),
    ...(on === undefined || on === "field" ? [] : [on]),
  ].join(", ");
  const what = text === "" ? metric.name : `${metric.name} ${text}`;
  if (loop === undefined) return { what, measured: "", note };
  return ratioFigure(what, best.ours / best.loop, { most: 2 }, { note });
};

/** A case of storms: every point observed and merged, then the rows. */
const trackFigure = async ([metric, loop]: TrackCost, rounds: number): Promise<Figure> => {
  const best = await alternating(
    {
      ours: () => {
        let state = metric.zero();
        for (const pair of stormPairs) state = metric.merge(state, metric.observe(pair));
        metric.finish(state);
      },
      loop: () => void loop(stormPairs),
    },
    20 * rounds,
  );
  const text = (seconds: number): string => (seconds * 1e6).toFixed(0);
  const note = `${text(best.ours)} us a case of ${stormPairs.length} points, loop ${text(best.loop)} us`;
  return ratioFigure(metric.name, best.ours / best.loop, { most: 2 }, { note });
};

/** Ten windows of fractions against one. */
const windows = async ({ pair, cells }: BenchPair, rounds: number): Promise<Figure> => {
  const score = (window: number | readonly number[]): any =>
    exported.fractionsSkillScore<any, any>("t", { above: "290 K", window } as never);
  const [one, ten] = [score(11), score([3, 5, 7, 11, 15, 21, 31, 41, 51, 61])];
  const best = await alternating(
    {
      one: () => void one.observe({ ...pair, computed: new Map() }),
      ten: () => void ten.observe({ ...pair, computed: new Map() }),
    },
    rounds,
  );
  const ns = (seconds: number): string => ((seconds * 1e9) / cells).toFixed(2);
  return ratioFigure(
    "fractionsSkillScore: ten windows against one",
    best.ten / best.one,
    { most: 2 },
    { note: `${ns(best.ten)} ns, one ${ns(best.one)} ns` },
  );
};

/**
 * The generator under `pairs`. Sources are opened (metadata only) before the first name. Names come in the order in
 * which their store chunks are shared best, `ahead` of them sorted at a time, in turn with those of other sets that share
 * these chunks. It goes on only while fewer than 1,000
 * asks wait at the budget, so that a million names are never queued, and lets the event loop breathe. A run that drains
 * gets no more names; its set is marked as cut short.
 */

import { instantOf } from "../../kernels/instant.ts";
import type { ChunkRef } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { OpenGrid } from "../../model/openSource.ts";
import type { PairRef, PairSet } from "../../model/pair.ts";
import type { Run, Selection } from "../../model/run.ts";
import type { Turn } from "../../model/turns.ts";
import { chunkOrder, inOrder, type Order, type Touched } from "./chunkOrder.ts";
import { chunksOfRefs, firstChunks } from "./chunksOfRefs.ts";
import { gapOf } from "./gap.ts";
import { type Has, openForecast, openTarget } from "./openSides.ts";
import type { PairsOptions } from "./pairs.ts";

/** What prunes the names. */
type Times = Pick<PairsOptions, "inits" | "leads">;

const asksAhead = 1000;
const breath = 256;
/** Names that are looked at to find the order, and that are sorted at a time. */
const [looked, ahead] = [8192, 16_384];
const hour = 3_600_000;

export async function* pairNames(run: Run, set: PairSet, options: Times): AsyncGenerator<PairRef> {
  let begun = () => {};
  run.turns?.after(new Promise<void>((resolve) => (begun = resolve)));
  let turn: Turn | undefined;
  const enter = (group: string, compare: Compare) => {
    turn = run.turns?.enter(group, compare);
    begun();
    return turn;
  };
  try {
    yield* namesOf(run, set, options, enter);
  } finally {
    turn?.leave();
    begun();
  }
}

async function* namesOf(
  run: Run,
  set: PairSet,
  options: Times,
  enter: (group: string, compare: Compare) => Turn | undefined,
): AsyncGenerator<PairRef> {
  // All at once: a store that is far away answers slowly. What fails is said below, in order.
  for (const source of [set.forecast, ...set.targets]) run.open(source).catch(() => {});
  const forecast = await openForecast(run, set);
  if (forecast === undefined) return;
  const targets = new Map<string, Has>();
  for (const target of set.targets) {
    const has = await openTarget(run, set, target);
    if (has !== undefined) targets.set(target.name, has);
  }
  if (targets.size === 0) return;

  const keep = selector(run.selection, options);
  const candidates = () => candidatesOf(run, forecast, set, targets, keep);
  const { total, first } = survey(run, set, candidates(), [...targets.keys()]);
  const limit = Math.min(total, run.selection.limit ?? total);
  run.count(set.event, { sets: 1, total: limit });
  if (limit === 0) return;
  if (first.length > limit) first.length = limit;
  const order = await bestOrder(run, set, forecast, first);
  const compare = inOrder[order];
  const turn = enter(`${order} ${firstChunks(set, forecast, first[0]!.ref)}`, compare);
  // More than were looked at are made again.
  const given = limit === first.length ? first : givenOf(candidates(), limit);
  let count = 0;
  for (const block of blocksOf(given, ahead)) {
    for (const { ref, having } of block.sort((a, b) => compare(a.ref, b.ref))) {
      if (run.budget.waiting >= asksAhead) await run.budget.room(asksAhead / 2);
      else if (count % breath === breath - 1) await breathe();
      const waits = turn?.next(ref);
      if (waits !== undefined) await waits;
      if (run.draining || run.signal.aborted) return run.cutShort(set);
      count += 1;
      run.count(set.event, { given: 1 });
      const { initTime, validTime } = ref;
      yield { initTime, validTime, leadHours: ref.lead / hour, ref, targets: having, set };
    }
  }
}

function* givenOf(candidates: Iterable<Candidate>, limit: number): Iterable<Candidate> {
  let left = limit;
  for (const candidate of candidates) {
    if (!candidate.isGiven) continue;
    yield candidate;
    left -= 1;
    if (left === 0) return;
  }
}

type Compare = (a: ChunkRef, b: ChunkRef) => number;

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

function* blocksOf<T>(all: Iterable<T>, size: number): Iterable<T[]> {
  let block: T[] = [];
  for (const one of all) {
    block.push(one);
    if (block.length < size) continue;
    yield block;
    block = [];
  }
  yield block;
}

/** The order in which the first refs read their chunks again least. */
const bestOrder = async (
  run: Run,
  set: PairSet,
  forecast: OpenGrid,
  candidates: Iterable<Candidate>,
): Promise<Order> => {
  const chunksOf = chunksOfRefs(run, set, forecast);
  const touched: Touched[] = [];
  for (const { ref, having } of candidates) {
    if (touched.length % breath === breath - 1) await breathe();
    touched.push({ ref, chunks: chunksOf(ref, having) });
  }
  return chunkOrder(touched);
};

interface Candidate {
  readonly ref: ChunkRef;
  /** Whether its valid time lies within the case. */
  readonly inside: boolean;
  /** Targets that have its valid time. */
  readonly having: readonly string[];
  readonly isGiven: boolean;
}

/** Refs within the case; with `unmatched`, all leads of every run that has a valid time within it. */
function* candidatesOf(
  run: Run,
  forecast: OpenGrid,
  set: PairSet,
  targets: ReadonlyMap<string, Has>,
  keep: (ref: ChunkRef) => boolean,
): Iterable<Candidate> {
  const { start, end } = set.event;
  if (forecast.times.kind !== "forecast") return;
  // What has no target yet is waited for where inputs still arrive.
  const isGiven = set.unmatched || run.watching !== undefined;
  const runs = new Set<number>();
  if (set.unmatched) for (const { initTime } of forecast.times.refs(start, end)) runs.add(initTime);
  const [from, to] = set.unmatched ? [-Infinity, Infinity] : [start, end];
  for (const ref of forecast.times.refs(from, to)) {
    if (!keep(ref) || (set.unmatched && !runs.has(ref.initTime))) continue;
    const inside = start <= ref.validTime && ref.validTime <= end;
    const having: string[] = [];
    if (inside) for (const [name, has] of targets) if (has(ref.validTime)) having.push(name);
    yield { ref, inside, having, isGiven: isGiven || having.length > 0 };
  }
}

/** Counts the names to come, keeps the first of them, and reports what the targets lack as gaps. */
const survey = (
  run: Run,
  set: PairSet,
  candidates: Iterable<Candidate>,
  targets: readonly string[],
): { readonly total: number; readonly first: Candidate[] } => {
  const first: Candidate[] = [];
  const lacking = new Map(targets.map((name) => [name, 0]));
  let total = 0;
  let refs = 0;
  for (const candidate of candidates) {
    const { inside, having } = candidate;
    if (candidate.isGiven && total++ < looked) first.push(candidate);
    if (!inside) continue;
    refs += 1;
    if (having.length === targets.length) continue;
    for (const name of targets) if (!having.includes(name)) lacking.set(name, lacking.get(name)! + 1);
  }
  for (const [name, units] of lacking) {
    const target = set.targets.find((source) => source.name === name);
    if (units > 0)
      run.gap(gapOf(set, target, `no value at the valid time of ${units} of ${refs} forecasts`, units));
  }
  if (refs === 0)
    run.gap(gapOf(set, undefined, "no run reaches into the case, or the selection leaves none", 0));
  return { total, first };
};

const selector = (selection: Selection, options: Times) => {
  const time = (value: Date | string) => (value instanceof Date ? value.getTime() : utc(value));
  const inits = options.inits && { from: time(options.inits.from), to: time(options.inits.to) };
  const within = (value: number, range: { readonly from: number; readonly to: number } | undefined) =>
    range === undefined || (range.from <= value && value <= range.to);
  return ({ initTime, lead }: ChunkRef) =>
    within(initTime, selection.inits) &&
    within(initTime, inits) &&
    within(lead / hour, selection.leads) &&
    within(lead / hour, options.leads);
};

/** Milliseconds of a time as text; one without zone is UTC. */
const utc = (text: string): number => {
  const time = instantOf(text);
  if (typeof time === "number") return time;
  throw new EwbError("Options", `inits: ${time.problem}`);
};

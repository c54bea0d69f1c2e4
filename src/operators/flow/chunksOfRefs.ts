/**
 * Which store chunks the refs of a set touch, to tell how refs share them. All cells of a window are stored alike, so
 * one cell is looked at and counts for all chunks of the window: a microsecond or two a ref, however large the region.
 */
import type { ChunkRef, Cost, Slot } from "../../model/chunk.ts";
import type { Window } from "../../model/grid.ts";
import type { OpenGrid } from "../../model/openSource.ts";
import type { PairSet } from "../../model/pair.ts";
import type { Run } from "../../model/run.ts";
import type { Touched } from "./chunkOrder.ts";
import { variablesOn } from "./openSides.ts";

type Chunks = Touched["chunks"];

/** @param forecast that of the set, opened; targets are those that are open, but for lists of points */
export const chunksOfRefs = (
  run: Run,
  set: PairSet,
  forecast: OpenGrid,
): ((ref: ChunkRef, targets: readonly string[]) => Chunks) => {
  const { matching, event } = set;
  const ofForecast = chunksOfSlots(
    forecast,
    variablesOn("forecast", set),
    matching.forecastWindow(forecast.grid, event.region),
  );
  const ofTargets = new Map<string, (time: number) => Chunks>();
  for (const target of set.targets) {
    const opened = run.opened(target);
    if (opened?.kind !== "grid" || opened.times.kind !== "target") continue;
    const { times } = opened;
    const chunksOf = chunksOfSlots(
      opened,
      variablesOn("target", set),
      matching.window(opened.grid, event.region),
    );
    const known = new Map<number, Chunks>();
    ofTargets.set(target.name, (time) => {
      const slot = times.slot(time);
      const chunks = known.get(time) ?? (slot === undefined ? [] : chunksOf(slot));
      known.set(time, chunks);
      return chunks;
    });
  }
  return ({ slot, validTime }, targets) =>
    targets.length === 0
      ? []
      : [...ofForecast(slot), ...targets.flatMap((name) => ofTargets.get(name)?.(validTime) ?? [])];
};

/** One chunk a variable stands for all that the window touches of it. */
const chunksOfSlots = (
  opened: OpenGrid,
  variables: readonly string[],
  window: Window | undefined,
): ((slot: Slot) => Chunks) => {
  if (window === undefined) return () => [];
  const cell = firstCell(window);
  let share: number | undefined;
  return (slot) => {
    const { chunks } = opened.cost(slot, variables, cell);
    share ??= chunks.length === 0 ? 1 : bytesOf(opened.cost(slot, variables, window)) / bytesOf({ chunks });
    const times = share;
    return chunks.map(({ id, bytes }) => ({ id, bytes: bytes * times }));
  };
};

const firstCell = ({ rows, columns }: Window): Window => {
  const first = columns[0]!.start;
  return {
    rows: { start: rows.start, stop: rows.start + 1 },
    columns: [{ start: first, stop: first + 1 }],
  };
};

/** The chunks that the first cell of a set has at the forecast's first time: where they are the same, sets share chunks. */
export const firstChunks = (set: PairSet, forecast: OpenGrid, { slot }: ChunkRef): string => {
  const window = set.matching.forecastWindow(forecast.grid, set.event.region);
  if (window === undefined) return "";
  const zero = Object.fromEntries(Object.keys(slot).map((dim) => [dim, 0]));
  const { chunks } = forecast.cost(zero, variablesOn("forecast", set), firstCell(window));
  return chunks.map(({ id, of }) => of?.chunk ?? id).join();
};

const bytesOf = ({ chunks }: Pick<Cost, "chunks">): number =>
  chunks.reduce((sum, { bytes }) => sum + bytes, 0);

/** The refusal of a unit that cannot be cut small enough: what was asked, what is there, what to try. */
import { type ChunkCost, type Cost, wholeCost } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { PairRef } from "../../model/pair.ts";
import { type SetPlan, type UnitRead, unitReads } from "./setPlan.ts";

/**
 * @param part the smallest part there is, and its cost
 * @param most bytes one unit may hold
 * @param why why the unit could not be cut; undefined: it was cut as far as it goes
 */
export const tooLarge = (
  part: SetPlan,
  ref: PairRef,
  cost: Cost,
  most: number,
  why: string | undefined,
): EwbError => {
  const { event, forecast } = part.set;
  const needed = wholeCost(cost);
  const what = why === undefined ? "the smallest part of a unit" : `a unit cannot be cut (${why}) and`;
  const target = part.targets.map(({ source }) => source.name).join(", ");
  const large = largest(part, ref);
  return new EwbError(
    "OverBudget",
    `${what} needs ${text(needed)}, one unit may hold ${text(most)} (${part.variables.join(", ")} of ` +
      `${forecast.name} against ${target}, case ${event.id} ${event.title}). ${large?.text ?? ""}Give at least ` +
      `${text(1.1 * (needed - most))} more to each worker (a larger --memory, or fewer --workers that share it), ask for ` +
      "fewer variables at once, or use a store with smaller chunks.",
    large === undefined
      ? { source: forecast.address }
      : { source: large.read.opened.source.address, variable: large.variable },
  );
};

interface Largest {
  readonly read: UnitRead;
  readonly variable: string;
  readonly text: string;
}

/** The largest chunk that is read, by the name of its variable. */
const largest = (part: SetPlan, ref: PairRef): Largest | undefined => {
  let found: { read: UnitRead; variable: string; chunk: ChunkCost } | undefined;
  const sizeOf = ({ bytes, encoded }: ChunkCost) => bytes + encoded;
  for (const read of unitReads(part, ref)) {
    for (const variable of read.variables) {
      for (const chunk of read.opened.cost(read.slot, [variable], read.window).chunks) {
        if (found === undefined || sizeOf(chunk) > sizeOf(found.chunk)) found = { read, variable, chunk };
      }
    }
  }
  if (found === undefined) return undefined;
  const { bytes, encoded, array, shape } = found.chunk;
  const form = shape === undefined ? "" : ` has the shape ${shape.join(" x ")} and`;
  return {
    ...found,
    text:
      `Its largest chunk, of ${found.variable} (${array}),${form} takes ${text(bytes)} decoded and ` +
      `up to ${text(encoded)} encoded. `,
  };
};

const text = (bytes: number): string => (bytes < 1e5 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`);

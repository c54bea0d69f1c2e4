import { isEwbError } from "../../model/errors.ts";
import type { PairSet } from "../../model/pair.ts";
import type { Failure } from "../../model/row.ts";

/** A line of the failures table for an error, whatever was thrown. */
export const failureOf = (
  error: unknown,
  stage: Failure["stage"],
  where: { readonly set?: PairSet; readonly target?: string; readonly key?: string } = {},
): Failure => {
  const place = isEwbError(error) ? error.place : {};
  const { set } = where;
  const key = [place.variable, place.chunk ?? place.line ?? where.key].filter((part) => part !== undefined);
  return {
    case_id: set?.event.id ?? null,
    forecast: set?.forecast.name ?? null,
    target: where.target ?? null,
    source: place.source ?? null,
    key: key.length > 0 ? key.join(" ") : null,
    stage,
    tag: isEwbError(error) ? error.tag : error instanceof Error ? error.name : "Error",
    message: messageOf(error, stage),
  };
};

/** What the engine says where the machine has no memory left for an array. */
const refusedMemory = /array buffer allocation failed|invalid (typed )?array (buffer )?length|out of memory/i;

const messageOf = (error: unknown, stage: Failure["stage"]): string => {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof RangeError || error.name === "RangeError") || !refusedMemory.test(error.message)) {
    return error.message;
  }
  return (
    `no memory was to be had while it was at "${stage}": ${error.message}. The ledger had admitted it: give less to ` +
    "--memory where other programs need the machine's, or use fewer --workers"
  );
};

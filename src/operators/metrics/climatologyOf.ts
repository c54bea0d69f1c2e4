import { EwbError } from "../../model/errors.ts";
import type { ClimatologyField } from "../../model/pair.ts";

export const isClimatologyField = (given: unknown): given is ClimatologyField =>
  typeof given === "object" && given !== null && "kind" in given && given.kind === "climatology";

/** The climatology of an option; throws `Options` where it is none. */
export const climatologyOf = (metric: string, field: ClimatologyField): ClimatologyField => {
  if (isClimatologyField(field)) return field;
  throw new EwbError(
    "Options",
    `${metric}: climatology is ${JSON.stringify(field)}; expected climatologyQuantile(source).`,
  );
};

/** The field as it is; throws `Options` for what is none, like a source or a number in its place. */
export const checkedField = (what: string, field: ClimatologyField): ClimatologyField => {
  if (isClimatologyField(field)) return field;
  throw new EwbError(
    "Options",
    `${what} is no field; expected climatologyQuantile(source), source a climatology or a store of latitude and longitude.`,
  );
};

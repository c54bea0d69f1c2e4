import { EwbError } from "../../model/errors.ts";
import type { ClimatologyField } from "../../model/pair.ts";

/** The climatology of an option; throws `Options` where it is none. */
export const climatologyOf = (metric: string, field: ClimatologyField): ClimatologyField => {
  if (typeof field === "object" && field !== null && field.kind === "climatology") return field;
  throw new EwbError(
    "Options",
    `${metric}: climatology is ${JSON.stringify(field)}; expected climatologyQuantile(source).`,
  );
};

import type { Derivation } from "../../model/derivation.ts";
import { EwbError } from "../../model/errors.ts";
import type { Field } from "../../model/field.ts";
import type { FieldPlace, Source } from "../../model/source.ts";

type Fields = Readonly<Record<string, Field>>;

const checkSizes = (fields: Fields, size: number, what: string): void => {
  for (const [name, { values }] of Object.entries(fields)) {
    if (values.length === size) continue;
    throw new EwbError(
      "Pipeline",
      `${what} gave ${values.length} values of ${name}; ${size} were expected, one a place of the fields it got`,
      { variable: name },
    );
  }
};

/** Fields after the source's own hook; those it does not give are kept as they were. */
export const preprocessFields = (
  source: Source,
  fields: Fields,
  place: () => Omit<FieldPlace, "source">,
  size: number,
): Fields => {
  if (!source.preprocess) return fields;
  const given = source.preprocess(fields, { source: source.name, ...place() });
  checkSizes(given, size, `preprocess of ${source.name}`);
  return { ...fields, ...given };
};

/** Adds what derivations compute, each from the fields it needs only; a field that is there stays as it is. */
export const deriveFields = (
  steps: readonly Derivation<any, any>[],
  fields: Fields,
  size: number,
): Fields => {
  let all = fields;
  for (const step of steps) {
    const needed = Object.fromEntries(Object.keys(step.needs).map((name) => [name, all[name]!]));
    const given: Fields = step.compute(needed);
    const lacking = Object.keys(step.gives).filter((name) => !Object.hasOwn(given, name));
    if (lacking.length > 0) {
      throw new EwbError("Pipeline", `the derivation ${step.name} did not give ${lacking.join(", ")}`, {
        variable: lacking[0]!,
      });
    }
    checkSizes(given, size, `the derivation ${step.name}`);
    all = { ...given, ...all };
  }
  return all;
};

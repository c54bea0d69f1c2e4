import type { Derivation } from "../../model/derivation.ts";
import { EwbError } from "../../model/errors.ts";

/** What has to be read and computed, in this order, to give some variables. */
export interface DerivationPlan {
  readonly stored: readonly string[];
  readonly steps: readonly Derivation<any, any>[];
}

/**
 * Plans variables of a source with derivations. A variable that `isStored` is read, another one that a derivation
 * gives is derived, from variables that may be derived themselves; the rest is read. Throws `Pipeline` where
 * derivations need each other in a circle.
 */
export const derivationPlan = (
  variables: readonly string[],
  derivations: readonly Derivation<any, any>[],
  isStored: (variable: string) => boolean,
): DerivationPlan => {
  const stored = new Set<string>();
  const steps: Derivation<any, any>[] = [];
  const visit = (variable: string, under: readonly Derivation<any, any>[]): void => {
    const step = isStored(variable)
      ? undefined
      : derivations.find(({ gives }) => Object.hasOwn(gives, variable));
    if (!step) {
      stored.add(variable);
      return;
    }
    if (steps.includes(step)) return;
    if (under.includes(step)) {
      const names = [...under, step].map(({ name }) => name).join(" -> ");
      throw new EwbError("Pipeline", `derivations need each other in a circle: ${names}`, { variable });
    }
    for (const need of Object.keys(step.needs)) visit(need, [...under, step]);
    steps.push(step);
  };
  for (const variable of variables) visit(variable, []);
  return { stored: [...stored], steps };
};

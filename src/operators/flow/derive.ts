import type { Derivation } from "../../model/derivation.ts";
import type { Source } from "../../model/source.ts";
import type { Variables } from "../../model/units.ts";

/**
 * A source that also gives what the derivation makes. It asks the inner source only for what is needed, and
 * computes on the source's own grid, inside the budget.
 *
 * @example derive(hres, windSpeed) // has `surface_wind_speed` besides its own variables
 */
export const derive = <V extends Needs, Needs extends Variables, Gives extends Variables>(
  source: Source<V>,
  derivation: Derivation<Needs, Gives>,
): Source<V & Gives> => ({
  ...source,
  variables: { ...source.variables, ...derivation.gives },
  derivations: [...(source.derivations ?? []), derivation],
});

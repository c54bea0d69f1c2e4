import type { Shape } from "../../../kernels/polygon.ts";
import { EwbError } from "../../../model/errors.ts";

/**
 * The shape as it is; throws `Options` for what is neither a box (south to north, west to east, degrees) nor a polygon of
 * GeoJSON: a box upside down would hold no place, silently.
 */
export const checkedShape = (what: string, shape: Shape): Shape => {
  const given: unknown = shape;
  const found = JSON.stringify(given)?.slice(0, 80);
  if (typeof given === "object" && given !== null) {
    if ("type" in given) {
      const isPolygon = given.type === "Polygon" || given.type === "MultiPolygon";
      if (isPolygon && "coordinates" in given && Array.isArray(given.coordinates)) return shape;
    } else {
      const { south, north, west, east } = given as Record<string, unknown>;
      const sides = [south, north, west, east];
      if (sides.every(Number.isFinite) && (south as number) <= (north as number)) return shape;
      if (sides.every(Number.isFinite))
        throw new EwbError("Options", `${what} is upside down: south ${south} is north of north ${north}.`);
    }
  }
  throw new EwbError(
    "Options",
    `${what} is ${found}; expected { south, north, west, east } in degrees, or a Polygon or MultiPolygon of GeoJSON.`,
  );
};

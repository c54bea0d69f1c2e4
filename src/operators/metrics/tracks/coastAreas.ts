import { hashText } from "../../../kernels/hash.ts";
import type { AreaGeometry } from "../../../kernels/tracks/coast.ts";
import { EwbError } from "../../../model/errors.ts";

/** A coast as GeoJSON areas. */
export interface CoastAreas {
  /** Land, without lakes: a polygon or several. */
  readonly land: AreaGeometry;
  /** The open sea, from which a landfall comes; all that is not land unless given. */
  readonly ocean?: AreaGeometry;
  /** What the column `parameters` says of it, beside a hash of the areas. */
  readonly name?: string;
}

const isArea = (area: unknown): area is AreaGeometry => {
  if (typeof area !== "object" || area === null || !("type" in area && "coordinates" in area)) return false;
  return (area.type === "Polygon" || area.type === "MultiPolygon") && Array.isArray(area.coordinates);
};

/** Throws `Options` where a coast is none. */
export const checkCoast = (metric: string, coast: CoastAreas): void => {
  if (isArea(coast?.land) && (coast.ocean === undefined || isArea(coast.ocean))) return;
  throw new EwbError(
    "Options",
    `${metric}: there is no coast; give { coast: { land, ocean } } with a GeoJSON Polygon or MultiPolygon of land without lakes, and of the open sea where it is not all the rest. A Feature has it as its geometry.`,
  );
};

/** The coast as a parameter. */
export const coastText = ({ name, land, ocean }: CoastAreas): string => {
  const hash = hashText(JSON.stringify([land, ocean ?? null])).slice(0, 8);
  return name === undefined ? hash : `${name} ${hash}`;
};

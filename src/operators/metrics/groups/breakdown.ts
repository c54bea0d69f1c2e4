import { hashText } from "../../../kernels/hash.ts";
import type { Shape } from "../../../kernels/polygon.ts";
import { EwbError } from "../../../model/errors.ts";
import type { BreakdownKind, PlaceKind, TimeKind } from "../../../model/metric.ts";
import type { ClimatologyField } from "../../../model/pair.ts";
import type { Hours } from "../../../model/units.ts";
import { checkedField } from "../climatologyOf.ts";
import { hoursOf } from "../options.ts";
import { checkedShape } from "./checkedShape.ts";

/**
 * What a metric is broken down by. Words: the times (as `keep`), the hour, month and season of the valid time, the
 * station of points. Made by a function: `leadBin`, `latitudeBand`, `regions`, `landSea`, `altitudeClass`. All of it is
 * plain data.
 */
export type Breakdown<B extends BreakdownKind = BreakdownKind> =
  | Extract<B, BreakdownWord>
  | Extract<MadeBreakdown, { readonly kind: B }>;

/** Of metrics of whole fields. */
export const ofTimes: readonly TimeKind[] = [
  "init_time",
  "lead_time",
  "valid_time",
  "hour",
  "month",
  "season",
  "leadBin",
];

/** Of metrics of whole runs. */
export const ofPlaces: readonly PlaceKind[] = ["latitudeBand", "region", "landSea", "altitude", "station"];

export type BreakdownWord = Exclude<BreakdownKind, MadeBreakdown["kind"]>;

export type MadeBreakdown = LeadBin | PlaceBreakdown;

export interface LeadBin {
  readonly kind: "leadBin";
  readonly hours: number;
}

export type PlaceBreakdown = LatitudeBand | Regions | LandSea | AltitudeClass;

interface LatitudeBand {
  readonly kind: "latitudeBand";
  readonly degrees: number;
}

interface Regions {
  readonly kind: "region";
  readonly regions: Readonly<Record<string, Shape>>;
}

interface LandSea {
  readonly kind: "landSea";
  readonly mask: ClimatologyField;
}

interface AltitudeClass {
  readonly kind: "altitude";
  readonly field: ClimatologyField;
  readonly edges: readonly number[];
}

/** Leads in bins [0, w), [w, 2 w) and so on: `leadBin("24 h")`. Give the metric `keep: []`, or each lead stays alone. */
export const leadBin = (width: Hours): LeadBin => {
  const hours = hoursOf("leadBin", "width", width);
  if (hours > 0) return { kind: "leadBin", hours };
  throw new EwbError("Options", `leadBin: the width is ${JSON.stringify(width)}; expected hours above 0.`);
};

/** Latitudes in bands [a, a + degrees), from the equator both ways; the northernmost holds the pole. */
export const latitudeBand = (degrees: number): LatitudeBand => {
  if (degrees > 0 && degrees <= 90) return { kind: "latitudeBand", degrees };
  throw new EwbError(
    "Options",
    `latitudeBand: the width is ${JSON.stringify(degrees)}; expected degrees above 0, at most 90.`,
  );
};

/**
 * Named boxes and polygons (GeoJSON), which may overlap: a place counts in each that holds it, in none elsewhere.
 *
 *     regions({ tropics: { south: -20, north: 20, west: -180, east: 180 }, alps: alpsOfGeoJson })
 */
export const regions = (named: Readonly<Record<string, Shape>>): Regions => {
  for (const [name, shape] of Object.entries(named)) checkedShape(`regions: ${name}`, shape);
  if (Object.keys(named).length > 0) return { kind: "region", regions: named };
  throw new EwbError("Options", "regions: there is no region; expected names with a box or a polygon each.");
};

/** Land where the mask (share of land, 0 to 1) is at least 0.5, sea below; a place without a mask is in neither. */
export const landSea = (mask: ClimatologyField): LandSea => ({
  kind: "landSea",
  mask: checkedField("landSea", mask),
});

/** Classes [a, b) of a field, like the altitude of the ground, below its first edge and from its last one on too. */
export const altitudeClass = (field: ClimatologyField, edges: readonly number[]): AltitudeClass => {
  const ascending = edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!));
  if (edges.length > 0 && ascending) return { kind: "altitude", field, edges };
  throw new EwbError(
    "Options",
    `altitudeClass: the edges are ${JSON.stringify(edges)}; expected ascending numbers in ${field.unit} like [500, 1000].`,
  );
};

export const kindOf = (breakdown: Breakdown): BreakdownKind =>
  typeof breakdown === "string" ? breakdown : breakdown.kind;

/** Canonical text: what tells a break-down from others of its kind. */
export const breakdownText = (breakdown: Breakdown): string => {
  if (typeof breakdown === "string") return breakdown;
  switch (breakdown.kind) {
    case "leadBin":
      return `lead ${breakdown.hours} h`;
    case "latitudeBand":
      return `latitude ${breakdown.degrees} degree`;
    case "region":
      return `region ${hashText(JSON.stringify(breakdown.regions)).slice(0, 8)}`;
    case "landSea":
      return `land of ${breakdown.mask.text}`;
    case "altitude":
      return `altitude of ${breakdown.field.text} at ${breakdown.edges.join(",")} ${breakdown.field.unit}`;
  }
};

/** The fields that places are told apart by. */
export const fieldsOf = (breakdowns: readonly Breakdown[]): ClimatologyField[] =>
  breakdowns.flatMap((breakdown) => {
    if (typeof breakdown === "string") return [];
    if (breakdown.kind === "landSea") return [breakdown.mask];
    return breakdown.kind === "altitude" ? [breakdown.field] : [];
  });

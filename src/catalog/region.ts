/**
 * Regions made of checked numbers. Case files and cases in code go through the same checks; each problem names
 * the bound at fault, so that a reader of a file can point at its line.
 */
import { EwbError } from "../model/errors.ts";
import type { Region } from "../model/region.ts";

/** What is wrong with one of the named numbers of a region. */
export interface RegionProblem<Key extends string> {
  readonly key: Key;
  readonly problem: string;
}

/** A centre and full widths in degrees: one for both directions, or [latitude, longitude]. */
export interface Centered {
  readonly latitude: number;
  readonly longitude: number;
  readonly degrees: number | readonly [latitude: number, longitude: number];
}

/** What is wrong with the bounds of a box; empty: nothing. */
export const regionProblems = (region: Region): readonly RegionProblem<keyof Region>[] => {
  const { south, north, west, east } = region;
  const single = (["south", "north", "west", "east"] as const).flatMap((key) =>
    coordinateProblem(key, region[key], key === "south" || key === "north"),
  );
  if (single.length > 0) return single;
  const pairs: RegionProblem<keyof Region>[] = [];
  if (south > north) {
    pairs.push({ key: "south", problem: `${south} is above the northern bound ${north}; swap the two` });
  } else if (south === north) {
    pairs.push({ key: "north", problem: `${north} equals the southern bound: the box has no height` });
  }
  if ((east - west) % 360 === 0 && east - west < 360) {
    pairs.push({
      key: "east",
      problem: `${east} is the same meridian as the western bound ${west}: the box has no width (the whole circle is -180 to 180)`,
    });
  }
  return pairs;
};

/** What is wrong with a centre and widths; empty: nothing. */
export const centeredProblems = (centered: Centered): readonly RegionProblem<keyof Centered>[] => [
  ...coordinateProblem("latitude" as const, centered.latitude, true),
  ...coordinateProblem("longitude" as const, centered.longitude, false),
  ...[...new Set(widths(centered))].flatMap((width) =>
    width > 0 && width <= 360
      ? []
      : [{ key: "degrees" as const, problem: `${width} is no width; expected degrees above 0, up to 360` }],
  ),
];

/**
 * A box by its bounds in degrees, edges inside. Longitudes in either convention; `west` > `east`, or bounds
 * beyond ±180, are a box across a meridian.
 *
 * @throws `Cases` naming the bound that is not a number, beyond a pole, reversed, or leaves no area
 * @example boundedRegion({ south: 39, north: 65, west: -136.75, east: -105.75 })
 */
export const boundedRegion = (bounds: Region): Region => {
  refuse(regionProblems(bounds));
  return { south: bounds.south, north: bounds.north, west: bounds.west, east: bounds.east };
};

/**
 * A box of full widths `degrees` around a centre, cut off at the poles.
 *
 * @throws `Cases` naming the number that is missing or out of range
 * @example centeredRegion({ latitude: 41, longitude: -120, degrees: [2, 6] }) // 40..42, -123..-117
 */
export const centeredRegion = (centered: Centered): Region => {
  refuse(centeredProblems(centered));
  const { latitude, longitude } = centered;
  const [height, width] = widths(centered);
  const [west, east] = [longitude - width / 2, longitude + width / 2];
  // a box half outside the numbers that bounds may have is the same one a turn further
  const turn = west < -360 ? 360 : east > 720 ? -360 : 0;
  return boundedRegion({
    south: Math.max(-90, latitude - height / 2),
    north: Math.min(90, latitude + height / 2),
    west: west + turn,
    east: east + turn,
  });
};

const widths = ({ degrees }: Centered): readonly [number, number] =>
  typeof degrees === "number" ? [degrees, degrees] : degrees;

const coordinateProblem = <Key extends string>(
  key: Key,
  value: number,
  isLatitude: boolean,
): readonly RegionProblem<Key>[] => {
  const [least, most] = isLatitude ? [-90, 90] : [-360, 720];
  if (value >= least && value <= most) return [];
  const what = isLatitude ? "a latitude" : "a longitude";
  return [{ key, problem: `${value} is not ${what}; expected degrees within ${least} to ${most}` }];
};

const refuse = (problems: readonly RegionProblem<string>[]): void => {
  if (problems.length === 0) return;
  throw new EwbError(
    "Cases",
    `region: ${problems.map(({ key, problem }) => `${key} ${problem}`).join("; ")}`,
  );
};

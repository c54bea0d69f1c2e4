import type { Region } from "../model/region.ts";
import { insideBox } from "./box.ts";

/** A ring of corners in the order of GeoJSON: [longitude, latitude], degrees; closed whether it says so or not. */
export type Ring = readonly (readonly [longitude: number, latitude: number])[];

/** A box, or a polygon as GeoJSON has it: the first ring the outline, the others holes. */
export type Shape =
  | Region
  | { readonly type: "Polygon"; readonly coordinates: readonly Ring[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly Ring[])[] };

/**
 * Whether a point (degrees) lies inside a shape; edges are inside. Sides of a polygon are straight in latitude and
 * longitude, as those of a box are, and take the shorter way round: no side is longer than 180 degrees of longitude. A
 * ring that goes round the globe encloses the pole that is nearer to its mean latitude.
 */
export const insideShape = (shape: Shape): ((latitude: number, longitude: number) => boolean) => {
  if (!("type" in shape)) return insideBox(shape);
  const polygons = (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates).map((rings) =>
    rings.filter((ring) => ring.length > 0).map(unrolled),
  );
  return (latitude, longitude) =>
    polygons.some(([outline, ...holes]) => {
      if (outline === undefined) return false;
      const place = where(outline, latitude, longitude);
      return (
        place !== OUTSIDE &&
        (place === EDGE || !holes.some((hole) => where(hole, latitude, longitude) === INSIDE))
      );
    });
};

const OUTSIDE = 0;
const INSIDE = 1;
const EDGE = 2;
/** What lies this near (degrees) to a side lies on it. */
const NEAR = 1e-9;

/** Corners without jumps of longitude, closed; the last is the first again. */
interface Unrolled {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly west: number;
  readonly east: number;
}

const unrolled = (ring: Ring): Unrolled => {
  const x = ring.map(([longitude]) => longitude);
  const y = ring.map(([, latitude]) => latitude);
  if (x.length > 1 && y[0] === y.at(-1) && (x.at(-1)! - x[0]!) % 360 === 0) {
    x.pop();
    y.pop();
  }
  const [firstX, firstY] = [x[0]!, y[0]!];
  x.push(firstX);
  y.push(firstY);
  for (let i = 1; i < x.length; i++) x[i] = x[i - 1]! + turn(x[i - 1]!, x[i]!);
  const round = x.at(-1)! - firstX;
  if (Math.abs(round) > 180) {
    const pole = y.reduce((sum, latitude) => sum + latitude, 0) > 0 ? 90 : -90;
    x.push(x.at(-1)!, firstX, firstX);
    y.push(pole, pole, firstY);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y), west: Math.min(...x), east: Math.max(...x) };
};

/** Degrees from one longitude to another, the shorter way: -180 up to 180. */
const turn = (from: number, to: number): number => {
  const rest = (to - from) % 360;
  return rest > 180 ? rest - 360 : rest <= -180 ? rest + 360 : rest;
};

/** Crossings of a ray to the east with the sides (Shimrat 1962); a point counts once whatever longitude it is told by. */
const where = ({ x, y, west, east }: Unrolled, latitude: number, longitude: number): number => {
  let found = OUTSIDE;
  const first = longitude + 360 * Math.ceil((west - NEAR - longitude) / 360);
  for (let at = first; at <= east + NEAR; at += 360) {
    let inside = false;
    for (let i = 0; i + 1 < x.length; i++) {
      const [x0, y0, x1, y1] = [x[i]!, y[i]!, x[i + 1]!, y[i + 1]!];
      if (onSide(x0, y0, x1, y1, at, latitude)) return EDGE;
      if (y0 > latitude === y1 > latitude) continue;
      if (at < x0 + ((latitude - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    }
    if (inside) found = INSIDE;
  }
  return found;
};

const onSide = (x0: number, y0: number, x1: number, y1: number, x: number, y: number): boolean => {
  if (x < Math.min(x0, x1) - NEAR || x > Math.max(x0, x1) + NEAR) return false;
  if (y < Math.min(y0, y1) - NEAR || y > Math.max(y0, y1) + NEAR) return false;
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length <= NEAR) return true;
  return Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) <= NEAR * length;
};

/** A polygon as GeoJSON has it: rings of [longitude, latitude] in degrees, the outer one first, then its holes. */
export type PolygonRings = readonly (readonly (readonly number[])[])[];

/** A GeoJSON geometry of areas. */
export type AreaGeometry =
  | { readonly type: "Polygon"; readonly coordinates: PolygonRings }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly PolygonRings[] };

/** Where storms come ashore. */
export interface Coast {
  /** Land, without lakes. */
  readonly land: Area;
  /** The open sea, from which a landfall comes; unless given, all that is not land. */
  readonly ocean: Area | undefined;
}

/** Polygons, ready to be asked: rings as longitudes and latitudes in turn, with their extent. */
export type Area = readonly AreaPolygon[];

interface AreaPolygon {
  readonly rings: readonly Float64Array[];
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/**
 * A coast from GeoJSON geometries, to be made once for many tracks.
 *
 *     coastOf({ type: "Polygon", coordinates: [[[-80, 20], [-60, 20], [-60, 45], [-80, 45], [-80, 20]]] })
 */
export const coastOf = (land: AreaGeometry, ocean?: AreaGeometry): Coast => ({
  land: areaOf(land),
  ocean: ocean === undefined ? undefined : areaOf(ocean),
});

const areaOf = (geometry: AreaGeometry): Area =>
  (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).map(
    (polygon): AreaPolygon => {
      const rings = polygon.map((ring) => Float64Array.from(ring.flatMap(([x, y]) => [x!, y!])));
      let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
      const outer = rings[0] ?? new Float64Array();
      for (let i = 0; i < outer.length; i += 2) {
        west = Math.min(west, outer[i]!);
        east = Math.max(east, outer[i]!);
        south = Math.min(south, outer[i + 1]!);
        north = Math.max(north, outer[i + 1]!);
      }
      return { rings, west, east, south, north };
    },
  );

/** Turns of 360 degrees that bring longitudes from `west` to `east` to those of a polygon. */
const turns = (polygon: AreaPolygon, west: number, east: number): number[] => {
  const found: number[] = [];
  const last = Math.floor((polygon.east - west) / 360);
  for (let turn = Math.ceil((polygon.west - east) / 360); turn <= last; turn++) found.push(turn * 360);
  return found;
};

/** Whether a point lies inside an area: 1 inside, 0 on its edge, -1 outside. Planar, in degrees. */
export const sideOfArea = (area: Area, longitude: number, latitude: number): -1 | 0 | 1 => {
  let onEdge = false;
  for (const polygon of area) {
    if (latitude < polygon.south || latitude > polygon.north) continue;
    for (const turn of turns(polygon, longitude, longitude)) {
      const side = sideOfPolygon(polygon, longitude + turn, latitude);
      if (side === 1) return 1;
      if (side === 0) onEdge = true;
    }
  }
  return onEdge ? 0 : -1;
};

const sideOfPolygon = ({ rings }: AreaPolygon, x: number, y: number): -1 | 0 | 1 => {
  let inside = false;
  for (const ring of rings) {
    const n = ring.length;
    for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
      const [ax, ay, bx, by] = [ring[j]!, ring[j + 1]!, ring[i]!, ring[i + 1]!];
      const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      const isBetween =
        x >= Math.min(ax, bx) && x <= Math.max(ax, bx) && y >= Math.min(ay, by) && y <= Math.max(ay, by);
      if (turn === 0 && isBetween) return 0;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside ? 1 : -1;
};

/**
 * Where a segment first touches the edge of an area, as a share of its length; undefined: nowhere. From a point
 * outside that is where it comes in.
 */
export const firstTouch = (
  area: Area,
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
): number | undefined => {
  let first = Number.POSITIVE_INFINITY;
  const [south, north] = [Math.min(ay, by), Math.max(ay, by)];
  for (const polygon of area) {
    if (north < polygon.south || south > polygon.north) continue;
    for (const turn of turns(polygon, Math.min(ax, bx), Math.max(ax, bx))) {
      for (const ring of polygon.rings) {
        first = Math.min(first, touchOfRing(ring, ax + turn, ay, bx + turn, by));
      }
    }
  }
  return first === Number.POSITIVE_INFINITY ? undefined : first;
};

const touchOfRing = (ring: Float64Array, ax: number, ay: number, bx: number, by: number): number => {
  let first = Number.POSITIVE_INFINITY;
  const [dx, dy] = [bx - ax, by - ay];
  const [west, east] = [Math.min(ax, bx), Math.max(ax, bx)];
  const [south, north] = [Math.min(ay, by), Math.max(ay, by)];
  const n = ring.length;
  for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
    const [px, py, qx, qy] = [ring[j]!, ring[j + 1]!, ring[i]!, ring[i + 1]!];
    if ((px < west && qx < west) || (px > east && qx > east)) continue;
    if ((py < south && qy < south) || (py > north && qy > north)) continue;
    const [ex, ey] = [qx - px, qy - py];
    const across = dx * ey - dy * ex;
    if (across !== 0) {
      const t = ((px - ax) * ey - (py - ay) * ex) / across;
      const u = ((px - ax) * dy - (py - ay) * dx) / across;
      if (t >= 0 && t <= 1 && u >= 0 && u <= 1) first = Math.min(first, t);
    } else if ((px - ax) * dy === (py - ay) * dx) {
      // Along one line: the nearer end of the edge.
      const length = dx * dx + dy * dy;
      for (const [x, y] of [
        [px, py],
        [qx, qy],
      ] as const) {
        const t = ((x - ax) * dx + (y - ay) * dy) / length;
        if (t >= 0 && t <= 1) first = Math.min(first, t);
      }
    }
  }
  return first;
};

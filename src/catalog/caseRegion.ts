/** The `location` of a case in a case file. */

import { suggestion } from "../kernels/closestWord.ts";
import type { Region } from "../model/region.ts";
import { type Complain, repeatedKey } from "./caseEntry.ts";
import { type Centered, centeredProblems, centeredRegion, regionProblems } from "./region.ts";
import type { YamlNode } from "./yamlText.ts";

/** Region types there are, and how each is read. */
const readers: Readonly<Record<string, (parameters: YamlNode, complain: Complain) => Region | undefined>> = {
  bounded_region: (parameters, complain) => {
    const numbers = readNumbers(parameters, Object.values(boundKeys), complain);
    if (numbers === undefined) return undefined;
    const [south, north, west, east] = numbers as [number, number, number, number];
    const region = { south, north, west, east };
    const problems = regionProblems(region);
    for (const { key, problem } of problems) complainAbout(parameters, boundKeys[key], problem, complain);
    return problems.length === 0 ? region : undefined;
  },
  centered_region: (parameters, complain) => {
    const centre = readNumbers(parameters, [centreKeys.latitude, centreKeys.longitude], complain);
    const degrees = readWidths(parameters, complain);
    if (centre === undefined || degrees === undefined) return undefined;
    const centered: Centered = { latitude: centre[0]!, longitude: centre[1]!, degrees };
    const problems = centeredProblems(centered);
    for (const { key, problem } of problems) complainAbout(parameters, centreKeys[key], problem, complain);
    return problems.length === 0 ? centeredRegion(centered) : undefined;
  },
};

const boundKeys = {
  south: "latitude_min",
  north: "latitude_max",
  west: "longitude_min",
  east: "longitude_max",
} as const;

const centreKeys = { latitude: "latitude", longitude: "longitude", degrees: "bounding_box_degrees" } as const;

/** The region of a case, or undefined after every problem was said. */
export const readRegion = (location: YamlNode, complain: Complain): Region | undefined => {
  const types = Object.keys(readers);
  if (location.kind !== "mapping") {
    return complain(
      location.line,
      `location is a ${location.kind}; expected a mapping with type and parameters`,
    );
  }
  const twice = repeatedKey(location, ["type", "parameters"]);
  if (twice !== undefined) return complain(twice.line, `${twice.name} is given twice`);
  const type = location.entries.get("type");
  if (type === undefined || typeof type.value !== "string") {
    return complain(type?.line ?? location.line, `location has no type; known are: ${types.join(", ")}`);
  }
  if (type.value === "shapefile_region") {
    return complain(
      type.line,
      "shapefile_region is not supported; give the box around the shape as a bounded_region",
    );
  }
  const reader = Object.hasOwn(readers, type.value) ? readers[type.value] : undefined;
  if (reader === undefined) {
    const closest = suggestion(type.value, types);
    const known = closest.startsWith("known") ? closest : `${closest} Known are: ${types.join(", ")}`;
    return complain(type.line, `there is no region type ${JSON.stringify(type.value)}; ${known}`);
  }
  const parameters = location.entries.get("parameters");
  if (parameters === undefined || parameters.kind !== "mapping") {
    return complain(
      parameters?.line ?? location.line,
      `location has no parameters; expected those of a ${type.value}`,
    );
  }
  const again = repeatedKey(parameters, [...Object.values(boundKeys), ...Object.values(centreKeys)]);
  if (again !== undefined) return complain(again.line, `${again.name} is given twice`);
  return reader(parameters, complain);
};

/** The numbers of all `keys`, or undefined after each that is missing or no number was named. */
const readNumbers = (
  parameters: YamlNode,
  keys: readonly string[],
  complain: Complain,
): readonly number[] | undefined => {
  const numbers = keys.flatMap((key) => {
    const node = parameters.entries.get(key);
    if (node === undefined || (node.kind === "scalar" && node.value === null)) {
      complain(node?.line ?? parameters.line, `${key} is missing`);
      return [];
    }
    if (typeof node.value === "number") return [node.value];
    const found = node.kind === "scalar" ? JSON.stringify(node.value) : `a ${node.kind}`;
    complain(node.line, `${key} is ${found}; expected a number of degrees`);
    return [];
  });
  return numbers.length === keys.length ? numbers : undefined;
};

const readWidths = (
  parameters: YamlNode,
  complain: Complain,
): number | readonly [number, number] | undefined => {
  const key = centreKeys.degrees;
  const node = parameters.entries.get(key);
  if (node?.kind !== "list") return readNumbers(parameters, [key], complain)?.[0];
  const [height, width] = node.items.map(({ value }) => value);
  if (node.items.length === 2 && typeof height === "number" && typeof width === "number")
    return [height, width];
  return complain(
    node.line,
    `${key} is a list of ${node.items.length}; expected a number, or [latitude, longitude] widths`,
  );
};

const complainAbout = (parameters: YamlNode, key: string, problem: string, complain: Complain): undefined =>
  complain(parameters.entries.get(key)?.line ?? parameters.line, `${key} ${problem}`);

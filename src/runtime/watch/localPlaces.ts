/**
 * The folders and files of this machine that a data set is made of, and of a Zarr store the folders where chunks
 * appear. What is elsewhere is looked at by turns only.
 */
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { DataSet } from "../../catalog/dataSet.ts";
import { initPattern } from "../../sources/watch/initPattern.ts";

/** More are not watched. */
const most = 200;

/** @param files files of the data set itself and of its cases */
export const localPlaces = (
  { forecasts, targets }: Pick<DataSet, "forecasts" | "targets">,
  files: readonly string[],
): readonly string[] => {
  const places = new Set(files.map((file) => resolve(file)));
  for (const { address, format } of [...forecasts, ...targets]) {
    const path = format === "memory" ? undefined : pathOf(initPattern(address)?.base ?? address);
    if (path === undefined) continue;
    places.add(path);
    for (const name of foldersIn(path)) {
      places.add(join(path, name));
      // Zarr v3 has the chunks of an array in a folder of this name.
      if (isFolder(join(path, name, "c"))) places.add(join(path, name, "c"));
    }
  }
  return [...places].slice(0, most);
};

const pathOf = (address: string): string | undefined => {
  if (address.startsWith("file:")) return fileURLToPath(address);
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(address) ? undefined : resolve(address);
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const foldersIn = (path: string): readonly string[] => {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
};

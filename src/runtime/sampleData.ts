/**
 * The embedded sample on disk. It is made once, in a temporary folder that gets its name when it is whole, so that
 * a killed run leaves no half sample and two runs at once give one. Its bytes are the same everywhere; the folder
 * is named after them, so that another version of ewb with other formulas makes its own.
 */
import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { caseText } from "../catalog/sample/caseText.ts";
import { stationReports } from "../catalog/sample/stations.ts";
import { analysisStore, climatologyStore, modelAStore, modelBStore } from "../catalog/sample/stores.ts";
import { sampleFiles } from "../catalog/sampleDataSet.ts";
import { EwbError, isEwbError } from "../model/errors.ts";
import { notWritten } from "../sinks/atomicFile.ts";
import { writeTable } from "../sinks/parquet/writeTable.ts";
import { recordTable } from "../sinks/recordTable.ts";
import { writeZarr } from "../sinks/zarr/writeZarr.ts";

/** SHA-256 of the sample's files, as `sampleHash` gives it. */
export const expectedSampleHash = "a94ae8574aa1578eb162114d2d228a87d78639339b10df635f2712716ec569cd";

export interface SampleOptions {
  /** Said once before the sample is made: it takes a few seconds. */
  readonly onMake?: (folder: string) => void;
}

/**
 * The sample in `<cache>/sample-v1-<hash>`, made where it is not there or not whole.
 *
 * @throws `Write` where it cannot be written
 * @example const { folder } = await ensureSample("/home/me/.cache/ewb");
 */
export const ensureSample = async (
  cache: string,
  { onMake }: SampleOptions = {},
): Promise<{ readonly folder: string; readonly made: boolean }> => {
  const folder = join(cache, `sample-v1-${expectedSampleHash.slice(0, 12)}`);
  if (await isWhole(folder)) return { folder, made: false };
  onMake?.(folder);
  const part = `${folder}.${randomUUID()}.part`;
  try {
    await mkdir(cache, { recursive: true });
    await removeStale(cache);
    await makeSample(part);
    await writeFile(join(part, manifestName), JSON.stringify(await sizes(part)));
    await rename(part, folder).catch(async () => {
      // Another run was faster, or a damaged sample has to make room.
      if (await isWhole(folder)) return;
      await rename(folder, `${folder}.${randomUUID()}.part`);
      await rename(part, folder);
    });
    return { folder, made: true };
  } catch (cause) {
    throw isEwbError(cause) ? cause : notWritten(folder, cause);
  } finally {
    await rm(part, { recursive: true, force: true }).catch(() => {});
  }
};

/** Writes the sample's stores, station reports and cases into a folder. */
export const makeSample = async (folder: string): Promise<void> => {
  const { forecasts, targets, climatologies, cases } = sampleFiles;
  await mkdir(folder, { recursive: true });
  await writeZarr(join(folder, targets["sample-era5"]), analysisStore());
  await writeZarr(join(folder, forecasts["sample-model-a"]), modelAStore());
  await writeZarr(join(folder, forecasts["sample-model-b"]), modelBStore());
  await writeZarr(join(folder, climatologies["sample-climatology"]), climatologyStore());
  const reports = recordTable(
    [
      { name: "valid_time", type: "timestamp", nullable: false },
      { name: "station", type: "string", nullable: false },
      { name: "latitude", type: "double", nullable: false },
      { name: "longitude", type: "double", nullable: false },
      { name: "surface_air_temperature", type: "double", nullable: true },
    ],
    stationReports(),
  );
  await writeTable(join(folder, targets["sample-stations"]), reports, {
    comment: "Made by formulas for the embedded sample of ewb: no observations.",
    surface_air_temperature: "K",
  });
  await writeFile(join(folder, cases), caseText);
};

/**
 * SHA-256, hexadecimal, over the files of a folder in the order of their paths (with `/`, by UTF-16 code units):
 * path, a zero byte, length in decimal, a zero byte, bytes. The manifest is left out.
 */
export const sampleHash = async (folder: string): Promise<string> => {
  const hash = createHash("sha256");
  for (const path of await files(folder)) {
    const bytes = await readFile(join(folder, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
};

const manifestName = "manifest.json";

/** Whether every file of the manifest is there in its size: what a power cut or a cleaner of caches breaks. */
const isWhole = async (folder: string): Promise<boolean> => {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, manifestName), "utf8"));
    const found = await sizes(folder);
    return JSON.stringify(manifest) === JSON.stringify(found);
  } catch (cause) {
    if (cause instanceof SyntaxError || isMissing(cause)) return false;
    throw new EwbError(
      "StoreRead",
      `could not look at the sample in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}; ` +
        "remove that folder, or choose another cache folder with EWB_CACHE",
      { source: folder },
      { cause },
    );
  }
};

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR");

/** Sizes of the files by path. */
const sizes = async (folder: string): Promise<Record<string, number>> => {
  const paths = await files(folder);
  const found = await Promise.all(paths.map(async (path) => (await lstat(join(folder, path))).size));
  return Object.fromEntries(paths.map((path, i) => [path, found[i]!]));
};

/** Paths of all files but the manifest, sorted. */
const files = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => path !== manifestName)
    .sort((a, b) => (a < b ? -1 : 1));

/** Removes what a run that was killed more than an hour ago left. */
const removeStale = async (cache: string): Promise<void> => {
  const names = (await readdir(cache)).filter((name) => /^sample-v1-.*\.part$/.test(name));
  for (const name of names) {
    const path = join(cache, name);
    const { mtimeMs } = await lstat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
};

/**
 * The sample as if it arrived: copies of its stores in a folder, whose forecasts grow init by init as those of careful
 * systems do: chunks first, then the metadata, each file by rename. A data set beside them names them.
 */
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { sampleFiles } from "../catalog/sampleDataSet.ts";
import { isEwbError } from "../model/errors.ts";
import { notWritten } from "../sinks/atomicFile.ts";

export interface SampleArrivals {
  /** Path of the data set. */
  readonly data: string;
  /** Of both models. */
  readonly inits: number;
  /** Lets the next init arrive; gives how many have. */
  next(): Promise<number>;
}

const variable = "2m_temperature";
const documents = [".zmetadata", `${variable}/.zarray`, "time/.zarray"];

/**
 * Begins without an init. Stores of an earlier time in this folder are replaced.
 *
 * @param sample folder of the sample
 * @throws `Write` where the folder cannot be written
 */
export const sampleArrivals = async (sample: string, folder: string): Promise<SampleArrivals> => {
  const { forecasts, targets, climatologies, cases } = sampleFiles;
  const whole = [...Object.values(targets), ...Object.values(climatologies), cases];
  const models = Object.values(forecasts);
  const data = join(folder, "data.yaml");
  const inits = await written(folder, async () => {
    await mkdir(folder, { recursive: true });
    for (const name of whole) {
      await rm(join(folder, name), { recursive: true, force: true });
      await cp(join(sample, name), join(folder, name), { recursive: true });
    }
    const lengths = await Promise.all(models.map((name) => begin(join(sample, name), join(folder, name))));
    await put(data, dataSetText());
    return Math.min(...lengths);
  });
  let there = 0;
  return {
    data,
    inits,
    next: () =>
      written(folder, async () => {
        if (there === inits) return there;
        for (const name of models) await arrive(join(sample, name), join(folder, name), there);
        there += 1;
        return there;
      }),
  };
};

/** Axes of the forecast are whole from the start; what says how long they are does not. */
const begin = async (from: string, to: string): Promise<number> => {
  await rm(to, { recursive: true, force: true });
  const isChunk = (path: string) => dirname(path) === join(from, variable) && /^\d+\./.test(basename(path));
  await cp(from, to, {
    recursive: true,
    filter: (path) => !isChunk(path) && !documents.some((name) => path === join(from, name)),
  });
  await show(from, to, 0);
  const { shape } = JSON.parse(await readFile(join(from, "time/.zarray"), "utf8"));
  return shape[0];
};

const arrive = async (from: string, to: string, init: number): Promise<void> => {
  for (const name of await readdir(join(from, variable)))
    if (name.startsWith(`${init}.`))
      await put(join(to, variable, name), await readFile(join(from, variable, name)));
  await show(from, to, init + 1);
};

/** Writes metadata that tell of so many inits, those that readers look at first as the last. */
const show = async (from: string, to: string, inits: number): Promise<void> => {
  for (const name of documents.toReversed()) {
    const document = JSON.parse(await readFile(join(from, name), "utf8"));
    const arrays =
      name === ".zmetadata" ? documents.slice(1).map((key) => document.metadata[key]) : [document];
    for (const { shape } of arrays) shape[0] = inits;
    await put(join(to, name), JSON.stringify(document));
  }
};

const put = async (path: string, bytes: Uint8Array | string): Promise<void> => {
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(part, bytes);
  await rename(part, path);
};

const written = <T>(folder: string, work: () => Promise<T>): Promise<T> =>
  work().catch((cause) => {
    throw isEwbError(cause) ? cause : notWritten(folder, cause);
  });

const dataSetText = (): string => {
  const { forecasts, targets, climatologies, cases } = sampleFiles;
  const list = (files: Readonly<Record<string, string>>) =>
    Object.entries(files).map(([name, file]) =>
      file.endsWith(".parquet")
        ? `  - { name: ${name}, stations: ${file}, variables: { surface_air_temperature: { unit: K } } }`
        : `  - { name: ${name}, zarr: ${file}, variables: { surface_air_temperature: ${variable} } }`,
    );
  return [
    "# The sample as if it arrived.",
    "name: sample-arrivals",
    `cases: ${cases}`,
    "forecasts:",
    ...list(forecasts),
    "targets:",
    ...list(targets),
    "climatologies:",
    ...list(climatologies),
    "",
  ].join("\n");
};

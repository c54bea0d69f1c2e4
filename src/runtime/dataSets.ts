import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { DataSet } from "../catalog/dataSet.ts";
import { EwbError } from "../model/errors.ts";

/**
 * The data set of that name, chosen and never guessed: the embedded sample (made on first use), the public cloud
 * stores, or the user's own file.
 *
 * @throws `DataSet` where the file is not there or not valid
 */
export const openDataSet = async (
  name: string | DataSet,
  cache: string,
  say: (message: string) => void = () => {},
): Promise<DataSet> => {
  if (typeof name !== "string") return name;
  if (name === "sample") {
    const onMake = (folder: string) => say(`making the sample, once, in ${folder} (35 MB)`);
    const [{ sampleDataSet }, { ensureSample }] = await Promise.all([
      import("../catalog/sampleDataSet.ts"),
      import("./sampleData.ts"),
    ]);
    return sampleDataSet((await ensureSample(cache, { onMake })).folder);
  }
  if (name === "public") return (await import("../catalog/publicData.ts")).publicDataSet;
  const file = resolve(name);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new EwbError(
      "DataSet",
      `no data set "${name}": expected "sample", "public" or a YAML file, and there is no file ${file}`,
      { source: file },
      { cause },
    );
  });
  return (await import("../catalog/dataSetFile.ts")).parseDataSet(text, file);
};

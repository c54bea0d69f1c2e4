/**
 * A user's own data set as a YAML file: text in, description out, nothing read or fetched.
 *
 *     name: mine
 *     description: what one line can say            # optional
 *     cases: cases.yaml                             # addresses are relative to this file
 *     forecasts:
 *       - name: my-model
 *         zarr: /data/my-model.zarr                 # or https://, gs://, s3://, az://
 *         variables: { surface_air_temperature: t2m }   # optional: variable -> name in the store (or nothing),
 *                                                       # or {name, unit, at: {level: 850}}
 *         member: mean                              # optional: or a number
 *         absent: missing                           # optional: or fill
 *         wait: 24h                                 # optional, for ewb watch: see PatienceText
 *         never: 3d
 *     targets:
 *       - name: stations
 *         stations: stations.parquet                # or zarr
 *     climatologies:                                # optional
 *       - name: era5-1990-2019
 *         zarr: climatology.zarr
 *         variables: { surface_air_temperature: 2m_temperature }
 *         quantile: 0.85                            # optional: of every variable, which must be named
 *
 * Everything wrong is said at once, each with its line; a key that is not known is refused with the closest one.
 */
import { EwbError } from "../model/errors.ts";
import type { Role, Source } from "../model/source.ts";
import type { DataSet } from "./dataSet.ts";
import { readSource } from "./dataSetSource.ts";
import { addressOf, checkedKeys, type Report, textOf } from "./yamlFields.ts";
import { readYaml, type YamlNode } from "./yamlText.ts";

/**
 * The data set a file describes.
 *
 * @param file the file's own address: relative addresses start from its folder
 * @throws `DataSet` with a line for everything that is wrong
 * @example parseDataSet(await readFile("/data/mine.yaml", "utf8"), "/data/mine.yaml")
 */
export const parseDataSet = (text: string, file: string): DataSet => {
  const root = readYaml(text, file, "DataSet");
  const found: { readonly line: number; readonly what: string }[] = [];
  const report: Report = (line, what) => {
    found.push({ line, what });
    return undefined;
  };
  const dataSet = readDataSet(root, file, report);
  if (found.length === 0 && dataSet !== undefined) return dataSet;
  found.sort((a, b) => a.line - b.line);
  throw new EwbError("DataSet", found.map(({ line, what }) => `${file} line ${line}: ${what}`).join("\n"), {
    source: file,
    line: found[0]?.line ?? 1,
  });
};

const readDataSet = (root: YamlNode, file: string, report: Report): DataSet | undefined => {
  const fields = checkedKeys(root, "a data set", ["name", "cases", "forecasts", "targets"], optional, report);
  if (fields === undefined) return undefined;
  const name = textOf(fields, "name", report);
  const cases = textOf(fields, "cases", report);
  const sources = (key: string, role: Role): Source[] => {
    const list = fields.get(key);
    if (list === undefined) return [];
    if (list.kind === "scalar" && list.value === null) return [];
    if (list.kind !== "list") {
      report(list.line, `${key} is a ${list.kind}; expected a list, each source with a dash`);
      return [];
    }
    const read = list.items.map((item) => readSource(item, role, file, report));
    refuseRepeatedNames(list.items, key, report);
    return read.filter((source) => source !== undefined);
  };
  return {
    name: name ?? "",
    description: fields.has("description")
      ? (textOf(fields, "description", report) ?? "")
      : `data set ${name ?? ""}`,
    cases: cases === undefined ? "" : addressOf(fields.get("cases")!, cases, file, report),
    forecasts: sources("forecasts", "forecast"),
    targets: sources("targets", "target"),
    climatologies: sources("climatologies", "climatology"),
  };
};

const optional = ["description", "climatologies"];

const refuseRepeatedNames = (items: readonly YamlNode[], key: string, report: Report): void => {
  const lines = new Map<string, number>();
  for (const item of items) {
    const name = item.entries.get("name");
    if (name === undefined || name.text === "") continue;
    const before = lines.get(name.text);
    if (before !== undefined)
      report(name.line, `two ${key} are called ${name.text}, the first in line ${before}`);
    else lines.set(name.text, name.line);
  }
};

/** One source of a data set file. */
import type { Role, Source } from "../model/source.ts";
import { type Mapping, readMapping, unitsOf } from "./dataSetMapping.ts";
import { readPatience } from "./patience.ts";
import { addressOf, checkedKeys, type Report, textOf } from "./yamlFields.ts";
import type { YamlNode } from "./yamlText.ts";

const sourceKeys: Readonly<Record<Role, readonly string[]>> = {
  forecast: ["zarr", "variables", "member", "absent", "wait", "never"],
  target: ["zarr", "stations", "variables", "member", "absent", "wait", "never"],
  climatology: ["zarr", "variables", "absent", "quantile"],
};

/** A source of a data set file, or undefined after everything that is wrong with it was said. */
export const readSource = (item: YamlNode, role: Role, file: string, report: Report): Source | undefined => {
  const fields = checkedKeys(item, `a ${role}`, ["name"], sourceKeys[role], report);
  if (fields === undefined) return undefined;
  const name = textOf(fields, "name", report);
  const formats = ["zarr", "stations"].filter((key) => fields.has(key));
  const format = formats[0];
  if (format === undefined || formats.length > 1) {
    const keys = role === "target" ? "zarr or stations" : "zarr";
    return report(
      item.line,
      `the ${role} ${name ?? ""} has ${formats.join(" and ") || "no address"}; expected ${keys}`,
    );
  }
  const where = textOf(fields, format, report);
  const mapping = fields.has("variables") ? readMapping(fields.get("variables")!, report) : {};
  const member = readMember(fields.get("member"), report);
  const absent = readAbsent(fields.get("absent"), report);
  const quantile = readQuantile(fields.get("quantile"), mapping, report);
  const text = (key: string) => (fields.has(key) ? { [key]: textOf(fields, key, report) ?? "" } : {});
  const { patience, problems } = readPatience({ ...text("wait"), ...text("never") });
  for (const problem of problems) report(item.line, problem);
  if (name === undefined || where === undefined) return undefined;
  return {
    role,
    name,
    format: format === "zarr" ? "zarr" : "stations",
    address: addressOf(fields.get(format)!, where, file, report),
    variables: fields.has("variables") ? unitsOf(fields.get("variables")!, mapping, report) : {},
    ...stated(quantile === undefined ? mapping : at(mapping, { quantile })),
    ...(member === undefined ? {} : { member }),
    ...(absent === undefined ? {} : { absent }),
    ...(Object.keys(patience).length === 0 ? {} : { patience }),
  };
};

const readMember = (node: YamlNode | undefined, report: Report): "mean" | number | undefined => {
  if (node === undefined) return undefined;
  const { value, line, text } = node;
  if (value === "mean") return "mean";
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  return report(line, `member is ${JSON.stringify(text)}; expected mean, or the number of a member`);
};

const readAbsent = (node: YamlNode | undefined, report: Report): "missing" | "fill" | undefined => {
  if (node === undefined) return undefined;
  const { value, line, text } = node;
  if (value === "missing" || value === "fill") return value;
  return report(line, `absent is ${JSON.stringify(text)}; expected missing or fill`);
};

const readQuantile = (node: YamlNode | undefined, mapping: Mapping, report: Report): number | undefined => {
  if (node === undefined) return undefined;
  const { value, line, text } = node;
  if (typeof value !== "number" || !(value > 0 && value < 1)) {
    return report(line, `quantile is ${JSON.stringify(text)}; expected a number between 0 and 1, as 0.85`);
  }
  if (Object.keys(mapping).length === 0) return report(line, "quantile needs variables: say which it is of");
  return value;
};

/** The mapping of those variables of which anything is said; the others are found by their usual names. */
const stated = (mapping: Mapping): { readonly mapping?: Mapping } => {
  const entries = Object.entries(mapping).filter(([, stored]) => Object.keys(stored).length > 0);
  return entries.length === 0 ? {} : { mapping: Object.fromEntries(entries) };
};

const at = (mapping: Mapping, picks: Readonly<Record<string, number>>): Mapping =>
  Object.fromEntries(
    Object.entries(mapping).map(([variable, stored]) => [
      variable,
      { ...stored, at: { ...stored.at, ...picks } },
    ]),
  );

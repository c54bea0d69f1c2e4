/** Reading the fields of a YAML mapping whose keys are all known. */

import { closestWord, suggestion } from "../kernels/closestWord.ts";
import { resolveAddress } from "./address.ts";
import type { YamlNode } from "./yamlText.ts";

/** Says that something is wrong at a line. */
export type Report = (line: number, what: string) => undefined;

export type Fields = ReadonlyMap<string, YamlNode>;

/** The fields of a mapping, after saying which keys are unknown, repeated or lacking. */
export const checkedKeys = (
  node: YamlNode,
  what: string,
  required: readonly string[],
  optional: readonly string[],
  report: Report,
): Fields | undefined => {
  const known = [...required, ...optional];
  if (node.kind !== "mapping")
    return report(node.line, `${what} is a ${node.kind}; expected a mapping with ${known.join(", ")}`);
  const seen = new Set<string>();
  for (const { name, line } of node.keys) {
    if (!known.includes(name))
      report(line, `${what} has no key ${JSON.stringify(name)}; ${suggestion(name, known)}`);
    else if (seen.has(name)) report(line, `${name} is given twice`);
    seen.add(name);
  }
  const misspelled = [...seen]
    .filter((name) => !known.includes(name))
    .map((name) => closestWord(name, known));
  for (const key of required) {
    if (!node.entries.has(key) && !misspelled.includes(key))
      report(node.line, `${what} lacks the key ${key}`);
  }
  return node.entries;
};

/** A field's text, or undefined after saying that it has none (a missing key was said before). */
export const textOf = (fields: Fields, key: string, report: Report): string | undefined => {
  const node = fields.get(key);
  if (node === undefined) return undefined;
  if (node.kind === "scalar" && node.text.trim() !== "" && node.value !== null) {
    return typeof node.value === "string" ? node.value : node.text;
  }
  return report(node.line, `${key} is ${node.kind === "scalar" ? "empty" : `a ${node.kind}`}; expected text`);
};

/** An address made whole: a relative one starts from the folder of `file`. */
export const addressOf = (node: YamlNode, text: string, file: string, report: Report): string => {
  const resolved = resolveAddress(text, file);
  return typeof resolved === "string" ? resolved : (report(node.line, resolved.problem) ?? "");
};

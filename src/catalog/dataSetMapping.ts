/** The `variables` of a source in a data set file. */

import { closestWord } from "../kernels/closestWord.ts";
import type { StoredVariable } from "../model/source.ts";
import type { Variables } from "../model/units.ts";
import { variableFacts } from "../model/variables.ts";
import { checkedKeys, type Report, textOf } from "./yamlFields.ts";
import type { YamlNode } from "./yamlText.ts";

export type Mapping = Readonly<Record<string, StoredVariable>>;

/** The `variables` of a source: variable -> how it is stored. */
export const readMapping = (node: YamlNode, report: Report): Mapping => {
  if (node.kind !== "mapping") {
    report(node.line, `variables is a ${node.kind}; expected variable: name in the store`);
    return {};
  }
  const entries = [...node.entries].flatMap(([variable, stored]): [string, StoredVariable][] => {
    if (stored.kind === "scalar") {
      return [[variable, stored.value === null || stored.text === "" ? {} : { name: stored.text }]];
    }
    if (stored.kind === "list") {
      report(stored.line, `${variable} is a list; expected a name in the store, or {name, unit, at}`);
      return [];
    }
    const fields = checkedKeys(stored, variable, [], ["name", "unit", "at"], report);
    if (fields === undefined) return [];
    const name = textOf(fields, "name", report);
    const unit = textOf(fields, "unit", report);
    const picked = fields.get("at");
    const at = picked === undefined ? undefined : readPicks(picked, report);
    return [
      [
        variable,
        {
          ...(name === undefined ? {} : { name }),
          ...(unit === undefined ? {} : { unit }),
          ...(at === undefined ? {} : { at }),
        },
      ],
    ];
  });
  return Object.fromEntries(entries);
};

const readPicks = (node: YamlNode, report: Report): Readonly<Record<string, number>> | undefined => {
  if (node.kind !== "mapping")
    return report(node.line, "at is no mapping; expected dimension: value, as {level: 850}");
  const entries = [...node.entries].flatMap(([dimension, { value, line, text }]): [string, number][] => {
    if (typeof value === "number" && Number.isFinite(value)) return [[dimension, value]];
    report(line, `${dimension} is ${JSON.stringify(text)}; expected a number`);
    return [];
  });
  return Object.fromEntries(entries);
};

/**
 * Variable -> canonical unit. A name may end in a level (`air_temperature_850`); a variable of the user's own is
 * given in the unit it states.
 */
export const unitsOf = (node: YamlNode, mapping: Mapping, report: Report): Variables =>
  Object.fromEntries(
    Object.entries(mapping).map(([variable, { unit }]) => {
      const known = canonicalUnit(variable);
      if (known === undefined && unit === undefined) {
        const line = node.keys.find(({ name }) => name === variable)?.line ?? node.line;
        const closest = closestWord(
          variable,
          variableFacts.map(({ name }) => name),
        );
        const hint = closest === undefined ? "" : `did you mean ${JSON.stringify(closest)}? `;
        report(
          line,
          `${variable} is no known variable; ${hint}One of your own states its unit: {name, unit}`,
        );
      }
      return [variable, known ?? unit ?? ""];
    }),
  );

const canonicalUnit = (variable: string): string | undefined => {
  const unitOf = (wanted: string) => variableFacts.find(({ name }) => name === wanted)?.unit;
  return unitOf(variable) ?? unitOf(variable.replace(/_\d+$/, ""));
};

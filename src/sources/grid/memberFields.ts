import type { Field } from "../../model/field.ts";

type Fields = Readonly<Record<string, Field>>;

/**
 * The stored fields of each member by itself, as `preprocess` and derivations see them (and may change). A variable
 * without members is the same in all; none has any: none.
 */
export const membersApart = (fields: Fields): readonly Fields[] => {
  const count = Math.max(0, ...Object.values(fields).map(({ members }) => members?.length ?? 0));
  return Array.from({ length: count }, (_, member) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, { unit, values, members }]) => [
        name,
        { unit, values: members?.[member] ?? values.slice() },
      ]),
    ),
  );
};

/** Fields with the values that each member has of them (none: one member). `values` stay what they are without. */
export const withMembers = (fields: Fields, each: readonly Fields[]): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { unit, values }]) => [
      name,
      { unit, values, members: each.length === 0 ? [values] : each.map((member) => member[name]!.values) },
    ]),
  );

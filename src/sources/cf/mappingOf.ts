import type { Source, StoredVariable } from "../../model/source.ts";

/** What the mapping of a source says of a variable; nothing where it says nothing. */
export const mappingOf = ({ mapping }: Source, variable: string): StoredVariable => {
  const entry = mapping?.[variable];
  return typeof entry === "string" ? { name: entry } : (entry ?? {});
};

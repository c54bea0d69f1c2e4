import type { FileMetaData } from "hyparquet";

/**
 * Units that columns of a Parquet file state: in the metadata of a column, or of a field of the Arrow schema that
 * most writers embed. Keys `units` or `unit`.
 */
export const fieldUnits = async (metadata: FileMetaData): Promise<ReadonlyMap<string, string>> => {
  const units = new Map<string, string>();
  const schema = metadata.key_value_metadata?.find(({ key }) => key === "ARROW:schema")?.value;
  if (schema) {
    const { tableFromIPC } = await import("apache-arrow");
    try {
      const bytes = Uint8Array.from(atob(schema), (letter) => letter.charCodeAt(0));
      for (const field of tableFromIPC(bytes).schema.fields) {
        const unit = field.metadata.get("units") ?? field.metadata.get("unit");
        if (unit !== undefined) units.set(field.name, unit);
      }
    } catch {
      // the embedded schema is an extra: what it cannot say, the mapping or the source says
    }
  }
  for (const { meta_data: meta } of metadata.row_groups[0]?.columns ?? []) {
    for (const { key, value } of meta?.key_value_metadata ?? []) {
      if ((key === "units" || key === "unit") && value) units.set(meta!.path_in_schema.join("."), value);
    }
  }
  return units;
};

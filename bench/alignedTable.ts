/** A table as text: columns aligned, numbers to the right. */
export const alignedTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const isNumber = (text: string) => /^[-\d.]/.test(text);
  const right = head.map((_, i) => rows.every((row) => isNumber(row[i] ?? "-")));
  return all
    .map((row) =>
      head
        .map((_, i) => (right[i] ? (row[i] ?? "").padStart(widths[i]!) : (row[i] ?? "").padEnd(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

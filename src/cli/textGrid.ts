/** Text in aligned columns, for a terminal of a given width. */
export interface GridColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** Blank where the line above says the same, and all columns before it too. */
  readonly once?: boolean;
}

/** Cells of a line, or a heading of the lines that follow. */
export type GridLine = readonly string[] | string;

export interface Grid {
  readonly columns: readonly GridColumn[];
  readonly lines: readonly GridLine[];
}

const gap = "  ";
const indent = "  ";
/** Texts are not cut shorter than this. */
const shortest = 10;

/** Width the grid takes when nothing is cut. */
export const naturalWidth = (grid: Grid): number => total(widthsOf(grid));

/**
 * The lines of a grid, its titles first, each without trailing blanks; headings stand two columns to the left.
 * Where it is wider than `width`, the longest texts are cut in the middle; numbers never are.
 */
export const gridText = (grid: Grid, width: number): string[] => {
  const { columns, lines } = grid;
  const widths = fitted(grid, width);
  const put = (cells: readonly string[]) =>
    indent +
    cells
      .map((cell, c) => {
        const text = cut(cell, widths[c]!);
        return columns[c]!.align === "left" ? text.padEnd(widths[c]!) : text.padStart(widths[c]!);
      })
      .join(gap);
  const titles = put(columns.map(({ title }) => title));
  return [
    titles.trimEnd(),
    ...lines.map((line, l) =>
      typeof line === "string" ? line : put(withoutRepeats(columns, line, lines[l - 1])).trimEnd(),
    ),
  ];
};

/** Names are told apart by their ends: what is too long is cut in the middle. */
const cut = (text: string, width: number): string => {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${end > 0 ? text.slice(-end) : ""}`;
};

const widthsOf = ({ columns, lines }: Grid): number[] =>
  columns.map(({ title }, c) =>
    lines.reduce(
      (size, line) => (typeof line === "string" ? size : Math.max(size, line[c]!.length)),
      title.length,
    ),
  );

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, size) => sum + size, indent.length + gap.length * (widths.length - 1));

const fitted = (grid: Grid, width: number): number[] => {
  const widths = widthsOf(grid);
  while (total(widths) > width) {
    const longest = grid.columns.reduce(
      (found, { align }, c) => (align === "left" && widths[c]! > (widths[found] ?? shortest) ? c : found),
      -1,
    );
    if (longest < 0) break;
    widths[longest]!--;
  }
  return widths;
};

const withoutRepeats = (
  columns: readonly GridColumn[],
  line: readonly string[],
  above: GridLine | undefined,
): string[] => {
  let same = Array.isArray(above);
  return line.map((cell, c) => {
    same &&= cell === above![c];
    return same && columns[c]!.once === true ? "" : cell;
  });
};

/**
 * `ewb metrics`: what there is, family by family; `ewb metrics NAME`: formula, unit, range, orientation, reference and
 * a call of one. All of it is said beside the metrics (`metricDocs` of `ewb/metrics`).
 */
import {
  metricCombinators,
  metricDocs,
  type ToldCombinator,
  type ToldMetric,
} from "../operators/metrics/docs.ts";
import { metricNamed } from "./metricNames.ts";
import { numberWords, orientationWords, unitWords } from "./metricWords.ts";
import { gridText } from "./textGrid.ts";

export const metricsCommand = (
  name: string | undefined,
  { json = false }: { readonly json?: boolean },
  out: NodeJS.WriteStream,
): number => {
  if (name !== undefined) {
    const all: readonly (ToldMetric | ToldCombinator)[] = [...metricDocs, ...metricCombinators];
    const one = metricNamed(`ewb metrics ${name}`, name, all);
    out.write(
      json ? `${jsonOf(one)}\n` : `${("says" in one ? combinatorText(one) : metricText(one)).join("\n")}\n`,
    );
    return 0;
  }
  if (json) for (const one of [...metricDocs, ...metricCombinators]) out.write(`${jsonOf(one)}\n`);
  else out.write(`${listText(out.columns ?? Number.POSITIVE_INFINITY).join("\n")}\n`);
  return 0;
};

/** JSON has no infinity: null where a range has no end. A perfect odds ratio is infinite, too. */
const jsonOf = (one: ToldMetric | ToldCombinator): string =>
  JSON.stringify(one, (key, value) => (key === "perfect" && value === Infinity ? "Infinity" : value));

const families = [...new Set(metricDocs.map(({ family }) => family))];

const listText = (width: number): string[] => [
  ...families.flatMap((family) => {
    const docs = metricDocs.filter((doc) => doc.family === family);
    const lines = docs.map(({ name, term, short = [], range: [from, to], better }) => [
      name,
      term,
      short.join(", "),
      `${numberWords(from)}..${numberWords(to)}`,
      orientationWords[better].word,
    ]);
    const columns = ["metric", "term", "short", "range", "better"].map((title) => ({
      title,
      align: "left" as const,
    }));
    return [family, ...gridText({ columns, lines }, width), ""];
  }),
  "Metrics of metrics, and what they take",
  ...gridText(
    {
      columns: ["function", ""].map((title) => ({ title, align: "left" as const })),
      lines: metricCombinators.map(({ name, says }) => [name, says]),
    },
    width,
  ),
  "",
  '"ewb metrics NAME" tells formula, unit, reference and a call of one.',
];

const metricText = (doc: ToldMetric): string[] => {
  const { name, term, short = [], formula, unit, range, better, perfect, reference, example } = doc;
  const isNumber = perfect !== null;
  return [
    `${name}: ${[term, ...short].join(", ")}`,
    "",
    `formula    ${formula}`,
    `unit       ${unit}${unitWords(unit)}`,
    `range      ${numberWords(range[0])}..${numberWords(range[1])}`,
    `better     ${orientationWords[better].says}${isNumber ? `; a perfect forecast has ${numberWords(perfect)}` : ""}`,
    `reference  ${reference}`,
    `example    ${example}`,
    ...(doc.ofNumbers ? ["", "Of numbers, one a run: called from code, not given to score."] : []),
    "",
    symbols,
  ];
};

const combinatorText = ({ name, says, example }: ToldCombinator): string[] => [
  `${name}: ${says.replaceAll("`", "")}`,
  "",
  `example    ${example}`,
];

const symbols =
  "f forecast, o observation (target), w weight; a hits, b false alarms, c misses, d correct negatives, H = a / (a + c), F = b / (b + d), p = (a + c) / N, q = (a + b) / N.";

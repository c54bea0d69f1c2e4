/**
 * `npm run docs`: writes what `ewb/metrics` says of itself (`metricDocs`) into docs/metrics.md, between the two lines
 * that mark it. The page is committed; `test/docs/metricDocs.test.ts` makes it again and compares.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { numberWords, orientationWords } from "../src/cli/metricWords.ts";
import { metricCombinators, metricDocs, type ToldMetric } from "../src/operators/metrics/docs.ts";

export const page = "docs/metrics.md";

const begin = "<!-- made by `npm run docs` from here";
const end = "<!-- to here -->";

/** The page with its generated part made anew; throws where the lines that mark it are not there. */
export const generated = (text: string): string => {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} lacks the line "${begin} …" or "${end}"`);
  const first = text.indexOf("\n", from) + 1;
  return text.slice(0, first) + sections().join("\n") + text.slice(to);
};

const sections = (): string[] => {
  const families = [...new Set(metricDocs.map(({ family }) => family))];
  return [
    "",
    ...families.flatMap((family) =>
      section(
        family,
        metricDocs.filter((doc) => doc.family === family),
      ),
    ),
    "## Metrics of metrics, and what they take",
    "",
    "| function | what it is | example |",
    "|---|---|---|",
    ...metricCombinators.map(({ name, says, example }) => `| ${code(name)} | ${says} | ${code(example)} |`),
    "",
    "",
  ];
};

const section = (family: string, docs: readonly ToldMetric[]): string[] => [
  `## ${family}`,
  "",
  "| metric | short | formula | unit | range | better | perfect | reference |",
  "|---|---|---|---|---|---|---|---|",
  ...docs.map(({ name, term, short = [], formula, unit, range: [from, to], better, perfect, reference }) =>
    [
      "",
      `${code(name)}<br>${term}`,
      short.map(code).join(" "),
      code(formula),
      unit,
      `${numberWords(from)} to ${numberWords(to)}`,
      orientationWords[better].word,
      perfect === null ? "-" : numberWords(perfect),
      linked(reference),
      "",
    ]
      .join(" | ")
      .trim(),
  ),
  "",
  "Called like this:",
  "",
  "```text",
  ...docs.map(({ example }) => example),
  "```",
  "",
];

/** A bar would end the cell. */
const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

/** Addresses as links; DOIs may hold brackets of any kind. */
const linked = (reference: string): string =>
  reference
    .replace(/doi:(\S*[^\s;,])/g, (_, doi: string) => {
      const address = encodeURI(doi).replaceAll("(", "%28").replaceAll(")", "%29");
      return `[doi:${escaped(doi)}](https://doi.org/${address})`;
    })
    .replace(/(^|\s)(https:\/\/\S+)/g, "$1<$2>");

const escaped = (doi: string): string => doi.replace(/[<>()[\]]/g, (sign) => `\\${sign}`);

if (process.argv[1]?.endsWith("metricDocs.ts")) writeFileSync(page, generated(readFileSync(page, "utf8")));

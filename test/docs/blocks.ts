/** The fenced blocks of a Markdown document. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** Name of the file it is, where its first line is a comment with nothing but a name. */
  readonly file: string | undefined;
}

export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language = "", 2: text = "", index }) => ({
    language,
    text,
    line: markdown.slice(0, index).split("\n").length,
    file: /^(?:#|\/\/) ([\w.-]+\.\w+)$/.exec(text.split("\n")[0]!)?.[1],
  }));

/** Commands of a shell block, without comments. */
export const commandsOf = ({ text }: Block): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/\s+#\s.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** What a TypeScript file imports, in every way there is. */
import type { Token } from "./tokens.ts";

export interface Import {
  /** As written; null where it is computed. */
  readonly from: string | null;
  /** Erased when compiled: `import type`, `export type`. (`import { type A }` still loads the file.) */
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
  /** Names as the other file has them; `*` and `default` included. */
  readonly names: readonly string[];
  /** Names as this file has them. */
  readonly locals: readonly string[];
  readonly line: number;
}

/** Static and dynamic imports, re-exports, `import("…")` types, `require` and `createRequire` calls. */
export const importsOf = (tokens: readonly Token[]): readonly Import[] =>
  tokens.flatMap((token, at): readonly Import[] => {
    if (token.kind !== "word" || [".", "?."].includes(tokens[at - 1]?.text ?? "")) return [];
    const next = tokens[at + 1];
    if ((token.text === "import" || token.text === "require") && isPunctuation(next, "(")) {
      const argument = tokens[at + 2];
      const plain = argument?.kind === "string" && [")", ","].includes(tokens[at + 3]?.text ?? "");
      const typeOnly = token.text === "import" && isTypePosition(tokens, at);
      return [
        {
          from: plain ? argument.text : null,
          typeOnly,
          dynamic: true,
          names: ["*"],
          locals: [],
          line: token.line,
        },
      ];
    }
    if (token.text === "import" && !isPunctuation(next, ".")) return [staticImport(tokens, at)];
    if (token.text === "export") return reexport(tokens, at);
    return [];
  });

const isPunctuation = (token: Token | undefined, text: string): boolean =>
  token?.kind === "punctuation" && token.text === text;

/** `typeof import("x")`, `: import("x").Y`, `<import("x").Y>`, `= import("x").Y` of a type alias. */
const isTypePosition = (tokens: readonly Token[], at: number): boolean => {
  const before = tokens[at - 1]?.text ?? "";
  if (["typeof", ":", "<", "|", "&", "extends", "implements", "as", "satisfies", "keyof"].includes(before)) {
    // `a ? b : import("x")` is a value.
    return before !== ":" || !tokens.slice(Math.max(0, at - 12), at).some(({ text }) => text === "?");
  }
  return before === "=" && tokens[at - 3]?.text === "type";
};

const staticImport = (tokens: readonly Token[], at: number): Import => {
  const end = tokens.findIndex((token, i) => i > at && token.kind === "string");
  const clause = tokens.slice(at + 1, end);
  return importOf(clause, tokens[end]?.text ?? null, tokens[at]!.line);
};

const reexport = (tokens: readonly Token[], at: number): readonly Import[] => {
  const start = tokens[at + 1]?.text === "type" ? at + 2 : at + 1;
  let end: number;
  if (isPunctuation(tokens[start], "*")) end = start + (tokens[start + 1]?.text === "as" ? 3 : 1);
  else if (isPunctuation(tokens[start], "{"))
    end = tokens.findIndex(({ text }, i) => i > start && text === "}") + 1;
  else return [];
  if (tokens[end]?.text !== "from" || tokens[end + 1]?.kind !== "string") return [];
  const { locals: _, ...found } = importOf(
    tokens.slice(at + 1, end),
    tokens[end + 1]!.text,
    tokens[at]!.line,
  );
  return [{ ...found, locals: [] }];
};

const importOf = (clause: readonly Token[], from: string | null, line: number): Import => {
  const words = clause.filter(({ text }, i) => !(text === "from" && i === clause.length - 1));
  const wholeType = words[0]?.text === "type" && words.length > 1 && words[1]?.text !== ",";
  const names: string[] = [];
  const locals: string[] = [];
  const open = words.findIndex(({ text }) => text === "{");
  const outside = (open < 0 ? words : words.slice(0, open))
    .slice(wholeType ? 1 : 0)
    .filter(({ text }) => text !== ",");
  if (outside[0]?.text === "*") {
    names.push("*");
    if (outside[2] !== undefined) locals.push(outside[2].text);
  } else if (outside[0] !== undefined) {
    names.push("default");
    locals.push(outside[0].text);
    if (outside[1]?.text === "*") names.push("*");
    if (outside[3] !== undefined) locals.push(outside[3].text);
  }
  for (const specifier of open < 0 ? [] : split(words.slice(open + 1))) {
    const typed = specifier[0]?.text === "type" && specifier.length > 1 && specifier[1]?.text !== "as";
    const parts = typed ? specifier.slice(1) : specifier;
    if (parts[0] === undefined) continue;
    names.push(parts[0].text);
    locals.push(parts.at(-1)!.text);
  }
  return { from, typeOnly: wholeType, dynamic: false, names, locals, line };
};

/** Specifiers of `{ a, b as c, type d }`, up to the closing brace. */
const split = (tokens: readonly Token[]): readonly (readonly Token[])[] => {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (isPunctuation(token, "}")) break;
    if (isPunctuation(token, ",")) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter(({ length }) => length > 0);
};

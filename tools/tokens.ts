/**
 * Cuts TypeScript into words, strings and punctuation: enough to see what a file imports and which words it uses,
 * without comments, text and regular expressions getting in the way.
 */

export interface Token {
  readonly kind: "word" | "string" | "number" | "regex" | "punctuation";
  /** As written; a string without its quotes. */
  readonly text: string;
  readonly line: number;
}

/** Words after which a slash begins a regular expression, not a division. */
const beforeRegex: ReadonlySet<string> = new Set([
  ...[
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "throw",
    "new",
    "do",
    "else",
    "await",
    "yield",
  ],
  "instanceof",
]);

const punctuation =
  /^(?:>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|\*\*|<<|>>|[\s\S])/;

/** The tokens of a file; the text of templates is a string, what stands in their `${}` are tokens. */
export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  /** For each open `${`: how many braces are open inside it. */
  const templates: number[] = [];
  let at = 0;
  let line = 1;
  const take = (kind: Token["kind"], length: number, written = text.slice(at, at + length)) => {
    tokens.push({ kind, text: written, line });
    skip(length);
  };
  const skip = (length: number) => {
    for (let i = at; i < at + length; i += 1) if (text[i] === "\n") line += 1;
    at += length;
  };
  /** From a backtick or the brace that ends a `${}`: to the next `${` or the last backtick. */
  const template = () => {
    let end = at + 1;
    while (end < text.length && text[end] !== "`" && !text.startsWith("${", end))
      end += text[end] === "\\" ? 2 : 1;
    const inner = text.slice(at + 1, end);
    if (text[end] === "`" || end >= text.length) return take("string", end + 1 - at, inner);
    templates.push(0);
    return take("string", end + 2 - at, inner);
  };
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const char = text[at]!;
    if (/\s/.test(char)) skip(1);
    else if (rest === "//" || (at === 0 && rest === "#!")) skip(lengthUntil(text, at, "\n", 0));
    else if (rest === "/*") skip(lengthUntil(text, at + 2, "*/", 2) + 2);
    else if (char === "`") template();
    else if (char === "}" && templates.at(-1) === 0) {
      templates.pop();
      template();
    } else if (char === '"' || char === "'") {
      const length = /^(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1?/.exec(text.slice(at))![0].length;
      take("string", length, text.slice(at + 1, at + length - 1));
    } else if (/[\p{ID_Start}$_#@]/u.test(char)) {
      take("word", /^[#@]?[\p{ID_Continue}$\u200c\u200d]*/u.exec(text.slice(at))![0].length || 1);
    } else if (/\d/.test(char)) take("number", /^[\w.]+/.exec(text.slice(at))![0].length);
    else if (char === "/" && regexMayStand(tokens)) take("regex", regexLength(text, at));
    else {
      const found = punctuation.exec(text.slice(at, at + 4))![0];
      if (templates.length > 0 && (found === "{" || found === "}")) {
        templates[templates.length - 1]! += found === "{" ? 1 : -1;
      }
      take("punctuation", found.length);
    }
  }
  return tokens;
};

const lengthUntil = (text: string, from: number, end: string, extra: number): number => {
  const found = text.indexOf(end, from);
  return (found < 0 ? text.length : found + extra) - from;
};

const regexMayStand = (tokens: readonly Token[]): boolean => {
  const last = tokens.at(-1);
  if (last === undefined) return true;
  if (last.kind === "word") return beforeRegex.has(last.text);
  return last.kind === "punctuation" && ![")", "]", "}"].includes(last.text);
};

const regexLength = (text: string, from: number): number => {
  let inClass = false;
  for (let i = from + 1; i < text.length; i += 1) {
    const char = text[i]!;
    if (char === "\n") return 1;
    if (char === "\\") i += 1;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) return i + 1 - from + /^[a-z]*/.exec(text.slice(i + 1))![0].length;
  }
  return 1;
};

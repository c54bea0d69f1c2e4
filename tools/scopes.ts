/** Which tokens of a file run when it is imported, and which only when a function is called. */
import type { Token } from "./tokens.ts";

export interface Scope {
  /** Open brackets around the token. */
  readonly depth: number;
  /** Inside a function, a method or a class: not run by importing the file. */
  readonly later: boolean;
}

interface Bracket {
  readonly later: boolean;
  /** Inside the expression of an arrow function that stands at this depth. */
  arrow: boolean;
}

const control: ReadonlySet<string> = new Set(["if", "for", "while", "switch", "catch", "with"]);

/** The scope of every token. Types are not told from values: a word in a type counts as used. */
export const scopesOf = (tokens: readonly Token[]): readonly Scope[] => {
  const opens = matchingOpen(tokens);
  const stack: Bracket[] = [{ later: false, arrow: false }];
  return tokens.map((token, at) => {
    const top = stack.at(-1)!;
    const scope = { depth: stack.length - 1, later: top.later || top.arrow };
    if (token.kind !== "punctuation") return scope;
    if (["(", "[", "{"].includes(token.text)) {
      const body = token.text === "{" && isBody(tokens, at, opens);
      stack.push({ later: scope.later || body, arrow: false });
    } else if ([")", "]", "}"].includes(token.text)) {
      if (stack.length > 1) stack.pop();
      // A block that ends a statement ends the arrow function it belongs to.
      return { depth: stack.length - 1, later: stack.at(-1)!.later || stack.at(-1)!.arrow };
    } else if (token.text === "=>") {
      top.arrow = true;
    } else if (token.text === ";" || token.text === ",") {
      top.arrow = false;
    }
    return scope;
  });
};

/** For every closing bracket the index of its opening one. */
const matchingOpen = (tokens: readonly Token[]): ReadonlyMap<number, number> => {
  const opens = new Map<number, number>();
  const stack: number[] = [];
  tokens.forEach(({ kind, text }, at) => {
    if (kind !== "punctuation") return;
    if (["(", "[", "{"].includes(text)) stack.push(at);
    else if ([")", "]", "}"].includes(text)) opens.set(at, stack.pop() ?? 0);
  });
  return opens;
};

/** Whether the brace at `at` opens the body of a function, method or class. */
const isBody = (tokens: readonly Token[], at: number, opens: ReadonlyMap<number, number>): boolean => {
  if (tokens[at - 1]?.text === "=>") return true;
  const parameters = endOfParameters(tokens, at);
  if (parameters !== undefined) {
    const open = opens.get(parameters) ?? 0;
    return !control.has(tokens[open - 1]?.text ?? "");
  }
  // class Name<T> extends Base implements Other {
  for (let i = at - 1; i >= 0 && !["{", "}", ";", "=>", "="].includes(tokens[i]!.text); i -= 1) {
    if (tokens[i]!.text === "class" || tokens[i]!.text === "interface") return true;
  }
  return false;
};

/** The `)` right before a brace, or before the return type that stands between. */
const endOfParameters = (tokens: readonly Token[], brace: number): number | undefined => {
  for (let i = brace - 1; i >= 0; i -= 1) {
    const { kind, text } = tokens[i]!;
    if (text === ")") return i === brace - 1 || tokens[i + 1]?.text === ":" ? i : undefined;
    const ofType =
      kind !== "punctuation" || [":", "<", ">", ">>", "|", "&", "[", "]", ",", "."].includes(text);
    if (!ofType) return undefined;
  }
  return undefined;
};

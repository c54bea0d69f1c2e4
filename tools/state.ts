/** State that a module keeps between calls: it outlives a run, and two runs share it. */
import type { Import } from "./imports.ts";
import { type Scope, scopesOf } from "./scopes.ts";
import type { Token } from "./tokens.ts";

export interface State {
  readonly line: number;
  readonly what: string;
}

/** Classes whose instances change. */
const changing: ReadonlySet<string> = new Set([
  ...["Map", "Set", "WeakMap", "WeakSet", "Array", "WeakRef", "FinalizationRegistry", "AbortController"],
  ...[
    "AsyncLocalStorage",
    "EventEmitter",
    "EventTarget",
    "Subject",
    "BehaviorSubject",
    "ReplaySubject",
    "AsyncSubject",
  ],
  ...["PQueue", "Worker", "Agent", "Pool"],
]);

const mutators: ReadonlySet<string> = new Set([
  ...[
    "set",
    "add",
    "delete",
    "clear",
    "push",
    "pop",
    "shift",
    "unshift",
    "splice",
    "sort",
    "reverse",
    "fill",
  ],
  "copyWithin",
]);

const assignments: ReadonlySet<string> = new Set([
  ...[
    "=",
    "+=",
    "-=",
    "*=",
    "/=",
    "%=",
    "&=",
    "|=",
    "^=",
    "<<=",
    ">>=",
    ">>>=",
    "&&=",
    "||=",
    "??=",
    "++",
    "--",
  ],
]);

/**
 * `let` and `var` of a module, empty collections and literals that are not declared read-only, objects of a module
 * that a function changes, static fields that are not read-only, a library's registry.
 *
 * A `const` that is shadowed somewhere in its file is not followed.
 */
export const moduleState = (tokens: readonly Token[], imports: readonly Import[]): readonly State[] => {
  const scopes = scopesOf(tokens);
  const found: State[] = [];
  for (const { from, names, line, typeOnly } of imports) {
    if (from === "zarrita" && names.includes("registry") && !typeOnly) {
      found.push({
        line,
        what: "zarrita's registry is state that all runs share; give codecs where they are used",
      });
    }
  }
  tokens.forEach(({ kind, text, line }, at) => {
    if (kind !== "word") return;
    const top = scopes[at]!.depth === 0 && !scopes[at]!.later;
    const starts = isStart(tokens, at);
    if (top && starts && (text === "let" || text === "var")) {
      found.push({
        line,
        what: `a module keeps state (${text} ${tokens[at + 1]?.text}); make it a const, or hold it in run`,
      });
    }
    if (top && starts && text === "const") found.push(...constState(tokens, scopes, at));
    if (
      text === "static" &&
      ["=", ":", ";"].includes(tokens[at + 2]?.text ?? "") &&
      tokens[at + 1]?.text !== "readonly"
    ) {
      found.push({
        line,
        what: `a class keeps state (static ${tokens[at + 1]?.text}); declare it readonly, or hold it in run`,
      });
    }
    if (text === "globalThis" && isChange(tokens, at))
      found.push({ line, what: "a module changes globalThis" });
  });
  return found;
};

const isStart = (tokens: readonly Token[], at: number): boolean =>
  at === 0 ||
  [";", "}", "export", "declare"].includes(tokens[at - 1]!.text) ||
  tokens[at - 1]!.line < tokens[at]!.line;

/** `const name: Annotation = initializer` of a module. */
const constState = (tokens: readonly Token[], scopes: readonly Scope[], at: number): readonly State[] => {
  const name = tokens[at + 1];
  if (name?.kind !== "word") return [];
  const { line } = tokens[at]!;
  const equals = tokens.findIndex(({ text }, i) => i > at && text === "=" && scopes[i]!.depth === 0);
  if (equals < 0) return [];
  const readOnly = tokens.slice(at + 2, equals).some(({ text }) => /^readonly/i.test(text));
  const [first, second, third, fourth] = tokens.slice(equals + 1, equals + 5).map(({ text }) => text);
  const says = (what: string) => [
    { line, what: `a module keeps state (${name.text} = ${what}); declare it read-only, or hold it in run` },
  ];
  // `new Set(["a", "b"])` that nobody changes is a table; an empty one, or one others may reach, is not.
  const call = tokens.findIndex(({ text }, i) => i > equals && text === "(");
  const filled = ["Map", "Set", "Array"].includes(second ?? "") && tokens[call + 1]?.text !== ")";
  const exported = tokens[at - 1]?.text === "export";
  if (!readOnly && first === "new" && changing.has(second ?? "") && (!filled || exported))
    return says(`new ${second}`);
  const isConst = third === "as" && fourth === "const";
  if (!readOnly && !isConst && first === "[" && second === "]") return says("[]");
  if (!readOnly && !isConst && first === "{" && second === "}") return says("{}");
  if (readOnly || isShadowed(tokens, name.text, at + 1)) return [];
  const change = tokens.findIndex(
    ({ kind, text }, i) =>
      i > at + 1 && kind === "word" && text === name.text && scopes[i]!.later && isChange(tokens, i),
  );
  if (change < 0) return [];
  return [
    {
      line: tokens[change]!.line,
      what: `a function changes ${name.text}, which its module keeps; hold it in run`,
    },
  ];
};

/** Whether the word at `at` is bound a second time: declared, or perhaps a parameter. */
const isShadowed = (tokens: readonly Token[], name: string, at: number): boolean =>
  tokens.some(({ kind, text }, i) => {
    if (i === at || kind !== "word" || text !== name) return false;
    const before = tokens[i - 1]?.text ?? "";
    const next = tokens[i + 1]?.text ?? "";
    if (["const", "let", "var", "function"].includes(before)) return true;
    return ["(", ",", "{", "["].includes(before) && [",", ")", "}", "]", ":", "=", "?"].includes(next);
  });

/** `name.member = …`, `name[…] += …`, `name.push(…)`, `delete name.member`. */
const isChange = (tokens: readonly Token[], at: number): boolean => {
  if ([".", "?."].includes(tokens[at - 1]?.text ?? "")) return false;
  if (["delete", "++", "--"].includes(tokens[at - 1]?.text ?? "")) return true;
  let i = at + 1;
  let members = 0;
  while (i < tokens.length) {
    const text = tokens[i]!.text;
    if (text === "." || text === "?.") {
      const method = tokens[i + 1]?.text ?? "";
      if (tokens[i + 2]?.text === "(") return mutators.has(method);
      i += 2;
    } else if (text === "[") i = closing(tokens, i) + 1;
    else if (text === "!") i += 1;
    else return members > 0 && assignments.has(text) && tokens[i]!.kind === "punctuation";
    members += 1;
  }
  return false;
};

const closing = (tokens: readonly Token[], open: number): number => {
  let depth = 0;
  for (let i = open; i < tokens.length; i += 1) {
    if (["[", "(", "{"].includes(tokens[i]!.text) && tokens[i]!.kind === "punctuation") depth += 1;
    if (["]", ")", "}"].includes(tokens[i]!.text) && tokens[i]!.kind === "punctuation") depth -= 1;
    if (depth === 0) return i;
  }
  return tokens.length;
};

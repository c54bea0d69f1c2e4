/**
 * YAML with positions: what case files and data sets are read from.
 *
 * Every value knows its line, so that every message can name it. Nothing follows a number in the file: a text
 * whose aliases would expand to more than a hundred thousand items is refused before any is expanded. Dates stay
 * text (YAML 1.2, core schema); `<<` merges as in YAML 1.1. JSON is YAML too.
 */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { EwbError } from "../model/errors.ts";

/** Items that aliases may expand a text to. */
const aliasLimit = 100_000;

/** A value somewhere in a text. */
export interface YamlNode {
  readonly line: number;
  readonly kind: "mapping" | "list" | "scalar";
  /** Of a scalar: text, number, boolean or null (also where nothing is written). */
  readonly value: unknown;
  /** Of a scalar: as it is written. */
  readonly text: string;
  /** Of a list. */
  readonly items: readonly YamlNode[];
  /** Of a mapping: the first value of each key. */
  readonly entries: ReadonlyMap<string, YamlNode>;
  /** Of a mapping: keys in order, with their lines, repeated ones included. */
  readonly keys: readonly YamlKey[];
}

export interface YamlKey {
  readonly name: string;
  readonly line: number;
}

/**
 * The root of a YAML text.
 *
 * @throws `tag`, naming the line, where the text is not YAML, nested without measure, or a bomb of aliases
 */
export const readYaml = (text: string, file: string, tag: "Cases" | "DataSet"): YamlNode => {
  const lines = new LineCounter();
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const refusal = (line: number, what: string): EwbError =>
    new EwbError(tag, `${file} line ${line}: ${what}`, { source: file, line });
  try {
    const parsed = parseDocument(text.replace(/^\uFEFF/, ""), {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
    });
    const [error] = parsed.errors;
    if (error !== undefined) {
      const line = lineAt(error.pos[0]);
      throw refusal(line, parserMessage(error, text.split(/\r?\n/, line)[line - 1] ?? ""));
    }
    const { targets, unknown } = aliasTargets(parsed);
    if (unknown !== undefined) {
      throw refusal(lineAt(unknown.range?.[0] ?? 0), `*${unknown.source} names no anchor before it`);
    }
    const size = targets.size === 0 ? 0 : expandedSize(parsed.contents, targets);
    if (size > aliasLimit) {
      const found = Number.isFinite(size) ? `${size} items` : "no end";
      throw refusal(
        1,
        `too many aliases: they expand to ${found}, at most ${aliasLimit} are read; write them out`,
      );
    }
    const lineOf = (node: unknown, otherwise: number): number => {
      const range = (node as Partial<Node> | null)?.range;
      return range === undefined || range === null ? otherwise : lineAt(range[0]);
    };
    return nodeOf(parsed.contents, lineOf(parsed.contents, 1), targets, lineOf);
  } catch (cause) {
    // The parser and the walk recurse: thousands of nested brackets end the stack.
    if (!(cause instanceof RangeError)) throw cause;
    throw refusal(1, "this is nested too deeply to be read");
  }
};

const parserMessage = ({ code, message }: { code: string; message: string }, line: string): string => {
  if (code === "RESOURCE_EXHAUSTION") return "this is nested too deeply to be read";
  if (code === "MULTIPLE_DOCS") return "a second document begins (---); expected one";
  if (line.startsWith("\t")) return "this is not YAML: the line begins with a tab; indent with spaces";
  return `this is not YAML: ${message.replace(/\s+/g, " ")}`;
};

type Targets = ReadonlyMap<unknown, Node>;

/** What each alias stands for, and the first alias that stands for nothing. */
const aliasTargets = (parsed: Document) => {
  const targets = new Map<unknown, Node>();
  const anchors = new Map<string, Node>();
  let unknown: { readonly source: string; readonly range?: readonly number[] | null | undefined } | undefined;
  visit(parsed, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined) unknown ??= node;
        else targets.set(node, target);
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return { targets, unknown };
};

/** Items of a node were its aliases copied; Infinity where one contains itself. */
const expandedSize = (root: unknown, targets: Targets): number => {
  const sizes = new Map<unknown, number>();
  const sizeOf = (node: unknown): number => {
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    if (isAlias(node)) return sizeOf(targets.get(node));
    if (!isCollection(node)) return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    sizes.set(node, Number.POSITIVE_INFINITY);
    const size = node.items.reduce((sum: number, item) => sum + sizeOf(item), 1);
    sizes.set(node, size);
    return size;
  };
  return sizeOf(root);
};

const nodeOf = (
  given: unknown,
  line: number,
  targets: Targets,
  lineOf: (node: unknown, otherwise: number) => number,
): YamlNode => {
  const node = isAlias(given) ? targets.get(given) : given;
  const child = (inner: unknown, otherwise: number) =>
    nodeOf(inner, lineOf(inner, otherwise), targets, lineOf);
  const base = { line, value: null, text: "", items: [], entries: new Map<string, YamlNode>(), keys: [] };
  if (isScalar(node)) {
    return { ...base, kind: "scalar", value: node.value, text: node.source ?? String(node.value) };
  }
  if (isSeq(node)) return { ...base, kind: "list", items: node.items.map((item) => child(item, line)) };
  if (!isMap(node)) return { ...base, kind: "scalar" };
  const keys: YamlKey[] = [];
  const entries = new Map<string, YamlNode>();
  const merged: YamlNode[] = [];
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const keyLine = lineOf(key, line);
    const inner = child(value, keyLine);
    if (name === "<<") {
      merged.push(...(inner.kind === "list" ? inner.items : [inner]));
    } else {
      keys.push({ name, line: keyLine });
      if (!entries.has(name)) entries.set(name, inner);
    }
  }
  for (const source of merged) {
    for (const [name, inner] of source.entries) if (!entries.has(name)) entries.set(name, inner);
  }
  return { ...base, kind: "mapping", entries, keys };
};

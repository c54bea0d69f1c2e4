/**
 * An address of one store per init: `/data/fc/{init:yyyyMMddHH}.zarr`. Inside the braces `yyyy`, `MM`, `dd`, `HH` and `mm`
 * are numbers and anything else is itself; there may be several (`…/{init:yyyyMMdd}/{init:HH}/fc.zarr`), and `*` stands
 * for any part of a name. Hour and minute may lack.
 */
import { EwbError } from "../../model/errors.ts";

export interface InitPattern {
  /** The folder where the first name with a pattern lies. */
  readonly base: string;
  /** Names below it, one a folder; a text is itself. */
  readonly names: readonly (string | RegExp)[];
  /** Put after each address again: a signature, say. */
  readonly query: string;
}

/** What a name says of its init. */
export type InitParts = Readonly<Partial<Record<"yyyy" | "MM" | "dd" | "HH" | "mm", string>>>;

/** Undefined: the address is that of one store. Throws `DataSet` where a pattern cannot be an init's. */
export const initPattern = (address: string): InitPattern | undefined => {
  if (!address.includes("{init")) return undefined;
  const fail = (found: string): never => {
    const expected = "{init:…} of yyyy, MM, dd and perhaps HH and mm, each once";
    throw new EwbError("DataSet", `${address}: ${found} found, ${expected} expected`, { source: address });
  };
  const seen = new Set<string>();
  const expression = (name: string): RegExp => {
    const parts = name.split(/(\{init:[^{}]*\}|\*)/);
    const texts = parts.map((part) => {
      if (part === "*") return "[^/]*";
      if (!part.startsWith("{init:")) return /[{}]/.test(part) ? fail(part) : literally(part);
      const fields = part.slice("{init:".length, -1).split(/(yyyy|MM|dd|HH|mm)/);
      return fields.map((field) => {
        if (!/^(yyyy|MM|dd|HH|mm)$/.test(field)) return literally(field);
        if (seen.has(field)) fail(`${field} twice`);
        seen.add(field);
        return `(?<${field}>\\d{${field.length}})`;
      });
    });
    return new RegExp(`^${texts.flat().join("")}$`);
  };
  const [, path = address, query = ""] = /^([^?#]*)(.*)$/s.exec(address) ?? [];
  const all = path.replace(/\/+$/, "").split("/");
  const first = all.findIndex((name) => /[{*]/.test(name));
  const names = all.slice(first).map((name) => (/[{*]/.test(name) ? expression(name) : name));
  for (const field of ["yyyy", "MM", "dd"]) if (!seen.has(field)) fail(`no ${field}`);
  return { base: all.slice(0, first).join("/") || (address.startsWith("/") ? "/" : "."), names, query };
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Milliseconds UTC; undefined: there is no such time. */
export const initOf = ({ yyyy, MM, dd, HH = "00", mm = "00" }: InitParts): number | undefined => {
  const time = Date.parse(`${yyyy}-${MM}-${dd}T${HH}:${mm}:00Z`);
  // 30 February is 2 March for some.
  return Number.isNaN(time) || new Date(time).getUTCDate() !== Number(dd) ? undefined : time;
};

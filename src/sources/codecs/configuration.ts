import { CodecError } from "./codecError.ts";

/** A codec's settings as the store's JSON has them: nothing is believed before it is read by one of these. */
export type Configuration = Readonly<Record<string, unknown>>;

const shown = (key: string, value: unknown) => `${key} ${JSON.stringify(value) ?? "absent"}`;

export function count(codec: string, configuration: Configuration, key: string, otherwise: number): number {
  const value = configuration[key] ?? otherwise;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65536) return value;
  throw new CodecError({ codec, found: shown(key, value), expected: "a whole number of 1 to 65536" });
}

export function finite(codec: string, configuration: Configuration, key: string): number {
  const value = configuration[key];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new CodecError({ codec, found: shown(key, value), expected: "a finite number" });
}

export function oneOf<T extends string>(
  codec: string,
  configuration: Configuration,
  key: string,
  allowed: readonly T[],
  otherwise?: T,
): T {
  const value = configuration[key] ?? otherwise;
  if (allowed.includes(value as T)) return value as T;
  throw new CodecError({ codec, found: shown(key, value), expected: allowed.join(" or ") });
}

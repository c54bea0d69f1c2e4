import { EwbError } from "../model/errors.ts";

const units: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 1024,
  MIB: 1024 * 1024,
  GIB: 1024 * 1024 * 1024,
  K: 1024,
  M: 1024 * 1024,
  G: 1024 * 1024 * 1024,
};

/** Bytes of `"512MB"`, `"2GiB"`, `"2G"`, or a plain number. Throws `Options` for anything else. */
export const parseBytes = (text: string): number => {
  const [, number = "", unit = ""] = /^\s*([\d.]+)\s*([a-zA-Z]*)\s*$/.exec(text) ?? [];
  const factor = units[unit.toUpperCase()];
  const bytes = Math.floor(Number(number) * (factor ?? Number.NaN));
  if (number === "" || !Number.isFinite(bytes) || bytes <= 0) {
    throw new EwbError("Options", `"${text}" is no amount of memory: expected e.g. 512MB, 2GB or 2GiB`);
  }
  return bytes;
};

/** `1.2 GB`: three figures, decimal units. */
export const formatBytes = (bytes: number): string => {
  let value = bytes;
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (value < 1000) return `${value < 10 && unit !== "B" ? value.toFixed(1) : Math.round(value)} ${unit}`;
    value /= 1000;
  }
  return `${value.toFixed(1)} TB`;
};

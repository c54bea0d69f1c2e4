const units: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, min: 60e3, h: 3600e3, d: 86_400e3 };

/** Milliseconds of `30s`, `5m`, `12 h`, `6d`; undefined for anything else. */
export const duration = (text: string): number | undefined => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * units[unit!]!;
};

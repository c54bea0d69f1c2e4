/**
 * Bytes of a state, about: what it would cost to keep. States are plain data; of long lists and maps a few members are
 * looked at and the rest taken to be like them.
 */
export const stateBytes = (state: unknown): number => {
  if (typeof state === "string") return 24 + 2 * state.length;
  if (typeof state !== "object" || state === null) return 8;
  if (ArrayBuffer.isView(state)) return 96 + state.byteLength;
  if (state instanceof Map) return 64 + alike(state.size, state.entries()) + 40 * state.size;
  if (state instanceof Set) return 64 + alike(state.size, state.values()) + 32 * state.size;
  if (Array.isArray(state)) return 32 + alike(state.length, state.values());
  const values = Object.values(state);
  return 32 + 8 * values.length + alike(values.length, values.values());
};

const looked = 16;

const alike = (count: number, members: Iterable<unknown>): number => {
  if (count === 0) return 0;
  let sum = 0;
  let seen = 0;
  for (const member of members) {
    if (seen === looked) break;
    sum += stateBytes(member);
    seen += 1;
  }
  return (sum / seen) * count;
};

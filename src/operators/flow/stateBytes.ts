/** Members of a list that are all looked at; of a longer one so many at the top, and so few at least below. */
const [short, looked, fewest] = [16, 16, 4];

/**
 * Bytes of a state, about: what it would cost to keep. States are plain data; of long lists and maps a few members from
 * the first to the last are looked at and the rest taken to be like them; the deeper, the fewer.
 */
export const stateBytes = (state: unknown, looks = looked): number => {
  if (typeof state === "string") return 24 + 2 * state.length;
  if (typeof state !== "object" || state === null) return 8;
  if (ArrayBuffer.isView(state)) return 96 + state.byteLength;
  if (Array.isArray(state)) return 32 + alike(state.length, state, looks);
  if (state instanceof Map) return 64 + alike(state.size, state, looks) + 40 * state.size;
  if (state instanceof Set) return 64 + alike(state.size, state, looks) + 32 * state.size;
  // The members of an object are few, and unlike each other.
  let bytes = 32;
  for (const name in state) bytes += 8 + stateBytes(state[name as keyof typeof state], looks);
  return bytes;
};

const alike = (count: number, members: Iterable<unknown>, looks: number): number => {
  if (count === 0) return 0;
  const below = Math.max(fewest, looks >> 2);
  const step = count <= short ? 1 : Math.ceil(count / looks);
  let sum = 0;
  let at = 0;
  // A list is not walked through: most states are small ones.
  if (Array.isArray(members)) for (; at < count; at += step) sum += stateBytes(members[at], below);
  else for (const member of members) if (at++ % step === 0) sum += stateBytes(member, below);
  return (sum / Math.ceil(count / step)) * count;
};

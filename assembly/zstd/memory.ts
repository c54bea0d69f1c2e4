/**
 * Where things stand below the caller's window: one piece of memory, tables first, since an entry of theirs holds the
 * address of another in 16 bits.
 */
const arena = memory.data(302464, 16);

/**
 * By state, 16 bytes: value (32 bits), mask of its extra bits (32), address of the entry that the next state's bits are
 * counted from (16), mask of these bits (16), how many they are (8), how many bits with the extra ones (8), how many
 * extra ones (8).
 */
export const literalStates: usize = arena + 0;
export const offsetStates: usize = arena + 8192;
export const matchStates: usize = arena + 12288;
/** The same for the weights of a Huffman table: the value is the weight. */
export const weightStates: usize = arena + 20480;
/** By the next 11 bits: bits used (low byte), symbol. */
export const single: usize = arena + 21504;
/** By the next 11 bits: two symbols or one, bits used, how many symbols. */
export const double: usize = arena + 25600;
export const counts: usize = arena + 33792;
export const turns: usize = arena + 34304;
export const spread: usize = arena + 34816;
export const weights: usize = arena + 35328;
export const starts: usize = arena + 35584;
/** Value and extra bits of each symbol of the table that is being built, as its entries hold them. */
export const values: usize = arena + 35648;
/** By distances below 16: where each of 16 bytes comes from. */
export const patterns: usize = arena + 39744;
export const literalRoom: usize = arena + 40000;
export const inputRoom: usize = arena + 171200;
/** No block is larger, encoded or decoded. */
export const blockMost: u32 = 131072;

/** Extra bits of the codes of literal lengths and match lengths. */
export const literalExtra = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
export const matchExtra = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3,
  3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
export const literalCounts = memory.data<i8>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
export const offsetCounts = memory.data<i8>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
export const matchCounts = memory.data<i8>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);

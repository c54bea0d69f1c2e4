/**
 * What is known of a finished unit without its states, as eleven numbers of 32 bits, in memory and on disk: its name
 * (target and what it lacks, init in two, lead), versions (two each of forecast, target and what is beside), and its
 * number in the order in which units of the site were recorded.
 */
import { hashOfHex, hexOf } from "../../kernels/hash.ts";
import { EwbError } from "../../model/errors.ts";
import type { UnitInputs, UnitName } from "../../model/finished.ts";

export const rowWords = 11;
export const orderWord = 10;
/** Words that tell units apart; of the first all but the two lowest bits. */
export const nameWords = 4;
export const flagBits = 3;

const [lacksForecast, lacksTarget] = [1, 2];
/** Half of 48 bits, so that times before 1970 are above zero. */
const epoch = 140737488355328;

/** @param target number of the target */
export const nameRow = (target: number, { initTime, leadHours }: UnitName): Uint32Array => {
  const [init, lead] = [initTime + epoch, leadHours * 3600];
  const seconds = Math.round(lead);
  if (!Number.isInteger(init) || Math.abs(lead - seconds) > 1e-6)
    throw new EwbError(
      "InvalidValue",
      `init ${initTime} ms, lead ${leadHours} h: expected whole milliseconds and whole seconds`,
    );
  const row = new Uint32Array(rowWords);
  row[0] = target << 2;
  row[1] = Math.floor(init / 4294967296);
  row[2] = init;
  row[3] = seconds;
  return row;
};

export const inputsRow = (name: Uint32Array, inputs: UnitInputs, order: number): Uint32Array => {
  const row = name.slice();
  row[0]! |= (inputs.lacks.forecast ? lacksForecast : 0) | (inputs.lacks.target ? lacksTarget : 0);
  for (const [i, hash] of [inputs.forecast, inputs.target, inputs.beside].entries()) {
    if (!/^[0-9a-f]{16}$/.test(hash))
      throw new EwbError("InvalidValue", `version "${hash}": expected a hash of 16 hexadecimal digits`);
    row.set(hashOfHex(hash), nameWords + 2 * i);
  }
  row[orderWord] = order;
  return row;
};

export const inputsOfRow = (row: Uint32Array): UnitInputs => ({
  forecast: hashAt(row, 4),
  target: hashAt(row, 6),
  beside: hashAt(row, 8),
  lacks: { forecast: (row[0]! & lacksForecast) !== 0, target: (row[0]! & lacksTarget) !== 0 },
});

export const timesOfRow = (row: Uint32Array): Pick<UnitName, "initTime" | "leadHours"> => ({
  initTime: row[1]! * 4294967296 + row[2]! - epoch,
  leadHours: (row[3]! | 0) / 3600,
});

const hashAt = (row: Uint32Array, word: number): string => hexOf([row[word]!, row[word + 1]!]);

/** `ewb history`: rows of a result that said something else before, and what one of them said when. */
import { EwbError } from "../model/errors.ts";
import type { Row } from "../model/row.ts";
import { distinctVersions, type SaidVersion } from "../runtime/watch/distinctVersions.ts";
import { rowKey } from "../runtime/watch/publication.ts";
import { ledgerBeside, type ReadHistory, readHistory } from "../runtime/watch/readHistory.ts";
import { readRows } from "../sinks/parquet/readRows.ts";
import { isoTime } from "./watchText.ts";

export interface HistoryOptions {
  readonly json?: boolean;
  /** Folder of the ledger; default: the one beside the result. */
  readonly ledger?: string;
}

type Out = Pick<NodeJS.WriteStream, "write">;

/** @throws `NotFound`, `LedgerOwned`, `Options`, and what reading the result throws */
export const historyCommand = async (
  result: string,
  key: string | undefined,
  { json = false, ledger }: HistoryOptions,
  out: Out,
): Promise<number> => {
  const { rows } = await readRows(result);
  const now = new Map(rows.map((row) => [rowKey(row), row]));
  const history = await readHistory(ledger ?? ledgerBeside(result));
  try {
    if (key === undefined) await list(now, await history.pasts(), json, out);
    else await one(key.toLowerCase(), now, history, json, out);
  } finally {
    await history.close();
  }
  return 0;
};

const list = (
  now: ReadonlyMap<string, Row>,
  pasts: ReadonlyMap<string, number>,
  json: boolean,
  out: Out,
): void => {
  // In the order of the table; what is gone from it last.
  const there = [...now.keys()].filter((key) => pasts.has(key));
  const gone = [...pasts.keys()].filter((key) => !now.has(key)).sort();
  for (const key of [...there, ...gone]) {
    const row = now.get(key);
    const versions = pasts.get(key)!;
    if (json) out.write(`${JSON.stringify({ key, versions, ...(row === undefined ? {} : facts(row)) })}\n`);
    else
      out.write(`${key}  ${versions} before  ${row === undefined ? "no longer in the table" : name(row)}\n`);
  }
  if (!json && pasts.size === 0) out.write("no row has said anything else before\n");
};

const one = async (
  wanted: string,
  now: ReadonlyMap<string, Row>,
  history: ReadHistory,
  json: boolean,
  out: Out,
): Promise<void> => {
  const key = await wholeKey(wanted, now, history);
  const row = now.get(key);
  const saysNow = row && { ...row, forecastVersion: row.forecast_version, targetVersion: row.target_version };
  const versions = distinctVersions(await history.versions(key), saysNow);
  if (json) {
    const said = versions.map(({ at, ...rest }) => ({ until: isoTime(at), ...rest }));
    out.write(`${JSON.stringify({ key, versions: said, now: row ?? null })}\n`);
    return;
  }
  out.write(`${key}  ${row === undefined ? "no longer in the table" : name(row)}\n\n`);
  for (const version of versions) out.write(`  until ${isoTime(version.at)}  ${said(version)}\n`);
  if (saysNow !== undefined) out.write(`  now${" ".repeat(27)}${said(saysNow)}\n`);
};

/** A key may be given by how it begins. */
const wholeKey = async (
  wanted: string,
  now: ReadonlyMap<string, Row>,
  history: ReadHistory,
): Promise<string> => {
  if (!/^[0-9a-f]{4,16}$/.test(wanted))
    throw new EwbError(
      "Options",
      `key "${wanted}": expected 4 to 16 hexadecimal digits, as "ewb history" lists them`,
    );
  if (now.has(wanted)) return wanted;
  const known = new Set([...now.keys(), ...(await history.pasts()).keys()]);
  const found = [...known].filter((key) => key.startsWith(wanted));
  if (found.length === 1) return found[0]!;
  const many =
    found.length === 0
      ? "no row has it"
      : `${found.length} rows have it, e.g. ${found.slice(0, 3).join(", ")}`;
  throw new EwbError("Options", `key "${wanted}": ${many}`);
};

const said = ({ value, n, status, forecastVersion, targetVersion }: SaidVersion): string =>
  `${Number.isFinite(value) ? Number(value.toPrecision(9)) : value}  n ${n}  ${status}  ` +
  `forecast ${forecastVersion.slice(0, 8)}  target ${targetVersion.slice(0, 8)}`;

/** What tells a row from others. */
const facts = (row: Row) => {
  const {
    case_id,
    forecast,
    target,
    metric,
    variable,
    by,
    parameters,
    level,
    init_time,
    lead_hours,
    valid_time,
  } = row;
  const times = {
    init_time: init_time === null ? null : isoTime(init_time),
    lead_hours,
    valid_time: valid_time === null ? null : isoTime(valid_time),
  };
  return { case_id, forecast, target, metric, variable, level, by, parameters, ...times, value: row.value };
};

const name = (row: Row): string => {
  const time = (word: string, at: number | null) =>
    at === null ? [] : [`${word} ${isoTime(at).slice(0, 16)}Z`];
  return [
    `case ${row.case_id}`,
    row.forecast,
    row.target,
    `${row.metric} of ${row.variable}`,
    ...(row.level === null ? [] : [`level ${row.level}`]),
    ...(row.by === null ? [] : [row.by]),
    ...time("init", row.init_time),
    ...(row.lead_hours === null ? [] : [`lead ${row.lead_hours} h`]),
    ...time("valid", row.valid_time),
  ].join(", ");
};

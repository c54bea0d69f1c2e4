import type { Table } from "../model/run.ts";

/** A table that goes nowhere: that of a plan, and of a worker. */
export const noTable: Table = { add() {}, publish: () => Promise.resolve(), discard() {} };

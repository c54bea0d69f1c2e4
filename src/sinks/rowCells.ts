import type { Row } from "../model/row.ts";

/** The cells of a row in the order of `columns`, named one by one: each is then read at its place in the object. */
export const rowCells = (row: Row, cells: unknown[]): void => {
  cells[0] = row.case_id;
  cells[1] = row.case_title;
  cells[2] = row.event_type;
  cells[3] = row.forecast;
  cells[4] = row.target;
  cells[5] = row.metric;
  cells[6] = row.variable;
  cells[7] = row.unit;
  cells[8] = row.level;
  cells[9] = row.by;
  cells[10] = row.parameters;
  cells[11] = row.init_time;
  cells[12] = row.valid_time;
  cells[13] = row.lead_hours;
  cells[14] = row.value;
  cells[15] = row.lower;
  cells[16] = row.upper;
  cells[17] = row.confidence;
  cells[18] = row.share_better;
  cells[19] = row.reference;
  cells[20] = row.n;
  cells[21] = row.status;
  cells[22] = row.metric_id;
  cells[23] = row.forecast_version;
  cells[24] = row.target_version;
  cells[25] = row.ewb_version;
};

/**
 * Values against thresholds, a piece of at most a few ten thousand places after another. Two-by-two tables are among the
 * sums of leaves (`assembly/values/tables.ts`).
 */
export { categories } from "./categories";
export { mark, markBeyond } from "./marks";

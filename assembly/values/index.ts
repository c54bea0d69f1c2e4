/** Work on decoded values, float32 and float64, a tile after another: same results as the scalar code, to the bit. */
export { decode32, decode64 } from "./decode";
export { endless32, endless64 } from "./endless";
export { errors, means, scores, squares, values } from "./leaves";
export { moments, variance } from "./moments";
export { rows } from "./rows";
export { spread } from "./spread";
export { exceedances, tables } from "./tables";
export { vectorLength } from "./vectorLength";


/** The public list of `ewb/catalog`: cases, sources and data sets as plain descriptions. */
export type { Case } from "../model/case.ts";
export type { Region } from "../model/region.ts";
export type { MemoryArray, Preprocess, Role, Source, StoredVariable, VariablesOf } from "../model/source.ts";
export { type CaseDefect, parseCases } from "./caseFile.ts";
export { type DataSet, selectSources } from "./dataSet.ts";
export { parseDataSet } from "./dataSetFile.ts";
export { type CaseDefinition, defineCase } from "./defineCase.ts";
export { packagedCases } from "./packagedCases.ts";
export { era5, era5Climatology, hres, publicDataSet, publicLevels } from "./publicData.ts";
export { boundedRegion, type Centered, centeredRegion } from "./region.ts";
export { sampleDataSet, sampleFiles } from "./sampleDataSet.ts";
export {
  type ClimatologyOptions,
  climatology,
  type ForecastOptions,
  forecast,
  type InMemoryOptions,
  inMemory,
  type Mapping,
  type TargetOptions,
  target,
} from "./source.ts";
export { type VariableFact, variableFacts } from "./variables.ts";

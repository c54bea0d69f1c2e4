/** What the package offers, by the entries of its `package.json`. */
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";

const { exports, bin, files, version } = JSON.parse(readFileSync("package.json", "utf8"));

describe("package.json", () => {
  test("every entry exists as it is built, with its types", () => {
    for (const [name, { types, default: code }] of Object.entries<{ types: string; default: string }>(
      exports,
    )) {
      expect(existsSync(code), `${name}: ${code}`).toBe(true);
      expect(existsSync(types), `${name}: ${types}`).toBe(true);
    }
    expect(readFileSync(bin.ewb, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    // npx makes it executable only once; a build after that must do it itself.
    expect(() => accessSync(bin.ewb, constants.X_OK)).not.toThrow();
  });

  test("says what is packed", () => {
    expect(files).toEqual(["dist", "pipelines", "CHANGELOG.md"]);
    expect(readFileSync("CHANGELOG.md", "utf8")).toContain(`## ${version}`);
  });
});

/** Names of an entry, sorted. Types are not among them. */
const names = async (entry: string): Promise<string> =>
  Object.keys(await import(/* @vite-ignore */ pathToFileURL(exports[entry].default).href))
    .sort()
    .join(" ");

describe("the public list", () => {
  test("is complete here", () => {
    expect(Object.keys(exports)).toEqual([
      ".",
      "./run",
      "./metrics",
      "./derive",
      "./catalog",
      "./compat/ewb11",
      "./testing",
    ]);
  });

  test("ewb", async () =>
    expect(await names(".")).toMatchInlineSnapshot(
      `"EwbError MemoryBudget cases derive eachCase isEwbError mergeMapWithin pairs score writeParquet"`,
    ));
  test("ewb/run", async () => expect(await names("./run")).toMatchInlineSnapshot(`"createRun plan stream"`));
  test("ewb/metrics", async () =>
    expect(await names("./metrics")).toMatchInlineSnapshot(
      `"accuracy altitudeClass anomalyCorrelation baseRate blockBootstrap bootstrapConfidenceInterval bootstrapRows brierDecomposition brierScore by cdfContinuousRankedProbabilityScore centroidDisplacement climatologyQuantile contingencyTable continuousRankedProbabilityScore correctNegatives correlationSignificance criticalSuccessIndex dawidSebastianiScore defineMetric dieboldMarianoTest difference discriminationDiagram durationMeanError earlySignal elementaryScore energyScore ensembleMeanRootMeanSquaredError ensembleSpread equitableThreatScore errorExceedance errorStandardDeviation exceedanceFrequency expectileScore extremalDependenceIndex extremeDependencyScore f1Score falseAlarmRatio falseAlarms falseDiscoveryRate firmScore flipFlopIndex forecastActivity forecastRate fractionsSkillScore frequencyBias gaussianContinuousRankedProbabilityScore gerritySkillScore hausdorffDistance heidkeSkillScore hitRate hits huberScore intervalScore klingGuptaEfficiency landSea landfallDisplacement landfallIntensityMeanAbsoluteError landfallTimeMeanError latitudeBand leadBin logarithmicScore matthewsCorrelation maximumError maximumLowestMeanAbsoluteError maximumMeanAbsoluteError meanAbsoluteError meanAbsolutePercentageError meanError meanErrorDistance meanOfDraw meanSquaredError medianAbsoluteError metricCombinators metricDocs minimumError minimumMeanAbsoluteError misses moments multiplicativeBias namedReference nashSutcliffeEfficiency negativePredictiveValue neighbourhoodContingency objectErrors oddsRatio oddsRatioSkillScore onsetMeanError otherForecast ownQuantile pairedTTest pearsonCorrelation peirceSkillScore percentBias percentWithin persistence pitHistogram probabilityOfFalseDetection quantile quantileContinuousRankedProbabilityScore quantileIntervalScore quantileQuantile quantileScore rankHistogram rankedProbabilityScore regions relativeEconomicValue relativeIntensity reliabilityDiagram resampleDraws riskMatrixScore rocArea rocCurve rocSkillScore rootMeanSquaredError seeps signTest skillScore spatialDisplacement spearmanCorrelation specificity spreadSkillRatio structureAmplitudeLocation successRatio symmetricExtremalDependenceIndex symmetricExtremeDependencyScore symmetricMeanAbsolutePercentageError thresholdMetrics thresholdWeightedAbsoluteError thresholdWeightedContinuousRankedProbabilityScore thresholdWeightedExpectileScore thresholdWeightedHuberScore thresholdWeightedQuantileScore thresholdWeightedSquaredError trackError unbiasedEnsembleMeanRootMeanSquaredError variogramScore wassersteinDistance weightedIntervalScore where wilcoxonTest windVectorRootMeanSquaredError withInterval"`,
    ));
  test("ewb/derive", async () => expect(await names("./derive")).toMatchInlineSnapshot(`"windSpeed"`));
  test("ewb/catalog", async () =>
    expect(await names("./catalog")).toMatchInlineSnapshot(
      `"boundedRegion centeredRegion climatology defineCase era5 era5Climatology forecast hres inMemory packagedCases parseCases parseDataSet publicDataSet publicLevels sampleDataSet sampleFiles selectSources target variableFacts"`,
    ));
  test("ewb/compat/ewb11", async () =>
    expect(await names("./compat/ewb11")).toMatchInlineSnapshot(
      `"accuracy climatologyQuantile criticalSuccessIndex durationMeanError earlySignal ewb11Matching ewb11Metric ewb11ValueType falseAlarmRatio falseNegatives falsePositives landfallDisplacement landfallIntensityMeanAbsoluteError landfallMetric landfallTimeMeanError maximumLowestMeanAbsoluteError maximumMeanAbsoluteError meanAbsoluteError meanError meanSquaredError minimumMeanAbsoluteError onsetMeanError pairs receiverOperatingCharacteristic receiverOperatingCharacteristicSkillScore rootMeanSquaredError spatialDisplacement thresholdMetric trueNegatives truePositives"`,
    ));
  test("ewb/testing", async () =>
    expect(await names("./testing")).toMatchInlineSnapshot(`"cutPair metricLaws randomPairs"`));
});

import { brierDocs } from "./brier.ts";
import { brierDecompositionDocs } from "./brierDecomposition.ts";
import { cdfCrpsDocs } from "./cdfCrps.ts";
import { crpsDocs } from "./crps.ts";
import { economicValueDocs } from "./economicValue.ts";
import { energyDocs } from "./energy.ts";
import { gaussianDocs } from "./gaussian.ts";
import { intervalDocs } from "./interval.ts";
import { logarithmicScoreDocs } from "./logarithmicScore.ts";
import { pitHistogramDocs } from "./pitHistogram.ts";
import { quantileCrpsDocs } from "./quantileCrps.ts";
import { rankHistogramDocs } from "./rankHistogram.ts";
import { reliabilityDocs } from "./reliability.ts";
import { rocDocs } from "./roc.ts";
import { rpsDocs } from "./rps.ts";
import { spreadSkillDocs } from "./spreadSkill.ts";
import { variogramDocs } from "./variogram.ts";
import { wassersteinDocs } from "./wasserstein.ts";

export const probabilisticDocs = [
  ...crpsDocs,
  ...quantileCrpsDocs,
  ...cdfCrpsDocs,
  ...gaussianDocs,
  ...logarithmicScoreDocs,
  ...brierDocs,
  ...brierDecompositionDocs,
  ...reliabilityDocs,
  ...rocDocs,
  ...rankHistogramDocs,
  ...pitHistogramDocs,
  ...spreadSkillDocs,
  ...rpsDocs,
  ...intervalDocs,
  ...energyDocs,
  ...variogramDocs,
  ...economicValueDocs,
  ...wassersteinDocs,
];

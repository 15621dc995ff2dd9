import { startPrediction } from '../../audit/predict-directory.ts';
import type { PredictionSettings } from '../../audit/prediction/prediction-settings.ts';
import { ReadSides } from './read-sides.ts';
import { type ReportedReadings, randomSeed } from './readings.ts';
import { reportedPrediction } from './reported-prediction.ts';

/** What the next synchronisation will do, made ready to be reported. */
export function predictionReadings(settings: PredictionSettings): ReportedReadings {
  const run = startPrediction(settings, { seed: randomSeed() });
  const sides = new ReadSides();
  return {
    first(object) {
      sides.see(object);
      run.first(object);
    },
    needsSecond: (ordinal) => run.needsSecond(ordinal),
    second: (ordinal, object) => run.second(ordinal, object).map(reportedPrediction),
    notices: () => sides.notices(),
    finish: () => run.finish().map(reportedPrediction),
  };
}

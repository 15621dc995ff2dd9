import type { Severity } from '../../audit/finding.ts';
import { outcomes, type Prediction } from '../../audit/prediction/prediction.ts';
import type { Reported } from './report.ts';
import { naming, reportedHolder } from './reported-finding.ts';

/** What the next synchronisation will do to an object. */
export function reportedPrediction(prediction: Prediction): Reported {
  const { object, outcome, certainty, attribute, value, with: others, message } = prediction;
  return {
    json: prediction,
    row: {
      severity: severityOf(prediction),
      rule: outcome,
      certainty,
      ...naming(object),
      attribute: attribute ?? '',
      value: value ?? '',
      message,
      remedy: '',
      proposal: null,
      action: '',
      holders: others.map(reportedHolder),
      idFix: '',
      isNote: false,
    },
  };
}

/** To be left out is information; that an object in Entra is deleted for it is an effect that somebody has to want. */
function severityOf({ outcome, with: others }: Prediction): Severity {
  return outcome === 'OutOfScope' && others.length > 0 ? 'warning' : outcomes[outcome];
}

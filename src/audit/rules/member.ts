import { attributeRules } from '../attribute-rules.ts';
import { source } from '../sources.ts';

const most = 250_000;
const mostOfOlderClients = 50_000;

export const memberRules = attributeRules({
  attribute: 'member',
  values: ({ valueCounts }) => (valueCounts?.['member'] === undefined ? [] : [String(valueCounts['member'])]),
  surelyPasses: ({ valueCounts }) => (valueCounts?.['member'] ?? 0) <= mostOfOlderClients,
  concerns: [
    {
      code: 'GroupMembers',
      severity: 'error',
      description: 'A group has too many members',
      source: source.endpoint,
      remedy: 'Divide the group, or take it out of scope.',
      check: (count) =>
        Number(count) > most ? `It has ${count} members; a group of more than ${most} is not synchronised.` : null,
    },
    {
      code: 'LargeGroup',
      severity: 'warning',
      description: 'A group has more members than every synchronisation client takes',
      source: source.endpoint,
      remedy: 'Check that Entra Connect uses the V2 endpoint, and do not move the group to Cloud Sync.',
      check: (count) =>
        Number(count) > mostOfOlderClients && Number(count) <= most
          ? `It has ${count} members; only Entra Connect with the V2 endpoint takes more than ${mostOfOlderClients}.`
          : null,
    },
  ],
});

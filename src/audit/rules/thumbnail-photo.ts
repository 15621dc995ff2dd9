import { attributeRules } from '../attribute-rules.ts';
import { source } from '../sources.ts';

const most = 100 * 1024;

export const thumbnailPhotoRules = attributeRules({
  attribute: 'thumbnailPhoto',
  values: ({ octetCounts }) =>
    octetCounts?.['thumbnailPhoto'] === undefined ? [] : [String(octetCounts['thumbnailPhoto'])],
  surelyPasses: ({ octetCounts }) => (octetCounts?.['thumbnailPhoto'] ?? 0) <= most,
  concerns: [
    {
      code: 'ThumbnailPhotoSize',
      severity: 'error',
      description: 'A photo is too large',
      source: source.syncErrors,
      remedy: 'Replace the photo by a smaller one, or remove it.',
      check: (octets) => (Number(octets) > most ? `It has ${octets} octets; the most is ${most} (100 KB).` : null),
    },
  ],
});

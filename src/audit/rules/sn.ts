import { attributeRules } from '../attribute-rules.ts';
import { cutTo, longerThan } from '../length-concern.ts';
import { source } from '../sources.ts';

const longest = 64;

export const snRules = attributeRules({
  attribute: 'sn',
  values: ({ sn }) => (sn === undefined ? [] : [sn]),
  surelyPasses: ({ sn }) => sn === undefined || sn.length <= longest,
  concerns: [
    longerThan(longest, {
      code: 'SurnameLength',
      description: 'A surname is too long',
      source: source.graph,
      remedy: `Enter a surname of at most ${longest} characters.`,
    }),
  ],
  candidates: (value) => [cutTo(longest, value ?? '')],
});

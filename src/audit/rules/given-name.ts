import { attributeRules } from '../attribute-rules.ts';
import { cutTo, longerThan } from '../length-concern.ts';
import { source } from '../sources.ts';

const longest = 64;

export const givenNameRules = attributeRules({
  attribute: 'givenName',
  values: ({ givenName }) => (givenName === undefined ? [] : [givenName]),
  surelyPasses: ({ givenName }) => givenName === undefined || givenName.length <= longest,
  concerns: [
    longerThan(longest, {
      code: 'GivenNameLength',
      description: 'A given name is too long',
      source: source.prepare,
      remedy: `Enter a given name of at most ${longest} characters.`,
    }),
  ],
  candidates: (value) => [cutTo(longest, value ?? '')],
});

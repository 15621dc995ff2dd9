import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/arguments.ts';
import { namesOneOf } from '../../src/cli/mentions.ts';

describe('The command line of the audit trail', () => {
  it('understands its commands', () => {
    expect(readArguments(['verify'])).toEqual({ do: 'verify', repair: false });
    expect(readArguments(['verify', '--repair'])).toEqual({ do: 'verify', repair: true });
    expect(readArguments(['erase', '--object', 'SMTP:a@b.org', '--object', 'c@d.org', '--reason', ' why '])).toEqual({
      do: 'erase',
      names: ['a@b.org', 'c@d.org'],
      reason: 'why',
    });
    expect(readArguments(['show', 'a'.repeat(32)])).toEqual({ do: 'show', id: 'a'.repeat(32) });
    expect(readArguments(['show', '--object', 'a@b.org'])).toEqual({ do: 'find', names: ['a@b.org'] });
    expect(readArguments(['--help'])).toEqual({ do: 'help' });
  });

  it.each([
    [[], 'say what to do.'],
    [['destroy'], "there is no command 'destroy'."],
    [['erase', '--object', 'a@b.org'], 'erase needs --reason: it is recorded in every case.'],
    [['erase', '--reason', 'why'], 'erase needs --object: whose data?'],
    [['erase', '--object', 'anna', '--reason', 'why'], "--object 'anna' is no object id, UPN or address."],
    [['erase', 'a@b.org', '--object', 'a@b.org', '--reason', 'why'], "'a@b.org' is not understood."],
    [['verify', '--object', 'a@b.org'], '--object belongs to erase and show.'],
    [['show', '--repair', 'a'.repeat(32)], '--repair belongs to verify.'],
    [['show', 'a'.repeat(32), '--object', 'a@b.org'], 'show takes one case id, or --object.'],
    [['show', '../secrets'], "'../secrets' is no case id: 32 hex digits."],
  ])('refuses %j and says what is wrong', (args, problem) => {
    expect(readArguments(args)).toEqual({ do: 'refuse', problems: [problem] });
  });

  it('names every problem at once', () => {
    const asked = readArguments(['erase', '--object', 'anna', '--repair']);
    expect(asked.do === 'refuse' && asked.problems).toHaveLength(3);
  });

  it('refuses an option that it does not know', () => {
    expect(readArguments(['verify', '--force']).do).toBe('refuse');
  });
});

describe('A name of a person in a text', () => {
  it.each([
    ['ann@contoso.com', 'smtp:ann@contoso.com'],
    ['ann@contoso.com', "The value 'ANN@contoso.com' is held by another."],
    ['ann@contoso.com', 'It went to ann@contoso.com.'],
    ["o'brien+1@contoso.com", "o'brien+1@contoso.com"],
    ['jürgen@contoso.com', 'JÜRGEN@contoso.com'],
    ['bbbbbbbb-0000-4000-8000-000000000001', 'u7u7uwAAAECAAAAAAAAAAQ=='],
  ])('%s is found in %s', (name, text) => {
    expect(namesOneOf([name])(text)).toBe(true);
  });

  it.each([
    ['ann@contoso.com', 'joann@contoso.com'],
    ['ann@contoso.com', 'mary.ann@contoso.com'],
    ['ann@contoso.com', 'mary-ann@contoso.com'],
    ['ann@contoso.com', 'ann@contoso.com.au'],
    ['ann@contoso.com', 'ann@contoso.community'],
    ['ann@contoso.com', 'ann@contosoXcom'],
    ['ürgen@contoso.com', 'jürgen@contoso.com'],
  ])('%s is not found in %s', (name, text) => {
    expect(namesOneOf([name])(text)).toBe(false);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCertificates, trustInThisProcess } from '../../../dev/certificates.ts';
import { MovableClock } from '../../../dev/clock.ts';
import { type Control, ControlValueError, control } from '../../../dev/control/control.ts';
import { type ControlEndpoint, startControl } from '../../../dev/control/start-control.ts';
import { timeControl } from '../../../dev/control/time-control.ts';

const clock = new MovableClock();
const values: Record<string, number> = {};
const number = (name: string): Control =>
  control({
    name,
    meaning: `The number ${name}.`,
    read: () => values[name],
    accept: (value) => {
      if (typeof value !== 'number') throw new ControlValueError(`${name} takes a number`);
      return value;
    },
    set: async (value) => {
      values[name] = value;
    },
  });
const broken = control({
  name: 'broken',
  meaning: 'Breaks.',
  read: () => null,
  accept: () => undefined,
  set: () => {
    throw new Error('a bug');
  },
});

let endpoint: ControlEndpoint;
beforeAll(async () => {
  const { authority, server: tls } = await createCertificates();
  trustInThisProcess(authority);
  endpoint = await startControl({ controls: [number('b'), number('a'), broken, timeControl(clock)], tls });
});
afterAll(() => endpoint?.stop());
beforeEach(() => {
  values['a'] = 1;
  values['b'] = 2;
  clock.advance(-clock.offset);
});

async function ask(method: string, body?: unknown, path = '/') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${endpoint.url}${path}`, { method, ...(body === undefined ? {} : { body: text }) });
  const type = response.headers.get('content-type');
  return { status: response.status, type, body: (await response.json()) as Record<string, unknown> };
}

describe('the control endpoint', () => {
  test('lists every control by name with its value and meaning', async () => {
    const { status, body } = await ask('GET');
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['a', 'b', 'broken', 'time']);
    expect(body['a']).toEqual({ value: 1, meaning: 'The number a.' });
  });

  test('sets several at once and answers what they are now', async () => {
    expect(await ask('PATCH', { a: 10, b: 20 })).toMatchObject({
      status: 200,
      body: { a: { value: 10 }, b: { value: 20 } },
    });
    expect(values).toMatchObject({ a: 10, b: 20 });
  });

  test('sets nothing when one name is unknown, and names it', async () => {
    expect(await ask('PATCH', { a: 10, nonesuch: 1 })).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { status: 400, problems: [{ control: 'nonesuch', detail: 'There is no such control.' }] },
    });
    expect(values['a']).toBe(1);
  });

  test('sets nothing when one value is not taken, in whatever order', async () => {
    for (const wanted of [
      { a: 10, b: 'many' },
      { b: 'many', a: 10 },
    ]) {
      expect(await ask('PATCH', wanted)).toMatchObject({
        status: 400,
        body: { title: 'Nothing was set', problems: [{ control: 'b', detail: 'b takes a number' }] },
      });
      expect(values).toMatchObject({ a: 1, b: 2 });
    }
  });

  test('names every problem at once, in problems and in the sentence', async () => {
    const { status, body } = await ask('PATCH', { a: 'few', nonesuch: 1, b: 20, time: 'tomorrow' });
    expect(status).toBe(400);
    expect(body['problems']).toEqual([
      { control: 'a', detail: 'a takes a number' },
      { control: 'nonesuch', detail: 'There is no such control.' },
      { control: 'time', detail: expect.stringContaining('advanceSeconds') },
    ]);
    expect(body['detail']).toContain('nonesuch: There is no such control.');
    expect(values).toMatchObject({ a: 1, b: 2 });
  });

  test.each(['[]', 'null', '"a"', '{', ''])('refuses the body %s', async (body) => {
    expect(await ask('PATCH', body)).toMatchObject({ status: 400, body: { title: 'Not a JSON object' } });
  });

  test('answers 404 elsewhere, 405 to other methods, and 500 with the reason when a control fails', async () => {
    expect((await ask('GET', undefined, '/time')).status).toBe(404);
    expect((await ask('DELETE')).status).toBe(405);
    expect(await ask('PATCH', { broken: 1 })).toMatchObject({ status: 500, body: { detail: 'Error: a bug' } });
  });

  test('cannot be started with two controls of one name', async () => {
    const { server: tls } = await createCertificates();
    await expect(startControl({ controls: [number('a'), number('a')], tls })).rejects.toThrow('same name');
  });
});

describe('time', () => {
  test('moves on by seconds', async () => {
    await ask('PATCH', { time: { advanceSeconds: 90 } });
    expect(clock.offset).toBe(90_000);
  });

  test('goes to a moment', async () => {
    const { body } = await ask('PATCH', { time: '2030-01-01T00:00:00Z' });
    expect(String((body['time'] as { value: string }).value)).toMatch(/^2030-01-01T00:00:0/);
  });

  test.each(['tomorrow', '2030-01-01', '2030-01-01T00:00:00', { advanceSeconds: '90' }, null, 5])(
    'does not take %j',
    async (value) => {
      expect(await ask('PATCH', { time: value })).toMatchObject({
        status: 400,
        body: { problems: [{ control: 'time' }] },
      });
      expect(clock.offset).toBe(0);
    },
  );
});
